"""Islanders in the report of a season: what their boats allow, how many people benefit, what each obligation costs."""

from __future__ import annotations

from islandflow.views.names import plain_island
from islandflow.views.season_case import Row, SeasonCase, Section
from islandflow.views.style import money
from islandflow.views.view import Table

HEADS = {
    "island_id": ("岛屿", "island"), "residents": ("居民≈", "residents ≈"), "seat": ("县城", "county seat"), "first_out": ("首班出岛", "first out"), "last_out": ("末班出岛", "last out"),
    "first_back": ("首班返岛", "first back"), "last_back": ("末班返岛", "last back"), "operating": ("运营日", "operating day"), "at_seat": ("县城可停留", "hours at the seat"),
    "on_island": ("岛上可停留", "hours on the island"), "out": ("出岛", "ways out"), "back": ("返岛", "ways back"), "changes": ("最少换乘", "fewest changes"),
    "bus_min": ("接驳公交(分)", "onward bus, min"), "day": ("当日往返", "day return"), "hospital_told": ("当日就医", "hospital in a day"),
}  # fmt: skip


def islander_words(case: SeasonCase) -> str:
    """How many islanders have a day return and a hospital within the day, in the pattern where fewest do."""
    rows = case.rows("beneficiaries")
    if not rows or not rows[0]["residents"]:
        return ""
    whole = rows[0]["residents"]
    day, ill = (min(rows, key=lambda r: r[k]) for k in ("day_return", "hospital"))
    text = case.say(
        f"离不开船的岛上约有 {whole:,} 位居民:每个时期至少 {day['day_return']:,} 人({_share(day['day_return'], whole)})可当日往返县城办事,至少 {ill['hospital']:,} 人({_share(ill['hospital'], whole)})可当日就医。",
        f"About {whole:,} people live on islands that need a boat: in every pattern at least {day['day_return']:,} of them ({_share(day['day_return'], whole)}) can do errands at the county seat "
        f"and be home the same day, at least {ill['hospital']:,} ({_share(ill['hospital'], whole)}) reach a hospital within the day.",
    )
    lacking = sorted({case_island(case, r["island_id"]) for r in case.rows("islands") if not r["day_return"]})
    if lacking:
        text += case.say(f"某些时期不能当日往返的岛:{'、'.join(lacking)}。", f" Islands without a day return in some pattern: {', '.join(lacking)}.")
    return text


def price_words(case: SeasonCase) -> str:
    """What all obligations cost in the year, and which cost most a resident."""
    rows = [r for r in case.rows("prices") if r["year_yuan"] > 0]
    if not rows:
        return ""
    whole = sum(r["year_yuan"] for r in rows)
    top = sorted(rows, key=lambda r: -r["year_yuan"])[:3]
    named = [f"{case.port(r['port'])} {money(r['year_yuan'] * 100, case.lang)}" for r in top]
    return case.say(
        f"按下界的影子价格估计(≈),{len(rows)} 项保障有代价,全年合计约 {money(whole * 100, 'zh')};最高的是 {'、'.join(named)}。其余 {len(case.rows('prices')) - len(rows)} 项即使不作规定也会开行。",
        f"At the shadow prices of the bound (≈) {len(rows)} obligations have a cost, about {money(whole * 100, 'en')} in the year; dearest are {', '.join(named)}. "
        f"The other {len(case.rows('prices')) - len(rows)} would be sailed without being asked for.",
    )


def islander_sections(case: SeasonCase) -> list[Section]:
    """People by pattern, islands on the day type with most dates, obligations with their price."""
    found = []
    if rows := case.rows("beneficiaries"):
        heads = {"service": ("时期", "pattern"), "dates": ("天数", "dates"), "residents": ("岛上居民≈", "islanders ≈"), "connected": ("去回皆有船", "boat out and back"),
                 "day_return": ("可当日往返县城", "day return to the seat"), "hospital": ("可当日就医", "hospital within the day")}  # fmt: skip
        hours = case.scenario.whole("errand_hours_ashore")
        found.append(Section(
            case.say("受益人群", "People who benefit"),
            case.say(f"按岛上常住人口计;当日往返指在县城至少停留 {hours // 60}:{hours % 60:02d}。陆路可达县城的岛不计。",
                     f"Residents of the islands, in people; a day return leaves {hours // 60}:{hours % 60:02d} at the county seat at least. Islands with a road to their seat are not counted."),
            case.table(rows, heads, {"service": case.service}),
        ))  # fmt: skip
    if rows := case.rows("islands"):
        days = case.season.year.by_service()
        service = max(case.season.plans, key=lambda s: days.get(s, 0))
        found.append(Section(
            case.say(f"各岛通航指标({case.service(service)})", f"Indicators by island ({case.service(service)})"),
            case.say("到码头的时刻;停留为当日最长。出岛、返岛为互不劣的走法数。最后两列为各时期中满足的个数;各时期逐条见下方表格。",
                     "Times are those to be at the quay; hours are the most that one day allows. Ways out and back are those that no other beats. The last two columns count the patterns in which it holds; every pattern stands in the table below."),
            case.table([_shown(case, r) for r in rows if r["service"] == service], HEADS),
        ))  # fmt: skip
    if rows := case.rows("prices"):
        heads = {"port": ("保障的港口", "obligation at"), "serves_port": ("对岸", "joined with"), "residents": ("受益居民≈", "residents ≈"),
                 **{s: names for s, names in case.services().items() if s in rows[0]}, "year_yuan": ("全年(元)≈", "year, CNY ≈"), "yuan_per_resident": ("每位居民(元)≈", "a resident, CNY ≈")}  # fmt: skip
        found.append(Section(
            case.say("每项保障的代价(元/天,≈)", "What each obligation costs (CNY a day, ≈)"),
            case.say("下界对各保障行所付的影子价格 × 要求数:松弛意义上取消该项最多可省之数,整船方案中可能更少(为零亦有可能);要得确数,用 plan --drop 保障 重新编制后比较。留座不计。",
                     "The bound's shadow price of each row times what it asks for: the most that dropping it would save in the relaxation; with whole boats it may be less, even nothing. "
                     "For a figure of its own plan again with --drop and compare. Kept seats are not counted."),
            case.table(sorted(rows, key=lambda r: -r["year_yuan"]), heads, {"port": case.port, "serves_port": case.port, **{s: lambda y: None if y is None else round(y) for s in case.season.plans}}),
        ))  # fmt: skip
    return found


def island_table(case: SeasonCase) -> Table:
    """Every island in every pattern."""
    heads = {"service": ("时期", "pattern"), **HEADS}
    return case.table([_shown(case, r) for r in case.rows("islands")], heads, {"service": case.service})


def case_island(case: SeasonCase, island: str) -> str:
    """Name of an island."""
    return plain_island(case.scenario, island, case.lang)


def _shown(case: SeasonCase, row: Row) -> Row:
    mine = [r for r in case.rows("islands") if r["island_id"] == row["island_id"]]
    holds = {k: sum(bool(r[k]) for r in mine) for k in ("day_return", "hospital")}
    return {
        **row, "island_id": case_island(case, row["island_id"]), "seat": case.port(row["seat"]), "operating": _span(row["operating_day_min"]),
        "at_seat": _span(row["seat_min"]), "on_island": _span(row["island_min"]), "day": f"{holds['day_return']}/{len(mine)}",
        "hospital_told": case.say("岛上有", "on the island") if row["own_hospital"] else f"{holds['hospital']}/{len(mine)}",
    }  # fmt: skip


def _span(minutes: int | None) -> str:
    return "–" if minutes is None else f"{minutes // 60}:{minutes % 60:02d}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"
