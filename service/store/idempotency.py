"""One request, one effect: what an `Idempotency-Key` has made is remembered for 7 days.

The rules are those of draft-ietf-httpapi-idempotency-key-header-06: another payload under a known
key is refused (KeyReused, 422), a second request beside the first one too (KeyInUse, 409).

    claim = keys.claim(owner, "jobs", key, reference=job_id)     # KeyInUse
    if claim.answered: compare(claim, fingerprint)          # KeyReused; reference: the old job
    ... keys.extend(claim) now and then while the body comes in ...
    store.transact(lambda c: (seal(c, …), answer(c, claim, fingerprint)))   # both or neither
    keys.forget(claim)                                           # where the request failed

A claim whose process was killed ends after CLAIM_S; the next request with the key takes it over and
`claim.abandoned` names what the killed one had begun.
"""

import uuid
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.elements import ColumnElement

from service.errors import KeyInUse, KeyReused
from service.store.engine import Store
from service.store.tables import idempotency_keys as keys_table

KEPT_S = 7 * 86_400.0
CLAIM_S = 30.0
_k = keys_table.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to answer under a key, or (`answered`) the memory of an answer."""

    owner: str
    endpoint: str
    key: str
    token: str
    reference: str | None  # what the request makes or made
    fingerprint: str | None = None
    answered: bool = False
    abandoned: str | None = None  # the reference of a killed request whose claim was taken over


class IdempotencyKeys:
    """The keys of the last KEPT_S seconds."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def claim(self, owner: str, endpoint: str, key: str, reference: str | None = None) -> Claim:
        """Take the key, or learn what it made; raises KeyInUse while another request holds it."""
        wanted = Claim(
            owner=owner, endpoint=endpoint, key=key, token=uuid.uuid4().hex, reference=reference
        )
        try:
            return self.store.transact(lambda connection: self._claim(connection, wanted))
        except IntegrityError:  # two came at the same moment, and PostgreSQL let the other one in
            raise KeyInUse from None

    def _claim(self, connection: Connection, wanted: Claim) -> Claim:
        too_old = _k.created_at < self.store.now(connection) - KEPT_S
        connection.execute(delete(keys_table).where(too_old))
        row = connection.execute(select(keys_table).where(_same(wanted)).with_for_update()).first()
        # Only now: by a time from before, a claim made in between would look like one of a clock
        # that was set back, and be taken over.
        now = self.store.now(connection)
        values = {
            "fingerprint": None,
            "reference": wanted.reference,
            "claim": wanted.token,
            "claimed_until": now + CLAIM_S,
            "created_at": now,
        }
        if row is None:
            where = {"owner": wanted.owner, "endpoint": wanted.endpoint, "key": wanted.key}
            connection.execute(insert(keys_table), {**where, **values})
            return wanted
        if row.claimed_until is None:
            found = replace(wanted, reference=row.reference, fingerprint=row.fingerprint)
            return replace(found, answered=True)
        if now < row.claimed_until <= now + CLAIM_S:  # later: the clock was set back
            raise KeyInUse
        connection.execute(update(keys_table).where(_same(wanted)).values(**values))
        return replace(wanted, abandoned=row.reference)

    def extend(self, claim: Claim) -> None:
        """Hold the claim for CLAIM_S more; raises KeyInUse where another request took it over."""

        def work(connection: Connection) -> int:
            until = self.store.now(connection) + CLAIM_S
            held = update(keys_table).where(_same(claim), _k.claim == claim.token)
            return connection.execute(held.values(claimed_until=until)).rowcount

        if not self.store.transact(work):
            raise KeyInUse

    def forget(self, claim: Claim) -> None:
        """Let the key go, as if it had never come: a failed request may be sent again."""
        gone = delete(keys_table).where(_same(claim), _k.claim == claim.token)
        self.store.transact(lambda connection: connection.execute(gone))


def answer(connection: Connection, claim: Claim, fingerprint: str) -> None:
    """Remember what the claim made; raises KeyInUse where another request took it over."""
    held = update(keys_table).where(
        _same(claim), _k.claim == claim.token, _k.claimed_until.is_not(None)
    )
    values = {"fingerprint": fingerprint, "reference": claim.reference, "claimed_until": None}
    if not connection.execute(held.values(**values)).rowcount:
        raise KeyInUse


def compare(claim: Claim, fingerprint: str) -> None:
    """Raises KeyReused where the remembered request was another one."""
    if claim.fingerprint != fingerprint:
        raise KeyReused


def _same(claim: Claim) -> ColumnElement[bool]:
    return (_k.owner == claim.owner) & (_k.endpoint == claim.endpoint) & (_k.key == claim.key)
