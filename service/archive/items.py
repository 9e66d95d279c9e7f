"""The nouns of an archive: its items, and what is wrong with those that cannot be read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.article import Language
from service.intake import ArticleRequest

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

NO_META: Mapping[str, Json] = {}


class Fault(StrEnum):
    """Why an item cannot be read; the values are stable and appear in outputs."""

    BAD_JSON = "bad-json"
    BAD_FIELD = "bad-field"  # no text, or a field of the wrong type
    BAD_ROW = "bad-row"  # a row of a table with too few or too many cells
    TOO_LONG = "too-long"
    WRONG_ENCODING = "wrong-encoding"
    UNREADABLE = "unreadable"  # the system refuses the file
    DAMAGED = "damaged"  # compressed data or a web archive that breaks off


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands: a file, and a line or record in it, counted from 1.

    >>> str(Place("tin.jsonl", 12)), str(Place("tin.html"))
    ('tin.jsonl:12', 'tin.html')
    """

    file: str
    number: int | None = None

    def __str__(self) -> str:
        return self.file if self.number is None else f"{self.file}:{self.number}"


@dataclass(frozen=True, slots=True)
class ArchiveItem:
    """One article of an archive; exactly one of `text` and `html` is given."""

    id: str
    place: Place
    text: str | None = None
    html: str | None = None
    meta: Mapping[str, Json] = field(default_factory=lambda: NO_META)

    def request(self, target: Language | None, summary_sentences: int = 3) -> ArticleRequest:
        """What the pipeline is asked for this item; `target` None is the other language."""
        return ArticleRequest(
            text=self.text,
            html=self.html,
            target_language=target,
            summary_sentences=summary_sentences,
        )

    @property
    def digest(self) -> bytes:
        """16 bytes that tell whether the item changed between two runs."""
        return _digest(self.id, self.html if self.html is not None else self.text or "")


@dataclass(frozen=True, slots=True)
class ItemError:
    """An item that cannot be read; it takes its place among the items all the same."""

    id: str
    place: Place
    fault: Fault
    message: str  # never holds the item's own text

    @property
    def digest(self) -> bytes:
        """16 bytes that tell whether the item changed between two runs."""
        return _digest(self.id, self.fault.value)


def _digest(*parts: str) -> bytes:
    raw = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(raw, digest_size=16).digest()
