"""Which finished jobs somebody wants to hear of, and what became of telling them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from service.store.engine import Store
from service.store.tables import jobs as jobs_table
from service.store.tables import webhooks as webhooks_table
from service.store.values import JobState

# Seconds after each failed attempt: about a day in all.
DELAYS_S = (10, 60, 300, 1800, 7200, 21_600, 43_200)
CLAIM_S = 60.0  # of the process that is delivering
_w, _j = webhooks_table.c, jobs_table.c


class WebhookState(StrEnum):
    """`armed` from the job's upload on, until it is delivered or tried too often."""

    ARMED = "armed"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One job's webhook."""

    job_id: str
    url: str
    secret: str
    state: WebhookState
    attempts: int
    last_status: int | None
    last_error: str | None
    delivered_at: float | None


def arm(connection: Connection, job_id: str, url: str, secret: str) -> None:
    """Want to hear of a job; part of the transaction that accepts it."""
    row = {
        "job_id": job_id,
        "url": url,
        "secret": secret,
        "state": WebhookState.ARMED,
        "next_at": 0.0,
    }
    connection.execute(insert(webhooks_table), row)


def webhook_of(store: Store, job_id: str) -> Webhook | None:
    """The job's webhook."""
    with store.read() as connection:
        row = connection.execute(select(*_COLUMNS).where(_w.job_id == job_id)).first()
    return None if row is None else _webhook(row)


def due(store: Store, limit: int = 8) -> Sequence[Webhook]:
    """Webhooks to deliver now, claimed by the caller for CLAIM_S seconds."""
    ended = _j.state.in_((JobState.DONE, JobState.CANCELLED))

    def claim(connection: Connection) -> list[Webhook]:
        now = store.now(connection)
        horizon = now + DELAYS_S[-1] + CLAIM_S  # later: the clock was set back
        query = (
            select(_w.job_id)
            .join(jobs_table, _j.id == _w.job_id)
            .where(
                ended, _w.state == WebhookState.ARMED, or_(_w.next_at <= now, _w.next_at > horizon)
            )
            .limit(limit)
            .with_for_update(skip_locked=True, of=webhooks_table)
        )
        ids = list(connection.execute(query).scalars())
        if not ids:
            return []
        taken = update(webhooks_table).where(_w.job_id.in_(ids)).values(next_at=now + CLAIM_S)
        rows = connection.execute(taken.returning(*_COLUMNS))
        return [_webhook(row) for row in rows]

    with store.read() as connection:
        armed = select(_w.job_id).join(jobs_table, _j.id == _w.job_id)
        if (
            connection.execute(armed.where(ended, _w.state == WebhookState.ARMED).limit(1)).first()
            is None
        ):
            return []
    return store.transact(claim)


def record(store: Store, webhook: Webhook, status: int | None, error: str | None) -> None:
    """What came of an attempt: `error` None is a delivery; after the last delay it has failed."""

    def work(connection: Connection) -> None:
        now = store.now(connection)
        attempts = webhook.attempts + 1
        values: dict[str, object] = {"attempts": attempts, "last_status": status}
        if error is None:
            values |= {"state": WebhookState.DELIVERED, "delivered_at": now, "last_error": None}
        elif attempts > len(DELAYS_S):
            values |= {"state": WebhookState.FAILED, "last_error": error}
        else:
            values |= {"next_at": now + DELAYS_S[attempts - 1], "last_error": error}
        this = update(webhooks_table).where(_w.job_id == webhook.job_id)
        connection.execute(this.values(**values))

    store.transact(work)


def _webhook(row: Row[*tuple[Any, ...]]) -> Webhook:
    fields = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Webhook(**{**fields, "state": WebhookState(row.state)})


_COLUMNS = (
    _w.job_id,
    _w.url,
    _w.secret,
    _w.state,
    _w.attempts,
    _w.last_status,
    _w.last_error,
    _w.delivered_at,
)
