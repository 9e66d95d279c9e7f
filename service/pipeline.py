"""The path of an article, top to bottom."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from models.base import Generator, Ranker, Translator
from models.tickets import Ticket
from service.abstracts import Told, as_segments, given_up, write
from service.article import Article, Block, BlockKind, Language, Segment, Span
from service.assemble import Summary, assemble, with_alternatives
from service.drafting import KEPT_KINDS
from service.errors import (
    DirectionNotSupported,
    EngineError,
    LanguageNotSupported,
    ModelNotKnown,
    RequestAbandoned,
    SameLanguage,
    SongnguError,
    WeightsBroken,
)
from service.intake import ArticleRequest, Extract, read_article
from service.memory import Memory, made_by
from service.recall import recalled, remember
from service.result import Result
from service.stages.check import report_terms
from service.stages.detect import detect, detect_article, detect_blocks, lacks_diacritics
from service.stages.ground import Abstract, Gate, Refusal
from service.stages.segment import segment as cut_sentences
from service.stages.summarise import headline, summarise
from service.stages.translate import Progress
from service.translation import (
    Checked,
    Timings,
    build_ladder,
    decide,
    draft_all,
    same_as,
    spell_all,
)

# Shorter sentences take their block's language: below it names decide the detector's answer.
MIN_QUOTE_CHARS = 40
NO_DIACRITICS = "no diacritics: the model was trained on texts that have them"
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


class ModelSource(Protocol):
    """The models that a request may name."""

    def check(self, models: tuple[str, ...]) -> None:
        """Raise ModelNotKnown unless all can be asked for."""
        ...

    def lease(
        self, model: str, source: Language, target: Language
    ) -> AbstractContextManager[Translator]:
        """The model, loaded; raises DirectionNotSupported, or an EngineError."""
        ...

    def check_summary(self, model: str) -> None:
        """Raise ModelNotKnown unless it is "auto" or a model that summarises."""
        ...

    def writer(self, model: str, language: Language) -> AbstractContextManager[Generator | Refusal]:
        """A model that writes summaries, loaded, or why there is none."""
        ...

    def under(self, ticket: Ticket) -> "ModelSource": ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Read:
    """What every model of a request translates."""

    article: Article
    source: Language
    target: Language
    segments: Sequence[Segment]
    timings_ms: Mapping[str, float]

    @property
    def title(self) -> str:
        return next((b.text for b in self.article.blocks if b.kind is BlockKind.TITLE), "")


@dataclass(slots=True)
class _Shared:
    """The summary that the first model to answer has, for those beside it."""

    abstract: Abstract | None = None  # None: none was asked for, or not yet written
    told: Sequence[Told] | None = None  # once it is translated


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages with the models they need; built by `service.bootstrap`, safe to share."""

    translators: Mapping[tuple[str, str], Translator]  # by (source, target) language
    ranker: Ranker
    ranker_sha256: str
    extract: Extract
    max_article_chars: int
    quality: Mapping[str, str]  # model id -> one line on how good it is
    models: ModelSource | None = None  # for requests that name models
    memory: Memory | None = None  # for requests that may use it

    def close(self) -> None:
        """Let the models go, and write what the memory has not written yet."""
        if self.memory is not None:
            self.memory.close()
        if self.models is not None:
            self.models.close()

    def run(self, request: ArticleRequest, progress: Progress | None = None) -> Result:
        """Clean, translate, check and summarise one article; the first model's answer leads.

        Raises an error of `service.errors` where the article, or the first model, cannot be used.
        """
        first, *others = self.run_each(request, progress)
        if isinstance(first, SongnguError):
            raise first
        return with_alternatives(first, list(zip(request.models[1:], others, strict=True)))

    def run_each(
        self, request: ArticleRequest, progress: Progress | None = None
    ) -> list[Result | SongnguError]:
        """One outcome for each model of the request, in its order; the article is read once.

        Raises what stops them all: an article that cannot be used, a model that is not known.
        """
        if request.models and self.models is not None:
            self.models.check(request.models)
        elif request.models:
            raise ModelNotKnown(())
        if request.summary_model is not None:
            if self.models is None:
                raise ModelNotKnown((), "summary.model")
            self.models.check_summary(request.summary_model)
        read, shared = self._read(request), _Shared()
        if not request.models:
            translator = self._translator(read.source, read.target)
            return [self._translated(translator, read, request, shared, progress)]
        return [
            self._outcome(
                model, read, request, shared, _part(progress, number, len(request.models))
            )
            for number, model in enumerate(request.models)
        ]

    def _outcome(
        self,
        model: str,
        read: _Read,
        request: ArticleRequest,
        shared: _Shared,
        progress: Progress | None,
    ) -> Result | SongnguError:
        assert self.models is not None  # noqa: S101 - `run_each` looked
        try:
            with self.models.lease(model, read.source, read.target) as translator:
                return self._translated(translator, read, request, shared, progress)
        except RequestAbandoned:
            raise
        except (EngineError, DirectionNotSupported) as error:
            return error

    def _read(self, request: ArticleRequest) -> _Read:
        timings = Timings()
        with timings.stage("intake"):
            article = read_article(request, self.extract, self.max_article_chars)
        with timings.stage("detect"):
            source = request.source_language or _language_of(article)
            target = request.target_language or source.other
            if source is target:
                raise SameLanguage(source.value)
            languages = detect_blocks([block.text for block in article.blocks])
        with timings.stage("segment"):
            segments = cut_segments(article.blocks, languages, source)
        return _Read(article, source, target, segments, timings.ms)

    def _translated(
        self,
        translator: Translator,
        read: _Read,
        request: ArticleRequest,
        shared: _Shared,
        progress: Progress | None,
    ) -> Result:
        source, target, segments = read.source, read.target, read.segments
        timings = Timings(dict(read.timings_ms))
        user = request.glossary.glossary(source) if request.glossary else None
        ladder = build_ladder(source, target, translator, user)
        with timings.stage("memory"):
            rows = request.glossary.rows if request.glossary else ()
            terms = [(row.source, row.target) for row in rows]
            key = made_by(translator, source, target, repair=request.repair, terms=terms)
            memory = request.first or (self.memory if request.memory else None)
            known = recalled(memory, segments, target, key)
        fresh = [segment for segment in segments if segment.id not in known]
        draft = partial(draft_all, ladder=ladder, user=user, repairing=request.repair)
        checked = draft(segments, known, timings=timings, progress=progress)
        if memory is not None:
            remember(memory, fresh, checked, key)
        told, added, more = self._summarised(read, request, shared, checked, draft, timings)
        checked |= more
        with timings.stage("names"):
            drafts, findings = spell_all([*segments, *added], checked, ladder, request.names)
        own, wanted = len(segments), request.summary_sentences
        short = headline(segments, self.ranker, read.title) if wanted else None
        decision, reasons = decide(findings[:own], findings[own:])
        if source is Language.VI and lacks_diacritics([b.text for b in read.article.blocks]):
            decision, reasons = "review", [NO_DIACRITICS, *reasons]
        return assemble(
            article=read.article,
            languages=(source, target),
            segments=segments,
            drafts=drafts[:own],
            findings=findings[:own],
            terms=report_terms(segments, drafts[:own], source, target, user),
            glossary=request.glossary.label if request.glossary else None,
            summary=Summary(told, drafts[own:], findings[own:], shared.abstract),
            headline=short,
            verdict=decision,
            reasons=reasons,
            translator=translator,
            ranker_sha256=self.ranker_sha256,
            quality=self.quality.get(translator.model_id, "not measured"),
            timings_ms=timings.ms,
        )

    def _summarised(
        self,
        read: _Read,
        request: ArticleRequest,
        shared: _Shared,
        checked: Checked,
        draft: Callable[..., Checked],
        timings: Timings,
    ) -> tuple[Sequence[Told], list[Segment], Checked]:
        """The summary, those of its sentences that are no segments, and their translations.

        What cannot be translated in time gives way to whole sentences of the article.
        """
        abstract = self._abstract(read, request, shared, timings)
        told = shared.told or self._told(read, request, abstract, timings)
        added = as_segments(told, read.segments, read.source)
        try:
            more = draft(added, same_as(added, read.segments, checked), timings=Timings())
        except RequestAbandoned:
            raise
        except EngineError as error:
            if shared.told is not None:
                raise
            abstract = abstract and given_up(abstract, error)
            told = self._told(read, request, abstract, timings, shorten=False)
            added, more = [], {}
        shared.abstract, shared.told = abstract, told
        return told, added, more

    def _abstract(
        self, read: _Read, request: ArticleRequest, shared: _Shared, timings: Timings
    ) -> Abstract | None:
        """What a model writes, once for all that translate it; None where none was asked to."""
        if request.summary_model is None or not request.summary_sentences or self.models is None:
            return None
        if shared.abstract is None:
            gate = Gate(
                language=read.source,
                cut_sentences=cut_sentences,
                tell_language=lambda text: detect(text).code,
                max_sentences=request.summary_sentences,
                max_words=request.summary_words,
            )
            title = request.summary_title
            with timings.stage("write-summary"):
                shared.abstract = write(
                    self.models, request.summary_model, read.segments, gate, with_title=title
                )
        return shared.abstract

    def _told(
        self,
        read: _Read,
        request: ArticleRequest,
        abstract: Abstract | None,
        timings: Timings,
        *,
        shorten: bool = True,
    ) -> list[Told]:
        """What was written, or else the sentences chosen."""
        if abstract is not None and abstract.refusal is None:
            return [Told(one.text, one.segment_ids, is_own=True) for one in abstract.sentences]
        with timings.stage("summarise"):
            chosen = summarise(
                read.segments,
                self.ranker,
                read.title,
                sentences=request.summary_sentences,
                max_words=request.summary_words,
                with_title=request.summary_title,
                shorten=shorten,
            )
        return [Told(one.text, one.segment_ids, one.span is not None) for one in chosen]

    def _translator(self, source: Language, target: Language) -> Translator:
        translator = self.translators.get((source.value, target.value))
        if translator is None:
            message = f"No model for {source.value} to {target.value} is loaded."
            raise WeightsBroken(message)
        return translator


def _part(progress: Progress | None, number: int, models: int) -> Progress | None:
    """The progress of one model of several, as a part of the whole."""
    if progress is None:
        return None
    return lambda done, total: progress(number * total + done, models * total)


def _language_of(article: Article) -> Language:
    detection = detect_article([block.text for block in article.blocks])
    if detection.language is None:
        raise LanguageNotSupported(detection.code)
    return detection.language


def cut_segments(
    blocks: Sequence[Block], languages: Sequence[Language | None], article_language: Language
) -> list[Segment]:
    """The sentences of every block, numbered `b<block>s<sentence>` from 1.

    A sentence in the other language inside a block (a quote) is told by its own text.
    """
    segments = []
    for index, (block, language) in enumerate(zip(blocks, languages, strict=True)):
        known = language or article_language
        whole = block.kind in KEPT_KINDS  # "(Chinhphu.vn) –" is no sentence, and stays as it is
        spans = [Span(0, len(block.text))] if whole else cut_sentences(block.text, known)
        for number, span in enumerate(spans, start=1):
            text = span.of(block.text)
            own = known
            if _may_be_quote(text, block.text, known):
                own = detect(text).language or known
            segments.append(Segment(f"b{index + 1}s{number}", index, block.kind, span, text, own))
    return segments


def _may_be_quote(sentence: str, block: str, language: Language) -> bool:
    """Whether it is worth asking for the sentence's own language, which costs up to 4 ms."""
    if not MIN_QUOTE_CHARS <= len(sentence) < len(block):
        return False
    return (_VIETNAMESE.search(sentence) is not None) is (language is Language.EN)
