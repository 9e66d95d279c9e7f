"""Articles under review: their outputs, and what reviewers decided.

`ReviewStore(store)`; every method is one transaction and raises ReviewItemNotFound, StoreBusy,
StoreFull or StoreUnavailable.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from service.errors import EditConflict, ReviewItemNotFound, VoteStored
from service.store.engine import Store
from service.store.review_tables import (
    approvals,
    review_items,
    review_outputs,
    review_votes,
    reviewers,
    segment_edits,
)
from service.store.review_values import (
    Edit,
    NewReviewItem,
    RawArticle,
    ReviewItem,
    Save,
    Vote,
)
from service.store.values import from_json, storable, to_json

ARTICLE = ""  # the segment of a vote on the whole article
_i, _e, _v, _o, _a = (
    review_items.c, segment_edits.c, review_votes.c, review_outputs.c, approvals.c,
)  # fmt: skip


class ReviewStore:
    """See the module's description."""

    def __init__(self, store: Store) -> None:
        self.store = store

    # Items

    def add(self, item: NewReviewItem) -> str:
        """Put an article up for review; returns its id."""
        made = uuid.uuid4().hex[:16]

        def work(connection: Connection) -> None:
            last = connection.execute(select(func.max(_i.sequence))).scalar_one()
            row = _item_row(item) | {
                "id": made,
                "sequence": 0 if last is None else last + 1,
                "created_at": self.store.now(connection),
            }
            connection.execute(insert(review_items), row)
            _write_outputs(connection, made, item)

        self.store.transact(work)
        return made

    def replace(self, item_id: str, item: NewReviewItem, segments: Mapping[str, str]) -> None:
        """Put new outputs in the place of the old; `segments` says what became of each edited one.

        Edits move to their segment's new id, those of segments that are gone are dropped with it.
        """

        def work(connection: Connection) -> None:
            found = connection.execute(
                update(review_items).where(_i.id == item_id).values(**_item_row(item, anew=True))
            )
            if not found.rowcount:
                raise ReviewItemNotFound
            connection.execute(delete(review_outputs).where(_o.item_id == item_id))
            _write_outputs(connection, item_id, item)
            rows = connection.execute(select(segment_edits).where(_e.item_id == item_id)).all()
            connection.execute(delete(segment_edits).where(_e.item_id == item_id))
            moved = [
                {**row._mapping, "segment": segments[row.segment]}  # noqa: SLF001 - public name
                for row in rows
                if row.segment in segments
            ]
            if moved:
                connection.execute(insert(segment_edits), moved)
            connection.execute(delete(approvals).where(_a.item_id == item_id))

        self.store.transact(work)

    def item(self, item_id: str, reviewer_id: str = "", rounds: int = 1) -> ReviewItem:
        """One item as `reviewer_id` sees it."""
        with self.store.read() as connection:
            return _item(_found(connection, item_id, reviewer_id), rounds)

    def raw(self, item_id: str) -> RawArticle:
        """What an item was made from."""
        with self.store.read() as connection:
            query = select(_i.text, _i.html, _i.options).where(_i.id == item_id)
            row = connection.execute(query).first()
        if row is None:
            raise ReviewItemNotFound
        return RawArticle(text=row.text, html=row.html, options=from_json(row.options))

    def outputs(self, item_id: str) -> list[tuple[str, str]]:
        """(model, JSON of the Result) of an item, in stored order."""
        with self.store.read() as connection:
            query = select(_o.model, _o.result).where(_o.item_id == item_id).order_by(_o.number)
            rows = connection.execute(query).all()
        if not rows:
            raise ReviewItemNotFound
        return [(row.model, row.result) for row in rows]

    def items(
        self, reviewer_id: str, *, job_id: str | None = None, limit: int = 500
    ) -> list[ReviewItem]:
        """The queue: flagged articles first, then the newest; None asks for every job."""
        query = _items_query(reviewer_id).order_by(
            (_i.flagged == 0), _i.created_at.desc(), _i.position, _i.id
        )
        if job_id is not None:
            query = query.where(_i.job_id == job_id)
        with self.store.read() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return [_item(row, 1) for row in rows]

    def known_positions(self, job_id: str) -> set[int]:
        """Positions of a job's articles that are up for review already."""
        with self.store.read() as connection:
            query = select(_i.position).where(_i.job_id == job_id)
            return {p for p in connection.execute(query).scalars() if p is not None}

    # Edits

    def head(self, item_id: str, segment: str) -> Edit | None:
        """The newest revision of a segment; None where nobody has edited it."""
        with self.store.read() as connection:
            return _head(connection, item_id, segment)

    def history(self, item_id: str, segment: str) -> list[Edit]:
        """Every revision of a segment, oldest first."""
        own = and_(_e.item_id == item_id, _e.segment == segment)
        with self.store.read() as connection:
            return [_edit(row) for row in connection.execute(_edits(own)).all()]

    def heads(self, item_id: str) -> dict[str, Edit]:
        """The newest revision of each edited segment."""
        with self.store.read() as connection:
            rows = connection.execute(_edits(_e.item_id == item_id)).all()
        return {row.segment: _edit(row) for row in rows}  # in order of number: the last one stays

    def edited_items(self) -> list[str]:
        """Ids of the items that have a revision."""
        with self.store.read() as connection:
            query = select(_e.item_id).distinct().order_by(_e.item_id)
            return list(connection.execute(query).scalars())

    def save(self, save: Save) -> Edit:
        """Save a segment's text; raises EditConflict where `expected` is not what stands there.

        Saves of one editing session are one revision. A save that was sent twice is done once.
        Editing takes an approval back.
        """

        def work(connection: Connection) -> None:
            if connection.execute(_locked(save.item_id)).first() is None:
                raise ReviewItemNotFound
            head = _head(connection, save.item_id, save.segment)
            if head is not None and head.save_id == save.save_id:
                return
            if (head.version if head else 0) != save.expected:
                raise EditConflict
            now = self.store.now(connection)
            row = {
                "text": storable(save.text),
                "version": save.expected + 1,
                "save_id": save.save_id,
                "updated_at": now,
            }
            if head is not None and _continues(save, head):
                own = and_(
                    _e.item_id == save.item_id,
                    _e.segment == save.segment,
                    _e.number == head.number,
                )
                connection.execute(update(segment_edits).where(own).values(**row))
            else:
                row |= {
                    "item_id": save.item_id,
                    "segment": save.segment,
                    "number": head.number + 1 if head else 1,
                    "base": save.base,
                    "reviewer_id": save.reviewer_id,
                    "session": save.session,
                    "restores": save.restores,
                    "created_at": now,
                }
                connection.execute(insert(segment_edits), row)
            connection.execute(delete(approvals).where(_a.item_id == save.item_id))

        self.store.transact(work)
        head = self.head(save.item_id, save.segment)
        if head is None:
            raise ReviewItemNotFound
        return head

    def approve(self, item_id: str, reviewer_id: str) -> None:
        """Approve an article as it stands; again does nothing."""

        def work(connection: Connection) -> None:
            if connection.execute(_locked(item_id)).first() is None:
                raise ReviewItemNotFound
            connection.execute(delete(approvals).where(_a.item_id == item_id))
            now = self.store.now(connection)
            row = {"item_id": item_id, "reviewer_id": reviewer_id, "created_at": now}
            connection.execute(insert(approvals), row)

        self.store.transact(work)

    # Votes

    def vote(self, vote: Vote) -> None:
        """Store a vote; raises VoteStored where the reviewer has voted on the article already."""

        def work(connection: Connection) -> None:
            if connection.execute(_locked(vote.item_id)).first() is None:
                raise ReviewItemNotFound
            own = and_(
                _v.item_id == vote.item_id,
                _v.reviewer_id == vote.reviewer_id,
                _v.round == vote.round,
            )
            stored = set(connection.execute(select(_v.segment).where(own)).scalars())
            if ARTICLE in stored:
                raise VoteStored
            connection.execute(delete(review_votes).where(own, _v.segment == vote.segment))
            row = {
                "item_id": vote.item_id,
                "reviewer_id": vote.reviewer_id,
                "segment": vote.segment,
                "round": vote.round,
                "choice": vote.choice,
                "shown": to_json(list(vote.shown)),
                "reasons": to_json(list(vote.reasons)),
                "created_at": self.store.now(connection),
            }
            connection.execute(insert(review_votes), row)

        self.store.transact(work)

    def votes(self, *, item_id: str | None = None, reviewer_id: str | None = None) -> list[Vote]:
        """Votes in the order given, of one item or reviewer or all."""
        query = select(review_votes).order_by(_v.created_at, _v.item_id)
        if item_id is not None:
            query = query.where(_v.item_id == item_id)
        if reviewer_id is not None:
            query = query.where(_v.reviewer_id == reviewer_id)
        with self.store.read() as connection:
            return [_vote(row) for row in connection.execute(query).all()]

    def models(self) -> dict[str, tuple[str, ...]]:
        """The models of each item's outputs, in stored order."""
        found: dict[str, list[str]] = defaultdict(list)
        with self.store.read() as connection:
            query = select(_o.item_id, _o.model).order_by(_o.item_id, _o.number)
            for row in connection.execute(query).all():
                found[row.item_id].append(row.model)
        return {item: tuple(models) for item, models in found.items()}


def _continues(save: Save, head: Edit) -> bool:
    """Whether a save goes on with the newest revision instead of making one more."""
    same = head.session == save.session and head.reviewer_id == save.reviewer_id
    return same and save.restores is None and head.restores is None


def _item_row(item: NewReviewItem, *, anew: bool = False) -> dict[str, object]:
    row: dict[str, object] = {
        "options": to_json(dict(item.options)),
        "title": storable(item.title),
        "source_language": item.source_language,
        "target_language": item.target_language,
        "segments": item.segments,
        "flagged": item.flagged,
        "outputs": len(item.outputs),
    }
    if not anew:
        row |= {
            "job_id": item.job_id,
            "position": item.position,
            "created_by": item.created_by,
            "text": storable(item.text),
            "html": storable(item.html),
        }
    return row


def _write_outputs(connection: Connection, item_id: str, item: NewReviewItem) -> None:
    rows = [
        {"item_id": item_id, "number": number, "model": model, "result": result}
        for number, (model, result) in enumerate(item.outputs)
    ]
    connection.execute(insert(review_outputs), rows)


def _locked(item_id: str) -> Select[Any]:
    return select(_i.id).where(_i.id == item_id).with_for_update()


def _items_query(reviewer_id: str) -> Select[Any]:
    edited = (
        select(func.count(func.distinct(_e.segment)))
        .where(_e.item_id == _i.id)
        .scalar_subquery()
        .label("edited")
    )
    own = and_(_v.item_id == _i.id, _v.reviewer_id == reviewer_id, _v.segment == ARTICLE)
    voted = select(func.count()).where(own).scalar_subquery().label("voted")
    approved = select(func.count()).where(_a.item_id == _i.id).scalar_subquery().label("approved")
    columns = [c for c in _i if c.name not in ("text", "html")]
    return select(*columns, edited, voted, approved)


def _found(connection: Connection, item_id: str, reviewer_id: str) -> Row[Any]:
    row = connection.execute(_items_query(reviewer_id).where(_i.id == item_id)).first()
    if row is None:
        raise ReviewItemNotFound
    return row


def _item(row: Row[Any], rounds: int) -> ReviewItem:
    return ReviewItem(
        id=row.id,
        sequence=row.sequence,
        job_id=row.job_id,
        position=row.position,
        created_at=row.created_at,
        title=row.title,
        source_language=row.source_language,
        target_language=row.target_language,
        segments=row.segments,
        flagged=row.flagged,
        outputs=row.outputs,
        edited=row.edited,
        voted=row.voted >= rounds,
        approved=bool(row.approved),
    )


def _edits(where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(segment_edits, reviewers.c.name)
        .join_from(segment_edits, reviewers, reviewers.c.id == _e.reviewer_id, isouter=True)
        .where(where)
        .order_by(_e.segment, _e.number)
    )


def _head(connection: Connection, item_id: str, segment: str) -> Edit | None:
    query = _edits(and_(_e.item_id == item_id, _e.segment == segment))
    rows: Sequence[Row[Any]] = connection.execute(query).all()
    return _edit(rows[-1]) if rows else None


def _edit(row: Row[Any]) -> Edit:
    return Edit(
        segment=row.segment,
        number=row.number,
        version=row.version,
        text=row.text,
        base=row.base,
        reviewer_id=row.reviewer_id,
        reviewer=row.name or "",
        session=row.session,
        save_id=row.save_id,
        restores=row.restores,
        updated_at=row.updated_at,
    )


def _vote(row: Row[Any]) -> Vote:
    return Vote(
        item_id=row.item_id,
        reviewer_id=row.reviewer_id,
        choice=row.choice,
        shown=tuple(json.loads(row.shown)),
        segment=row.segment,
        round=row.round,
        reasons=tuple(json.loads(row.reasons)),
    )
