"""The terminal: check, plan, audit, explain, show, solvers, data."""

from __future__ import annotations

import os
import sys
import time
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table as Grid

from api import whatif
from api.compare_cli import compare, retime
from api.explain import explain
from api.season_cli import season
from api.serve import register as register_server
from api.site import roads_import, site, site_audit
from islandflow.errors import BadInput
from islandflow.result import Step
from solvers.contract import Progress, Settings, UnknownName, Watch, preset, registered

STARTED = time.monotonic()
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Seasonal ferry timetables with a certified gap. 群岛轮渡运行图",
)
err = Console(stderr=True, soft_wrap=True, highlight=False)
out = Console(soft_wrap=True, highlight=False)
Lang = Annotated[str, typer.Option("--lang", help="zh or en")]


def _lang(lang: str) -> str:
    if lang not in ("zh", "en"):
        raise typer.BadParameter("zh or en")
    return lang


DEFAULT_LANG = "zh" if os.environ.get("LANG", "").startswith("zh") else "en"


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
def plan(
    scenario: Path,
    service: Annotated[str, typer.Option(help="service pattern")] = "summer-weekend",
    cluster: Annotated[str, typer.Option(help="one cluster alone, or the lines between two ports as FROM-TO")] = "",
    solver: Annotated[str, typer.Option(help="see `islandflow solvers`")] = "",
    preset_name: Annotated[str, typer.Option("--preset", help="quick, standard or thorough")] = "standard",
    time_limit: Annotated[float, typer.Option(help="seconds from the start of the command")] = 0,
    iterations: Annotated[int, typer.Option(help="deterministic limit; 0 = none")] = 0,
    workers: Annotated[int, typer.Option(help="processes")] = 0,
    seed: Annotated[int, typer.Option()] = -1,
    target: Annotated[Path, typer.Option("--out", help="plan folder to write")] = Path("out/plan"),
    config: Annotated[Path | None, typer.Option(help="TOML file of settings")] = None,
    changes: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE, may be repeated")] = None,
    without: whatif.Without = None,
    demand: whatif.Demand = None,
    add: whatif.Add = None,
    fuel: whatif.Fuel = "",
    keep: whatif.Keep = None,
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Plans one service pattern and writes a plan folder with its report."""
    import tomllib

    settings = preset(preset_name)
    if config is not None:
        try:
            settings = settings.changed(tomllib.loads(config.read_text(encoding="utf-8")))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"--config {config}: cannot be read ({type(error).__name__})") from None
    settings = changed_settings(settings.changed({"solver": solver} if solver else {}), time_limit, iterations, workers, seed, changes)
    from api.service import plan_scenario

    watch = Watch(settings.time_limit, STARTED, None if quiet else _progress(lang))
    said = whatif.words(without, demand, add, fuel, keep)
    result, folder = plan_scenario(scenario, service, settings, watch, target, _lang(lang), cluster=cluster, what_if=said)
    if folder is None:
        print(result.status, file=sys.stderr)
        raise typer.Exit(1)
    summary(folder.info, folder.metrics, folder.audit, lang)
    where = target / "report.html"
    out.print(f"报告:{where}(用浏览器打开,无需网络)" if lang == "zh" else f"report: {where} (open it in a browser, no network needed)")
    if not folder.audit["clean"]:
        raise typer.Exit(1)


def changed_settings(
    settings: Settings, time_limit: float, iterations: int, workers: int, seed: int, changes: list[str] | None
) -> Settings:
    """Settings with what the options say; ``--set`` wins."""
    given: dict[str, object] = {"time_limit": time_limit, "iterations": iterations, "workers": workers}
    settings = settings.changed({k: v for k, v in given.items() if v})
    if seed >= 0:
        settings = settings.changed({"seed": seed})
    for change in changes or []:
        name, sign, value = change.partition("=")
        if not sign:
            raise ValueError(f"--set {change}: write NAME=VALUE")
        settings = settings.changed({name.strip(): value.strip()})
    return settings


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
        ("审计" if zh else "audit", ("无违规" if zh else "clean") if audit["clean"] else str(len(audit["violations"]))),
        ("用时 / 内存" if zh else "time / memory", f"{info['run']['seconds']} s / {info['run']['peak_mb']} MB"),
    ]
    for row in rows:
        grid.add_row(*row)
    out.print(grid)
    for o in [o for o in audit["obligations"] if not o["met"]][:10]:
        out.print(f"  ✗ {o['obligation_id']} {o['rule']}: {o['found']} ({o['required']}) → {o['remedy_zh' if zh else 'remedy_en']}")


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
            raise ValueError("--out: give a timetable too, `audit SCENARIO TIMETABLE.csv --out FOLDER`")
        report = audit_folder(path)[1]
    elif target is None:
        report = audit_timetable(path, timetable, service)[2]
    else:
        write_timetable(path, timetable, service, target, _lang(lang))
        report = audit_folder(target)[1]
    for v in report.violations:
        print(f"✗ {v.rule} {v.where}: {v.amount} {v.unit} {v.note_zh if lang == 'zh' else v.note}")
    for o in report.unmet:
        print(f"! {o.obligation_id} {o.rule}: {o.found} ({o.required}) → {o.remedy_zh if lang == 'zh' else o.remedy_en}")
    met = sum(o.met for o in report.obligations)
    print(
        f"objective {report.money.objective / 100:.2f} yuan; obligations met {met}/{len(report.obligations)}; violations {len(report.violations)}"
    )
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

        write_report(found, build_network(found.scenario), report, _lang(lang), [read_plan(other) for other in beside or []])
        out.print(str(report))
    elif text:
        from islandflow.views.board import board_text

        print(board_text(found.scenario, found.plan, _lang(lang)), end="")
    else:
        summary(found.info, found.metrics, found.audit, lang)
    if browser:
        webbrowser.open((report or folder / "report.html").resolve().as_uri())


app.command()(season)
app.command()(explain)
app.command()(compare)
app.command()(retime)
app.command()(site)
app.command("site-audit")(site_audit)
app.command("roads-import")(roads_import)

excel = typer.Typer(no_args_is_help=True, help="Excel workbooks of scenarios and plans. 电子表格")
app.add_typer(excel, name="excel")


@excel.command("export")
def excel_export(folder: Path, workbook: Path) -> None:
    """A scenario or a plan folder as a workbook."""
    from islandflow.exchange.excel import export_plan, export_scenario

    (export_plan if (folder / "plan.json").is_file() else export_scenario)(folder, workbook)
    print(workbook)


@excel.command("import")
def excel_import(workbook: Path, folder: Path) -> None:
    """A workbook as a scenario folder; faults are named by sheet and cell."""
    from islandflow.exchange.excel import import_scenario

    import_scenario(workbook, folder)
    print(folder)


@app.command()
def solvers() -> None:
    """Lists the registered solvers."""
    for name, entry in sorted(registered().items()):
        out.print(f"{name:<18} {entry.about}")


@app.command()
def data(scenario: Path) -> None:
    """Sizes of a scenario, and each line's sea distance beside the documented one."""
    from islandflow.network.sea import build_network, distance_check
    from islandflow.scenario.reader import read_scenario

    found = read_scenario(scenario)
    network = build_network(found)
    print(
        f"{found.name_en} {found.name_zh}: {len(found.ports)} ports, {len(found.lines)} lines, {sum(f.count for f in found.fleets.values())} vessels"
    )
    for port, metres in network.moved.items():
        print(f"{port} moved {metres} m to the water")
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
        lang = _asked_lang()
        for fault in bad.faults:
            print(fault.text(lang), file=sys.stderr)
        sys.exit(2)
    except (UnknownName, ValueError) as error:
        if isinstance(error, UnknownName) or str(error).startswith(("setting", "--", "time_limit", "ruin_vessels")):
            print(str(error), file=sys.stderr)
            sys.exit(2)
        raise


def _asked_lang() -> str:
    for given, value in zip(sys.argv, [*sys.argv[1:], ""], strict=True):
        if given == "--lang":
            return "zh" if value == "zh" else "en"
    return DEFAULT_LANG


if __name__ == "__main__":
    main()
