"""The answer: one JSON shape for HTTP and the command line."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.article import BlockKind, Language, Severity

Offsets = Annotated[
    tuple[int, int], Field(description="[start, end) in code points", examples=[[0, 42]])
]


class Model(BaseModel):
    """Base of the answer's parts: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Model):
    vi: str
    en: str


class FindingResult(Model):
    """What a check found; offsets are into the segment's own `source` and `target`."""

    check: str = Field(examples=["numbers"])
    severity: Severity
    message: Message
    source_span: Offsets | None = None
    target_span: Offsets | None = None


class SegmentResult(Model):
    """One sentence; its spans are offsets into its block's `source` and `target`."""

    id: str = Field(examples=["b3s1"])
    source: str
    target: str
    source_span: Offsets
    target_span: Offsets
    findings: list[FindingResult] = []
    rung: str = Field(
        description="what made the target: `model`, a rung of the repair ladder (`n-best`, "
        "`placeholders`, `clauses`), `figures` for a number alone, or `kept`; with `+terms` where "
        "agreed terms took the place of others, and `+names` where names were spelt anew",
        examples=["model"],
    )
    score: float | None = Field(
        default=None, description="mean log-probability per target token; 0 is certain"
    )


class BlockResult(Model):
    kind: BlockKind
    source: str
    target: str
    segments: list[SegmentResult]


class TitleResult(Model):
    source: str
    target: str


class RemovalResult(Model):
    """A line that is not part of the article."""

    text: str
    line: int = Field(description="counted from 1 in the repaired input")
    rule: str = Field(examples=["comment-count"])


class RepairResult(Model):
    """A kind of repair to the characters of the input."""

    rule: str = Field(examples=["nfc"])
    count: int


class SummarySentence(Model):
    text: str
    cites: list[str] = Field(description="ids of the segments it rests on")


class TranslatedSentence(Model):
    """A sentence of the summary in the target language."""

    text: str
    cites: list[str] = Field(description="ids of the segments it rests on")
    findings: list[FindingResult] = Field(
        default=[],
        description="of its translation, where it is written or shortened; else see `blocks`",
    )


class Headline(Model):
    """The one sentence that tells most beside the title, in both languages."""

    source: str
    target: str
    cites: list[str] = Field(description="ids of the segments it rests on")


class RefusalReason(StrEnum):
    """Why a written summary that was asked for is not given; the names do not change."""

    NOT_INSTALLED = "not-installed"  # the model, or any model for the article's language
    LANGUAGE = "language"  # the model does not read the article's language
    UNAVAILABLE = "unavailable"  # its files are damaged, or cannot be loaded
    OUT_OF_MEMORY = "out-of-memory"
    LOADING = "loading"  # it was not loaded in time; it goes on loading
    BUSY = "busy"  # too much waits for it
    TOO_SLOW = "too-slow"  # not written, or not translated, in time
    FAILED = "failed"  # an error while it wrote, or while its text was translated
    EMPTY = "empty"  # nothing to read, or nothing written
    TRUNCATED = "truncated"  # cut off before its first sentence ended
    TOO_LONG = "too-long"  # its first sentence is longer than was asked for
    LOOP = "loop"  # it repeats itself
    WRONG_LANGUAGE = "wrong-language"  # it is not written in the article's language
    UNGROUNDED = "ungrounded"  # a number, date, reference or name that the article does not have
    UNSUPPORTED = "unsupported"  # a sentence that no segments of the article bear out


class SummaryRefusal(Model):
    """Why the summary is extractive though a written one was asked for."""

    model: str = Field(description="that was asked, or asked for", examples=["bart-large-cnn"])
    reason: RefusalReason
    message: Message


class SummaryResult(Model):
    """`extractive`: sentences of the article, or a stretch of one where `words` is small.

    `abstractive`: written by a model, and checked.

    Every number, date, document number and name of a written summary stands in the segments that
    its sentence cites.
    """

    kind: Literal["extractive", "abstractive"] = "extractive"
    source: list[SummarySentence]
    target: list[TranslatedSentence]
    headline: Headline | None = Field(
        default=None, description="at most 30 words; none where no sentence is so short"
    )
    refused: SummaryRefusal | None = Field(
        default=None, description="why a written summary that was asked for is not given"
    )
    read_to: str | None = Field(
        default=None,
        description="id of the last segment that the model of a written summary read, where the "
        "article is longer than it takes",
        examples=["b9s2"],
    )


class TermResult(Model):
    """A glossary term that the article uses, and the segments where the translation has it."""

    source: str = Field(examples=["Sở Y tế"], description="as it stands first in the article")
    target: str = Field(examples=["Department of Health"], description="the agreed translation")
    glossary: Literal["user", "built-in"]
    matched: int = Field(description="segments that have the term")
    applied: list[str] = Field(description="ids of the segments translated as agreed")
    not_applied: list[str] = Field(description="ids of the segments translated otherwise")


class DecodingResult(Model):
    beam_size: int
    n_best: int
    length_penalty: float
    repetition_penalty: float
    no_repeat_ngram_size: int
    exact: bool = Field(
        default=False,
        description="whether each sentence was decoded as if it were alone, as in jobs with memory",
    )
    shortlist: bool = Field(
        default=False,
        description="whether articles are decoded among the words alone that their sentences are "
        "likely to become",
    )


class Provenance(Model):
    """What made this answer."""

    software: str = Field(examples=["songngu 0.1.0"])
    model: str = Field(examples=["songngu-small@1"])
    weights_sha256: str
    decoding: DecodingResult
    ranker_sha256: str
    summary_model: str | None = Field(
        default=None, description="that wrote the summary; null where it was chosen by the ranker"
    )
    summary_weights_sha256: str | None = None
    glossary: str | None = Field(default=None, description="the user's glossary, `id@version`")
    quality: str = Field(description="how good the model is, as measured; see its model card")


class AlternativeSegment(Model):
    """One sentence of another model; `id` is the segment's in `blocks`."""

    id: str = Field(examples=["b3s1"])
    target: str
    target_span: Offsets
    findings: list[FindingResult] = []
    rung: str
    score: float | None = None


class AlternativeBlock(Model):
    """A block of another model; as many, in the order of `blocks`."""

    target: str
    segments: list[AlternativeSegment]


class ModelProblem(Model):
    """Why a model gave no answer, in the words of problem details."""

    type: str = Field(examples=["model-unavailable"])
    title: str
    detail: str


class Alternative(Model):
    """What another model made of the same article: its answer, or a problem."""

    model: str = Field(description="as named in the request")
    problem: ModelProblem | None = None
    verdict: Literal["ready", "review"] | None = None
    reasons: list[str] = []
    title: str | None = None
    summary: list[TranslatedSentence] = []
    blocks: list[AlternativeBlock] = []
    terms: list[TermResult] = []
    text: str | None = None
    provenance: Provenance | None = None
    timings_ms: dict[str, float] = {}


class Result(Model):
    """A cleaned, translated, checked and summarised article."""

    title: TitleResult | None
    published: date | None
    byline: str | None
    source_language: Language
    target_language: Language
    verdict: Literal["ready", "review"]
    reasons: list[str] = Field(description="why the verdict is `review`")
    summary: SummaryResult
    blocks: list[BlockResult]
    terms: list[TermResult] = Field(description="the glossary terms of the article's segments")
    removed: list[RemovalResult]
    repairs: list[RepairResult]
    text: str = Field(description="the translation as plain text, one block a paragraph")
    provenance: Provenance
    timings_ms: dict[str, float]
    alternatives: list[Alternative] = Field(
        default=[], description="the other models of the request, in its order"
    )
