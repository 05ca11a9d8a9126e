"""Pages from templates, in Chinese and English; no script is written into a page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, select_autoescape
from plotly import __version__ as plotly_version

from islandflow.views.typography import fullwidth

HERE = Path(__file__).parent
environment = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, request: Request, lang: str, **values: Any) -> str:
    """A page. In a template, ``say(zh, en)`` is the text of the reader's language and ``here(lang=...)`` this page with a query changed, ``shifted(day, n)`` a date n days on."""

    def say(zh: str, en: str) -> str:
        return fullwidth(zh) if lang == "zh" else en

    def here(**changes: str) -> str:
        return f"{request.url.path}?" + urlencode({k: v for k, v in {**dict(request.query_params), **changes}.items() if v})

    def shifted(day: date, days: int) -> date:
        return day + timedelta(days=days)

    return environment.get_template(template).render(lang=lang, say=say, here=here, shifted=shifted, plotly_version=plotly_version, **values)


def page_lang(request: Request) -> str:
    """Language of a page: asked for, else what the browser prefers."""
    asked = request.query_params.get("lang", "").removesuffix("-CN")
    if asked in ("zh", "en"):
        return asked
    return "en" if request.headers.get("accept-language", "zh").strip().lower().startswith("en") else "zh"
