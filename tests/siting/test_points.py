"""Service points of a tiny island checked by hand; every rule of the audit silent on the plan and loud when one fact is broken."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from islandflow.errors import BadInput
from islandflow.ferry.plan import Boarding, Call, FerryPlan, Ride, Sailing
from islandflow.scenario.entities import Scenario
from islandflow.siting import needs
from islandflow.siting.facts_audit import audit_sites
from islandflow.siting.folder import TABLES, read_site_folder
from islandflow.siting.fragile import fragile_roads
from islandflow.siting.network import road_net
from islandflow.siting.power import Managed, by_hour, shared_power
from islandflow.siting.promise import deck_parcels, pickup_spaces, promises
from islandflow.siting.queue import chargers_needed, mean_wait, most_at_once, waiting
from islandflow.siting.siteplan import SitePlan
from islandflow.siting.wish import SiteWish
from islandflow.views.siting_page import view_names, view_of
from islandflow.views.siting_tables import plan_table
from solvers.siting.archipelago import plan_sites
from solvers.siting.circles import improve_roads
from solvers.siting.contract import SitingSettings
from solvers.siting.ground import Certificates, Ground

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> SitePlan:
    return plan_sites(scenario, SiteWish("near"), None, SitingSettings(seconds=20))


def test_the_plan_is_proven_clean_and_as_counted_by_hand(scenario: Scenario, plan: SitePlan) -> None:
    assert audit_sites(scenario, plan) == ()
    assert all(c.status == "optimal" for c in plan.certificates)
    points = {p.node: p for p in plan.sites if p.kind == "logistics"}
    # 250 + 100 + 110 + 10 parcels; d is 41 minutes from the others, beyond the 30 promised, so it has a point of its own
    assert set(points) == {"a", "d"}
    assert (points["a"].load, points["a"].capacity, points["a"].status) == (460, 800, "existing")
    assert (points["d"].load, points["d"].capacity, points["d"].year) == (10, 300, 1)
    assert "emergency-stock" in points["a"].functions
    inside = {(c.settlement_id, c.minutes): (c.before, c.after) for c in plan.circles if c.kind == "logistics"}
    assert inside["c", 5] == (True, True)  # 240 s
    assert inside["d", 30] == (False, True)
    # 100 × (60000 + 90000 + 60000 + 40000) + 2190 fen a parcel-second... : 0.06 × 100 × 365 / 60 = 36.5 -> 36
    assert next(c.objective for c in plan.certificates if c.part == "logistics") == 100 * 250_000 + 36 * (100 * 120 + 110 * 240)


BROKEN = {
    "site-place": lambda p: replace(p, sites=(replace(p.sites[0], island_id="far"), *p.sites[1:])),
    "forbidden-site": lambda p: replace(p, sites=(*p.sites, replace(p.sites[0], node="near-t", status="new", year=1, load=0))),
    "existing-site-lost": lambda p: replace(p, sites=tuple(s for s in p.sites if (s.kind, s.node) != ("logistics", "a"))),
    "way": lambda p: replace(p, serves=(replace(p.serves[0], seconds=p.serves[0].seconds + 1), *p.serves[1:])),
    "served-by-no-point": lambda p: replace(p, serves=(replace(p.serves[0], node="c"), *p.serves[1:])),
    "too-far": lambda p: replace(p, serves=tuple(replace(v, node="a", seconds=2640) if (v.kind, v.settlement_id) == ("logistics", "d") else v for v in p.serves)),
    "parcels": lambda p: replace(p, serves=(replace(p.serves[0], amount=p.serves[0].amount - 1), *p.serves[1:])),
    "capacity": lambda p: replace(p, sites=(replace(p.sites[0], capacity=459), *p.sites[1:])),
    "load": lambda p: replace(p, sites=(replace(p.sites[0], load=461), *p.sites[1:])),
    "cost": lambda p: replace(p, sites=(replace(p.sites[0], cost_fen=1), *p.sites[1:])),
    "objective": lambda p: replace(p, certificates=(replace(p.certificates[0], objective=5, bound=5), *p.certificates[1:])),
    "claim": lambda p: replace(p, certificates=(*p.certificates[:-1], replace(p.certificates[-1], objective=5, bound=6))),
    "circle": lambda p: replace(p, circles=(replace(p.circles[0], after=not p.circles[0].after), *p.circles[1:])),
    "circle-missing": lambda p: replace(p, circles=p.circles[1:]),
    "beneficiaries": lambda p: replace(p, circles=(replace(p.circles[0], residents=999), *p.circles[1:])),
    "charger-queue": lambda p: replace(p, sites=tuple(replace(s, chargers=1, power_kw=60, managed_kw=30) if s.kind == "charger" else s for s in p.sites)),
    "stage": lambda p: replace(p, sites=(replace(p.sites[0], year=1), *p.sites[1:])),
    "shared-vehicles": lambda p: replace(p, sites=tuple(replace(s, vehicles=0, docks=0) if s.kind == "shared" else s for s in p.sites)),
    "unknown-id": lambda p: replace(p, serves=(replace(p.serves[0], settlement_id="x"), *p.serves[1:])),
}  # fmt: skip


@pytest.mark.parametrize("rule", BROKEN)
def test_one_broken_fact_is_named(scenario: Scenario, plan: SitePlan, rule: str) -> None:
    assert rule in {v.rule for v in audit_sites(scenario, BROKEN[rule](plan))}


def test_an_upgrade_that_costs_nothing_is_taken_first(scenario: Scenario) -> None:
    """Without a price there is no gain a yuan: it must neither fail nor be passed over. 400 m at 2 km/h is 12 minutes, at 30 under one."""
    slow = replace(scenario.roads["r1"], length_m=400, speed_km_h=2, upgrade_km_h=30, upgrade_cost_yuan=0)
    free = replace(scenario, roads={**scenario.roads, "r1": slow})
    points = [p for p in plan_sites(scenario, SiteWish(), None, SitingSettings(seconds=5)).sites if p.kind == "logistics" and p.node == "a"]
    homes = needs.homes_of(free, "")
    ground = Ground(free, road_net(free), homes, {h.island_id for h in homes}, SitingSettings(seconds=5), SitingSettings(seconds=5).clock())
    rows = improve_roads(ground, points, Certificates(None))
    assert [(r.road_id, r.cost_fen) for r in rows] == [("r1", 0), ("r3", 10_000_000)]  # r3 brings d inside the 30 minutes
    assert rows[0].people == 2 * 800  # noqa: PLR2004  (b and c enter the circles of 5 and of 10 minutes)


def test_the_budget_of_upgrades_is_exact_to_the_fen(scenario: Scenario, plan: SitePlan) -> None:
    from islandflow.siting.siteplan import UpgradeRow

    row = UpgradeRow("r3", "near", 100_000 * 100, 0)  # d has a point of its own: nobody enters by it
    assert not [v for v in audit_sites(scenario, replace(plan, upgrades=(row,))) if v.rule.startswith("upgrade")]
    wrong = audit_sites(scenario, replace(plan, upgrades=(replace(row, cost_fen=row.cost_fen + 1),)))
    assert [(v.rule, v.amount) for v in wrong] == [("upgrade-cost", 1)]


def test_erlang_c_beside_known_values() -> None:
    assert waiting(1, 0.5) == pytest.approx(0.5)  # M/M/1
    assert waiting(2, 1.0) == pytest.approx(1 / 3)
    assert waiting(10, 8.0) == pytest.approx(0.409180, abs=1e-6)
    assert mean_wait(1, 1, 30) == pytest.approx(30)  # ρ/(μ-λ) = 0.5 / (2 - 1) h
    assert mean_wait(2, 4, 30) == float("inf")
    assert chargers_needed(0, 30, 5) == 0
    count = chargers_needed(10, 45, 10)
    assert mean_wait(count, 10, 45) <= 10 < mean_wait(count - 1, 10, 45)


def test_charging_that_touches_does_not_overlap() -> None:
    assert most_at_once([(0, 60, 50), (60, 120, 70), (30, 61, 10)]) == 80
    assert most_at_once([]) == 0


def test_a_road_that_cuts_people_off_is_found_and_a_ring_has_none(scenario: Scenario) -> None:
    found = {f.what: f.people for f in fragile_roads(scenario, {"near"}) if f.kind == "bridge"}
    assert found == {"r0": 1840, "r1": 840, "r2": 440, "r3": 40}
    ring = replace(scenario.roads["r1"], road_id="r9", from_node="near-t", to_node="c", length_m=50_000)
    whole = replace(scenario, roads={**scenario.roads, "r9": ring})
    assert {f.what for f in fragile_roads(whole, {"near"}) if f.kind == "bridge"} == {"r3"}
    assert any(f.kind == "detour" and f.detour_min for f in fragile_roads(whole, {"near"}))


def test_a_second_road_between_the_same_nodes_is_a_detour_and_no_bridge(scenario: Scenario) -> None:
    twin = replace(scenario.roads["r2"], road_id="r9", length_m=2_000)  # 240 s for 120
    found = {f.what: f for f in fragile_roads(replace(scenario, roads={**scenario.roads, "r9": twin}), {"near"}) if f.kind != "cut point"}
    assert (found["r2"].kind, found["r2"].people, found["r2"].detour_min) == ("detour", 440, 2)
    assert "r9" not in found
    assert found["r1"].kind == "bridge"


def sailing(number: int, *calls: tuple[str, int | None, int | None]) -> Sailing:
    return Sailing(f"s{number}", "L", "v-01", tuple(Call(*c) for c in calls))


def test_the_promise_is_the_boat_plus_handling_plus_the_way(scenario: Scenario) -> None:
    gate = next(p.port_id for p in scenario.ports.values() if p.role == "gateway")
    other = next(p for p in scenario.ports if p not in (gate, "near-t"))
    plan = FerryPlan("summer-weekend", (
        sailing(1, (gate, None, 480), ("near-t", 510, None)), sailing(2, (gate, None, 600), (other, 640, 645), ("near-t", 700, None)),
        sailing(3, (other, None, 669), ("near-t", 680, None)), sailing(4, (other, None, 670), ("near-t", 690, None)),
    ))  # fmt: skip
    # cut-off 60, handling 75, change 30 minutes; 120 s to the door
    at = {r.ordered: r.at_door for r in promises(scenario, plan, {"a": {"near-t": 120}})}
    assert at[7 * 60] == 510 + 75 + 2  # at the quay 08:00, the boat of 08:00
    assert at[8 * 60] == 690 + 75 + 2  # 10:00 to the far port 10:40, changes 30 min later, one minute too late for 11:09
    assert at[9 * 60] == 690 + 75 + 2
    assert at[10 * 60] == -1


def test_people_who_land_together_need_places_together(scenario: Scenario) -> None:
    gate = next(p.port_id for p in scenario.ports.values() if p.role == "gateway")
    boats = (
        sailing(1, (gate, None, 480), ("near-t", 510, None)),
        sailing(2, (gate, None, 484), ("near-t", 514, None)),
        sailing(3, (gate, None, 485), ("near-t", 515, None)),
    )
    rides = tuple(Boarding("x", "y", "resident", 480, 32, (Ride(f"s{n}", 1, 2),)) for n in (1, 2, 3))
    # a window of five minutes holds two boats: 64 × 0.25 / 1.6 = 10
    assert pickup_spaces(scenario, FerryPlan("summer-weekend", boats, rides), "near-t") == 10
    fleet = next(iter(scenario.fleets.values()))
    ship = FerryPlan("summer-weekend", (replace(boats[0], vessel=fleet.vessel_ids()[0]),))
    assert deck_parcels(scenario, ship)["near-t"] == int(fleet.cargo_m3 * 20 + fleet.vehicle_deck * 150)


def test_an_island_without_settlements_is_refused_with_those_that_have_some(scenario: Scenario) -> None:
    with pytest.raises(BadInput) as told:
        plan_sites(scenario, SiteWish("far"), None, SitingSettings(seconds=5))
    assert "near" in told.value.faults[0].text("en")


def test_every_view_has_words_in_both_languages(scenario: Scenario, plan: SitePlan) -> None:
    for lang in ("zh", "en"):
        views = {name: view_of(scenario, plan, name, lang) for name in view_names(plan)}
        assert set(views) == {"map", "serves", "minutes", "reach", "circles", "walk", "stages", "curve", "power"}  # no boats: no promise
        assert all(len(v.figure.data) and v.title and v.sentence and v.table.rows for v in views.values())
    assert any("合成" in (t.name or "") for t in view_of(scenario, plan, "map", "zh").figure.data)


def test_every_column_and_word_of_the_tables_is_said_in_both_languages(scenario: Scenario, plan: SitePlan) -> None:
    for name in TABLES:
        zh, en = (plan_table(scenario, plan, name, lang) for lang in ("zh", "en"))
        assert all(re.search("[\u4e00-\u9fff]", head) for _, head in zh.columns), (name, zh.columns)
        assert not any(re.search("[\u4e00-\u9fff]", str(cell)) for row in en.rows for cell in row), name
        assert [len(row) for row in zh.rows] == [len(row) for row in en.rows]
    row = dict(
        zip(
            [key for key, _ in plan_table(scenario, plan, "sites", "zh").columns],
            plan_table(scenario, plan, "sites", "zh").rows[0],
            strict=True,
        )
    )
    assert (row["node"], row["status"], row["cost_fen"]) == ("甲 · a", "现有", 150_000)


def test_coverage_by_minute_is_what_the_roads_say(scenario: Scenario, plan: SitePlan) -> None:
    """a and d have points; b is 120 s, c 240 s from a. 1,040 of 1,840 live at a point, 1,440 within two minutes, all within four."""
    shown = view_of(scenario, plan, "reach", "en").figure.data[1]
    cells = dict(zip(shown.x, shown.z[0], strict=True))
    assert [round(cells[m] * 18.40) for m in ("1", "2", "3", "4")] == [1040, 1440, 1440, 1840]


def test_stages_only_add_and_say_what_stands(plan: SitePlan) -> None:
    rows = [r for r in plan.stages if r.kind == "logistics"]
    assert [(r.year, r.points, r.added, r.covered) for r in rows] == [(0, 1, 0, 1800), (1, 2, 1, 1840), (3, 2, 0, 1840), (5, 2, 0, 1840)]
    for kind in ("transfer", "shared", "charger"):
        counts = [r.points for r in plan.stages if r.kind == kind]
        assert counts == sorted(counts)


def test_the_hours_of_charging_are_the_profile_of_the_day(scenario: Scenario, plan: SitePlan) -> None:
    """1,840 people × 0.12 × 0.15 × 0.25 × 0.14 = 1.16 charges in the busiest hour, 45 kWh each: 53 kW of 147 that the grid spares."""
    rows = {r.hour: r for r in plan.power}
    assert len(rows) == 24
    assert (rows[19].public_kw, rows[19].grid_kw) == (max(r.public_kw for r in rows.values()), 147)
    assert 52 <= rows[19].public_kw <= 54
    assert all(r.most_kw <= r.grid_kw and not r.short_kw for r in rows.values())


def test_power_is_shared_only_while_the_promise_holds() -> None:
    # 0.5 cars an hour, 60 kW for 45 min: one charger at 30 kW takes 90 min, ρ = 0.75, waits 270 min; two at 15 kW take 180
    assert shared_power(0.5, 60, 45, 60, 240, 1000) == Managed(1, 60, 45)
    assert shared_power(0.1, 30, 45, 60, 240, 20) == Managed(1, 30, 90)  # ρ = 0.15: 15.9 min
    assert shared_power(0.1, 30, 45, 60, 240, 15) == Managed(2, 30, 180)  # one would wait 15.9 min
    assert shared_power(0.1, 30, 45, 60, 179, 15) is None
    assert shared_power(0.1, 0, 45, 60, 240, 15) is None
    hours = by_hour([(23 * 60 + 30, 24 * 60 + 30, 50), (20, 40, 20), (60, 70, 5)])  # one over midnight
    assert (hours[23], hours[0], hours[1], hours[2]) == (50, 70, 5, 0)


@pytest.mark.slow
def test_the_command_writes_a_folder_that_audits_itself(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "sites"

    def run(*words: str, code: int = 0) -> str:
        done = subprocess.run([sys.executable, "-m", "api.cli", *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    assert "violations 0" in run("site", str(folder), "--island", "near", "--out", str(out))
    for name in [
        "plan.json",
        "audit.json",
        "sites.csv",
        "assignment.csv",
        "circles.csv",
        "curve.csv",
        "sites.geojson",
        "sites.xlsx",
        "report.html",
        "scenario/roads.csv",
    ]:
        assert (out / name).is_file(), name
    info = json.loads((out / "plan.json").read_text())
    assert (info["status"], info["gap"], json.dumps(info).count('"gap"')) == ("optimal", 0.0, 1)
    assert all(
        "synthetic" in f["properties"]
        for f in json.loads((out / "sites.geojson").read_text())["features"]
        if f["properties"]["what"] != "site"
    )
    assert read_site_folder(out).plan.sites
    assert "violations 0" in run("site-audit", str(out))
    text = (out / "assignment.csv").read_text()
    (out / "assignment.csv").write_text(text.replace(",120,", ",119,"))
    assert "way" in run("site-audit", str(out), code=1)
    assert "no folder of a siting plan" in run("site-audit", str(folder), code=2)
    assert "settlements" in run("site", str(folder), "--island", "nowhere", "--out", str(tmp_path / "x"), code=2)
