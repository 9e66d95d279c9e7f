"""Jobs that come in over the network: whole or not at all.

An upload says now and then that it is alive. One that broke off is deleted, by its own process or,
where that was killed, by `forget_failed_uploads`; the sender got no answer and sends it again.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, update

from service.store.engine import Store
from service.store.jobs import JobStore
from service.store.tables import items as items_table
from service.store.tables import jobs as jobs_table
from service.store.values import ItemState, JobState

ALIVE_S = 60.0
_i, _j = items_table.c, jobs_table.c


def keep_alive(store: Store, job_id: str) -> None:
    """Say that the job's upload goes on; at least every ALIVE_S seconds."""

    def renew(connection: Connection) -> None:
        until = store.now(connection) + ALIVE_S
        row = update(jobs_table).where(_j.id == job_id)
        connection.execute(row.values(uploading_until=until))

    store.transact(renew)


def forget_failed_uploads(store: Store) -> int:
    """Delete what uploads of killed processes have left; how many there were."""
    with store.read() as connection:
        now = store.now(connection)
        failed = (_j.state == JobState.RECEIVING) & (_j.uploading_until < now)
        ids = list(connection.execute(select(_j.id).where(failed)).scalars())
    return _delete_all(store, ids)


def forget_old_jobs(store: Store, days: float) -> int:
    """Delete jobs that ended more than `days` ago; how many there were."""
    with store.read() as connection:
        before = store.now(connection) - days * 86_400
        query = select(_j.id).where(_j.finished_at < before)
        ids = list(connection.execute(query).scalars())
    return _delete_all(store, ids)


def _delete_all(store: Store, ids: Sequence[str]) -> int:
    for job_id in ids:
        JobStore(store).delete(job_id)
    return len(ids)


def open_items(store: Store) -> int:
    """How many items of all jobs wait to be translated."""
    unfinished = (ItemState.QUEUED, ItemState.LEASED)
    query = (
        select(func.count())
        .select_from(items_table.join(jobs_table, _i.job_id == _j.id))
        .where(_j.state.in_((JobState.RUNNING, JobState.RECEIVING)), _i.state.in_(unfinished))
    )
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())
