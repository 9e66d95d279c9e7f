"""What the review tables give and take: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """Each may do what those before it may: vote and edit; approve; manage reviewers."""

    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, other: "Role") -> bool:
        """Whether this role may do what `other` may.

        >>> Role.EDITOR.covers(Role.REVIEWER), Role.EDITOR.covers(Role.ADMIN)
        (True, False)
        """
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Someone who reviews."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReviewItem:
    """An article with one to four outputs, to be reviewed; `outputs` are (model, Result JSON)."""

    outputs: tuple[tuple[str, str], ...]
    title: str
    source_language: str
    target_language: str
    segments: int
    flagged: int
    text: str | None = None
    html: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    job_id: str = ""
    position: int | None = None
    created_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """A row of the queue; the outputs are read on their own."""

    id: str
    sequence: int  # from 0, in the order added
    job_id: str
    position: int | None
    created_at: float
    title: str
    source_language: str
    target_language: str
    segments: int
    flagged: int
    outputs: int
    edited: int  # segments with a revision
    voted: bool  # by the reviewer who asks, in every round that is due
    approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """What an item was made from, so that it can be made again."""

    text: str | None
    html: str | None
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One revision of one segment."""

    segment: str
    number: int  # from 1
    version: int
    text: str
    base: int  # number of the output that was corrected
    reviewer_id: str
    reviewer: str = ""  # name
    session: str = ""
    save_id: str = ""
    restores: int | None = None
    updated_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """A text to be saved as a segment's newest; `expected` is the version it was made from."""

    item_id: str
    segment: str
    text: str
    base: int
    expected: int  # 0: nobody has edited the segment
    reviewer_id: str
    session: str
    save_id: str
    restores: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Which output is the best: its number, `tie` or `bad`."""

    item_id: str
    reviewer_id: str
    choice: str
    shown: tuple[int, ...]
    segment: str = ""  # "": the whole article
    round: int = 1
    reasons: tuple[str, ...] = ()
