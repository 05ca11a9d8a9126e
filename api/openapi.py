"""`python -m api.openapi` writes openapi.json, which is committed; a test holds it to the application."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from api.app import create_app
from api.settings import ServerSettings

FILE = Path(__file__).resolve().parent.parent / "openapi.json"


def main() -> None:
    """Writes the file."""
    with tempfile.TemporaryDirectory() as home:
        app = create_app(ServerSettings(home=Path(home)))
        FILE.write_text(json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        app.state.store.engine.dispose()


if __name__ == "__main__":
    main()
