"""What follows from an item's end: its duplicates end too, and at last its job."""

from collections.abc import Sequence

from sqlalchemy import Connection, exists, select, update

from service.store.engine import Store
from service.store.tables import items as items_table
from service.store.tables import jobs as jobs_table
from service.store.values import OPEN, ItemState, JobState

_i, _j = items_table.c, jobs_table.c


def resolve_waiting(
    connection: Connection, job_id: str, positions: Sequence[int] | None = None
) -> None:
    """Duplicates whose first item has ended take its state; all, or those of `positions`.

    One whose first item was cancelled is no duplicate any more and would be translated itself.
    """
    first = items_table.alias("first")
    for state in (ItemState.DONE, ItemState.FAILED):
        ended = select(first.c.finished_at).where(
            first.c.job_id == job_id, first.c.position == _i.same_as, first.c.state == state
        )
        waiting = update(items_table).where(
            _i.job_id == job_id, _i.state == ItemState.WAITING, exists(ended)
        )
        if positions is not None:
            waiting = waiting.where(_i.same_as.in_(positions))
        connection.execute(waiting.values(state=state, finished_at=ended.scalar_subquery()))


def settle(store: Store, job_id: str) -> None:
    """End waiting duplicates, and mark a running job done where none of its items is open.

    Looks after the transaction that ended an item: of two workers that end the last two items at
    the same time, the later one then sees both ends.
    """
    unwaited = (ItemState.QUEUED, ItemState.LEASED)
    query = select(_i.position).where(_i.job_id == job_id, _i.state.in_(unwaited)).limit(1)
    with store.read() as connection:
        if connection.execute(query).first() is not None:
            return
    store.transact(lambda connection: settle_within(connection, store, job_id))


def settle_within(connection: Connection, store: Store, job_id: str) -> None:
    """`settle` in a transaction of the caller's."""
    resolve_waiting(connection, job_id)
    open_items = select(_i.position).where(_i.job_id == job_id, _i.state.in_(OPEN))
    done = (
        update(jobs_table)
        .where(_j.id == job_id, _j.state == JobState.RUNNING, ~exists(open_items))
        .values(state=JobState.DONE, finished_at=store.now(connection))
    )
    connection.execute(done)
