"""The language of a command: Chinese or English, by default that of the terminal."""

from __future__ import annotations

import os
from typing import Annotated

import typer

DEFAULT_LANG = "zh" if os.environ.get("LANG", "").startswith("zh") else "en"


def _spoken(lang: str) -> str:
    if lang not in ("zh", "en"):
        raise typer.BadParameter("zh or en")
    return lang


Lang = Annotated[str, typer.Option("--lang", help="zh or en", callback=_spoken)]
