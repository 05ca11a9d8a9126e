"""The ferry benchmark: its cases, a run that is resumed, and rows that cannot be true."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.ferry import cases, competitors, rounds, run
from benchmarks.ferry_facts import NAMES, doubtful, duels, facts_path, read_facts, traces_folder
from benchmarks.ferry_run import Ferry, process_age, scenario_of, solve_case
from benchmarks.harness import COLUMNS, OURS, Case, Options
from islandflow.ferry.problem import FerryProblem
from islandflow.result import Result
from islandflow.scenario.schema import SERVICES
from solvers import contract
from solvers.contract import Settings, Watch, registered, solver

ROOT = Path(__file__).resolve().parents[2]
TOY = ROOT / "data" / "toy"
EXACT = f"{OURS}-monolith-highs"


def test_every_case_that_is_promised_is_there() -> None:
    names = [c.name for c in cases(ROOT / "data" / "zhoushan")]
    parts = ("putuo-inner", "putuo-south", "dongji", "daishan-qushan", "dinghai-south", "shengsi", "wugongzhi-putuoshan")
    expected = {f"cluster-{p}" for p in parts} | {f"whole-{s}" for s in SERVICES} | {f"synthetic-{n}" for n in (25, 50, 100, 200)}
    assert set(names) == expected | {f"duel-{n}-{s}" for n in (8, 16, 24) for s in (1, 2, 3)}
    assert len(names) == len(set(names)) == 29
    assert "cluster-wugongzhi-putuoshan" not in {c.name for c in cases(TOY)}


def test_the_line_alone_and_a_synthetic_case_are_what_they_are_called(toy: object) -> None:
    with scenario_of(Ferry("summer-weekend", part="hub-near"), TOY) as line:
        assert {port for p in line.lines.values() for port in p.calls} == {"hub", "near-t"}
    with scenario_of(Ferry("summer-weekend", ports=8, archipelago=2), TOY) as made:
        assert len(made.ports) == 8
    with scenario_of(Ferry("summer-weekend"), TOY) as whole:
        assert whole == toy


def test_exact_models_run_in_duels_only() -> None:
    known = competitors()
    assert {OURS, EXACT} <= set(known)
    found = rounds(["cluster-a", "duel-8-1", "whole-b"], known)
    assert [(names, list(who)) for names, who in found] == [(["cluster-a", "whole-b"], [OURS]), (["duel-8-1"], list(known))]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """One case of three seconds, run as a user would."""
    out = tmp_path_factory.mktemp("bench") / "ferry.csv"
    words = ["--instances", str(TOY), "--seconds", "3", "--seed", "1", "--out", str(out), "--cases", "cluster-*"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ferry", *words], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out, words


def rows_of(out: Path) -> list[dict[str, str]]:
    with out.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_a_case_gives_a_row_facts_and_a_trace(table: tuple[Path, list[str]]) -> None:
    out, _ = table
    (row,) = rows_of(out)
    assert tuple(row) == COLUMNS
    assert (row["case"], row["solver"]) == ("cluster-toy", OURS)
    assert row["status"] in ("optimal", "feasible")
    assert 0 < int(row["bound"]) <= int(row["value"])
    assert float(row["gap"]) == pytest.approx((int(row["value"]) - int(row["bound"])) / int(row["value"]), abs=1e-6)
    assert float(row["peak_mb"]) > 50
    facts = read_facts(facts_path(out))["cluster-toy", OURS]
    assert tuple(facts) == NAMES
    assert facts["audit"] == "clean"
    assert 0 < int(facts["obligations_met"]) <= int(facts["obligations"])
    assert 0 < float(facts["first_plan_seconds"]) <= float(row["seconds"])
    assert 0 <= float(facts["gap_net"]) <= 1
    assert (facts["ports"], facts["vessels"], facts["error"]) == ("3", "2", "")
    with (traces_folder(out) / f"cluster-toy-{OURS}.csv").open() as source:
        last = list(csv.DictReader(source))[-1]
    assert (last["plan"], last["bound"]) == (row["value"], row["bound"])


def test_a_case_that_is_there_is_not_run_again(table: tuple[Path, list[str]]) -> None:
    out, words = table
    before = {p: p.read_bytes() for p in (out, facts_path(out))}
    assert run(words) == 0
    assert {p: p.read_bytes() for p in before} == before


@pytest.mark.parametrize(
    ("where", "changes", "said"),
    [("facts", {"audit": "broken"}, "audit is not clean"), ("row", {"bound": "999999999999"}, "beyond the value"),
     ("row", {"status": "optimal", "bound": "1"}, "do not meet"), ("row", {"status": "error"}, "crashed"),
     ("facts", {"proves": "no"}, "proves nothing"), ("none", {}, "")],
)  # fmt: skip
def test_what_cannot_be_true_ends_with_one(
    table: tuple[Path, list[str]], tmp_path: Path, capfd: pytest.CaptureFixture[str], where: str, changes: dict[str, str], said: str
) -> None:
    whole, words = table
    row, facts = rows_of(whole)[0] | {"status": "optimal"}, read_facts(facts_path(whole))["cluster-toy", OURS]
    row["bound"] = row["value"]  # as if proven: what the base case claims is then true
    facts["missing_bound"] = str(int(facts["obligations"]) - int(facts["obligations_met"]))
    row, facts = (row | changes, facts) if where == "row" else (row, facts | changes)
    out = tmp_path / "ferry.csv"
    for path, columns, one in ((out, COLUMNS, row), (facts_path(out), NAMES, facts)):
        with path.open("w", newline="") as target:
            writer = csv.DictWriter(target, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerow(one)
    assert run([str(out) if w == str(whole) else w for w in words]) == int(where != "none")
    assert said in capfd.readouterr().err


def made(case: str, who: str, value: str, bound: str, status: str = "feasible", met: str = "9") -> tuple[dict[str, str], dict[str, str]]:
    row = dict.fromkeys(COLUMNS, "") | {"case": case, "solver": who, "value": value, "bound": bound, "status": status}
    audit = "clean" if value else ""
    known = {"audit": audit, "obligations": "9", "obligations_met": met, "missing_bound": "0", "proves": "yes"}
    return row, dict.fromkeys(NAMES, "") | {"case": case, "solver": who} | known


def tables(*pairs: tuple[dict[str, str], dict[str, str]]) -> tuple[list[dict[str, str]], dict[tuple[str, str], Mapping[str, str]]]:
    return [row for row, _ in pairs], {(f["case"], f["solver"]): f for _, f in pairs}


@pytest.mark.parametrize(
    ("bound", "met", "count"), [("1000000", "9", 0), ("1000002", "9", 1), ("1000002", "8", 0)]
)  # a plan that leaves an obligation out may be cheaper than the bound of those that keep it
def test_a_bound_above_another_solvers_plan_is_an_error(bound: str, met: str, count: int) -> None:
    ours, theirs = made("duel-8-1", OURS, "2000000", bound), made("duel-8-1", EXACT, "1000000", "", met=met)
    assert len(doubtful(*tables(ours, theirs))) == count
    elsewhere = made("duel-8-2", EXACT, "1000000", "", met=met)
    assert doubtful(*tables(ours, elsewhere)) == []


def test_optimal_beside_broken_obligations_and_infeasible_beside_a_plan_claim_too_much() -> None:
    assert len(doubtful(*tables(made("whole-x", OURS, "5", "5", "optimal", met="8")))) == 1
    assert doubtful(*tables(made("whole-x", OURS, "5", "5", "optimal"))) == []
    assert len(doubtful(*tables(made("duel-8-1", OURS, "5", ""), made("duel-8-1", EXACT, "", "", "infeasible")))) == 1
    row, _ = made("whole-x", OURS, "5", "5")
    assert len(doubtful([row], {})) == 1  # a value without its facts


def test_duels_are_told_by_the_median_obligations_first() -> None:
    values = ("1001", "1000", "900")
    pairs = [made(f"duel-16-{n}", who, v, "") for n, o in enumerate(values, 1) for who, v in ((OURS, o), (EXACT, "1000"))]
    (line,) = duels(*tables(*pairs))
    assert "3 seeds: median +0.000 %, worst +0.100 %" in line
    cheaper = [made("duel-8-1", OURS, "900", "", met="8"), made("duel-8-1", EXACT, "1000", "")]
    assert "ours has no plan as good" in duels(*tables(*cheaper))[0]
    none = [made("duel-8-1", OURS, "900", ""), made("duel-8-1", EXACT, "", "", "no_solution")]
    assert "it has no plan as good" in duels(*tables(*none))[0]


@pytest.fixture
def liars() -> Iterator[None]:
    """Solvers that say what is not so: a fen too much of bound or cost, an obligation too few, or nothing at all."""
    greedy = registered()["greedy"].solve

    def lying(name: str, **changes: int) -> None:
        @solver(name, proves=False)
        def lie(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
            found = greedy(problem, settings, watch)
            assert found.objective is not None
            by = {"bound": found.objective, "objective": found.objective, "missing": found.missing}
            return replace(found, **{k: by[k] + more for k, more in changes.items()})

    lying("honest", bound=0)
    lying("bound", bound=1)
    lying("cost", objective=1)
    lying("duty", missing=1)

    @solver("broken", proves=False)
    def broken(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
        raise ValueError("bound 2 above plan 1")

    names = ("honest", "bound", "cost", "duty", "broken")
    yield
    for name in names:
        del contract._REGISTRY[name]


@pytest.mark.usefixtures("liars")
@pytest.mark.parametrize(
    ("name", "said"),
    [("honest", ""), ("bound", "above plan"), ("cost", "the audit"), ("duty", "obligations"), ("broken", "bound 2 above plan 1")],
)
def test_the_audit_counts_not_what_a_solver_says(name: str, said: str, tmp_path: Path) -> None:
    options = Options(TOY, 5.0, 1, tmp_path / "ferry.csv")
    outcome = solve_case(Case("x", Ferry("summer-weekend")), options, solver=name, name=name)
    assert (outcome.status == "error") == bool(said)
    facts = read_facts(facts_path(options.out))["x", name]
    assert (said in facts["error"]) if said else facts["error"] == ""
    assert outcome.value is None if name == "broken" else outcome.value and outcome.value > 0
    solve_case(Case("x", Ferry("summer-weekend")), options, solver=name, name=name)
    assert len(rows_of(facts_path(options.out))) == 1  # run again: in the place of the earlier row


def test_time_counts_from_the_start_of_the_process() -> None:
    code = "import time; time.sleep(0.5)\nfrom benchmarks.ferry_run import process_age; print(process_age())"
    age = float(subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert 0.4 < age < 60
    assert process_age() > 0


def test_wrong_words_end_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--instances", str(TOY), "--seconds", "3", "--out", str(tmp_path / "o.csv")]
    assert run([*words, "--cases", "nothing-*"]) == 2
    assert "cluster-toy" in capsys.readouterr().err
    assert run([*words, "--solvers", "gurobi"]) == 2
    assert OURS in capsys.readouterr().err
    assert not (tmp_path / "o.csv").exists()
