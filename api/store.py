"""The database: opening it, and every change of it as one transaction. Times are ISO texts in UTC."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from api import tables as t

MIGRATIONS = Path(__file__).parent / "migrations"
FINAL = ("succeeded", "failed", "cancelled")
Row = dict[str, Any]


def now() -> str:
    """This moment."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def open_database(url: str) -> Engine:
    """An engine; SQLite in WAL mode with foreign keys, waiting for whoever writes."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": 30})

        @event.listens_for(engine, "connect")
        def _pragmas(connection: Any, _: object) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            # a transaction that reads first and writes later would be refused instead of waiting its turn
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine
    return create_engine(url, pool_pre_ping=True, pool_size=8)


def upgrade(url: str) -> None:
    """Brings the database to the newest migration."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")


class Store:
    """All questions to the database and all changes of it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.reads = engine.execution_options(isolation_level="AUTOCOMMIT")  # a read begins no transaction and holds up nobody

    # scenarios

    def add_scenario(self, row: Mapping[str, Any]) -> None:
        """Keeps a scenario; one that is there already stays as it is."""
        with suppress(IntegrityError), self.engine.begin() as c:
            c.execute(insert(t.scenarios).values(**row, created=now()))

    def scenarios(self) -> list[Row]:
        """All, the newest first."""
        with self.reads.connect() as c:
            return [dict(r) for r in c.execute(select(t.scenarios).order_by(t.scenarios.c.created.desc(), t.scenarios.c.id)).mappings()]

    def scenario(self, ident: str) -> Row | None:
        """One by its id."""
        with self.reads.connect() as c:
            found = c.execute(select(t.scenarios).where(t.scenarios.c.id == ident)).mappings().first()
            return dict(found) if found else None

    # plans

    def add_plan(self, row: Mapping[str, Any], owner: str = "", key: str = "", request: str = "") -> tuple[str, bool]:
        """Adds a queued plan; with an idempotency key the plan of that key if there is one. Returns id and whether it is new.

        ValueError if the key was used for another request.
        """
        try:
            with self.engine.begin() as c:
                c.execute(insert(t.plans).values(created=now(), **row))
                if key:
                    c.execute(insert(t.idempotency).values(owner=owner, key=key, request=request, plan=row["id"], created=now()))
            return str(row["id"]), True
        except IntegrityError:
            with self.reads.connect() as c:
                match = (t.idempotency.c.owner == owner) & (t.idempotency.c.key == key)
                found = c.execute(select(t.idempotency).where(match)).mappings().first()
            if not key or found is None:
                raise
            if found["request"] != request:
                raise ValueError("the key was used for another request") from None
            return str(found["plan"]), False

    def plan(self, ident: str) -> Row | None:
        """One plan by its id."""
        with self.reads.connect() as c:
            found = c.execute(select(t.plans).where(t.plans.c.id == ident)).mappings().first()
            return dict(found) if found else None

    def plans(self, status: str = "", limit: int = 1000) -> list[Row]:
        """Plans, the newest first."""
        asked = select(t.plans).order_by(t.plans.c.created.desc(), t.plans.c.id.desc()).limit(limit)
        with self.reads.connect() as c:
            return [dict(r) for r in c.execute(asked.where(t.plans.c.status == status) if status else asked).mappings()]

    def claim(self, ident: str, worker: str) -> bool:
        """Takes a queued plan; whether it was still there to take. Of two workers one gets it."""
        with self.engine.begin() as c:
            done = c.execute(
                update(t.plans).where(t.plans.c.id == ident, t.plans.c.status == "queued", t.plans.c.cancel.is_(False))
                .values(status="running", worker=worker, started=now(), beat=int(time.time()), attempt=t.plans.c.attempt + 1)
            )  # fmt: skip
            if done.rowcount:
                attempt = c.execute(select(t.plans.c.attempt).where(t.plans.c.id == ident)).scalar()
                _add_event(c, ident, "status", {"status": "running", "attempt": attempt})
            return bool(done.rowcount)

    def beat(self, ident: str, worker: str) -> bool | None:
        """A sign of life of the worker that has a plan; whether it is to be cancelled, None if the plan is not its own any more."""
        mine = (t.plans.c.id == ident) & (t.plans.c.worker == worker) & (t.plans.c.status == "running")
        with self.engine.begin() as c:
            if not c.execute(update(t.plans).where(mine).values(beat=int(time.time()))).rowcount:
                return None
            return bool(c.execute(select(t.plans.c.cancel).where(t.plans.c.id == ident)).scalar())

    def cancel_asked(self, ident: str) -> bool:
        """Whether someone asked for the end of a plan."""
        with self.reads.connect() as c:
            return bool(c.execute(select(t.plans.c.cancel).where(t.plans.c.id == ident)).scalar())

    def finish(self, ident: str, worker: str, status: str, **facts: Any) -> bool:
        """The end of a running plan, told by the worker that has it, with its last event; False if it is not its own any more."""
        with self.engine.begin() as c:
            mine = (t.plans.c.id == ident) & (t.plans.c.worker == worker) & (t.plans.c.status == "running")
            done = c.execute(update(t.plans).where(mine).values(status=status, finished=now(), **facts))
            if done.rowcount:
                _add_event(c, ident, "status", {"status": status, "message": facts.get("message", "")})
            return bool(done.rowcount)

    def cancel(self, ident: str) -> str:
        """Asks for the end of a plan; its status now. A queued plan is cancelled at once."""
        with self.engine.begin() as c:
            done = c.execute(
                update(t.plans)
                .where(t.plans.c.id == ident, t.plans.c.status == "queued")
                .values(status="cancelled", cancel=True, finished=now())
            )
            if done.rowcount:
                _add_event(c, ident, "status", {"status": "cancelled", "message": ""})
            else:
                c.execute(update(t.plans).where(t.plans.c.id == ident, t.plans.c.status == "running").values(cancel=True))
            return str(c.execute(select(t.plans.c.status).where(t.plans.c.id == ident)).scalar())

    def running(self) -> list[Row]:
        """Plans that a worker has."""
        return self.plans("running")

    def requeue(self, ident: str, worker: str) -> bool:
        """Puts the plan of a lost worker back into the queue; cancelled if that was asked meanwhile. False if it is not that worker's any more."""
        with self.engine.begin() as c:
            gone = (t.plans.c.id == ident) & (t.plans.c.worker == worker) & (t.plans.c.status == "running")
            asked = bool(c.execute(select(t.plans.c.cancel).where(t.plans.c.id == ident).with_for_update()).scalar())
            status = "cancelled" if asked else "queued"
            done = c.execute(update(t.plans).where(gone).values(status=status, worker="", finished=now() if asked else None))
            if done.rowcount:
                _add_event(c, ident, "status", {"status": status, "message": "the worker ended before the plan"})
            return bool(done.rowcount)

    # events

    def add_event(self, plan: str, kind: str, data: Mapping[str, Any]) -> None:
        """One more event of a plan."""
        with self.engine.begin() as c:
            _add_event(c, plan, kind, data)

    def events(self, plan: str, after: int = 0, limit: int = 500) -> list[Row]:
        """Events of a plan after a number, in order."""
        asked = select(t.events).where(t.events.c.plan == plan, t.events.c.seq > after).order_by(t.events.c.seq).limit(limit)
        with self.reads.connect() as c:
            return [dict(r) for r in c.execute(asked).mappings()]

    def last_event(self, plan: str, kind: str) -> Row | None:
        """The newest event of a kind."""
        asked = select(t.events).where(t.events.c.plan == plan, t.events.c.kind == kind).order_by(t.events.c.seq.desc()).limit(1)
        with self.reads.connect() as c:
            found = c.execute(asked).mappings().first()
            return dict(found) if found else None

    # publications

    def publish(self, version: str, plans: Sequence[str], effective: date, note: str) -> int:
        """Publishes plans; publishing the same plans for the same day again gives the publication that is there."""
        text = json.dumps(sorted(plans))
        with self.engine.begin() as c:
            same = (t.publications.c.plans == text) & (t.publications.c.effective == effective) & (t.publications.c.withdrawn == "")
            newest = c.execute(select(func.max(t.publications.c.id)).where(t.publications.c.withdrawn == "")).scalar()
            found = c.execute(select(t.publications.c.id).where(same).order_by(t.publications.c.id.desc())).scalar()
            if found is not None and found == newest:
                return int(found)
            done = c.execute(insert(t.publications).values(version=version, plans=text, effective=effective, created=now(), note=note))
            return int(done.inserted_primary_key[0])  # type: ignore[index]

    def withdraw(self, ident: int) -> bool:
        """Takes a publication back; what was published before it counts again. False if there is none to take back."""
        with self.engine.begin() as c:
            mine = (t.publications.c.id == ident) & (t.publications.c.withdrawn == "")
            return bool(c.execute(update(t.publications).where(mine).values(withdrawn=now())).rowcount)

    def publications(self) -> list[Row]:
        """All, the newest first, with the ids of their plans."""
        with self.reads.connect() as c:
            rows = c.execute(select(t.publications).order_by(t.publications.c.id.desc())).mappings()
            return [dict(r) | {"plans": json.loads(r["plans"])} for r in rows]

    # what is pushed in

    def put(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        """Replaces rows by their keys, all or none."""
        keys = [k.name for k in table.primary_key.columns]
        with self.engine.begin() as c:
            for row in rows:
                match = [table.c[k] == row[k] for k in keys]
                if not c.execute(update(table).where(*match).values(**row, updated=now())).rowcount:
                    c.execute(insert(table).values(**row, updated=now()))

    def of_date(self, table: Any, day: date) -> list[Row]:
        """Rows of a date."""
        with self.reads.connect() as c:
            return [dict(r) for r in c.execute(select(table).where(table.c.date == day)).mappings()]

    def add_notice(self, row: Mapping[str, Any]) -> int:
        """A notice; its id."""
        with self.engine.begin() as c:
            return int(c.execute(insert(t.notices).values(**row, created=now())).inserted_primary_key[0])  # type: ignore[index]

    def notice(self, ident: int) -> Row | None:
        """One that stands, by its id."""
        asked = select(t.notices).where(t.notices.c.id == ident, t.notices.c.withdrawn.is_(False))
        with self.reads.connect() as c:
            found = c.execute(asked).mappings().first()
            return dict(found) if found else None

    def withdraw_notice(self, ident: int) -> bool:
        """Takes a notice back; False if there is none."""
        with self.engine.begin() as c:
            return bool(
                c.execute(
                    update(t.notices).where(t.notices.c.id == ident, t.notices.c.withdrawn.is_(False)).values(withdrawn=True)
                ).rowcount
            )

    def notices(self, first: date | None = None, last: date | None = None) -> list[Row]:
        """Notices that stand, by date."""
        asked = select(t.notices).where(t.notices.c.withdrawn.is_(False)).order_by(t.notices.c.date, t.notices.c.id)
        if first:
            asked = asked.where(t.notices.c.date >= first)
        if last:
            asked = asked.where(t.notices.c.date <= last)
        with self.reads.connect() as c:
            return [dict(r) for r in c.execute(asked).mappings()]

    # keys

    def add_key(self, row: Mapping[str, Any]) -> None:
        """Keeps an API key, hashed."""
        with self.engine.begin() as c:
            c.execute(insert(t.api_keys).values(**row, created=now()))

    def key(self, digest: str) -> Row | None:
        """The key of that hash."""
        with self.reads.connect() as c:
            found = c.execute(select(t.api_keys).where(t.api_keys.c.hash == digest)).mappings().first()
            return dict(found) if found else None

    def keys(self) -> list[Row]:
        """All keys, without their hashes."""
        columns = [col for col in t.api_keys.c if col.name != "hash"]
        with self.reads.connect() as c:
            return [dict(r) for r in c.execute(select(*columns).order_by(t.api_keys.c.created)).mappings()]

    def revoke_key(self, ident: str) -> bool:
        """Ends a key; False if there is none."""
        with self.engine.begin() as c:
            return bool(c.execute(update(t.api_keys).where(t.api_keys.c.id == ident).values(revoked=True)).rowcount)

    def ready(self) -> bool:
        """Whether the database answers."""
        with self.reads.connect() as c:
            return c.execute(select(func.count()).select_from(t.scenarios)).scalar() is not None


def _add_event(connection: Any, plan: str, kind: str, data: Mapping[str, Any]) -> None:
    connection.execute(select(t.plans.c.id).where(t.plans.c.id == plan).with_for_update())  # one writer a plan, so numbers have no gap
    last = connection.execute(select(func.max(t.events.c.seq)).where(t.events.c.plan == plan)).scalar() or 0
    connection.execute(insert(t.events).values(plan=plan, seq=last + 1, kind=kind, data=json.dumps(data, ensure_ascii=False)))
