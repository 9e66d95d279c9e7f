"""Jobs as a client sees them: made, filled, watched, read, cancelled, tried again.

`JobStore(store)`; every method is one transaction or a few short ones, safe to call from several
threads and processes, and raises JobNotFound, StoreBusy, StoreFull or StoreUnavailable.

    create(options, *, owner="", name="", job_id=None) -> Job        receives items, not worked on
    add_items(job_id, items, *, chunk=200) -> int                    streamed; the new total
    known_ids(job_id, ids) -> set[str]                               ids that the job has already
    seal(job_id) -> Job                                              all items are in: it runs
    get(job_id, owner=None) -> Job                                   JobNotFound for another owner
    find(name, owner="") -> Job | None                               the newest of that name
    jobs(owner=None, *, before=None, limit=50) -> list[Job]          newest first
    progress(job_id) -> Progress                                     counts, rate, time left
    results(job_id, *, after=-1, limit=100) -> list[ItemResult]      finished items by position
    iter_results(job_id) -> Iterator[ItemResult]                     all of them, page by page
    cancel(job_id) -> Job                                            open items are given up
    retry(job_id, *, cancelled=False) -> int                         failed items queue again
    delete(job_id) -> None
    version(job_id) -> str                                           for an ETag of the results

A command that fills and works on its own job passes that job's id to `ItemQueue.lease`
(`service.store.queue`), which then gives out items before the job is sealed. A command that goes on
where it stopped finds its job by name, leaves out the first `job.total` inputs (or `known_ids`),
adds the rest, seals, and works. What the killed run had leased comes back by itself when its lease
ends, or at once with `ItemQueue.release`.

Items of one job with the same content are translated once: the later ones wait, then have the
outcome of the first, and `ItemResult.same_as` says so.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from service.errors import JobNotAccepted, JobNotFound
from service.store.engine import Store
from service.store.settle import resolve_waiting, settle_within
from service.store.tables import items as items_table
from service.store.tables import jobs as jobs_table
from service.store.tables import webhooks as webhooks_table
from service.store.values import (
    OPEN,
    Counts,
    ItemResult,
    ItemState,
    Job,
    JobState,
    NewItem,
    Progress,
    from_json,
    storable,
    to_json,
)

RATE_WINDOW_S = 60.0
DELETED_AT_ONCE = 200  # little enough for the journal on a disk that is nearly full
CHUNK_BYTES = 8_388_608  # a transaction takes no more text than this and one item
_i, _j = items_table.c, jobs_table.c


class JobStore:
    """The client's side of the store; see the module's description."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def create(
        self,
        options: Mapping[str, Any],
        *,
        owner: str = "",
        name: str = "",
        job_id: str | None = None,
    ) -> Job:
        """A job that receives items; `options` is JSON for the worker."""
        made = job_id or uuid.uuid4().hex

        def work(connection: Connection) -> None:
            row = {
                "id": made,
                "owner": owner,
                "name": name,
                "state": JobState.RECEIVING,
                "options": to_json(dict(options)),
                "created_at": self.store.now(connection),
            }
            connection.execute(insert(jobs_table), row)

        self.store.transact(work)
        return self.get(made)

    def add_items(self, job_id: str, items: Iterable[NewItem], *, chunk: int = 200) -> int:
        """Append items, `chunk` a transaction, and return the job's new total.

        Only a chunk is held in memory. Where it fails half-way, the job has the chunks before. A
        finished job receives again, until it is sealed; raises JobNotAccepted for a cancelled one.
        """
        total = self.get(job_id).total
        for batch in _chunks(items, chunk):
            total = self.store.transact(partial(self._append, job_id=job_id, batch=batch))
        return total

    def _append(self, connection: Connection, job_id: str, batch: Sequence[NewItem]) -> int:
        reopened = case((_j.state == JobState.DONE, JobState.RECEIVING), else_=_j.state)
        grown = (
            update(jobs_table)
            .where(_j.id == job_id, _j.state != JobState.CANCELLED)
            .values(total=_j.total + len(batch), state=reopened)
            .returning(_j.total)
        )
        total = connection.execute(grown).scalar_one_or_none()
        if total is None:
            message = "The job was cancelled while its items came in."
            raise JobNotAccepted(message)
        keys = [item.key() for item in batch]
        firsts = _first_of(connection, job_id, keys)
        now = self.store.now(connection)
        rows = []
        for position, (item, key) in enumerate(
            zip(batch, keys, strict=True), start=total - len(batch)
        ):
            first = firsts.setdefault(key, (position, ItemState.QUEUED)) if not item.error else None
            rows.append(_row(job_id, position, item, key, first, now))
        connection.execute(insert(items_table), rows)
        return int(total)

    def known_ids(self, job_id: str, ids: Sequence[str]) -> set[str]:
        """Those of the sender's `ids` that the job holds already."""
        found: set[str] = set()
        with self.store.read() as connection:
            for start in range(0, len(ids), 500):
                part = ids[start : start + 500]
                query = select(_i.external_id).where(_i.job_id == job_id, _i.external_id.in_(part))
                found.update(connection.execute(query).scalars())
        return found

    def seal(self, job_id: str) -> Job:
        """Say that all items are in; the job runs, or is done where nothing is open."""
        self.store.transact(lambda connection: seal(connection, self.store, job_id))
        return self.get(job_id)

    def get(self, job_id: str, owner: str | None = None) -> Job:
        """One job; raises JobNotFound also where it belongs to another owner."""
        query = select(jobs_table).where(_j.id == job_id)
        if owner is not None:
            query = query.where(_j.owner == owner)
        with self.store.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise JobNotFound
        return _job(row)

    def find(self, name: str, owner: str = "") -> Job | None:
        """The newest job of that name."""
        query = select(jobs_table).where(_j.name == name, _j.owner == owner)
        with self.store.read() as connection:
            row = connection.execute(query.order_by(_j.created_at.desc(), _j.id).limit(1)).first()
        return None if row is None else _job(row)

    def jobs(
        self, owner: str | None = None, *, before: float | None = None, limit: int = 50
    ) -> list[Job]:
        """The newest jobs, made before a time."""
        query = select(jobs_table).order_by(_j.created_at.desc(), _j.id).limit(limit)
        if owner is not None:
            query = query.where(_j.owner == owner)
        if before is not None:
            query = query.where(_j.created_at < before)
        with self.store.read() as connection:
            return [_job(row) for row in connection.execute(query)]

    def progress(self, job_id: str) -> Progress:
        """Counts by state, items finished a second over the last minute, and the time left."""
        job = self.get(job_id)
        by_state = select(_i.state, func.count()).where(_i.job_id == job_id).group_by(_i.state)
        with self.store.read() as connection:
            now = self.store.now(connection)
            counts = Counts(**{state: int(n) for state, n in connection.execute(by_state)})
            since = max(now - RATE_WINDOW_S, job.created_at)
            recent = select(func.count()).where(
                _i.job_id == job_id, _i.finished_at > since, _i.state == ItemState.DONE
            )
            finished = int(connection.execute(recent).scalar_one())
        running = counts.open > 0 and job.state is not JobState.CANCELLED
        rate = finished / max(now - since, 1.0) if running else 0.0
        eta = counts.open / rate if rate else (None if running else 0.0)
        return Progress(counts, rate, eta)

    def results(self, job_id: str, *, after: int = -1, limit: int = 100) -> list[ItemResult]:
        """Finished items behind position `after`, in order; at any time, also while it runs."""
        first = items_table.alias("first")
        query = (
            select(
                _i.position,
                _i.external_id,
                _i.state,
                func.coalesce(_i.outcome, first.c.outcome).label("outcome"),
                func.coalesce(_i.error, first.c.error).label("error"),
                _i.meta,
                _i.same_as,
            )
            .select_from(
                items_table.outerjoin(
                    first, (first.c.job_id == _i.job_id) & (first.c.position == _i.same_as)
                )
            )
            .where(_i.job_id == job_id, _i.position > after, _i.state.not_in(OPEN))
            .order_by(_i.position)
            .limit(limit)
        )
        with self.store.read() as connection:
            return [_result(row) for row in connection.execute(query)]

    def result(self, job_id: str, position: int) -> ItemResult | None:
        """One finished item; None while it is open."""
        found = self.results(job_id, after=position - 1, limit=1)
        return found[0] if found and found[0].position == position else None

    def iter_results(self, job_id: str) -> Iterator[ItemResult]:
        """All finished items by position, read page by page."""
        after = -1
        while page := self.results(job_id, after=after):
            yield from page
            after = page[-1].position

    def cancel(self, job_id: str) -> Job:
        """Give up every open item; what is finished stays. A finished job stays as it is."""

        def work(connection: Connection) -> None:
            now = self.store.now(connection)
            stopped = (
                update(jobs_table)
                .where(_j.id == job_id, _j.state.in_((JobState.RECEIVING, JobState.RUNNING)))
                .values(state=JobState.CANCELLED, finished_at=now)
            )
            if connection.execute(stopped).rowcount:
                resolve_waiting(connection, job_id)
                given_up = update(items_table).where(_i.job_id == job_id, _i.state.in_(OPEN))
                values = {"state": ItemState.CANCELLED, "fence": _i.fence + 1, "finished_at": now}
                connection.execute(given_up.values(lease_owner=None, lease_until=None, **values))

        self.get(job_id)
        self.store.transact(work)
        return self.get(job_id)

    def retry(self, job_id: str, *, cancelled: bool = False) -> int:
        """Queue failed items again, and on request cancelled ones; how many there were.

        Items that came with an error of their own (unreadable lines) stay failed.
        """
        states = [ItemState.FAILED, *([ItemState.CANCELLED] if cancelled else [])]

        def work(connection: Connection) -> int:
            has_content = _i.text.is_not(None) | _i.html.is_not(None)
            these = (_i.job_id == job_id) & _i.state.in_(states) & has_content
            again = {"error": None, "finished_at": None, "attempts": 0, "urgency": 0}
            waiting = update(items_table).where(these, _i.same_as.is_not(None))
            count = connection.execute(waiting.values(state=ItemState.WAITING, **again)).rowcount
            queued = update(items_table).where(these, _i.same_as.is_(None))
            count += connection.execute(queued.values(state=ItemState.QUEUED, **again)).rowcount
            if count:
                ended = (JobState.DONE, JobState.CANCELLED)
                restarted = update(jobs_table).where(_j.id == job_id, _j.state.in_(ended))
                values = {"state": JobState.RUNNING, "finished_at": None}
                connection.execute(restarted.values(**values))
                settle_within(connection, self.store, job_id)
            return count

        self.get(job_id)
        return self.store.transact(work)

    def delete(self, job_id: str) -> None:
        """Remove a job with its items; nothing happens where there is none."""
        part = select(_i.position).where(_i.job_id == job_id).limit(DELETED_AT_ONCE)
        some = delete(items_table).where(_i.job_id == job_id, _i.position.in_(part))
        while self.store.transact(lambda connection: connection.execute(some).rowcount):
            pass  # in parts, so that other writers get their turn
        hook = delete(webhooks_table).where(webhooks_table.c.job_id == job_id)
        self.store.transact(lambda connection: connection.execute(hook))
        job = delete(jobs_table).where(_j.id == job_id)
        self.store.transact(lambda connection: connection.execute(job))

    def version(self, job_id: str) -> str:
        """Changes whenever `results` would; for a finished job it stays the same."""
        query = select(func.count(), func.max(_i.finished_at)).where(
            _i.job_id == job_id, _i.state.not_in(OPEN)
        )
        with self.store.read() as connection:
            count, last = connection.execute(query).one()
        return f"{job_id}-{count}-{last!r}"


def seal(connection: Connection, store: Store, job_id: str) -> None:
    """`JobStore.seal` inside a transaction of the caller's."""
    now = store.now(connection)
    sealed = (
        update(jobs_table)
        .where(_j.id == job_id, _j.state == JobState.RECEIVING)
        .values(state=JobState.RUNNING, sealed_at=now)
    )
    connection.execute(sealed)
    settle_within(connection, store, job_id)


def _chunks(items: Iterable[NewItem], size: int) -> Iterator[list[NewItem]]:
    """Lists of at most `size` items and about CHUNK_BYTES of text.

    >>> [len(chunk) for chunk in _chunks([NewItem(text="a")] * 5, 2)]
    [2, 2, 1]
    """
    source = iter(items)
    chunk: list[NewItem] = []
    held = 0
    for item in source:
        chunk.append(item)
        held += len(item.text or "") + len(item.html or "")
        if len(chunk) >= size or held >= CHUNK_BYTES:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def _first_of(
    connection: Connection, job_id: str, keys: Sequence[str]
) -> dict[str, tuple[int, ItemState]]:
    """For each key that the job has: position and state of the first item with it."""
    found: dict[str, tuple[int, ItemState]] = {}
    wanted = iter(dict.fromkeys(keys))
    while part := list(islice(wanted, 500)):
        query = select(_i.same_key, _i.position, _i.state).where(
            _i.job_id == job_id,
            _i.same_key.in_(part),
            _i.same_as.is_(None),
            _i.state.not_in((ItemState.FAILED, ItemState.CANCELLED)),
        )
        for key, position, state in connection.execute(query.order_by(_i.position)):
            found.setdefault(key, (position, ItemState(state)))
    return found


def _row(
    job_id: str,
    position: int,
    item: NewItem,
    key: str,
    first: tuple[int, ItemState] | None,
    now: float,
) -> dict[str, Any]:
    """The row of a new item; `first` is the first item with its key, which may be itself."""
    failed = item.error is not None
    same_as = None if first is None or first[0] == position else first[0]
    if failed:
        state = ItemState.FAILED
    elif same_as is None:
        state = ItemState.QUEUED
    else:
        state = ItemState.DONE if first and first[1] is ItemState.DONE else ItemState.WAITING
    return {
        "job_id": job_id,
        "position": position,
        "external_id": storable(item.external_id),
        "text": storable(item.text),
        "html": storable(item.html),
        "meta": None if item.meta is None else to_json(dict(item.meta)),
        "options": None if item.options is None else to_json(dict(item.options)),
        "same_key": key,
        "same_as": same_as,
        "state": state,
        "error": None if item.error is None else to_json(dict(item.error)),
        "created_at": now,
        "finished_at": now if state in (ItemState.DONE, ItemState.FAILED) else None,
    }


def _job(row: Row[*tuple[Any, ...]]) -> Job:
    columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    columns["state"] = JobState(columns["state"])
    columns["options"] = from_json(columns["options"])
    del columns["uploading_until"]  # of `service.store.uploads` only
    return Job(**columns)


def _result(row: Row[*tuple[Any, ...]]) -> ItemResult:
    return ItemResult(
        position=row.position,
        external_id=row.external_id,
        state=ItemState(row.state),
        result=row.outcome,
        error=from_json(row.error),
        meta=from_json(row.meta),
        same_as=row.same_as,
    )
