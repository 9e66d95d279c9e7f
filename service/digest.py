"""Several articles to one digest: each goes through the pipeline, then their sentences together."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Protocol

from pydantic import Field

from models.base import Ranker
from service.article import Language, Segment, Severity, Span
from service.errors import ArticleError, DigestEmpty
from service.intake import ArticleRequest
from service.result import Model, Result, SegmentResult, TitleResult
from service.stages.digest import Citation, Source, digest
from service.stages.translate import Progress

MAX_ARTICLES = 50


@dataclass(frozen=True, slots=True)
class DigestOptions:
    """How long the digest may be; `words` counts the original sentences."""

    sentences: int = 5
    words: int | None = None


class DigestCitation(Model):
    """A segment that says this; `article` counts from 0 in the order of the request."""

    article: int
    segment: str = Field(examples=["b3s1"])


class DigestSentence(Model):
    """One statement in both languages: one of the two is the article's, the other translated."""

    vi: str
    en: str
    original: Language = Field(description="which of the two stands in the article")
    cites: list[DigestCitation] = Field(
        description="where it is taken from, then the segments of other articles that say the same"
    )
    review: bool = Field(description="the translation of this sentence has a major finding")


class ArticleProblem(Model):
    """Why an article is not in the digest, in the words of problem details."""

    type: str = Field(examples=["article-empty"])
    title: str
    detail: str


class DigestArticle(Model):
    """What became of one article of the request: a title and language, or an error."""

    index: int = Field(description="place in the request, from 0")
    name: str | None = Field(description="as given in the request")
    title: TitleResult | None = None
    published: date | None = None
    language: Language | None = None
    verdict: Literal["ready", "review"] | None = None
    error: ArticleProblem | None = None


class DigestProvenance(Model):
    """What made this digest."""

    software: str
    models: list[str]
    ranker_sha256: str


class DigestResult(Model):
    """One summary of several articles."""

    sentences: list[DigestSentence]
    articles: list[DigestArticle] = Field(description="one for each in the request, in its order")
    verdict: Literal["ready", "review"]
    provenance: DigestProvenance
    timings_ms: dict[str, float]


class Runs(Protocol):
    """What a digest needs of the pipeline."""

    @property
    def ranker(self) -> Ranker: ...

    def run(self, request: ArticleRequest, progress: Progress | None = None) -> Result: ...


Outcome = Result | ArticleError


def make_digest(
    requests: Sequence[ArticleRequest | ArticleError],
    pipeline: Runs,
    options: DigestOptions,
    *,
    names: Sequence[str | None] | None = None,
    progress: Progress | None = None,
) -> DigestResult:
    """Run every article, then choose from them all; `progress` counts articles.

    An article that cannot be used is reported in the result, like one that could not be read: its
    error stands in its place. Raises DigestEmpty where none is left, and the errors of the models'
    side as they are.
    """
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    for done, request in enumerate(requests):
        if progress is not None:
            progress(done, len(requests))
        if isinstance(request, ArticleError):
            outcomes.append(request)
            continue
        try:
            outcomes.append(pipeline.run(without_summary(request)))
        except ArticleError as error:
            outcomes.append(error)
    return digest_outcomes(outcomes, pipeline.ranker, options, names=names, started=started)


def without_summary(request: ArticleRequest) -> ArticleRequest:
    """The article's own summary is not needed, and both languages are."""
    return replace(request, summary_sentences=0, summary_words=None, target_language=None)


def digest_outcomes(
    outcomes: Sequence[Outcome],
    ranker: Ranker,
    options: DigestOptions,
    *,
    names: Sequence[str | None] | None = None,
    started: float | None = None,
) -> DigestResult:
    """The digest of articles that have been through the pipeline, or failed there.

    Articles of several days are told in the order of publication, one after the other; articles of
    one day, or without dates, together as news is: first what stands first in each. `started` is of
    `time.perf_counter`. Raises DigestEmpty where all have failed.
    """
    begun = time.perf_counter()
    known = {at: result for at, result in enumerate(outcomes) if isinstance(result, Result)}
    if not known:
        raise DigestEmpty([str(outcome) for outcome in outcomes])
    order = _in_order(known)
    chosen = digest(
        [_source(known[at]) for at in order],
        ranker,
        sentences=options.sentences,
        max_words=options.words,
        by_article=_of_several_days(known),
    )
    sentences = [_sentence(one.sources, order, known) for one in chosen]
    now = time.perf_counter()
    labels = names or [None] * len(outcomes)
    articles = [
        _article(at, name, outcome)
        for at, (name, outcome) in enumerate(zip(labels, outcomes, strict=True))
    ]
    some = next(iter(known.values())).provenance
    return DigestResult(
        sentences=sentences,
        articles=articles,
        verdict="review" if any(sentence.review for sentence in sentences) else "ready",
        provenance=DigestProvenance(
            software=some.software,
            models=sorted({result.provenance.model for result in known.values()}),
            ranker_sha256=some.ranker_sha256,
        ),
        timings_ms={
            "digest": round((now - begun) * 1000, 2),
            "total": round((now - (begun if started is None else started)) * 1000, 2),
        },
    )


def _in_order(known: dict[int, Result]) -> list[int]:
    """Places of the articles, the oldest first where all are dated."""
    dates = {at: result.published for at, result in known.items()}
    dated = {at: day for at, day in dates.items() if day is not None}
    return sorted(known, key=lambda at: (dated[at], at)) if len(dated) == len(known) else [*known]


def _of_several_days(known: dict[int, Result]) -> bool:
    """Whether all articles are dated, and not all alike."""
    days = {result.published for result in known.values()}
    return None not in days and len(days) > 1


def _source(result: Result) -> Source:
    """The article as the digest sees it; Vietnamese is what all are compared in."""
    segments = [
        Segment(one.id, at, block.kind, Span(*one.source_span), one.source, None)
        for at, block in enumerate(result.blocks)
        for one in block.segments
    ]
    translated = result.target_language is Language.VI
    common = {s.id: s.target for b in result.blocks for s in b.segments} if translated else None
    return Source(result.title.source if result.title else "", segments, common)


def _sentence(
    sources: Sequence[Citation], order: Sequence[int], known: dict[int, Result]
) -> DigestSentence:
    result = known[order[sources[0].article]]
    segment = _segment(result, sources[0].segment_id)
    texts = {result.source_language: segment.source, result.target_language: segment.target}
    return DigestSentence(
        vi=texts[Language.VI],
        en=texts[Language.EN],
        original=result.source_language,
        cites=[DigestCitation(article=order[s.article], segment=s.segment_id) for s in sources],
        review=any(finding.severity is Severity.MAJOR for finding in segment.findings),
    )


def _segment(result: Result, segment_id: str) -> SegmentResult:
    return next(s for b in result.blocks for s in b.segments if s.id == segment_id)


def _article(index: int, name: str | None, outcome: Outcome) -> DigestArticle:
    if isinstance(outcome, ArticleError):
        error = ArticleProblem(type=outcome.slug, title=outcome.title, detail=str(outcome))
        return DigestArticle(index=index, name=name, error=error)
    return DigestArticle(
        index=index,
        name=name,
        title=outcome.title,
        published=outcome.published,
        language=outcome.source_language,
        verdict=outcome.verdict,
    )
