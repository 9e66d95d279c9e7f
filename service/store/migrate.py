"""Brings a database's schema up to date, under a lock, all of it or nothing.

SQLite and PostgreSQL both take DDL in transactions, so the caller's transaction is the whole
migration. On SQLite it already holds the write lock; on PostgreSQL an advisory lock makes other
openers wait until the schema is there.
"""

from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

FOLDER = Path(__file__).parent / "migrations"
LOCK_KEY = 0x50_4E_47_4E_47_55  # any number of our own


def migrate(connection: Connection) -> None:
    """Apply what is missing; does nothing to a database that is up to date."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
    scripts = ScriptDirectory(str(FOLDER))

    def steps(revision: tuple[str, ...], _context: MigrationContext) -> list[RevisionStep]:
        # Alembic's own `upgrade` command calls the same; it has no public name.
        return scripts._upgrade_revs("head", revision)  # type: ignore[arg-type]  # noqa: SLF001

    context = MigrationContext.configure(
        connection,
        opts={"fn": steps, "transactional_ddl": True, "transaction_per_migration": False},
    )
    with Operations.context(context):
        context.run_migrations()
