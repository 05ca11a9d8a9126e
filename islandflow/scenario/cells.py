"""How a cell is read: forgiving on form, strict on meaning."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from islandflow.errors import visible
from islandflow.scenario.schema import SERVICES
from islandflow.scenario.table import Column
from islandflow.units import minutes

# full-width digits, colon, semicolon, full stop and hyphen, as Chinese keyboards write them
_WIDE = {0xFF10 + i: str(i) for i in range(10)} | {0xFF1A: ":", 0xFF1B: ";", 0xFF0E: ".", 0xFF0D: "-"}
_ID = re.compile(r"[0-9A-Za-z_.:\-\u4e00-\u9fff]{1,80}\Z")
MOST = 1_000_000_000
YES, NO = {"yes", "true", "1", "是", "y"}, {"no", "false", "0", "否", "n"}


class BadCell(ValueError):
    """A cell that cannot be read: cause and remedy in both languages."""

    def __init__(self, en: str, zh: str, remedy_en: str, remedy_zh: str) -> None:
        super().__init__(en)
        self.en, self.zh, self.remedy_en, self.remedy_zh = en, zh, remedy_en, remedy_zh


def tidy(text: str) -> str:
    """Full-width digits and colons as plain ones, blanks around taken off."""
    return text.strip().strip("\u3000").translate(_WIDE) if text else ""


def read_cell(column: Column, raw: str) -> object:
    """The value of a cell; BadCell if it is wrong. An empty cell is the default, or wrong where the column is required."""
    text = raw.strip() if column.kind == "text" else tidy(raw)
    if not text:
        if column.required:
            raise BadCell("an empty cell where a value is needed", "必填项为空", f"fill in {column.en}", f"请填写{column.zh}")
        return column.default
    value = _READERS[column.kind](column, text)
    if isinstance(value, int | float) and not isinstance(value, bool):
        _in_range(column, value)
    return value


def _in_range(column: Column, value: float) -> None:
    low, high = column.low, column.high
    if column.unit == "%" and 0 < value < 1:
        whole = f"{value * 100:g}"
        raise BadCell("is a share, not per cent", "是小数,不是百分数", f"write {whole}", f"请写 {whole}")
    if (low is not None and value < low) or (high is not None and value > high):
        span = f"{low if low is not None else '-∞'} … {high if high is not None else '∞'} {column.unit}".strip()
        raise BadCell(f"is outside {span}", f"超出范围 {span}", f"write a value of {span}", f"请写 {span} 之间的值")


def _number(column: Column, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        unit = f" ({column.unit})" if column.unit else ""
        raise BadCell(f"is no number{unit}", "不是数字", f"write only the number{unit}", f"请只写数字{unit}") from None
    if not math.isfinite(value) or "_" in text:
        raise BadCell("is no finite number", "不是有限数字", "write a finite number", "请写一个有限数字")
    return value


def _integer(column: Column, text: str) -> int:
    value = _number(column, text)
    if abs(value) > MOST:
        raise BadCell("is too large", "数值过大", f"write at most {MOST}", f"请写不超过 {MOST} 的整数")
    if value != int(value):
        raise BadCell("is no whole number", "不是整数", f"write {round(value)}", f"请写 {round(value)}")
    return int(value)


def _clock(_: Column, text: str) -> int:
    try:
        minute = minutes(text)
        if minute >= 25 * 60:
            raise ValueError(text)
        return minute
    except ValueError:
        raise BadCell("is no time of day HH:MM", "不是 HH:MM 时刻", *_from_excel(text, 0, 1, "07:30", lambda days: f"{days:%H:%M}")) from None


def _id(_: Column, text: str) -> str:
    if visible(text) != text:
        raise BadCell("holds characters that nobody sees", "含看不见的字符", "type it anew", "请重新输入")
    if not _ID.match(text):
        raise BadCell(
            "is no id",
            "不是编号",
            "use letters, digits, - _ . : only, 80 at most; a name, not a path",
            "只用字母、数字、- _ . :,至多 80 个字符;写名称,不写路径",
        )
    return text


def _ids(column: Column, text: str) -> tuple[str, ...]:
    return tuple(_id(column, part.strip()) for part in text.split(";") if part.strip())


def _text(_: Column, text: str) -> str:
    if any(ord(c) < 32 or ord(c) == 127 for c in text) or len(text) > 2000:
        raise BadCell("holds control characters or is too long", "含控制字符或过长", "write plain text", "请写普通文字")
    if visible(text) != text:
        raise BadCell("holds characters that nobody sees", "含看不见的字符", "type it anew", "请重新输入")
    return text


def _yesno(_: Column, text: str) -> bool:
    low = text.lower()
    if low in YES or low in NO:
        return low in YES
    raise BadCell("is neither yes nor no", "不是 yes 或 no", "write yes or no", "请写 yes 或 no")


def _date(_: Column, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadCell("is no date", "不是日期", *_from_excel(text, 36526, 73050, "2026-07-04", lambda days: f"{days:%Y-%m-%d}")) from None


def _from_excel(text: str, low: float, high: float, example: str, shown: Callable[[datetime], str]) -> tuple[str, str]:
    """The remedy: what a number means where Excel shows a date (2000 to 2099) or a time in general format, else an example."""
    try:
        days = float(text)
    except ValueError:
        days = high
    if not low < days < high:
        return f"write for example {example}", f"请写如 {example}"
    meant = shown(datetime(1899, 12, 30) + timedelta(minutes=round(days * 1440)))
    return f"write {meant}, or format the cell in Excel", f"请写 {meant},或在 Excel 中设置单元格格式"


def _choice(column: Column, text: str) -> str:
    if text in column.choices:
        return text
    raise BadCell(
        "is not among the choices", "不在可选值中", "write one of " + ", ".join(column.choices), "可选:" + "、".join(column.choices)
    )


def _service(_: Column, text: str) -> str:
    if text in SERVICES:
        return text
    raise BadCell("is no service pattern", "不是运行图时期", "write one of " + ", ".join(SERVICES), "可选:" + "、".join(SERVICES))


def _services(column: Column, text: str) -> tuple[str, ...]:
    return tuple(_service(column, part.strip()) for part in text.split(";") if part.strip())


def _days(_: Column, text: str) -> str:
    if set(text) <= set("1234567") and len(set(text)) == len(text):
        return "".join(sorted(text))
    raise BadCell("are no days of the week", "不是星期", "write digits 1 (Monday) to 7, for example 135", "请写 1(周一)至 7,如 135")


_READERS = {
    "id": _id, "ids": _ids, "text": _text, "integer": _integer, "number": _number, "clock": _clock, "duration": _clock,
    "yesno": _yesno, "date": _date, "choice": _choice, "service": _service, "services": _services, "days": _days,
}  # fmt: skip
