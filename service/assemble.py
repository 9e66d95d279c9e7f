"""Puts the outcome of every stage together into the answer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Literal

from models.base import Translator
from service.abstracts import Told
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
    TranslatedSentence,
)
from service.result import SummarySentence as CitedSentence
from service.stages.ground import Abstract
from service.stages.summarise import SummarySentence

SOFTWARE = f"songngu {version('songngu')}"


@dataclass(frozen=True, slots=True)
class Summary:
    """Its sentences; a draft, with its findings, for each that is translated by itself."""

    told: Sequence[Told]
    drafts: Sequence[Draft]
    findings: Sequence[Sequence[Finding]]
    abstract: Abstract | None  # what a model wrote, or why not; None where none was asked


def assemble(
    *,
    article: Article,
    languages: tuple[Language, Language],
    segments: Sequence[Segment],
    drafts: Sequence[Draft],
    findings: Sequence[Sequence[Finding]],
    terms: Sequence[TermReport],
    glossary: str | None,
    summary: Summary,
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
    writer = summary.abstract if _is_written(summary) else None
    return Result(
        title=TitleResult(source=title.source, target=title.target) if title else None,
        published=article.published,
        byline=article.byline,
        source_language=languages[0],
        target_language=languages[1],
        verdict=verdict,
        reasons=list(reasons),
        summary=_summary(summary, headline, segments, drafts),
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


def _is_written(summary: Summary) -> bool:
    return summary.abstract is not None and summary.abstract.refusal is None


def _summary(
    summary: Summary,
    headline: SummarySentence | None,
    segments: Sequence[Segment],
    drafts: Sequence[Draft],
) -> SummaryResult:
    targets = {segment.id: draft.target for segment, draft in zip(segments, drafts, strict=True)}

    def translated(segment_ids: Sequence[str]) -> str:
        return " ".join(targets[segment_id] for segment_id in segment_ids)

    short = None
    if headline is not None:
        cites = list(headline.segment_ids)
        short = Headline(source=headline.text, target=translated(cites), cites=cites)
    own = iter(zip(summary.drafts, summary.findings, strict=True))
    target = []
    for one in summary.told:
        draft, found = next(own) if one.is_own else (None, ())
        target.append(
            TranslatedSentence(
                text=draft.target if draft is not None else translated(one.segment_ids),
                cites=list(one.segment_ids),
                findings=[_finding(finding) for finding in found],
            )
        )
    return SummaryResult(
        kind="abstractive" if _is_written(summary) else "extractive",
        source=[CitedSentence(text=s.text, cites=list(s.segment_ids)) for s in summary.told],
        target=target,
        headline=short,
        refused=_refused(summary.abstract),
        read_to=summary.abstract.read_to if summary.abstract and _is_written(summary) else None,
    )


def _refused(abstract: Abstract | None) -> SummaryRefusal | None:
    if abstract is None or abstract.refusal is None:
        return None
    refusal = abstract.refusal
    message = Message(vi=refusal.message_vi, en=refusal.message_en)
    return SummaryRefusal(model=abstract.model, reason=refusal.reason, message=message)
