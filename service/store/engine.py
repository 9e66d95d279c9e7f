"""`open_store(url)`: SQLite or PostgreSQL, migrated and ready, behind one small `Store`.

    store = open_store("sqlite:////var/lib/songngu/songngu.db")   # or "postgresql://…"
    with store.read() as connection: ...                          # a snapshot
    store.transact(lambda connection: ...)                        # one transaction, tried again

SQLite runs with a rollback journal (TRUNCATE), not with WAL: SQLite 3.7.0 to 3.51.2 can corrupt a
WAL database when two connections write and checkpoint at the same moment
(https://sqlite.org/wal.html, "the WAL-reset bug"), and Python 3.11 links such versions. With the
rollback journal several processes on one machine may share the file. Each write begins as
IMMEDIATE behind a lock of this process, so that a process has one writer at a time.
"""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from service.errors import StoreBusy, StoreFull, StoreUnavailable
from service.store.migrate import migrate

DAMAGED = "The store's file is damaged, or is no database. Restore it from a backup."
BUSY_TIMEOUT_S = 30
TRIES = 6
# synchronous=FULL: a committed outcome survives a power cut. No mmap_size (see above).
SQLITE_PRAGMAS = (
    f"busy_timeout = {BUSY_TIMEOUT_S * 1000}",
    "journal_mode = TRUNCATE",
    "synchronous = FULL",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "cache_size = -16384",
)
_FULL = ("database or disk is full", "no space left", "could not extend file")
_DAMAGED = ("not a database", "malformed", "index corrupted")
_BUSY = ("database is locked", "deadlock detected", "could not serialize")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Store:
    """An open database; safe to share between threads, not between forked processes."""

    engine: Engine
    _writer: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection in a transaction that writes nothing; keep it short."""
        with translated_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction; raises StoreBusy where it met another one, nothing written then."""
        alone = self._writer if self.dialect == "sqlite" else nullcontext()
        writing = self.engine.execution_options(songngu_writes=True)
        with translated_errors(), alone, writing.begin() as connection:
            yield connection

    def transact(self, work: Callable[[Connection], T]) -> T:
        """`work` in one transaction, run again where it met another; it must have no side effects.

        Raises StoreBusy, StoreFull or StoreUnavailable; nothing is written then.
        """
        for attempt in range(1, TRIES):
            try:
                with self.write() as connection:
                    return work(connection)
            except StoreBusy:
                time.sleep(random.uniform(0, 0.02 * 2**attempt))
        with self.write() as connection:
            return work(connection)

    def now(self, connection: Connection) -> float:
        """Seconds since 1970 by the clock that all users of this store share."""
        if self.dialect == "sqlite":
            return time.time()
        clock = text("SELECT extract(epoch FROM clock_timestamp())::double precision")
        return float(connection.execute(clock).scalar_one())

    def problems(self) -> list[str]:
        """What SQLite's integrity check finds: nothing for a sound database."""
        if self.dialect != "sqlite":
            return []
        with self.read() as connection:
            found = connection.execute(text("PRAGMA integrity_check")).scalars().all()
        return [str(line) for line in found if line != "ok"]

    def backup(self, path: Path) -> None:
        """Copy a SQLite store to a new file while it is in use."""
        if self.dialect != "sqlite":
            message = "Back a PostgreSQL store up with pg_dump."
            raise StoreUnavailable(message)
        with translated_errors(), self.engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("VACUUM INTO ?", (str(path),))

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str) -> Store:
    """The store at `url`, its schema brought up to date.

    `url` is `sqlite:///path` or `postgresql://user:password@host/name` (extra `postgres`). Raises
    StoreUnavailable, whose message says what to do, and StoreFull.
    """
    try:
        parsed = _with_driver(make_url(url))
        engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgres(parsed)
    except (ImportError, ArgumentError, ValueError, OSError) as error:
        raise StoreUnavailable(_cannot_open(error)) from error
    store = Store(engine)
    try:
        with store.write() as connection:
            migrate(connection)
    except BaseException:
        engine.dispose()
        raise
    return store


def _with_driver(url: URL) -> URL:
    backend = url.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        message = f"The store is SQLite or PostgreSQL, not {backend}."
        raise ValueError(message)
    return url


def _cannot_open(error: Exception) -> str:
    if isinstance(error, ImportError):
        return "PostgreSQL needs the extra `postgres`: pip install 'songngu[postgres]'."
    if isinstance(error, OSError):
        return f"The store's folder cannot be used: {error.strerror}."
    return f"The store's address cannot be used ({type(error).__name__})."


def _postgres(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=15)


def _sqlite(url: URL) -> Engine:
    was_unclean = False
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        journal = path.with_name(path.name + "-journal")
        was_unclean = journal.exists() and journal.stat().st_size > 0
    engine = create_engine(url, pool_size=5, max_overflow=15)

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("songngu_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    if was_unclean:  # a writer was killed, or is at work: SQLite rolls back, we look
        with translated_errors(), engine.connect() as connection:
            if connection.execute(text("PRAGMA quick_check(1)")).scalar_one() != "ok":
                raise StoreUnavailable(DAMAGED)
    return engine


@contextmanager
def translated_errors() -> Iterator[None]:
    """Failures of the database as our own errors; what is our own mistake passes through."""
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).lower()
        if any(words in said for words in _FULL):
            message = "The disk that holds the store is full. Nothing that was accepted is lost."
            raise StoreFull(message) from error
        if any(words in said for words in _BUSY):
            message = "The store is busy. Try again in a few seconds."
            raise StoreBusy(message) from error
        if any(words in said for words in _DAMAGED):
            raise StoreUnavailable(DAMAGED) from error
        if type(error).__name__ in ("OperationalError", "InterfaceError"):
            message = "The store cannot be reached or written. See the service's log."
            raise StoreUnavailable(message) from error
        raise
