"""The path of an article, top to bottom."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from models.base import Ranker, Translator
from service.article import Article, Block, BlockKind, Language, Segment
from service.assemble import assemble
from service.errors import (
    LanguageNotSupported,
    SameLanguage,
    WeightsBroken,
)
from service.glossary import Glossary, agreed_terms, terms_of
from service.intake import ArticleRequest, Extract, read_article
from service.result import Result
from service.stages.check import badness, check_draft, report_terms, verdict
from service.stages.detect import detect, detect_article, detect_blocks
from service.stages.repair import Ladder, repair
from service.stages.segment import segment as cut_sentences
from service.stages.segment import split_long
from service.stages.spell_names import spell_names
from service.stages.summarise import summarise
from service.stages.translate import Progress, translate

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


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages with the models they need; built by `service.bootstrap`, safe to share."""

    translators: Mapping[tuple[str, str], Translator]  # by (source, target) language
    ranker: Ranker
    ranker_sha256: str
    extract: Extract
    max_article_chars: int
    quality: Mapping[str, str]  # model id -> one line on how good it is

    def run(self, request: ArticleRequest, progress: Progress | None = None) -> Result:
        """Clean, translate, check and summarise one article.

        Raises an error of `service.errors` where the article cannot be used.
        """
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
        translator = self._translator(source, target)
        with timings.stage("translate"):
            user = request.glossary.glossary(source) if request.glossary else None
            all_drafts = translate(
                segments,
                target,
                translator,
                split_long=split_long,
                find_terms=partial(terms_of, user, language=source) if user else None,
                progress=progress,
            )
            drafts = [own[0] for own in all_drafts]
        with timings.stage("check"):
            ladder = build_ladder(source, target, translator, user)
            findings = [
                ladder.check(segment.text, draft, source, target)
                for segment, draft in zip(segments, drafts, strict=True)
            ]
        with timings.stage("repair"):
            if request.repair:
                drafts, findings = repair(segments, all_drafts, findings, ladder)
        with timings.stage("names"):
            spelt = spell_names(segments, drafts, target, request.names)
            findings = [
                own if draft is before else ladder.check(segment.text, draft, source, target)
                for segment, before, draft, own in zip(
                    segments, drafts, spelt, findings, strict=True
                )
            ]
            drafts = spelt
        with timings.stage("summarise"):
            title = next((b.text for b in article.blocks if b.kind is BlockKind.TITLE), "")
            summary = summarise(
                segments,
                self.ranker,
                title,
                sentences=request.summary_sentences,
                max_words=request.summary_words,
            )
        decision, reasons = verdict(findings)
        return assemble(
            article=article,
            languages=(source, target),
            segments=segments,
            drafts=drafts,
            findings=findings,
            terms=report_terms(segments, drafts, source, target, user),
            glossary=request.glossary.label if request.glossary else None,
            summary=summary,
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
        for number, span in enumerate(cut_sentences(block.text, known), start=1):
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
