"""Errors as problem+json (RFC 9457): what, why, what to do; all faults of an input at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.invalid_words import why_zh
from api.logs import logger
from islandflow.errors import BadInput, Fault

MEDIA = "application/problem+json"


class Problem(HTTPException):
    """An error that a caller is told: status, a short code that programs may rely on, one sentence in each language."""

    def __init__(self, status: int, code: str, en: str, zh: str, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(status, en, dict(headers) if headers else None)
        self.code, self.zh, self.more = code, zh, more

    def __reduce__(self) -> tuple[Any, ...]:
        """A problem found by another process is told as it is."""
        return _again, (self.status_code, self.code, str(self.detail), self.zh, self.headers, self.more)


def _again(status: int, code: str, en: str, zh: str, headers: Mapping[str, str] | None, more: dict[str, Any]) -> Problem:
    return Problem(status, code, en, zh, headers, **more)


def fault_json(fault: Fault) -> dict[str, Any]:
    """A fault of an input as JSON."""
    return {
        "file": fault.file, "row": fault.row, "column": fault.column, "value": fault.value, "warning": fault.warning,
        "message": fault.text("en"), "messageZh": fault.text("zh"),
    }  # fmt: skip


def problem(status: int, code: str, detail: str, zh: str = "", headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """The answer itself. It is never kept by a cache."""
    body = {
        "type": f"/docs/problems#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "detailZh": zh or detail,
        **more,
    }
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA)


CODES = {
    404: ("not-found", "there is nothing at this address", "此地址没有内容"),
    405: ("method", "this address does not take that method", "此地址不支持该方法"),
}


def install_problems(app: FastAPI) -> None:
    """All errors of the application become problem+json."""

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> Response:
        if isinstance(error, Problem):
            return problem(error.status_code, error.code, str(error.detail), error.zh, error.headers, **error.more)
        code, en, zh = CODES.get(error.status_code, ("error", str(error.detail), str(error.detail)))
        return problem(error.status_code, code, en, zh, error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> Response:
        faults = [{"where": ".".join(str(x) for x in e["loc"]), "message": e["msg"], "messageZh": why_zh(e)} for e in error.errors()]
        detail, zh = (mark.join(f"{f['where']}: {f[word]}" for f in faults)[:1000] for mark, word in (("; ", "message"), (";", "messageZh")))
        return problem(422, "invalid", detail, "请求参数有误:" + zh, errors=faults)

    @app.exception_handler(BadInput)
    async def _bad(_: Request, error: BadInput) -> Response:
        faults = [f for f in error.faults if not f.warning]
        return problem(
            422, "faults", f"{len(faults)} fault(s): {faults[0].text('en') if faults else ''}", f"{len(faults)} 处错误:{faults[0].text('zh') if faults else ''}",
            faults=[fault_json(f) for f in error.faults],
        )  # fmt: skip

    @app.exception_handler(Exception)
    async def _broken(_: Request, error: Exception) -> Response:
        logger().error("unexpected", error=type(error).__name__, exc_info=error)
        return problem(500, "internal", "an error of ours; the request id says which", "服务器内部错误,请提供请求编号")
