"""The tables of the server's database; migrations/ makes them, a test holds the two together."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s",
                       "fk": "fk_%(table_name)s_%(column_0_name)s"}
)  # fmt: skip
Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only INTEGER keys by itself

scenarios = Table(
    "scenarios", metadata,
    Column("id", String(12), primary_key=True), Column("digest", String(64), nullable=False), Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False), Column("created", String(32), nullable=False), Column("folder", Text, nullable=False),
)  # fmt: skip
plans = Table(
    "plans", metadata,
    Column("id", String(40), primary_key=True), Column("scenario", String(12), ForeignKey("scenarios.id"), nullable=False),
    Column("service", Text, nullable=False), Column("settings", Text, nullable=False), Column("status", String(12), nullable=False),
    Column("folder", Text, nullable=False), Column("created", String(32), nullable=False), Column("started", String(32)), Column("finished", String(32)),
    Column("attempt", Integer, nullable=False, default=0), Column("worker", String(64), nullable=False, default=""), Column("beat", BigInteger, nullable=False, default=0),
    Column("cancel", Boolean, nullable=False, default=False), Column("has_plan", Boolean, nullable=False, default=False),
    Column("objective", BigInteger), Column("bound", BigInteger), Column("message", Text, nullable=False, default=""),
    Index("ix_plans_status", "status"), Index("ix_plans_created", "created"),
)  # fmt: skip
events = Table(
    "events", metadata,
    Column("id", Number, primary_key=True, autoincrement=True), Column("plan", String(40), ForeignKey("plans.id"), nullable=False),
    Column("seq", Integer, nullable=False), Column("kind", String(16), nullable=False), Column("data", Text, nullable=False),
    UniqueConstraint("plan", "seq"),
)  # fmt: skip
publications = Table(
    "publications", metadata,
    Column("id", Number, primary_key=True, autoincrement=True), Column("version", String(12), nullable=False), Column("plans", Text, nullable=False),
    Column("effective", Date, nullable=False), Column("created", String(32), nullable=False), Column("note", Text, nullable=False, default=""),
    Column("withdrawn", String(32), nullable=False, default=""),
)  # fmt: skip
api_keys = Table(
    "api_keys", metadata,
    Column("id", String(16), primary_key=True), Column("name", Text, nullable=False), Column("hash", String(64), nullable=False, unique=True),
    Column("scopes", Text, nullable=False), Column("created", String(32), nullable=False), Column("expires", String(32), nullable=False, default=""),
    Column("revoked", Boolean, nullable=False, default=False),
)  # fmt: skip
idempotency = Table(
    "idempotency", metadata,
    Column("owner", String(16), primary_key=True), Column("key", String(128), primary_key=True), Column("request", String(64), nullable=False),
    Column("plan", String(40), nullable=False), Column("created", String(32), nullable=False),
)  # fmt: skip
seats = Table(
    "seats", metadata,
    Column("date", Date, primary_key=True), Column("sailing", String(40), primary_key=True), Column("sold", Integer, nullable=False),
    Column("quota", Integer), Column("source", Text, nullable=False), Column("updated", String(32), nullable=False),
)  # fmt: skip
notices = Table(
    "notices", metadata,
    Column("id", Number, primary_key=True, autoincrement=True), Column("date", Date, nullable=False), Column("sailing", String(40), nullable=False),
    Column("kind", String(12), nullable=False), Column("delay_min", Integer, nullable=False, default=0), Column("text_zh", Text, nullable=False, default=""),
    Column("text_en", Text, nullable=False, default=""), Column("created", String(32), nullable=False), Column("withdrawn", Boolean, nullable=False, default=False),
    Index("ix_notices_date", "date"),
)  # fmt: skip
forecasts = Table(
    "forecasts", metadata,
    Column("date", Date, primary_key=True), Column("place", String(64), primary_key=True), Column("visitors", Integer, nullable=False),
    Column("source", Text, nullable=False), Column("updated", String(32), nullable=False),
)  # fmt: skip
