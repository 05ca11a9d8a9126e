"""Faults of input: all at once, each with its place and its remedy, in both languages."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

Lang = str  # "zh" or "en"


def visible(text: str) -> str:
    """The text with characters that nobody sees by their number: ``hub<U+200B>``."""
    return "".join(f"<U+{ord(c):04X}>" if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") else c for c in text)


@dataclass(frozen=True)
class Fault:
    """One fault. ``row`` is the line of the file (the header is line 1); 0 when the fault is not of one row."""

    file: str
    row: int
    column: str
    value: str
    en: str
    zh: str
    remedy_en: str
    remedy_zh: str
    warning: bool = False

    def text(self, lang: Lang) -> str:
        """One sentence: where, what, remedy."""
        if lang == "zh":
            where = visible(self.file) + (f" 第 {self.row} 行" if self.row else "") + (f" {visible(self.column)} 列" if self.column else "")
            value = f"「{visible(self.value)}」" if self.value else ""
            return f"{where}:{value}{self.zh};{self.remedy_zh}"
        where = visible(self.file) + (f" row {self.row}" if self.row else "") + (f" column {visible(self.column)}" if self.column else "")
        value = f"“{visible(self.value)}” " if self.value else ""
        return f"{where}: {value}{self.en}; {self.remedy_en}"


class BadInput(Exception):
    """Input that cannot be used; carries every fault found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(f.text("en") for f in faults))
        self.faults = faults
