"""Puts the outcome of every stage together into the answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Literal

from models.base import Translator
from service.article import Article, BlockKind, Draft, Finding, Language, Segment, weave
from service.checks.glossary import TermReport
from service.errors import SongnguError
from service.result import (
    Alternative,
    AlternativeBlock,
    AlternativeSegment,
    BlockResult,
    DecodingResult,
    FindingResult,
    Headline,
    Message,
    ModelProblem,
    Provenance,
    RemovalResult,
    RepairResult,
    Result,
    SegmentResult,
    SummaryRefusal,
    SummaryResult,
    TermResult,
    TitleResult,
)
from service.result import SummarySentence as CitedSentence
from service.stages.ground import Abstract
from service.stages.summarise import SummarySentence

SOFTWARE = f"songngu {version('songngu')}"


@dataclass(frozen=True, slots=True)
class Written:
    """A summary that a model wrote, with the translation of each sentence; or why there is none."""

    abstract: Abstract
    drafts: Sequence[Draft]
    findings: Sequence[Sequence[Finding]]


def assemble(
    *,
    article: Article,
    languages: tuple[Language, Language],
    segments: Sequence[Segment],
    drafts: Sequence[Draft],
    findings: Sequence[Sequence[Finding]],
    terms: Sequence[TermReport],
    glossary: str | None,
    summary: Sequence[SummarySentence],
    written: Written | None,
    headline: SummarySentence | None,
    verdict: Literal["ready", "review"],
    reasons: Sequence[str],
    translator: Translator,
    ranker_sha256: str,
    quality: str,
    timings_ms: Mapping[str, float],
) -> Result:
    """The answer; targets stand where their sources stood, gaps as they were."""
    blocks = _blocks(article, segments, drafts, findings)
    title = next((block for block in blocks if block.kind is BlockKind.TITLE), None)
    writer = written.abstract if written and written.abstract.refusal is None else None
    return Result(
        title=TitleResult(source=title.source, target=title.target) if title else None,
        published=article.published,
        byline=article.byline,
        source_language=languages[0],
        target_language=languages[1],
        verdict=verdict,
        reasons=list(reasons),
        summary=_summary(summary, written, headline, segments, drafts),
        blocks=blocks,
        terms=[_term(term) for term in terms],
        removed=[RemovalResult(**asdict(removal)) for removal in article.removed],
        repairs=[RepairResult(**asdict(repair)) for repair in article.repairs],
        text="\n\n".join(block.target for block in blocks),
        provenance=Provenance(
            software=SOFTWARE,
            model=translator.model_id,
            weights_sha256=translator.weights_sha256,
            decoding=DecodingResult(**asdict(translator.decoding)),
            ranker_sha256=ranker_sha256,
            summary_model=writer.model if writer else None,
            summary_weights_sha256=writer.weights_sha256 if writer else None,
            glossary=glossary,
            quality=quality,
        ),
        timings_ms=dict(timings_ms),
    )


def with_alternatives(
    result: Result, others: Sequence[tuple[str, Result | SongnguError]]
) -> Result:
    """The first model's answer with those of the others, by the names they were asked by."""
    if not others:
        return result
    alternatives = [_alternative(model, outcome) for model, outcome in others]
    return result.model_copy(update={"alternatives": alternatives})


def _alternative(model: str, outcome: Result | SongnguError) -> Alternative:
    if isinstance(outcome, SongnguError):
        told = ModelProblem(type=outcome.slug, title=outcome.title, detail=str(outcome))
        return Alternative(model=model, problem=told)
    return Alternative(
        model=model,
        verdict=outcome.verdict,
        reasons=outcome.reasons,
        title=outcome.title.target if outcome.title else None,
        summary=outcome.summary.target,
        blocks=[
            AlternativeBlock(
                target=block.target,
                segments=[
                    AlternativeSegment(**segment.model_dump(exclude={"source", "source_span"}))
                    for segment in block.segments
                ],
            )
            for block in outcome.blocks
        ],
        terms=outcome.terms,
        text=outcome.text,
        provenance=outcome.provenance,
        timings_ms=outcome.timings_ms,
    )


def _blocks(
    article: Article,
    segments: Sequence[Segment],
    drafts: Sequence[Draft],
    findings: Sequence[Sequence[Finding]],
) -> list[BlockResult]:
    own: dict[int, list[int]] = defaultdict(list)
    for index, segment in enumerate(segments):
        own[segment.block].append(index)
    results = []
    for number, block in enumerate(article.blocks):
        indices = own[number]
        target, placed = weave(
            block.text,
            [segments[index].span for index in indices],
            [drafts[index].target for index in indices],
        )
        results.append(
            BlockResult(
                kind=block.kind,
                source=block.text,
                target=target,
                segments=[
                    SegmentResult(
                        id=segments[index].id,
                        source=segments[index].text,
                        target=drafts[index].target,
                        source_span=(segments[index].span.start, segments[index].span.end),
                        target_span=(span.start, span.end),
                        findings=[_finding(finding) for finding in findings[index]],
                        rung=drafts[index].rung,
                        score=_rounded(drafts[index].score),
                    )
                    for index, span in zip(indices, placed, strict=True)
                ],
            )
        )
    return results


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


def _term(term: TermReport) -> TermResult:
    return TermResult(
        source=term.source,
        target=term.target,
        glossary="user" if term.is_users else "built-in",
        matched=len(term.applied) + len(term.not_applied),
        applied=term.applied,
        not_applied=term.not_applied,
    )


def _finding(finding: Finding) -> FindingResult:
    source, target = finding.source_span, finding.target_span
    return FindingResult(
        check=finding.check,
        severity=finding.severity,
        message=Message(vi=finding.message_vi, en=finding.message_en),
        source_span=(source.start, source.end) if source else None,
        target_span=(target.start, target.end) if target else None,
    )


def _summary(
    summary: Sequence[SummarySentence],
    written: Written | None,
    headline: SummarySentence | None,
    segments: Sequence[Segment],
    drafts: Sequence[Draft],
) -> SummaryResult:
    targets = {segment.id: draft.target for segment, draft in zip(segments, drafts, strict=True)}

    def translated(sentence: SummarySentence) -> str:
        return " ".join(targets[segment_id] for segment_id in sentence.segment_ids)

    short = None
    if headline is not None:
        cites = list(headline.segment_ids)
        short = Headline(source=headline.text, target=translated(headline), cites=cites)
    refusal = written.abstract.refusal if written else None
    if written is not None and refusal is None:
        return _written_summary(written, short)
    return SummaryResult(
        source=[CitedSentence(text=s.text, cites=list(s.segment_ids)) for s in summary],
        target=[CitedSentence(text=translated(s), cites=list(s.segment_ids)) for s in summary],
        headline=short,
        refused=SummaryRefusal(
            model=written.abstract.model,
            reason=refusal.reason,
            message=Message(vi=refusal.message_vi, en=refusal.message_en),
        )
        if written is not None and refusal is not None
        else None,
    )


def _written_summary(written: Written, headline: Headline | None) -> SummaryResult:
    sentences = written.abstract.sentences
    return SummaryResult(
        kind="abstractive",
        source=[CitedSentence(text=s.text, cites=list(s.segment_ids)) for s in sentences],
        target=[
            CitedSentence(
                text=draft.target,
                cites=list(sentence.segment_ids),
                findings=[_finding(finding) for finding in found],
            )
            for sentence, draft, found in zip(
                sentences, written.drafts, written.findings, strict=True
            )
        ],
        headline=headline,
        read_to=written.abstract.read_to,
    )
