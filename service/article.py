"""The nouns of the pipeline: plain frozen values, passed from stage to stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Language(StrEnum):
    """Vietnamese and English, and nothing else."""

    VI = "vi"
    EN = "en"

    @property
    def other(self) -> "Language":
        return Language.EN if self is Language.VI else Language.VI


class BlockKind(StrEnum):
    """What a block is in the article."""

    TITLE = "title"
    LEAD = "lead"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    DATELINE = "dateline"
    BYLINE = "byline"


# Between the cells of a table row, in source and target alike.
CELL_SEPARATOR = "\t"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range [start, end) of code points in one text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part of `text` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Block:
    """A typed piece of the article; `text` is repaired source text without line ends."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Removal:
    """A line that was taken out, and the rule that took it.

    `line` counts from 1 in the repaired input: lines of pasted text, or lines of the page's
    visible text in document order for HTML.
    """

    text: str
    line: int
    rule: str


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of repair to the characters of the input, and how often it was made."""

    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article taken out of its raw input: typed blocks in order, and all that was removed."""

    blocks: tuple[Block, ...]
    removed: tuple[Removal, ...] = ()
    repairs: tuple[Repair, ...] = ()
    published: date | None = None
    byline: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """The unit of translation, normally one sentence; `span` lies in its block's text."""

    id: str
    block: int  # index into the article's blocks
    kind: BlockKind
    span: Span
    text: str
    language: Language | None  # None where no language could be told (numbers, names)


@dataclass(frozen=True, slots=True)
class Draft:
    """A target for one segment, and what made it."""

    target: str
    rung: str  # "model", "kept", "figures", "credit", "formula", or a rung of the repair ladder
    score: float | None = None  # mean log-probability per target token
    truncated: bool = False  # decoding stopped at the length limit


class Severity(StrEnum):
    """How much a finding weighs: only `major` sends an article to review."""

    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found wrong with one segment; spans are in the segment's source and target."""

    check: str
    severity: Severity
    message_vi: str
    message_en: str
    source_span: Span | None = None
    target_span: Span | None = None


def weave(text: str, spans: Sequence[Span], targets: Sequence[str]) -> tuple[str, list[Span]]:
    r"""Put each target where its source stood and leave every gap as it was.

    Returns the new text and the span of each target in it.

    >>> weave("Một.  Hai.", [Span(0, 4), Span(6, 10)], ["One.", "Two."])
    ('One.  Two.', [Span(start=0, end=4), Span(start=6, end=10)])
    """
    pieces: list[str] = []
    placed: list[Span] = []
    at = length = 0
    for span, target in zip(spans, targets, strict=True):
        gap = text[at : span.start]
        length += len(gap)
        placed.append(Span(length, length + len(target)))
        length += len(target)
        pieces += [gap, target]
        at = span.end
    return "".join([*pieces, text[at:]]), placed
