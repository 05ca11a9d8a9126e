"""Answers: JSON with the version of the plan, pages of lists with cursors, and what a query may ask for."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.problems import Problem
from api.state import CHINA, Kept, State, today
from islandflow.scenario.reader import near

Lang = Annotated[str, Query(pattern="^(zh|en|zh-CN)$", description="language of names: zh or en", examples=["en"])]
Day = Annotated[date | None, Query(alias="date", description="service date; today in China if it is not given", examples=["2026-07-04"])]
Limit = Annotated[int, Query(ge=1, le=500, description="most items of a page")]
Cursor = Annotated[str, Query(max_length=200, description="`next` of the page before")]


def state_of(request: Request) -> State:
    """The state of the application."""
    found: State = request.app.state.known
    return found


async def at_hand(request: Request, *days: date) -> State:
    """The state, with all that is published for these dates read: what follows waits for nothing and may run where all requests run."""
    state = state_of(request)
    for day in days:
        if not state.at_hand(day):
            await run_in_threadpool(state.prepare, day)
    return state


async def thought(request: Request, memory: Kept, key: Hashable, work: Callable[..., Any], *values: Any) -> Any:
    """What ``work(state, *values)`` gives, kept by its key; the thinking process does it."""
    found = memory.peek(key)
    if found is None:
        found = await request.app.state.thinker.think(key, work, *values)
        memory.put(key, found)
    return found


def reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON; dictionaries are written as they are, so that a board of a thousand boats costs a millisecond."""
    return Response(json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str), status, headers, "application/json")


def page(items: Sequence[Any], limit: int, cursor: str) -> tuple[Sequence[Any], str | None]:
    """A page of a list and the cursor of the next. Problem 422 for a cursor that is none of ours."""
    first = 0
    if cursor:
        try:
            first = int(base64.urlsafe_b64decode(cursor.encode() + b"=="))
        except (binascii.Error, ValueError):
            raise Problem(422, "cursor", "this cursor is none of ours; begin without one", "游标无效,请从头开始") from None
        if first < 0:
            raise Problem(422, "cursor", "this cursor is none of ours; begin without one", "游标无效,请从头开始")
    more = first + limit < len(items)
    return items[first : first + limit], base64.urlsafe_b64encode(str(first + limit).encode()).decode().rstrip("=") if more else None


def asked_day(day: date | None) -> date:
    """The date of a query. Problem 422 for one that no calendar has."""
    found = day or today()
    if not 2000 <= found.year <= 2100:
        raise Problem(422, "date", f"{found} is out of range", f"日期 {found} 超出范围")
    return found


def known(value: str, among: Sequence[str], what: str, zh: str) -> str:
    """An id that must exist. Problem 404 with the nearest that does."""
    if value not in among:
        remedy = near(value[:60], list(among))
        raise Problem(404, f"no-{what}", f"there is no {what} '{value[:60]}'; {remedy[0]}", f"没有{zh}「{value[:60]}」;{remedy[1]}")
    return value


def moment(text: str | None) -> str | None:
    """A moment of the database (UTC) as callers see it: with +08:00; None for none."""
    return datetime.fromisoformat(text).astimezone(CHINA).isoformat(timespec="seconds") if text else None


def name(thing: Any, lang: str) -> str:
    """The name of an island, place, port, operator or service pattern."""
    return str(thing.name_en if lang == "en" else thing.name_zh)
