"""Items as a worker sees them: leased, kept, finished exactly once.

`ItemQueue(store)`; safe to call from several threads and processes:

    lease(worker, limit=8, *, seconds=25, job_id=None) -> list[LeasedItem]
    heartbeat(worker, items, *, seconds=25) -> list[LeasedItem]      those that are still ours
    finish(outcomes) -> list[Outcome]                                those that counted
    release(items) -> int                                            given back unworked
    release_worker(worker) -> int                                    all that the worker holds

A worker leases, works, sends a heartbeat every 5 s and finishes. Each lease raises the item's
fence; `finish` takes an outcome only where the fence is still the one leased, so that an item has
exactly one outcome, however many workers were killed or slow. An item whose worker is silent for
`seconds` is leased again. `worker` names one process or thread for good: host, process, number.
"""

import random
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, tuple_, update
from sqlalchemy.sql.elements import ColumnElement

from service.store.engine import Store
from service.store.settle import resolve_waiting, settle
from service.store.tables import items as items_table
from service.store.tables import jobs as jobs_table
from service.store.values import (
    ItemState,
    JobState,
    LeasedItem,
    Outcome,
    from_json,
    storable,
    to_json,
)

LEASE_S = 25.0  # with the look of an idle worker, killed work begins again within 30 s
HEARTBEAT_S = 5.0
# An item that ended so many workers goes last and alone; after MAX_ATTEMPTS it fails.
SUSPECT_AFTER = 3
MAX_ATTEMPTS = 8
# A lease that ends later than any could was given before the clock was set back.
LONGEST_LEASE_S = 120.0
ABANDONED = {
    "type": "item-abandoned",
    "title": "The item was given up",
    "detail": f"Its worker ended {MAX_ATTEMPTS} times in the middle of it.",
}
_i, _j = items_table.c, jobs_table.c


class ItemQueue:
    """The worker's side of the store; see the module's description."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def lease(
        self,
        worker: str,
        limit: int = 8,
        *,
        seconds: float = LEASE_S,
        job_id: str | None = None,
    ) -> list[LeasedItem]:
        """At most `limit` items of running jobs, or of one job that may still receive items.

        Empty where there is nothing to do just now; leased items of others may come back later.
        """
        with self.store.read() as connection:
            jobs = self._open_jobs(connection, job_id)
        leased: list[LeasedItem] = []
        for job, options in jobs:
            if len(leased) >= limit:
                break
            take = partial(
                self._take,
                job_id=job,
                options=options,
                worker=worker,
                limit=limit - len(leased),
                seconds=seconds,
            )
            taken = self.store.transact(take)
            if not taken:  # all leased, or a worker was killed before it could settle
                settle(self.store, job)
            leased += taken
        return leased

    def _open_jobs(
        self, connection: Connection, job_id: str | None
    ) -> list[tuple[str, Mapping[str, Any]]]:
        """Jobs with work, in random order, so that a long one does not starve those behind it."""
        query = select(_j.id, _j.options)
        if job_id is None:
            query = query.where(_j.state == JobState.RUNNING)
        else:
            states = (JobState.RUNNING, JobState.RECEIVING)
            query = query.where(_j.id == job_id, _j.state.in_(states))
        jobs = [(row.id, from_json(row.options)) for row in connection.execute(query)]
        random.shuffle(jobs)
        return jobs

    def _take(
        self,
        connection: Connection,
        job_id: str,
        options: Mapping[str, Any],
        worker: str,
        limit: int,
        seconds: float,
    ) -> list[LeasedItem]:
        now = self.store.now(connection)
        _reclaim(connection, job_id, now)
        queued = (
            select(_i.position, _i.urgency)
            .where(_i.job_id == job_id, _i.state == ItemState.QUEUED)
            .order_by(_i.urgency, _i.position)
            .limit(limit)
            .with_for_update(skip_locked=True)  # SQLite knows no row locks and leaves it out
        )
        found = connection.execute(queued).all()
        positions = [row.position for row in found if row.urgency <= 0] or [
            row.position for row in found[:1]
        ]
        if not positions:
            return []
        taken = (
            update(items_table)
            .where(_i.job_id == job_id, _i.position.in_(positions))
            .values(
                state=ItemState.LEASED,
                lease_owner=worker,
                lease_until=now + seconds,
                fence=_i.fence + 1,
                attempts=_i.attempts + 1,
            )
            .returning(*_LEASED_COLUMNS)
        )
        rows = connection.execute(taken).all()
        return sorted((_leased(row, options) for row in rows), key=lambda item: item.position)

    def heartbeat(
        self, worker: str, items: Sequence[LeasedItem], *, seconds: float = LEASE_S
    ) -> list[LeasedItem]:
        """Extend the leases; the items that are still ours: others were cancelled or taken over."""
        if not items:
            return []

        def work(connection: Connection) -> set[tuple[str, int]]:
            until = self.store.now(connection) + seconds
            kept = update(items_table).where(_held(items), _i.lease_owner == worker)
            rows = connection.execute(
                kept.values(lease_until=until).returning(_i.job_id, _i.position)
            )
            return {(row.job_id, row.position) for row in rows}

        ours = self.store.transact(work)
        return [item for item in items if (item.job_id, item.position) in ours]

    def finish(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Write outcomes, all in one transaction; those that counted.

        One that does not count was cancelled, or its lease had ended and another worker has it.
        """

        def work(connection: Connection) -> list[Outcome]:
            now = self.store.now(connection)
            counted = [outcome for outcome in ordered if _write(connection, outcome, now)]
            for job_id in {outcome.item.job_id for outcome in counted}:
                positions = [o.item.position for o in counted if o.item.job_id == job_id]
                resolve_waiting(connection, job_id, positions)
            return counted

        # One order for all workers, so that no two wait for each other's rows.
        ordered = sorted(outcomes, key=lambda outcome: (outcome.item.job_id, outcome.item.position))
        if not ordered:
            return []
        counted = self.store.transact(work)
        for job_id in {outcome.item.job_id for outcome in counted}:
            settle(self.store, job_id)
        return counted

    def release(self, items: Sequence[LeasedItem]) -> int:
        """Give unworked items back at once, the attempt not counted; how many were still ours."""
        if not items:
            return 0
        back = (
            update(items_table)
            .where(_held(items))
            .values(
                state=ItemState.QUEUED,
                lease_owner=None,
                lease_until=None,
                fence=_i.fence + 1,
                attempts=_i.attempts - 1,
            )
        )
        return self.store.transact(lambda connection: connection.execute(back).rowcount)

    def release_worker(self, worker: str) -> int:
        """Let all that a worker holds be leased again, as if it had been silent; how many.

        For one that is known to have ended; its items keep their attempts, as one may be why.
        """
        held = (_i.state == ItemState.LEASED) & (_i.lease_owner == worker)
        ended = update(items_table).where(held).values(lease_until=0.0)
        return self.store.transact(lambda connection: connection.execute(ended).rowcount)


_LEASED_COLUMNS = (
    _i.job_id,
    _i.position,
    _i.fence,
    _i.attempts,
    _i.external_id,
    _i.text,
    _i.html,
    _i.options,
)


def _leased(row: Row[*tuple[Any, ...]], options: Mapping[str, Any]) -> LeasedItem:
    return LeasedItem(
        job_id=row.job_id,
        position=row.position,
        fence=row.fence,
        attempts=row.attempts,
        external_id=row.external_id,
        text=row.text,
        html=row.html,
        options={**options, **(from_json(row.options) or {})},
    )


def _held(items: Sequence[LeasedItem]) -> ColumnElement[bool]:
    """Rows that are leased under the very fences of `items`."""
    held = [(item.job_id, item.position, item.fence) for item in items]
    return and_(_i.state == ItemState.LEASED, tuple_(_i.job_id, _i.position, _i.fence).in_(held))


def _reclaim(connection: Connection, job_id: str, now: float) -> None:
    """Queue the items of silent workers again, ahead of others, unless they are suspects."""
    silent = and_(
        _i.job_id == job_id,
        _i.state == ItemState.LEASED,
        or_(_i.lease_until <= now, _i.lease_until > now + LONGEST_LEASE_S),
    )
    found = connection.execute(
        select(_i.position, _i.attempts)
        .where(silent)
        .order_by(_i.position)
        .with_for_update(skip_locked=True)
    ).all()
    if not found:
        return
    groups: dict[tuple[ItemState, int], list[int]] = {}
    for position, attempts in found:
        given_up = attempts >= MAX_ATTEMPTS
        urgency = -1 if attempts < SUSPECT_AFTER else attempts
        state = ItemState.FAILED if given_up else ItemState.QUEUED
        groups.setdefault((state, urgency), []).append(position)
    for (state, urgency), positions in groups.items():
        values: dict[str, Any] = {"state": state, "urgency": urgency, "fence": _i.fence + 1}
        if state is ItemState.FAILED:
            values |= {"error": to_json(ABANDONED), "finished_at": now}
        again = update(items_table).where(_i.job_id == job_id, _i.position.in_(positions))
        connection.execute(again.values(lease_owner=None, lease_until=None, **values))


def _write(connection: Connection, outcome: Outcome, now: float) -> bool:
    item = outcome.item
    failed = outcome.error is not None
    row = (
        update(items_table)
        .where(
            _i.job_id == item.job_id,
            _i.position == item.position,
            _i.fence == item.fence,
            _i.state == ItemState.LEASED,
        )
        .values(
            state=ItemState.FAILED if failed else ItemState.DONE,
            outcome=None if failed else storable(outcome.result),
            error=to_json(dict(outcome.error)) if outcome.error is not None else None,
            lease_owner=None,
            lease_until=None,
            finished_at=now,
        )
    )
    return connection.execute(row).rowcount == 1
