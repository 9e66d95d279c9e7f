"""The path of an article, top to bottom."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from models.base import Ranker, Translator
from models.tickets import Ticket
from service.article import Article, Block, BlockKind, Draft, Language, Segment, Span
from service.assemble import assemble, with_alternatives
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
from service.glossary import Glossary, agreed_terms, terms_of
from service.intake import ArticleRequest, Extract, read_article
from service.memory import PEOPLES_RUNG, Memory, made_by
from service.recall import recalled, sure_targets
from service.result import Result
from service.stages.check import badness, check_draft, report_terms, verdict
from service.stages.detect import detect, detect_article, detect_blocks
from service.stages.repair import Ladder, repair
from service.stages.segment import segment as cut_sentences
from service.stages.segment import split_long
from service.stages.spell_names import spell_names
from service.stages.summarise import headline, summarise
from service.stages.translate import Progress, translate
from service.waiting import service_errors

# Shorter sentences take their block's language: below it names decide the detector's answer.
MIN_QUOTE_CHARS = 40
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


@dataclass(slots=True)
class Timings:
    """Milliseconds spent by stage."""

    ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.ms[name] = round((time.perf_counter() - started) * 1000, 2)


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
        read = self._read(request)
        if not request.models:
            translator = self._translator(read.source, read.target)
            return [self._translated(translator, read, request, progress)]
        return [
            self._outcome(model, read, request, _part(progress, number, len(request.models)))
            for number, model in enumerate(request.models)
        ]

    def _outcome(
        self, model: str, read: _Read, request: ArticleRequest, progress: Progress | None
    ) -> Result | SongnguError:
        assert self.models is not None  # noqa: S101 - `run_each` looked
        try:
            with self.models.lease(model, read.source, read.target) as translator:
                return self._translated(translator, read, request, progress)
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
            memory = self.memory if request.memory else None
            known = recalled(memory, segments, target, key)
        fresh = [segment for segment in segments if segment.id not in known]
        with timings.stage("translate"), service_errors():
            all_drafts = translate(
                fresh,
                target,
                translator,
                split_long=split_long,
                find_terms=partial(terms_of, user, language=source) if user else None,
                progress=progress,
            )
        with timings.stage("check"):
            checked = {
                segment.id: (draft, ladder.check(segment.text, draft, source, target))
                for segment, draft in _drafted(segments, known, fresh, all_drafts)
            }
        with timings.stage("repair"), service_errors():
            if request.repair:
                found = [checked[segment.id][1] for segment in fresh]
                mended = zip(*repair(fresh, all_drafts, found, ladder), strict=True)
                checked |= zip((segment.id for segment in fresh), mended, strict=True)
            if memory is not None:
                memory.remember(sure_targets(fresh, checked), key)
        drafts = [checked[segment.id][0] for segment in segments]
        findings = [checked[segment.id][1] for segment in segments]
        with timings.stage("names"):
            spelt = [
                own if own.rung == PEOPLES_RUNG else draft
                for own, draft in zip(
                    drafts, spell_names(segments, drafts, target, request.names), strict=True
                )
            ]
            findings = [
                own if draft is before else ladder.check(segment.text, draft, source, target)
                for segment, before, draft, own in zip(
                    segments, drafts, spelt, findings, strict=True
                )
            ]
            drafts = spelt
        with timings.stage("summarise"):
            title = next((b.text for b in read.article.blocks if b.kind is BlockKind.TITLE), "")
            summary = summarise(
                segments,
                self.ranker,
                title,
                sentences=request.summary_sentences,
                max_words=request.summary_words,
                with_title=request.summary_title,
            )
            short = headline(segments, self.ranker, title) if request.summary_sentences else None
        decision, reasons = verdict(findings)
        return assemble(
            article=read.article,
            languages=(source, target),
            segments=segments,
            drafts=drafts,
            findings=findings,
            terms=report_terms(segments, drafts, source, target, user),
            glossary=request.glossary.label if request.glossary else None,
            summary=summary,
            headline=short,
            verdict=decision,
            reasons=reasons,
            translator=translator,
            ranker_sha256=self.ranker_sha256,
            quality=self.quality.get(translator.model_id, "not measured"),
            timings_ms=timings.ms,
        )

    def _translator(self, source: Language, target: Language) -> Translator:
        translator = self.translators.get((source.value, target.value))
        if translator is None:
            message = f"No model for {source.value} to {target.value} is loaded."
            raise WeightsBroken(message)
        return translator


def build_ladder(
    source: Language, target: Language, translator: Translator, user: Glossary | None = None
) -> Ladder:
    """What the repair ladder needs for one direction; `user` are the user's terms."""
    return Ladder(
        source=source,
        target=target,
        translator=translator,
        check=partial(check_draft, min_score=translator.min_score, glossary=user),
        badness=badness,
        split_long=split_long,
        placeholders=translator.placeholders,
        find_terms=partial(agreed_terms, language=source, user=user),
    )


def _drafted(
    segments: Sequence[Segment],
    known: Mapping[str, Draft],
    fresh: Sequence[Segment],
    drafts: Sequence[Sequence[Draft]],
) -> list[tuple[Segment, Draft]]:
    """Every segment with its draft: the remembered one, or the best of the model's."""
    made = {segment.id: own[0] for segment, own in zip(fresh, drafts, strict=True)}
    return [(segment, known.get(segment.id) or made[segment.id]) for segment in segments]


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
