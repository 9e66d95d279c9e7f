"""The segment memory in a store: translations that are used again, the least used forgotten.

`SegmentMemory(store, limit=200_000)` is a `service.memory.Memory`: reading is one query for some
hundred segments, writing happens behind the articles, once a second at most.

    recall(sources, made_by) -> {source: Remembered}  people's first, then the same model's own
    remember({source: target}, made_by)              written soon
    put_many(units, made_by=None) -> int             written now; people's without `made_by`
    suggest(text, source_language) -> [Suggestion]   similar segments that people translated
    units(origins) -> Iterator[Unit]; stats(); flush(); close()
"""

import hashlib
import logging
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from service.errors import SongnguError
from service.memory import MadeBy, Remembered, UnsureDrafts
from service.store.engine import Store
from service.store.memory_index import MemoryIndex, Suggestion
from service.store.tables import memory as table
from service.tmx import Unit

PEOPLE = ("approved", "import")  # in order of precedence, before a model's own
ORIGINS = (*PEOPLE, "model")
CHUNK = 400  # keys of one query; SQLite takes 32,766 parameters
FLUSH_S = 1.0
MAX_PENDING = 50_000  # not yet written; more are not remembered
ROOM = 0.05  # of the limit: how much is forgotten at a time
_c = table.c
_log = logging.getLogger("songngu.memory")


@dataclass(frozen=True, slots=True)
class MemoryStats:
    """Segments by origin, how often they were used, and how many there may be."""

    approved: int
    imported: int
    model: int
    hits: int
    limit: int


class SegmentMemory:
    """See the module's description. One for each process; safe to share between threads."""

    def __init__(self, store: Store, limit: int) -> None:
        self.store = store
        self.limit = limit
        self.unsure = UnsureDrafts()
        self._index = MemoryIndex(self._people)
        self._changed = threading.Condition()
        self._pending: dict[str, dict[str, Any]] = {}
        self._hits: Counter[str] = Counter()
        self._writer: threading.Thread | None = None
        self._closed = False

    def recall(self, sources: Sequence[str], made_by: MadeBy) -> dict[str, Remembered]:
        """Translations by source; nothing where the store cannot be read."""
        keys = {
            _key(source, made_by.source_language, origin, made_by): (rank, source)
            for source in sources
            for rank, origin in enumerate(ORIGINS)
        }
        found: dict[str, tuple[int, str, str]] = {}
        try:
            for key, target in self._read(list(keys)):
                rank, source = keys[key]
                found[source] = min(found.get(source, (len(ORIGINS), "", "")), (rank, key, target))
        except (SongnguError, SQLAlchemyError) as error:
            _log.warning("segments were not recalled: %s", type(error).__name__)
            return {}
        self._later({}, [key for _, key, _ in found.values()])
        return {
            source: Remembered(target, by_people=ORIGINS[rank] in PEOPLE)
            for source, (rank, _, target) in found.items()
        }

    def remember(self, targets: Mapping[str, str], made_by: MadeBy) -> None:
        """Keep what a model made."""
        rows = [
            _row(Unit(made_by.source_language, source, target, "model"), made_by)
            for source, target in targets.items()
        ]
        self._later({row["key"]: row for row in rows}, [])

    def put_many(self, units: Iterable[Unit], made_by: MadeBy | None = None) -> int:
        """Write now, over what was there under the same origin; how many there were."""
        count = 0
        for chunk in _chunks(units):
            rows = {row["key"]: row for row in (_row(unit, made_by) for unit in chunk)}
            self.store.transact(partial(self._write, list(rows.values()), replace=True))
            count += len(chunk)
        self.store.transact(self._forget)
        self._index.stale()
        return count

    def suggest(
        self, text: str, source_language: str, *, at_least: float = 0.7, limit: int = 3
    ) -> list[Suggestion]:
        """Segments like this one that people translated, the most similar first."""
        return self._index.suggest(text, source_language, at_least=at_least, limit=limit)

    def units(self, origins: Sequence[str] = PEOPLE) -> Iterator[Unit]:
        """All segments of these origins by key, read in pieces."""
        last = ""
        while True:
            wanted = select(table).where(_c.key > last, _c.origin.in_(origins))
            with self.store.read() as connection:
                rows = connection.execute(wanted.order_by(_c.key).limit(CHUNK)).all()
            if not rows:
                return
            last = rows[-1].key
            yield from map(_unit, rows)

    def stats(self) -> MemoryStats:
        with self.store.read() as connection:
            query = select(_c.origin, func.count(), func.sum(_c.hits)).group_by(_c.origin)
            found = {origin: (count, hits) for origin, count, hits in connection.execute(query)}
        approved, imported, model = (found.get(origin, (0, 0))[0] for origin in ORIGINS)
        used = sum(hits for _, hits in found.values())
        return MemoryStats(approved, imported, model, used, self.limit)

    def flush(self) -> None:
        """Write what waits; raises what the store raises."""
        with self._changed:
            rows, hits = list(self._pending.values()), self._hits
            self._pending, self._hits = {}, Counter()
        if rows or hits:
            self.store.transact(partial(self._write, rows, hits=hits))
        if rows:
            self.store.transact(self._forget)

    def close(self) -> None:
        """Write what waits, as far as the store can, and end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._writer is not None:
            self._writer.join()

    def _read(self, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
        for chunk in _chunks(keys):
            with self.store.read() as connection:
                rows = connection.execute(select(_c.key, _c.target).where(_c.key.in_(chunk))).all()
            yield from ((row.key, row.target) for row in rows)

    def _later(self, rows: Mapping[str, dict[str, Any]], used: Sequence[str]) -> None:
        with self._changed:
            if self._closed:
                return
            if len(self._pending) < MAX_PENDING:
                self._pending |= rows
            self._hits.update(used)
            if self._writer is None and (rows or used):
                self._writer = threading.Thread(target=self._keep, name="memory", daemon=True)
                self._writer.start()
            self._changed.notify_all()

    def _keep(self) -> None:
        """The writer: what came in since the last time, in one transaction."""
        closed = False
        while not closed:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._pending or self._hits)
                self._changed.wait_for(lambda: self._closed, FLUSH_S)
                closed = self._closed
            try:
                self.flush()
            except (SongnguError, SQLAlchemyError) as error:
                _log.warning("segments were not remembered: %s", type(error).__name__)

    def _write(
        self,
        rows: Sequence[dict[str, Any]],
        connection: Connection,
        *,
        hits: Mapping[str, int] | None = None,
        replace: bool = False,
    ) -> None:
        now = self.store.now(connection)
        dialect = sqlite if self.store.dialect == "sqlite" else postgresql
        for chunk in _chunks(rows):
            adding: Any = dialect.insert(table)
            timed = [{**row, "created_at": now, "used_at": now} for row in chunk]
            if replace:
                fresh = {
                    name: adding.excluded[name] for name in ("target", "created_at", "used_at")
                }
                adding = adding.on_conflict_do_update(index_elements=[_c.key], set_=fresh)
            else:
                adding = adding.on_conflict_do_nothing(index_elements=[_c.key])
            connection.execute(adding, timed)
        for key, count in sorted((hits or {}).items()):  # in one order: no deadlocks
            used = update(table).where(_c.key == key)
            connection.execute(used.values(hits=_c.hits + count, used_at=now))

    def _forget(self, connection: Connection) -> None:
        """Over the limit, let go of what models made and was not used for longest."""
        held = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if held <= self.limit:
            return
        surplus = held - int(self.limit * (1 - ROOM))
        oldest = select(_c.key).where(_c.origin == "model").order_by(_c.used_at).limit(surplus)
        connection.execute(delete(table).where(_c.key.in_(oldest)))

    def _people(self) -> Iterator[Unit]:
        return self.units(PEOPLE)


def _chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _key(source: str, source_language: str, origin: str, made_by: MadeBy | None) -> str:
    """People's translations hold for every model; a model's own for itself as it was set."""
    facts = [origin, source_language, source]
    if origin == "model" and made_by is not None:
        facts += [made_by.model, made_by.weights_sha256, made_by.settings_key]
    return hashlib.sha256("\x1f".join(facts).encode("utf-8", "replace")).hexdigest()


def _row(unit: Unit, made_by: MadeBy | None) -> dict[str, Any]:
    known = asdict(made_by) if made_by is not None else {}
    return {
        "key": _key(unit.source, unit.source_language, unit.origin, made_by),
        "source_language": unit.source_language,
        "target_language": unit.target_language,
        "source": unit.source.replace("\0", ""),
        "target": unit.target.replace("\0", ""),
        "model": known.get("model", unit.model),
        "weights_sha256": known.get("weights_sha256", ""),
        "settings_key": known.get("settings_key", ""),
        "origin": unit.origin,
        "hits": 0,
    }


def _unit(row: Row[Any]) -> Unit:
    return Unit(
        row.source_language, row.source, row.target, row.origin, row.model, row.hits, row.created_at
    )
