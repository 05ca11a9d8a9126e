"""The terminal: check, plan, audit, explain, show, solvers, data."""

from __future__ import annotations

import sys
import time
import webbrowser
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table as Grid

from api.compare_cli import compare, retime
from api.core_curve import core_curve
from api.coupling import coupling
from api.explain import explain
from api.language import DEFAULT_LANG, Lang
from api.options import solving, what_if
from api.season_cli import season
from api.serve import register as register_server
from api.shuttle import shuttle, shuttle_audit
from api.site import roads_import, site, site_audit
from islandflow.errors import BadInput
from islandflow.result import Step
from islandflow.violation import Violation
from solvers.contract import BadSetting, Progress, Settings, Watch, registered
from solvers.guests import UnfitGuest

NO_PLAN = {
    "time limit": ("到达时限;请增加 --time-limit 或换求解器", "the time limit was reached; raise --time-limit or take another solver"),
    "asked": ("已按要求停止", "stopped as asked"),
}
STARTED = time.monotonic()
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Seasonal ferry timetables with a certified gap. 群岛轮渡运行图",
)
err = Console(stderr=True, soft_wrap=True, highlight=False)
out = Console(soft_wrap=True, highlight=False)


@app.command()
def check(scenario: Path, lang: Lang = DEFAULT_LANG) -> None:
    """Tells all faults of a scenario at once."""
    from islandflow.scenario.reader import check_scenario

    faults = check_scenario(scenario)
    for fault in faults:
        mark = ("提示 " if lang == "zh" else "notice ") if fault.warning else ""
        print(mark + fault.text(lang), file=sys.stderr)
    wrong = sum(not f.warning for f in faults)
    if wrong:
        print(f"{wrong} 处错误" if lang == "zh" else f"{wrong} fault(s)", file=sys.stderr)
        raise typer.Exit(2)
    print("方案可用" if lang == "zh" else "the scenario is sound")


@app.command()
@solving
@what_if
def plan(
    scenario: Path,
    service: Annotated[str, typer.Option(help="service pattern")] = "summer-weekend",
    cluster: Annotated[str, typer.Option(help="one cluster alone, or the lines between two ports as FROM-TO")] = "",
    target: Annotated[Path, typer.Option("--out", help="plan folder to write")] = Path("out/plan"),
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
    lang: Lang = DEFAULT_LANG,
    *,
    settings: Settings,
    said: tuple[str, ...],
) -> None:
    """Plans one service pattern and writes a plan folder with its report."""
    from api.service import plan_scenario

    watch = Watch(settings.time_limit, STARTED, None if quiet else _progress(lang))
    result, folder = plan_scenario(scenario, service, settings, watch, target, lang, cluster=cluster, what_if=said)
    if folder is None:
        zh, en = NO_PLAN.get(result.stopped_by, (result.stopped_by, result.stopped_by))
        print(f"没有方案({result.status}):{zh}" if lang == "zh" else f"no plan ({result.status}): {en}", file=sys.stderr)
        raise typer.Exit(1)
    summary(folder.info, folder.metrics, folder.audit, lang)
    where = target / "report.html"
    out.print(f"报告:{where}(用浏览器打开,无需网络)" if lang == "zh" else f"report: {where} (open it in a browser, no network needed)")
    if not folder.audit["clean"]:
        raise typer.Exit(1)


def _progress(lang: str) -> Progress:
    live = err.is_terminal
    state: dict[str, Any] = {"said": -1e9, "phase": ""}

    def tell(step: Step, left: float) -> None:
        kind = step.phase.split(",")[0]
        if not live and kind == state["phase"] and step.seconds - state["said"] < 15:
            return
        state["said"], state["phase"] = step.seconds, kind
        plan_text = "-" if step.plan is None else f"{step.plan / 1e6:,.1f}"
        bound_text = "-" if step.bound is None else f"{step.bound / 1e6:,.1f}"
        gap = f"{(step.plan - step.bound) / step.plan:.1%}" if step.plan and step.bound is not None else "-"
        words = ("方案", "下界", "差距", "剩余", "万元") if lang == "zh" else ("plan", "bound", "gap", "left", "x 10,000 CNY")
        text = f"{step.seconds:6.1f} s  {step.phase:<24} {words[0]} {plan_text}  {words[1]} {bound_text} {words[4]}  {words[2]} {gap}  {words[3]} {left:.0f} s"
        if live:
            err.print(text[:110].ljust(110), end="\r" if left > 0 else "\n")
        else:
            print(text, file=sys.stderr, flush=True)

    return tell


def summary(info: dict[str, Any], metrics: dict[str, Any], audit: dict[str, Any], lang: str) -> None:
    """One screen."""
    zh = lang == "zh"
    grid = Grid(show_header=False, box=None, padding=(0, 2, 0, 0))
    gap = "-" if info["gap"] is None else f"{info['gap']:.1%}"
    net = "-" if info["gap_net"] is None else f"{info['gap_net']:.1%}"

    def yuan(fen: float) -> str:
        return f"{fen / 1e6:,.1f} 万元" if zh else f"CNY {fen / 100:,.0f}"

    rows = [
        (
            "状态" if zh else "status",
            " · ".join([info["status"], info["solver"], *([] if info["seed"] is None else [f"seed {info['seed']}"])]),
        ),
        ("航次 / 船舶" if zh else "sailings / vessels", f"{metrics['sailings']:,} / {metrics['vessels']}"),
        ("服务 / 出行" if zh else "served / wanted", f"{metrics['people_served']:,} / {metrics['people_wanted']:,}"),
        ("社会总成本" if zh else "total cost", yuan(audit["objective_fen"])),
        ("下界" if zh else "bound", "-" if info["bound"] is None else yuan(info["bound"])),
        ("差距(净)" if zh else "gap (net)", f"{gap} ({net})"),
        (
            "民生保障未满足" if zh else "obligation rules unmet",
            f"{sum(not o['met'] for o in audit['obligations'])} / {len(audit['obligations'])}",
        ),
        *_boatless(metrics, zh),
        ("审计" if zh else "audit", ("无违规" if zh else "clean") if audit["clean"] else str(len(audit["violations"]))),
        ("用时 / 内存" if zh else "time / memory", f"{info['run']['seconds']} s / {info['run']['peak_mb']} MB"),
    ]
    for row in rows:
        grid.add_row(*row)
    out.print(grid)
    for o in [o for o in audit["obligations"] if not o["met"]][:10]:
        out.print("  " + _unmet(o, lang))
    if any(not o["met"] for o in audit["obligations"]):
        why = "`islandflow explain --conflicts`"
        out.print(f"  {why} 说明哪些不能同时满足、最省的办法" if zh else f"  {why} says which of them cannot be met together, and the cheapest remedy")


def _boatless(metrics: dict[str, Any], zh: bool, most: int = 5) -> list[tuple[str, str]]:
    """The places without any boat, if there are some."""
    found = metrics.get("without_boat", [])
    names = [f"{b['name_zh' if zh else 'name_en']} ({b['wanted']:,})" for b in found[:most]]
    more = [f"+ {len(found) - most}"] if len(found) > most else []
    return [("无船可乘" if zh else "without any boat", ("、" if zh else ", ").join(names + more))] if found else []


def _violation(found: Violation, lang: str) -> str:
    """A rule that is broken, in one line."""
    if lang == "zh":
        from islandflow.views.words import RULES, UNITS, word

        return f"✗ {word(RULES, found.rule, 'zh')} {found.where}:{found.amount} {word(UNITS, found.unit, 'zh')}({found.note_zh})"
    return f"✗ {found.rule} {found.where}: {found.amount} {found.unit} {found.note}"


def _unmet(check: Mapping[str, Any], lang: str) -> str:
    """An obligation rule that is broken, in one line."""
    if lang == "zh":
        from islandflow.views.words import RULES, in_chinese, word

        found, required = in_chinese(check["found"]), in_chinese(check["required"])
        return f"✗ {check['obligation_id']} {word(RULES, check['rule'], 'zh')}:{found}(要求 {required})→ {check['remedy_zh']}"
    return f"✗ {check['obligation_id']} {check['rule']}: {check['found']} ({check['required']}) → {check['remedy_en']}"


@app.command()
def audit(
    path: Path,
    timetable: Annotated[Path | None, typer.Argument()] = None,
    service: Annotated[str, typer.Option(help="service pattern of a hand-made timetable")] = "summer-weekend",
    target: Annotated[Path | None, typer.Option("--out", help="plan folder to write of a hand-made timetable")] = None,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Judges a plan folder, or a timetable made by hand: `audit PLAN`, `audit SCENARIO TIMETABLE.csv`."""
    from api.hand import audit_timetable, write_timetable
    from api.service import audit_folder

    if timetable is None:
        if target is not None:
            how = "`audit SCENARIO TIMETABLE.csv --out FOLDER`"
            raise BadSetting(f"--out: give a timetable too, {how}", f"--out:请同时给出时刻表,{how}")
        report = audit_folder(path)[1]
    elif target is None:
        report = audit_timetable(path, timetable, service)[2]
    else:
        write_timetable(path, timetable, service, target, lang)
        report = audit_folder(target)[1]
    for v in report.violations:
        print(_violation(v, lang))
    for o in report.unmet:
        print(_unmet(asdict(o), lang).replace("✗", "!", 1))
    met, rules, broken = sum(o.met for o in report.obligations), len(report.obligations), len(report.violations)
    yuan = f"{report.money.objective / 100:.2f}"
    if lang == "zh":
        print(f"社会总成本 {yuan} 元;民生保障规则满足 {met}/{rules};违规 {broken} 处")
    else:
        print(f"objective {yuan} yuan; obligations met {met}/{rules}; violations {broken}")
    if not report.clean:
        raise typer.Exit(1)


@app.command()
def show(
    folder: Path,
    lang: Lang = DEFAULT_LANG,
    browser: Annotated[bool, typer.Option("--open", help="open the report")] = False,
    text: Annotated[bool, typer.Option("--text", help="the timetable as a notice board")] = False,
    report: Annotated[Path | None, typer.Option("--report", help="write the report page anew, to this file")] = None,
    beside: Annotated[list[Path] | None, typer.Option("--beside", help="plan of another service pattern to compare in --report")] = None,
) -> None:
    """The summary of a plan folder, its timetable as text, or its report page."""
    from islandflow.ferry.folder import read_plan, refuse_unshowable

    found = read_plan(folder)
    if report is not None or text:
        refuse_unshowable(found)
    if report is not None:
        from islandflow.network.sea import build_network
        from islandflow.views.report import write_report

        write_report(found, build_network(found.scenario), report, lang, [read_plan(other) for other in beside or []])
        out.print(str(report))
    elif text:
        from islandflow.views.board import board_text

        print(board_text(found.scenario, found.plan, lang), end="")
    else:
        summary(found.info, found.metrics, found.audit, lang)
    if browser:
        webbrowser.open((report or folder / "report.html").resolve().as_uri())


app.command()(season)
app.command("core-curve")(core_curve)
app.command()(coupling)
app.command()(explain)
app.command()(compare)
app.command()(retime)
app.command()(site)
app.command("site-audit")(site_audit)
app.command("roads-import")(roads_import)
app.command()(shuttle)
app.command("shuttle-audit")(shuttle_audit)

excel = typer.Typer(no_args_is_help=True, help="Excel workbooks of scenarios and plans. 电子表格")
app.add_typer(excel, name="excel")


@excel.command("export")
def excel_export(folder: Path, workbook: Path, lang: Lang = DEFAULT_LANG) -> None:  # `main` speaks it where a fault is told
    """A scenario or a plan folder as a workbook."""
    from islandflow.exchange.excel import export_plan, export_scenario

    (export_plan if (folder / "plan.json").is_file() else export_scenario)(folder, workbook)
    print(workbook)


@excel.command("import")
def excel_import(workbook: Path, folder: Path, lang: Lang = DEFAULT_LANG) -> None:
    """A scenario's workbook as its folder, a plan's as its timetable; faults are named by sheet and cell."""
    from islandflow.exchange.excel import holds_plan, import_plan, import_scenario

    if holds_plan(workbook):
        file = import_plan(workbook, folder)
        print(f"{file}: islandflow audit SCENARIO {file} --service … --out PLAN")
        return
    import_scenario(workbook, folder)
    print(folder)


@app.command()
def solvers() -> None:
    """Lists the registered solvers."""
    for name, entry in sorted(registered().items()):
        out.print(f"{name:<18} {entry.about}")


@app.command()
def data(scenario: Path, lang: Lang = DEFAULT_LANG) -> None:
    """Sizes of a scenario, and each line's sea distance beside the documented one."""
    from islandflow.network.sea import build_network, distance_check
    from islandflow.scenario.reader import read_scenario

    found = read_scenario(scenario)
    network = build_network(found)
    zh, vessels = lang == "zh", sum(f.count for f in found.fleets.values())
    en_text = f"{found.name_en} {found.name_zh}: {len(found.ports)} ports, {len(found.lines)} lines, {vessels} vessels"
    print(f"{found.name_zh}:{len(found.ports)} 个港口,{len(found.lines)} 条航线,{vessels} 艘船" if zh else en_text)
    for port, metres in network.moved.items():
        print(f"{port} 移到水面 {metres} 米" if zh else f"{port} moved {metres} m to the water")
    print("line,computed_nm,documented_nm,great_circle_nm")
    for line in distance_check(found, network):
        known = "" if line.documented_nm is None else f"{line.documented_nm:g}"
        print(f"{line.line_id},{line.computed_nm:.2f},{known},{line.great_circle_nm:.2f}")


register_server(app)


def main() -> None:
    """Entry point: 0 done, 1 violation or no plan, 2 bad input; never a stack trace for what a user gave."""
    try:
        app()
    except BadInput as bad:
        for fault in bad.faults:
            print(fault.text(_asked_lang()), file=sys.stderr)
        sys.exit(2)
    except (BadSetting, UnfitGuest) as bad:
        print(bad.text(_asked_lang()), file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        if error.filename is None:
            raise
        cause, where = error.strerror or type(error).__name__, error.filename2 or error.filename
        zh = _asked_lang() == "zh"
        print(f"{where}:无法读写({cause})" if zh else f"{where}: cannot be read or written ({cause})", file=sys.stderr)
        sys.exit(2)
    except ValueError as error:
        if not str(error).startswith(("--", "ISLANDFLOW_", "server limits")):
            raise
        print(str(error), file=sys.stderr)
        sys.exit(2)


def _asked_lang() -> str:
    for given, value in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
        if given.startswith("--lang"):
            return "zh" if "zh" in (value, given.removeprefix("--lang=")) else "en"
    return DEFAULT_LANG


if __name__ == "__main__":
    main()
