"""Obligations that cannot be met together: an irreducible set of them, proven, and what would set it free.

Passengers are left out and money too: asked is only whether vessels could sail so that all rows of some obligations hold, on the
exact model of vessels, berths and moorings (`Duties`). Circuits that can do nothing for a set would stay in port, so that a model of the
able ones alone is as good as the whole. The set is found by QuickXplain (Junker 2004) and is irreducible where every question was
answered: it cannot be met, and without any one of its members it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from ortools.sat.python import cp_model

from islandflow.ferry.problem import NO_CREW_FEN, FerryProblem
from islandflow.ferry.problem.parts import part
from solvers.contract import Watch
from solvers.ferry.aside import last_word
from solvers.ferry.exact import CANDIDATES
from solvers.ferry.monolith import INF, Monolith

COARSE_MIN = 30  # grid on which a timetable is looked for first
Rule = tuple[str, str]  # obligation, rule
Meets = Callable[[Sequence[Rule]], bool | None]  # None = not answered in time


class Duties(Monolith):
    """Vessels, berths, moorings and obligation rows of a problem without passengers; crews only where they are scarce."""

    def _crews(self, k: int) -> list[tuple[int, tuple[int, int, float]]]:
        found = super()._crews(k)
        # a day with two crews may be any day: the windows of one crew add nothing where money is no object
        return found[-1:] if self.problem.second_fen[k] < NO_CREW_FEN else found

    def met(self, rules: Iterable[Rule], watch: Watch, seed: int = 1) -> bool | None:
        """Whether some timetable meets all rows of these rules; None if that is not known in time."""
        asked = set(rules)
        needs = [n for n in self.problem.needs if n.hard]
        number = [i for i, need in enumerate(needs) if (need.obligation, need.rule) in asked]
        if not number:
            return True
        if watch.left() <= 0:
            return None

        def work(say: Callable[[bool], None]) -> None:
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = 1
            solver.parameters.random_seed = seed
            solver.parameters.max_time_in_seconds = max(0.1, watch.left())
            status = solver.solve(self._clauses({self.slack[i] for i in number}))
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                say(True)
            elif status == cp_model.INFEASIBLE:
                say(False)

        return last_word(work, watch.left, watch.is_stopped)

    def _clauses(self, shut: set[int]) -> cp_model.CpModel:
        """The rows for CP-SAT, which is quick where nothing is to be minimised; columns ``shut`` are 0."""
        found, most = cp_model.CpModel(), max((c.count for c in self.problem.circuits), default=0)
        # whatever waits in a port, and a row's shortfall, is no more than the vessels, or the sailings that are asked for
        free = max(most, max((n.least for n in self.problem.needs), default=0))
        highs = [0 if i in shut else int(min(high, free)) for i, high in enumerate(self.model.high)]
        columns = [found.new_int_var(0, high, "") for high in highs]
        for low, high, terms in self.model.rows:
            total = cp_model.LinearExpr.weighted_sum([columns[c] for c, _ in terms], [round(n) for _, n in terms])
            if low == high:
                found.add(total == round(low))
            elif low > -INF:
                found.add(total >= round(low))
            else:
                found.add(total <= round(high))
        return found


def able(problem: FerryProblem, rules: Iterable[Rule]) -> list[int]:
    """Circuits that can do something for these rules, out or back."""
    asked = set(rules)
    needs = [n for n in problem.needs if n.hard and (n.obligation, n.rule) in asked]
    both = [n for need in needs for n in (need, replace(need, origins=need.targets, targets=need.origins))]
    return sorted({p.circuit for p in problem.patterns if any(n.stretch(p) for n in both)})


def narrowed(problem: FerryProblem, rules: Iterable[Rule]) -> FerryProblem:
    """The circuits that can do something for these rules, and of the obligations only these; no passengers."""
    asked = set(rules)
    only = replace(problem, needs=tuple(n for n in problem.needs if n.hard and (n.obligation, n.rule) in asked))
    kept = part(only, able(only, asked), []).problem
    # what no pattern does anything for stays as a row that nothing meets
    return replace(kept, needs=only.needs)


def thinned(problem: FerryProblem, every: int) -> FerryProblem | None:
    """The same problem with departures at every so many slots only; None where that is the problem itself."""
    if every <= 1:
        return None
    low = -(-problem.low // every)
    high = np.maximum(low, (problem.high - 1) // every + 1)
    first = np.concatenate([[0], np.cumsum(high - low)[:-1]]).astype(np.int64)
    slots = (problem.slots - 1) // every + 1
    return replace(problem, step=problem.step * every, slots=slots, low=low, high=high, first=first, block=-(-problem.block // every))


def meets(problem: FerryProblem, watch: Watch, share: float = 0.3) -> Meets:
    """A question to the exact model of a problem without passengers, which takes at most a ``share`` of the time that is left.

    Each set of rules is asked once; a model too large answers nothing.
    """
    known: dict[frozenset[Rule], bool | None] = {}
    models: list[Duties] = []

    def ask(rules: Sequence[Rule]) -> bool | None:
        key = frozenset(rules)
        if not problem.patterns and rules:
            return False
        if key not in known:
            if problem.candidates > CANDIDATES:
                return None
            if not models:
                models.extend(Duties(p) for p in (thinned(problem, COARSE_MIN // problem.step), problem) if p is not None)
            known[key] = None
            for number, model in enumerate(models, start=1):
                answer = model.met(rules, watch.part(share * watch.left()))
                # fewer departures: what they can do, all can; what they cannot is not said
                if answer is not None and (answer or number == len(models)):
                    known[key] = answer
                    break
        return known[key]

    return ask


@dataclass(frozen=True)
class Core:
    """Rules that cannot be met together; ``irreducible`` = without any one of them the others can."""

    rules: tuple[Rule, ...]
    irreducible: bool


def core(rules: Sequence[Rule], ask: Meets) -> Core:
    """Of rules that cannot be met together a set that is as small as the answers allow; ``ask(rules)`` is False."""
    found = tuple(_explain([], [], list(rules), ask))
    alone = [ask([r for r in found if r != out]) for out in found]
    return Core(found, all(answer is True for answer in alone))


def _explain(behind: list[Rule], last: list[Rule], rules: list[Rule], ask: Meets) -> list[Rule]:
    if last and ask(behind) is False:
        return []
    if len(rules) == 1:
        return rules
    one, two = rules[: len(rules) // 2], rules[len(rules) // 2 :]
    needed = _explain([*behind, *one], one, two, ask)
    return _explain([*behind, *needed], needed, one, ask) + needed


def neighbours(problem: FerryProblem, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """These rules and all that some circuit able to serve one of them can serve too, in the order of the problem."""
    circuits = set(able(problem, rules))
    mine = set(rules)
    served = {
        (n.obligation, n.rule) for n in problem.needs if n.hard and any(n.stretch(p) for p in problem.patterns if p.circuit in circuits)
    }
    return tuple(dict.fromkeys((n.obligation, n.rule) for n in problem.needs if (n.obligation, n.rule) in served | mine))


@dataclass(frozen=True)
class Finding:
    """What is known of some unmet rules. ``core`` of a conflict; without one they are ``possible`` (all rules that compete for the same
    vessels can be met together: only the search missed it) or undecided in the time given."""

    unmet: tuple[Rule, ...]
    core: Core | None
    possible: bool


def conflicts(problem: FerryProblem, unmet: Sequence[Rule], watch: Watch) -> tuple[Finding, ...]:
    """Why some rules stay unmet, one finding for each set of them that competes for vessels; each unmet rule alone first, then all, then with what competes.

    Rules without a row of the timetable (seats kept for residents) are not asked about.
    """
    rows = {(n.obligation, n.rule) for n in problem.needs if n.hard}
    open_rules = [r for r in dict.fromkeys(unmet) if r in rows]
    found = []
    while open_rules:
        whole = _component(problem, open_rules[0])
        mine = tuple(r for r in open_rules if r in whole)
        open_rules = [r for r in open_rules if r not in whole]
        found.append(_finding(problem, mine, whole, watch))
    return tuple(found)


def _component(problem: FerryProblem, rule: Rule) -> tuple[Rule, ...]:
    found: tuple[Rule, ...] = (rule,)
    while len(wider := neighbours(problem, found)) > len(found):
        found = wider
    return found


def _finding(problem: FerryProblem, mine: tuple[Rule, ...], whole: tuple[Rule, ...], watch: Watch) -> Finding:
    answer = None
    alone: list[tuple[Rule, ...]] = [(rule,) for rule in mine]
    for rules in dict.fromkeys((*alone, mine, neighbours(problem, mine), whole)):
        ask = meets(narrowed(problem, rules), watch, 0.3 if len(rules) > 1 else 0.3 / len(mine))
        answer = ask(rules)
        if answer is False:
            return Finding(mine, core(rules, ask), possible=False)
    return Finding(mine, None, possible=answer is True)
