"""Runs the migrations on the database that `api.store.upgrade` names."""

from __future__ import annotations

from alembic import context

from api.store import open_database
from api.tables import metadata


def run() -> None:
    """All that are missing, in one transaction."""
    engine = open_database(str(context.config.get_main_option("sqlalchemy.url")))
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
