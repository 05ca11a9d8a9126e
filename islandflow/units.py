"""Integers for money, time and people: how amounts are rounded, written and read."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

FEN = 100
DAY = 24 * 60


def half_up(value: Decimal) -> int:
    """Nearest whole number, a half goes up."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def exact(value: float | int) -> Decimal:
    """The decimal a person wrote, not its binary neighbour."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def fen(yuan: float | int | Decimal) -> int:
    """Yuan to whole fen."""
    return half_up((yuan if isinstance(yuan, Decimal) else exact(yuan)) * FEN)


def clock(minute: int) -> str:
    """Minutes after midnight as HH:MM; past midnight the hour goes on (24:20)."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minutes(text: str) -> int:
    """HH:MM (hours may pass 24) as minutes after midnight; ValueError if it is no time."""
    hour, sep, minute = text.strip().partition(":")
    if not sep or not hour.isdigit() or not minute.isdigit() or len(minute) != 2 or int(minute) > 59 or int(hour) > 47:
        raise ValueError(text)
    return int(hour) * 60 + int(minute)


def spans(text: str) -> tuple[tuple[int, int], ...]:
    """``HH:MM-HH:MM`` separated by ``;`` as minutes, one that passes midnight on both sides of the day; ValueError if it is none."""
    found: list[tuple[int, int]] = []
    for part in text.split(";"):
        if part.strip():
            opens, _, closes = part.partition("-")
            begin, end = minutes(opens), minutes(closes)
            if begin == end:
                raise ValueError(text)
            found += [(begin, end)] if begin < end else [(begin, end + DAY), (begin - DAY, end)]
    return tuple(found)


def time_fen(fen_an_hour: int, weighted_centiminutes: int) -> int:
    """Price of time: fen an hour times hundredths of a minute, to the nearest fen (a half goes up)."""
    return (fen_an_hour * weighted_centiminutes + 3000) // 6000
