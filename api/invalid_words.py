"""Why a request is refused, in Chinese: the sentences of the checks behind every query and body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# by the check's kind, with the limits that it names
WORDS: Mapping[str, str] = {
    "missing": "缺少此项", "extra_forbidden": "没有此项,请核对名称", "json_invalid": "不是有效的 JSON", "model_attributes_type": "应为对象 {…}",
    "greater_than_equal": "应不小于 {ge}", "greater_than": "应大于 {gt}", "less_than_equal": "应不大于 {le}", "less_than": "应小于 {lt}",
    "int_parsing": "应为整数", "int_type": "应为整数", "int_from_float": "应为整数", "float_parsing": "应为数", "float_type": "应为数", "finite_number": "应为有限的数",
    "bool_parsing": "应为 true 或 false", "string_type": "应为文本", "list_type": "应为列表 […]", "dict_type": "应为对象 {…}",
    "string_pattern_mismatch": "格式应为 {pattern}", "string_too_long": "最多 {max_length} 个字符", "string_too_short": "至少 {min_length} 个字符",
    "too_long": "最多 {max_length} 项", "too_short": "至少 {min_length} 项", "literal_error": "应为 {expected} 之一", "enum": "应为 {expected} 之一",
    "date_from_datetime_parsing": "应为日期,如 2026-07-04", "date_parsing": "应为日期,如 2026-07-04", "date_type": "应为日期,如 2026-07-04",
    "date_from_datetime_inexact": "应为日期,不带时刻",
}  # fmt: skip


def why_zh(error: Mapping[str, Any]) -> str:
    """The sentence for an error of pydantic; its own English where this knows none."""
    words = WORDS.get(str(error["type"]))
    if words is None:
        return str(error["msg"])
    for name, value in error.get("ctx", {}).items():
        words = words.replace(f"{{{name}}}", str(value))
    return words
