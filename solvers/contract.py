"""The contract of all solvers: settings in, result out, a watch that says when to stop, a name to be found by."""

from __future__ import annotations

import difflib
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from importlib.metadata import entry_points
from pathlib import Path

from islandflow.ferry.plan import FerryPlan
from islandflow.ferry.problem import FerryProblem
from islandflow.result import Result, Step
from solvers.guests import guest

ENTRY_POINTS = "islandflow.ferry_solvers"
PRESETS = Path(__file__).parent / "presets"


class BadSetting(ValueError):
    """A setting that cannot be used; says so in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh

    def text(self, lang: str) -> str:
        """One sentence, ``lang`` zh or en."""
        return self.zh if lang == "zh" else self.en


class UnknownName(BadSetting):
    """A setting, preset or solver that does not exist; says the nearest known name."""

    def __init__(self, what: str, name: str, known: list[str]) -> None:
        near = difflib.get_close_matches(name, known, 1)
        self.what, self.name, self.near = what, name, near[0] if near else ""
        kind = {"setting": "参数", "preset": "预设", "solver": "求解器"}.get(what, what)
        super().__init__(
            f"unknown {what} '{name}'" + (f"; nearest known: {near[0]}" if near else f"; known: {', '.join(known)}"),
            f"未知{kind}「{name}」" + (f";是否为 {near[0]}?" if near else f";已知:{'、'.join(known)}"),
        )


# lowest and highest of each setting that is a number; a seed must fit every solver
LIMITS = {
    "time_limit": (0.001, 10_000_000), "iterations": (0, 1_000_000_000), "workers": (1, 256), "seed": (0, 2**31 - 1), "bound_share": (0, 0.95),
    "ruin_vessels": (1, 1000), "heat": (0, 1000), "mip_gap": (0, 1),
}  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What a user may set; ``docs/settings.md`` says what each does. Defaults are the preset ``standard``.

    ``time_limit`` seconds from the start of the command; ``iterations`` a deterministic limit (0 = none); ``bound_share`` share of
    the time that goes to the bound first; ``ruin_vessels`` most vessels whose hours or days are taken apart at once; ``heat``
    temperature at the start of the search as a share of what a sailing costs; ``mip_gap`` at which the exact models may stop.
    """

    solver: str = "columns"
    time_limit: float = 240.0
    iterations: int = 0
    workers: int = 2
    seed: int = 1
    bound_share: float = 0.2
    ruin_vessels: int = 2
    heat: float = 0.5
    mip_gap: float = 0.0

    def __post_init__(self) -> None:
        """BadSetting that names every value out of range."""
        # written so that nan is out of range too
        wrong = [name for name, (low, high) in LIMITS.items() if not low <= getattr(self, name) <= high]
        if wrong:
            each = [(name, getattr(self, name), f"{LIMITS[name][0]:,} … {LIMITS[name][1]:,}") for name in wrong]
            raise BadSetting(
                "; ".join(f"setting {name}: {value:,} is outside {span}" for name, value, span in each),
                ";".join(f"参数 {name}:{value:,} 超出范围 {span}" for name, value, span in each),
            )

    def changed(self, changes: Mapping[str, object]) -> Settings:
        """A copy with some settings changed; UnknownName, or BadSetting with the type that is expected."""
        known = {f.name: f.type for f in fields(self)}
        values: dict[str, object] = {}
        for name, value in changes.items():
            if name not in known:
                raise UnknownName("setting", name, list(known))
            values[name] = _read(name, value, type(getattr(self, name)))
        return replace(self, **values)  # type: ignore[arg-type]


def _read(name: str, value: object, kind: type) -> object:
    try:
        if kind is not int or isinstance(value, bool):
            return kind(value) if not isinstance(value, bool) else _no_number()
        text = str(value)
        # not by way of a float, which would round a long seed
        return int(text) if text.strip().lstrip("+-").isdigit() else _whole(float(text))
    except (TypeError, ValueError, OverflowError):
        what = ("whole number", "整数") if kind is int else ("number", "数字")
        raise BadSetting(f"setting {name}: '{value}' is no {what[0]}", f"参数 {name}:「{value}」不是{what[1]}") from None


def _whole(value: float) -> int:
    return int(value) if value == int(value) else _no_number()


def _no_number() -> int:
    raise ValueError


def preset(name: str) -> Settings:
    """The settings of a preset (quick, standard, thorough)."""
    known = sorted(p.stem for p in PRESETS.glob("*.toml"))
    if name not in known:
        raise UnknownName("preset", name, known)
    return Settings().changed(tomllib.loads((PRESETS / f"{name}.toml").read_text()))


Progress = Callable[[Step, float], None]


@dataclass
class Watch:
    """Time, stop signal, trace and the best plan so far. ``begun`` is a ``time.monotonic()`` of the start of the command."""

    limit: float
    begun: float = field(default_factory=time.monotonic)
    progress: Progress | None = None
    trace: list[Step] = field(default_factory=list)
    stopped: bool = False
    keep: Callable[[FerryPlan, int], None] | None = None
    above: Watch | None = None

    def seconds(self) -> float:
        """Seconds since the start of the command."""
        return time.monotonic() - self.begun

    def left(self) -> float:
        """Seconds left; 0 once asked to stop, or once the watch above is."""
        return 0.0 if self.is_stopped() else max(0.0, self.limit - self.seconds())

    def is_stopped(self) -> bool:
        """Whether this watch or the one above was asked to stop."""
        return self.stopped or (self.above is not None and self.above.is_stopped())

    def part(self, seconds: float) -> Watch:
        """A watch for a part of the work, with a limit of its own from now on."""
        return Watch(seconds, above=self)

    def tell(self, phase: str, plan: int | None, bound: int | None) -> None:
        """Adds a line to the trace and shows it."""
        step = Step(round(self.seconds(), 2), phase, plan, bound)
        self.trace.append(step)
        if self.progress:
            self.progress(step, self.left())

    @property
    def reason(self) -> str:
        """Why the search ended."""
        return "asked" if self.stopped else "time limit" if self.left() <= 0 else "finished"

    def phase(self, seconds: float, rounds: int) -> Callable[[], float]:
        """Says at every call which share of a phase is spent: of its rounds if any are given, else of its seconds; 1 once asked to stop."""
        begun, done = time.monotonic(), -1

        def spent() -> float:
            nonlocal done
            done += 1
            return 1.0 if self.stopped else done / rounds if rounds else (time.monotonic() - begun) / max(1e-3, seconds)

        return spent

    def ended(self, iterations: int) -> str:
        """Why a search ended that goes on as long as it may."""
        return "asked" if self.stopped else "iterations" if iterations and self.left() > 0 else "time limit"


Solver = Callable[[FerryProblem, Settings, Watch], Result]


@dataclass(frozen=True)
class Registered:
    """A solver under its name; ``proves`` says whether it may ever answer optimal or infeasible."""

    name: str
    solve: Solver
    proves: bool
    about: str


_REGISTRY: dict[str, Registered] = {}


def solver(name: str, *, proves: bool) -> Callable[[Solver], Solver]:
    """Registers a solver by name."""

    def register(function: Solver) -> Solver:
        _REGISTRY[name] = Registered(name, function, proves, (function.__doc__ or "").strip().partition("\n")[0])
        return function

    return register


def registered() -> Mapping[str, Registered]:
    """All solvers: our own, and those that other packages offer under the entry point ``islandflow.ferry_solvers``."""
    import solvers.ferry.methods  # noqa: F401, PLC0415  (registers our own on import)

    for point in entry_points(group=ENTRY_POINTS):
        if point.name not in _REGISTRY:
            solver(point.name, proves=True)(guest(point))
    return dict(_REGISTRY)


def solve(problem: FerryProblem, settings: Settings | None = None, watch: Watch | None = None) -> Result:
    """Solves with the solver that the settings name."""
    settings = settings or Settings()
    known = registered()
    if settings.solver not in known:
        raise UnknownName("solver", settings.solver, sorted(known))
    return known[settings.solver].solve(problem, settings, watch or Watch(settings.time_limit))
