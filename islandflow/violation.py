"""What an audit finds: a rule, a place, an amount."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """``rule`` is broken at ``where`` by ``amount`` ``unit``; ``note`` says more in English, ``note_zh`` in Chinese."""

    rule: str
    where: str
    amount: int
    unit: str
    note: str = ""
    note_zh: str = ""
