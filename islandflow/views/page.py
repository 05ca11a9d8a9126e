"""One page, one file, no network, both languages: what every report is printed with."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from plotly.offline import get_plotlyjs

TEMPLATES = Path(__file__).parent / "templates"


def write_page(
    path: Path, pages: Mapping[str, Mapping[str, Any]], words: Mapping[str, Mapping[str, str]], lang: str, cell: Callable[[Any, str], str]
) -> None:
    """Writes the page of each language into one file that opens in ``lang``; ``cell`` prints the value of a table's column."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True, default_for_string=True))
    environment.filters["cell"] = cell
    figures = {code: [json.loads(v.figure.to_json()) for v in page["figures"]] for code, page in pages.items()}
    html = environment.get_template("report.html.j2").render(
        pages=pages, opens="en" if lang == "en" else "zh", plotly=get_plotlyjs(), words=words,
        # a name in a table must not be able to end the script element
        figures=json.dumps(figures, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    )  # fmt: skip
    path.write_text(html, encoding="utf-8")
