"""Who reviews: accounts, their sessions and API keys.

Passwords and keys come in hashed (`service.review.access`); this module never sees either.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.errors import ReviewerNotAccepted
from service.store.engine import Store
from service.store.review_tables import api_keys, reviewer_sessions, reviewers
from service.store.review_values import Reviewer, Role

_r, _s, _k = reviewers.c, reviewer_sessions.c, api_keys.c


class ReviewerStore:
    """Accounts, sessions, keys."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def add(self, name: str, role: Role, password_hash: str | None) -> Reviewer:
        """A new reviewer; raises ReviewerNotAccepted where the name is taken."""
        made = Reviewer(uuid.uuid4().hex[:12], name, role)

        def work(connection: Connection) -> None:
            row = {
                "id": made.id,
                "name": made.name,
                "role": made.role,
                "password_hash": password_hash,
                "created_at": self.store.now(connection),
            }
            connection.execute(insert(reviewers), row)

        try:
            self.store.transact(work)
        except IntegrityError:
            message = "There is a reviewer of this name already."
            raise ReviewerNotAccepted(message) from None
        return made

    def all(self) -> list[Reviewer]:
        """Everyone who may sign in, by name."""
        query = select(reviewers).where(_r.disabled_at.is_(None)).order_by(_r.name)
        with self.store.read() as connection:
            return [_reviewer(row) for row in connection.execute(query).all()]

    def exist(self) -> bool:
        """Whether there is anyone who may sign in."""
        with self.store.read() as connection:
            query = select(_r.id).where(_r.disabled_at.is_(None)).limit(1)
            return connection.execute(query).first() is not None

    def names(self) -> dict[str, str]:
        """Names by id, also of those who may not sign in any more."""
        with self.store.read() as connection:
            rows = connection.execute(select(_r.id, _r.name)).all()
        return {row.id: row.name for row in rows}

    def by_name(self, name: str) -> tuple[Reviewer, str | None] | None:
        """A reviewer and the hash of the password; None where there is none of this name."""
        query = select(reviewers).where(_r.name == name, _r.disabled_at.is_(None))
        with self.store.read() as connection:
            row = connection.execute(query).first()
        return (_reviewer(row), row.password_hash) if row else None

    def disable(self, reviewer_id: str) -> None:
        """Let a reviewer sign in no more; sessions and keys end, edits and votes stay."""

        def work(connection: Connection) -> None:
            now = self.store.now(connection)
            own = _r.id == reviewer_id
            connection.execute(update(reviewers).where(own).values(disabled_at=now))
            connection.execute(delete(reviewer_sessions).where(_s.reviewer_id == reviewer_id))
            ended = update(api_keys).where(_k.reviewer_id == reviewer_id)
            connection.execute(ended.values(revoked_at=now))

        self.store.transact(work)

    def open_session(self, token_sha256: str, reviewer_id: str, seconds: float) -> None:
        def work(connection: Connection) -> None:
            now = self.store.now(connection)
            connection.execute(delete(reviewer_sessions).where(_s.expires_at < now))
            row = {
                "token_sha256": token_sha256,
                "reviewer_id": reviewer_id,
                "created_at": now,
                "expires_at": now + seconds,
            }
            connection.execute(insert(reviewer_sessions), row)

        self.store.transact(work)

    def of_session(self, token_sha256: str) -> Reviewer | None:
        """Whose session this is; None for one that has ended."""
        with self.store.read() as connection:
            query = (
                select(reviewers)
                .join(reviewer_sessions, _s.reviewer_id == _r.id)
                .where(
                    _s.token_sha256 == token_sha256,
                    _s.expires_at > self.store.now(connection),
                    _r.disabled_at.is_(None),
                )
            )
            row = connection.execute(query).first()
        return _reviewer(row) if row else None

    def close_session(self, token_sha256: str) -> None:
        gone = delete(reviewer_sessions).where(_s.token_sha256 == token_sha256)
        self.store.transact(lambda connection: connection.execute(gone))

    def add_key(self, prefix: str, sha256: str, reviewer_id: str) -> None:
        def work(connection: Connection) -> None:
            row = {
                "prefix": prefix,
                "sha256": sha256,
                "reviewer_id": reviewer_id,
                "created_at": self.store.now(connection),
            }
            connection.execute(insert(api_keys), row)

        self.store.transact(work)

    def of_key(self, prefix: str) -> tuple[Reviewer, str] | None:
        """Whose key this is, and the key's hash; None for an unknown or revoked one."""
        query = (
            select(reviewers, _k.sha256)
            .join(api_keys, _k.reviewer_id == _r.id)
            .where(_k.prefix == prefix, _k.revoked_at.is_(None), _r.disabled_at.is_(None))
        )
        with self.store.read() as connection:
            row = connection.execute(query).first()
        return (_reviewer(row), row.sha256) if row else None

    def keys(self, reviewer_id: str) -> Sequence[str]:
        """Prefixes of the keys that a reviewer can use."""
        query = select(_k.prefix).where(_k.reviewer_id == reviewer_id, _k.revoked_at.is_(None))
        with self.store.read() as connection:
            return connection.execute(query.order_by(_k.created_at)).scalars().all()


def _reviewer(row: Row[Any]) -> Reviewer:
    return Reviewer(row.id, row.name, Role(row.role))
