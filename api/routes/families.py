"""What a plan folder holds beside its timetable (service points, shuttles): the same routes for every family of the registry."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.problems import Problem
from api.replies import Cursor, Limit, known, page, reply, state_of, thought
from api.routes.figures import Lang, as_page, packed, sent
from api.routes.plans import Sort, rows_of, table_of
from api.schemas import PROBLEMS, FamilyShape, FigureShape, Listed, Shape
from api.security import needs
from api.state import State
from islandflow.views.families import FAMILIES, Family, label
from islandflow.views.gallery import UnknownView

Name = Annotated[str, Path(description="a view, as `figures` of the family lists them", examples=["map"])]
Answer = Any  # a route's function
Packed = tuple[bytes, bytes, str]
router = APIRouter(prefix="/plans", responses=PROBLEMS, dependencies=[Depends(needs("read"))])


def drawn(state: State, ident: str, family: str, name: str, lang: str) -> Packed:
    """A view as JSON, plain and gzipped, and its tag. Problem 404 for a view that is none."""
    _, found = state.member(ident, family)
    try:
        view = FAMILIES[family].show(found, name, lang).as_json()
    except UnknownView as unknown:
        raise Problem(404, "no-view", unknown.fault.text("en"), unknown.fault.text("zh")) from None
    return packed({"planVersion": version(state, ident), **view})


def version(state: State, ident: str) -> str:
    """The version of the timetable that the family belongs to."""
    return str(state.info(ident)["plan_version"])


def told(info: dict[str, Any], audit: dict[str, Any]) -> dict[str, Any]:
    """How good it is, and what its audit says."""
    return {
        "status": info["status"], "objectiveFen": info.get("objective"), "boundFen": info.get("bound"), "gap": info.get("gap"),
        "clean": audit["clean"], "violations": audit["violations"], "notes": [{"en": en, "zh": zh} for en, zh in info.get("notes", ())],
    }  # fmt: skip


async def viewed(request: Request, ident: str, family: str, name: str, lang: str) -> Packed:
    """`drawn`, once for each question."""
    state = state_of(request)
    key, _ = await run_in_threadpool(state.member, ident, family)
    found: Packed = await thought(request, state.figures, ("figure", key, name, lang), drawn, ident, family, name, lang)
    return found


def add_routes(family: str, kind: Family) -> None:
    """The routes of one family, named after it."""
    (zh, what), title, root = kind.name, family.capitalize(), f"/{{ident}}/{family}"
    describe = {
        root: ("", f"The {what} of a plan ({zh})", f"Status, bound and gap, the audit, names of tables and views, and the rows of {kind.tables[0]}.csv. 404 if the plan holds none."),
        f"{root}/tables/{{table}}": ("Table", f"A table of the {what}", f"{', '.join(kind.tables)}. JSON or the whole CSV."),
        f"{root}/figures/{{name}}": ("Figure", f"A view of the {what}", "Plotly `figure`, the sentence, and the table behind it. A browser gets the page."),
        f"{root}/figures/{{name}}/page": ("FigurePage", f"A view of the {what} as a page", "The chart, its sentence, and its table."),
    }  # fmt: skip

    def get(path: str, shape: type[Shape] | None, tag: str) -> Callable[[Answer], Answer]:
        tail, summary, about = describe[path]
        return router.get(path, operation_id=f"get{title}{tail}", summary=summary, description=about, tags=[tag], response_model=shape)

    @get(root, FamilyShape, "planning")
    def whole(request: Request, ident: str, limit: Limit = 200, cursor: Cursor = "") -> Response:
        state = state_of(request)
        key, found = state.member(ident, family)
        items, more = page(rows_of(request, found.folder / f"{kind.tables[0]}.csv", (key, kind.tables[0])), limit, cursor)
        names = {"tables": list(kind.tables), "figures": list(kind.names(found))}
        return reply(
            {"planVersion": version(state, ident), "family": family, **told(found.info, found.audit), **names, "items": items, "next": more}
        )

    @get(f"{root}/tables/{{table}}", Listed, "planning")
    def table(request: Request, ident: str, table: str, limit: Limit = 200, cursor: Cursor = "", form: Sort = "json") -> Response:
        known(table, kind.tables, "table", "表")
        state = state_of(request)
        key, found = state.member(ident, family)
        file = found.folder / f"{table}.csv"
        return table_of(request, file, f"{ident}-{table}", (key, table), version(state, ident), limit, cursor, form)

    @get(f"{root}/figures/{{name}}", FigureShape, "views")
    async def figure(request: Request, ident: str, name: Name, lang: Lang = "zh") -> Response:
        if "text/html" in request.headers.get("accept", ""):
            shown: Response = await figure_page(request, ident, name, lang)
            return shown
        return sent(request, await viewed(request, ident, family, name, lang))

    @get(f"{root}/figures/{{name}}/page", None, "views")
    async def figure_page(request: Request, ident: str, name: Name, lang: Lang = "zh") -> Response:
        body, _, _ = await viewed(request, ident, family, name, lang)

        def made() -> Response:
            _, found = state_of(request).member(ident, family)
            about = (what if lang == "en" else zh,)
            return as_page(request, lang, json.loads(body), f"/plans/{ident}/{family}", [(n, label(found, n, lang)) for n in kind.names(found)], found.scenario, about, {})

        return await run_in_threadpool(made)


for _family, _kind in FAMILIES.items():
    add_routes(_family, _kind)
