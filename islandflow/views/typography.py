"""Chinese punctuation: texts are written with the marks of a keyboard and printed with those of a page."""

from __future__ import annotations

import re

_CJK = "\u3001-\u303f\u4e00-\u9fff\uff00-\uffef"
_MARKS = {",": "\uff0c", ":": "\uff1a", ";": "\uff1b", "?": "\uff1f", "!": "\uff01"}
_MARK = re.compile(rf"(?<=[{_CJK}])[,:;?!]|[,:;?!](?=[{_CJK}])")
_PAIR = re.compile(r"\(([^()]*)\)")


def fullwidth(text: str) -> str:
    """Full-width marks beside Chinese characters; numbers (1,785) and times (07:30) keep theirs."""

    def pair(found: re.Match[str]) -> str:
        before = text[found.start() - 1 : found.start()]
        chinese = re.search(rf"[{_CJK}]", before + found.group(1))
        return f"\uff08{found.group(1)}\uff09" if chinese else found.group(0)

    return _MARK.sub(lambda m: _MARKS[m.group(0)], _PAIR.sub(pair, text))
