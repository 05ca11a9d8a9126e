"""What an audit hands back."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from islandflow.violation import Violation


@dataclass(frozen=True)
class ObligationCheck:
    """One rule of one obligation. ``required`` and ``found`` as a person reads them, ``amount`` of ``unit`` missing (0 = met)."""

    obligation_id: str
    port: str
    serves_port: str
    rule: str
    required: str
    found: str
    amount: int
    unit: str
    met: bool
    remedy_en: str = ""
    remedy_zh: str = ""


@dataclass(frozen=True)
class WishCheck:
    """One wish: sailings wished for and found between two minutes, and the fen that the missing ones cost."""

    wish_id: str
    kind: str
    line: str
    from_port: str
    to_port: str
    leaves_from: int
    leaves_until: int
    least: int
    runs: int
    cost_fen: int


@dataclass(frozen=True)
class Money:
    """The objective and its parts in fen."""

    sailings: int
    vessel_days: int
    second_crews: int
    travellers: int
    left_behind: int
    wishes: int = 0

    @property
    def objective(self) -> int:
        """Sum of the parts."""
        return self.sailings + self.vessel_days + self.second_crews + self.travellers + self.left_behind + self.wishes


@dataclass(frozen=True)
class AuditReport:
    """``clean`` = no violation. Obligations stand apart: one that is broken is named with its remedy."""

    violations: tuple[Violation, ...]
    obligations: tuple[ObligationCheck, ...]
    money: Money
    wishes: tuple[WishCheck, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether no rule is violated; broken obligations do not count."""
        return not self.violations

    @property
    def unmet(self) -> tuple[ObligationCheck, ...]:
        """Obligation rules that are broken."""
        return tuple(check for check in self.obligations if not check.met)

    def as_json(self) -> dict[str, object]:
        """The report as ``audit.json`` holds it."""
        return {
            "clean": self.clean,
            "violations": [asdict(v) for v in self.violations],
            "obligations": [asdict(o) for o in self.obligations],
            "wishes": [asdict(w) for w in self.wishes],
            "objective_fen": self.money.objective,
            "money_fen": {**asdict(self.money), "objective": self.money.objective},
        }
