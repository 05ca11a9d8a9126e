"""What a party wishes for: where from, when, what it would like to see, at what pace and price, and when it must be home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

DAY = 24 * 60
MOST_DAYS, MOST_STOPS = 3, 62


class BadWish(ValueError):
    """A wish that cannot be; ``zh`` is its reason in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


@dataclass(frozen=True)
class Stop:
    """A place worth seeing, once. Minutes of the day: the visit begins no earlier than ``opens`` and lasts ``shortest`` before ``closes``.

    Who has come leaves within ``longest`` minutes (0 = no limit; a night there does not count). ``fee_fen`` a person.
    """

    place: str
    worth: int
    opens: int = 0
    closes: int = DAY
    shortest: int = 60
    longest: int = 0
    fee_fen: int = 0

    def __post_init__(self) -> None:
        """BadWish for values out of range."""
        if self.worth < 0 or self.fee_fen < 0 or not 0 <= self.opens <= self.closes <= 2 * DAY or self.shortest < 0:
            raise BadWish(
                f"{self.place}: worth and fee >= 0, 0 <= opens <= closes and shortest >= 0 are needed",
                f"{self.place}:价值、门票与最短停留不得为负,开放时刻不得晚于关闭时刻",
            )
        if self.longest and self.longest < self.shortest:
            raise BadWish(
                f"{self.place}: longest stay {self.longest} is below shortest {self.shortest}",
                f"{self.place}:最长停留 {self.longest} 分短于最短停留 {self.shortest} 分",
            )


@dataclass(frozen=True)
class Wish:
    """``dates`` are one to three days in a row. ``beds`` are the places where the party may sleep, with their price in fen a person.

    ``rest`` minutes follow each visit, at most ``visits`` a day; nights are reached by ``night_by``, and mornings begin at ``morning``.
    ``budget_fen`` is for the whole party (0 = none): boats, land, fees, beds.
    """

    start: str
    home: str
    dates: tuple[date, ...]
    stops: tuple[Stop, ...]
    leave_after: int = 7 * 60
    home_by: int = 20 * 60
    party: int = 1
    budget_fen: int = 0
    visits: int = 3
    rest: int = 30
    beds: Mapping[str, int] = field(default_factory=dict)
    morning: int = 8 * 60
    night_by: int = 20 * 60

    def __post_init__(self) -> None:
        """BadWish for values out of range."""
        if not 1 <= len(self.dates) <= MOST_DAYS or any((b - a).days != 1 for a, b in zip(self.dates, self.dates[1:], strict=False)):
            raise BadWish(f"one to {MOST_DAYS} dates in a row are needed", f"需要 1 至 {MOST_DAYS} 个相连的日期")
        if len({s.place for s in self.stops}) < len(self.stops) or len(self.stops) > MOST_STOPS:
            raise BadWish(f"at most {MOST_STOPS} stops, each once, are possible", f"最多 {MOST_STOPS} 处,每处只能列一次")
        if self.party < 1 or self.visits < 1 or self.rest < 0 or self.budget_fen < 0 or any(p < 0 for p in self.beds.values()):
            raise BadWish("party and visits >= 1, rest, budget and prices >= 0 are needed", "人数与每日处数至少为 1,休息、预算与房价不得为负")
        if (
            not 0 <= self.leave_after < DAY
            or not 0 < self.home_by <= 2 * DAY
            or not 0 <= self.morning < DAY
            or not 0 < self.night_by <= DAY
        ):
            raise BadWish(
                "times of day are needed for leave_after, home_by, morning and night_by", "出发、到家、早晨与入住时刻应为一天中的时刻"
            )
