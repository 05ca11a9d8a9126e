"""Reads a scenario: a folder of CSV tables and ``scenario.toml``; every fault at once, or the frozen facts."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import tomllib
from pathlib import Path
from typing import Any

from islandflow.errors import BadInput, Fault
from islandflow.scenario import entities as e
from islandflow.scenario.cells import BadCell, read_cell, tidy
from islandflow.scenario.coastline import read_coastline
from islandflow.scenario.facts import FACTS
from islandflow.scenario.parameters import SETTINGS
from islandflow.scenario.schema import SETTINGS_TABLE, TABLES
from islandflow.scenario.table import PROVENANCE_PREFIX, Table
from islandflow.scenario.validate import validate

TOML_KEYS = {"format": int, "name_zh": str, "name_en": str, "attribution": str, "coastline": str, "estimated": bool}
MOST_ROWS = 200_000
Row = tuple[int, dict[str, object]]


def read_scenario(path: Path | str) -> e.Scenario:
    """The scenario in a folder; BadInput with every fault found."""
    scenario, faults = _read(Path(path))
    wrong = [f for f in faults if not f.warning]
    if wrong or scenario is None:
        raise BadInput(wrong)
    return scenario


def check_scenario(path: Path | str) -> list[Fault]:
    """All faults and warnings of a scenario folder; empty if there is nothing to say."""
    return _read(Path(path))[1]


def near(name: str, known: list[str]) -> tuple[str, str]:
    """Remedy in both languages: the nearest known name, or some of them."""
    found = difflib.get_close_matches(name, known, 1)
    if found:
        return f"did you mean {found[0]}?", f"是否为 {found[0]}?"
    some = ", ".join(known[:8])
    return f"known: {some}", f"已知:{some}"


def _read(folder: Path) -> tuple[e.Scenario | None, list[Fault]]:
    faults: list[Fault] = []
    if not folder.is_dir():
        what = ("is a file, not a folder", "是文件,不是文件夹") if folder.exists() else ("does not exist", "不存在")
        return None, [Fault(str(folder), 0, "", "", *what, "give the folder of a scenario", "请给出方案文件夹")]
    digest = hashlib.sha256()
    head = _toml(folder, faults, digest)
    tables: dict[str, list[Row]] = {}
    provenance: dict[str, dict[tuple[str, ...], dict[str, str]]] = {}
    ids: dict[str, list[str] | None] = {}
    complete: set[str] = set()
    for table in TABLES:
        kept: dict[tuple[str, ...], dict[str, str]] = {}
        told = len(faults)
        tables[table.name] = _table(folder, table, faults, digest, kept)
        provenance[table.name] = kept
        wrong = [f for f in faults[told:] if not f.warning]
        if not wrong:
            complete.add(table.name)
        # a header or a key that cannot be read leaves ids unknown: then nothing can be said of who names them
        known = {" ".join(key) for key in kept}
        unread = any(f.row <= 1 or not f.column or (f.column in table.key and f.value not in known) for f in wrong)
        ids[table.name] = None if unread else list(dict.fromkeys(key[0] for key in kept))
    settings = _settings(tables["settings"], faults)
    most = settings["most_rows"].value
    for name, rows in tables.items():
        if isinstance(most, int) and len(rows) > most:
            what = (f"rows are more than most_rows = {most}", f"行超过 most_rows = {most}")
            faults.append(
                Fault(f"{name}.csv", most + 2, "", str(len(rows)), *what, "raise the setting or split the table", "请提高该参数或拆分表")
            )
    coast = head.get("coastline")
    coastline = read_coastline(folder, coast, faults) if isinstance(coast, str) and coast else None
    if coastline is not None:
        digest.update(coastline[1])
    _strangers(folder, faults)
    # after faults too, so that one reading tells all; rows that could not be read are left out, but their ids are known
    validate(tables, ids, complete, settings, faults, near)
    if any(not f.warning for f in faults):
        return None, faults
    scenario = e.Scenario(
        name_zh=str(head["name_zh"]), name_en=str(head["name_en"]), attribution=str(head.get("attribution", "")), settings=settings,
        estimated=bool(head.get("estimated", False)), coastline=coastline[0] if coastline else None, folder=folder, digest=digest.hexdigest(),
        provenance=provenance, **{kept.field: kept.held(values for _, values in tables[name]) for name, kept in FACTS.items()},
    )  # fmt: skip
    return scenario, faults


def _toml(folder: Path, faults: list[Fault], digest: Any) -> dict[str, object]:
    file = folder / "scenario.toml"
    try:
        raw = file.read_bytes()
        digest.update(raw)
        head: dict[str, object] = tomllib.loads(raw.decode("utf-8-sig"))
    except OSError:
        faults.append(
            Fault("scenario.toml", 0, "", "", "is missing", "缺失", "write format, name_zh and name_en", "请写明 format、name_zh、name_en")
        )
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        cause = str(error)[:120]
        faults.append(Fault("scenario.toml", 0, "", "", f"is no TOML: {cause}", f"不是有效的 TOML:{cause}", "mend that line", "请修正该行"))
        return {}
    for key, value in head.items():
        if key not in TOML_KEYS:
            faults.append(Fault("scenario.toml", 0, key, "", "is no known key", "不是已知项", *near(key, list(TOML_KEYS))))
        elif type(value) is not TOML_KEYS[key]:  # true is no 1
            kind = TOML_KEYS[key].__name__
            faults.append(Fault("scenario.toml", 0, key, str(value), f"is no {kind}", f"不是 {kind}", f"write a {kind}", f"请写 {kind}"))
    for key in ("format", "name_zh", "name_en"):
        if key not in head:
            faults.append(Fault("scenario.toml", 0, key, "", "is missing", "缺失", f"add {key}", f"请补充 {key}"))
    if head.get("format", 1) != 1:
        faults.append(
            Fault("scenario.toml", 0, "format", str(head["format"]), "is not supported", "不支持", "write format = 1", "请写 format = 1")
        )
    return head


def decode(file: str, raw: bytes, faults: list[Fault]) -> str | None:
    """The text of a table in UTF-8, or with a notice in GBK; None and a fault if it is neither."""
    if b"\x00" in raw:
        faults.append(Fault(file, 0, "", "", "holds binary data", "含二进制数据", "save it as CSV in UTF-8", "请另存为 UTF-8 的 CSV"))
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        faults.append(
            Fault(file, 0, "", "", "is neither UTF-8 nor GBK", "既非 UTF-8 也非 GBK", "save it as CSV in UTF-8", "请另存为 UTF-8 的 CSV")
        )
        return None
    faults.append(Fault(file, 0, "", "", "was read as GBK", "按 GBK 读取", "save it as UTF-8", "建议另存为 UTF-8", warning=True))
    return text


def _table(folder: Path, table: Table, faults: list[Fault], digest: Any, kept: dict[tuple[str, ...], dict[str, str]]) -> list[Row]:
    name = f"{table.name}.csv"
    try:
        raw = (folder / name).read_bytes()
    except OSError:
        if table.required:
            faults.append(Fault(name, 0, "", "", "is missing", "缺失", f"add the table: {table.en}", f"请补充:{table.zh}"))
        return []
    digest.update(name.encode() + raw)
    text = decode(name, raw, faults)
    if text is None:
        return []
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=False))
    except csv.Error as error:
        faults.append(Fault(name, 0, "", "", f"is no CSV: {error}", f"不是 CSV:{error}", "save it as CSV", "请另存为 CSV"))
        return []
    return rows_of(table, name, lines, faults, kept)


def rows_of(table: Table, file: str, lines: list[list[str]], faults: list[Fault], kept: dict[tuple[str, ...], dict[str, str]]) -> list[Row]:
    """Rows of one table from lines of cells (header first), read by the schema; faults are added to ``faults``."""
    if not lines or not any(c.strip() for c in lines[0]):
        if table.required:
            faults.append(Fault(file, 1, "", "", "is empty", "为空", "write the header and rows", "请写表头和数据"))
        return []
    header = [tidy(c).strip("\ufeff") for c in lines[0]]
    known = {c.name: c for c in table.columns}
    for sign, signs_en, signs_zh in (("\t", "tabs", "制表符"), (";", "semicolons", "分号")):
        if len(header) == 1 and sign in header[0]:
            en, zh = f"has fields separated by {signs_en}", f"的字段以{signs_zh}分隔"
            faults.append(Fault(file, 1, "", "", en, zh, "save it as CSV with commas", "请另存为逗号分隔的 CSV"))
            return []
    for column in header:
        if not column:
            faults.append(Fault(file, 1, "", "", "has a column without a name", "有一列没有列名", "name the column", "请填写列名"))
        elif column not in known and not column.startswith(PROVENANCE_PREFIX):
            faults.append(Fault(file, 1, column, "", "is no column of this table", "不是本表的列", *near(column, list(known))))
    for column in {c for c in header if header.count(c) > 1}:
        faults.append(Fault(file, 1, column, "", "stands twice", "重复", "keep one", "请只保留一列"))
    for column, what in known.items():
        if column not in header and what.required:
            faults.append(Fault(file, 1, column, "", "column is missing", "缺少该列", f"add it: {what.en}", f"请补充:{what.zh}"))
    if len(lines) - 1 > MOST_ROWS:
        faults.append(
            Fault(
                file,
                MOST_ROWS + 2,
                "",
                str(len(lines) - 1),
                f"rows are more than {MOST_ROWS}",
                f"行超过上限 {MOST_ROWS}",
                "split the table",
                "请拆分表",
            )
        )
        return []
    rows: list[Row] = []
    seen: dict[tuple[object, ...], int] = {}
    for number, cells in enumerate(lines[1:], start=2):
        if not any(c.strip() for c in cells):
            continue
        if len(cells) != len(header):
            faults.append(
                Fault(file, number, "", str(len(cells)), f"fields where the header has {len(header)}", f"个字段,表头为 {len(header)} 个",
                      "quote cells that hold commas", "含逗号的单元格请加引号")
            )  # fmt: skip
            continue
        values = _row(file, number, dict(zip(header, cells, strict=True)), known, faults)
        key = tuple(values.get(k) for k in table.key)
        if None not in key:
            if key in seen:
                at = " ".join(str(k) for k in key)
                faults.append(
                    Fault(
                        file,
                        number,
                        table.key[0],
                        at,
                        f"stands in row {seen[key]} already",
                        f"与第 {seen[key]} 行重复",
                        "keep one",
                        "请保留一行",
                    )
                )
                continue
            seen[key] = number
            kept[tuple(str(k) for k in key)] = {c: v for c, v in zip(header, cells, strict=True) if c.startswith(PROVENANCE_PREFIX)}
        if len(values) == len(known):
            rows.append((number, values))
    if table.required and len(lines) < 2:
        faults.append(Fault(file, 0, "", "", "has no rows", "没有数据行", f"add rows: {table.en}", f"请补充:{table.zh}"))
    return rows


def _row(file: str, number: int, cells: dict[str, str], known: dict[str, Any], faults: list[Fault]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, column in known.items():
        if column.required and name not in cells:
            continue  # the header has been told; the row cannot be used
        try:
            values[name] = read_cell(column, cells.get(name, "")) if name in cells else column.default
        except BadCell as bad:
            shown = cells.get(name, "")[:60]
            faults.append(Fault(file, number, name, shown, bad.en, bad.zh, bad.remedy_en, bad.remedy_zh))
    return values


def _strangers(folder: Path, faults: list[Fault]) -> None:
    """A table under a wrong name would be missed in silence: refused where it looks like one that is not there, else noticed."""
    known = {f"{table.name}.csv" for table in TABLES}
    here = {file.name for file in folder.glob("*.csv")}
    for name in sorted(here - known):
        missed = difflib.get_close_matches(name, sorted(known - here), 1, 0.8)
        remedy = (f"did you mean {missed[0]}?", f"是否为 {missed[0]}?") if missed else ("it is not read", "不会被读取")
        faults.append(Fault(name, 0, "", "", "is no table of a scenario", "不是方案的表", *remedy, warning=not missed))


def _settings(rows: list[Row], faults: list[Fault]) -> dict[str, e.Setting]:
    known = {c.name: c for c in SETTINGS}
    found: dict[str, e.Setting] = {}
    for number, values in rows:
        name = str(values["setting"])
        if name not in known:
            faults.append(Fault("settings.csv", number, "setting", name, "is no known setting", "不是已知参数", *near(name, list(known))))
            continue
        try:
            found[name] = e.Setting(name, read_cell(known[name], str(values["value"])), str(values["source"] or ""))
        except BadCell as bad:
            faults.append(Fault("settings.csv", number, "value", str(values["value"])[:60], bad.en, bad.zh, bad.remedy_en, bad.remedy_zh))
            found[name] = e.Setting(name, known[name].default)
    for name, column in known.items():
        if name not in found:
            if column.required:
                faults.append(
                    Fault("settings.csv", 0, "setting", name, "is missing", "缺失", f"add it: {column.en}", f"请补充:{column.zh}")
                )
            found[name] = e.Setting(name, column.default, "default")
    return found


__all__ = ["MOST_ROWS", "SETTINGS_TABLE", "check_scenario", "decode", "near", "read_scenario", "rows_of"]
