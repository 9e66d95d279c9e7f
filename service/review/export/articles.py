"""The reviewed articles as plain values, and as corrected Results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.article import Span, weave
from service.result import BlockResult, FindingResult, Message, Result, TitleResult
from service.review.sheet import Note, Sheet
from service.review.view import machine_text, recheck
from service.store.review_values import Edit

HIDDEN = "hidden"  # in the place of a model's name that may not yet be told


@dataclass(frozen=True, slots=True)
class ExportSegment:
    """One segment: what the model made and what stands there now."""

    id: str
    kind: str
    source: str
    machine: str
    target: str
    state: str  # machine, corrected or approved
    flagged: bool
    reviewer: str  # "" where nobody corrected it


@dataclass(frozen=True, slots=True)
class ExportArticle:
    """One article; `model` is HIDDEN while the one who exports has to vote on it."""

    id: str
    title: str
    source_language: str
    target_language: str
    model: str
    approved: bool
    segments: tuple[ExportSegment, ...]


def export_article(
    item_id: str,
    sheet: Sheet,
    edits: Mapping[str, Edit],
    *,
    output: int,
    approved: bool,
    hidden: bool,
) -> ExportArticle:
    """An article with the texts of `output`, where nobody corrected them."""
    segments = []
    for row in sheet.rows:
        edit = edits.get(row.id)
        machine = machine_text(row, edit.base if edit else output)
        segments.append(
            ExportSegment(
                id=row.id,
                kind=row.kind,
                source=row.source,
                machine=machine,
                target=edit.text if edit else machine,
                state="approved" if approved else "corrected" if edit else "machine",
                flagged=row.flagged,
                reviewer=edit.reviewer if edit else "",
            )
        )
    return ExportArticle(
        id=item_id,
        title=sheet.title,
        source_language=sheet.source_language,
        target_language=sheet.target_language,
        model=HIDDEN if hidden else sheet.models[output],
        approved=approved,
        segments=tuple(segments),
    )


def corrected(result: Result, sheet: Sheet, edits: Mapping[str, Edit], *, hidden: bool) -> Result:
    """A Result with the corrections in it, checked anew; without the model's name where hidden."""
    blocks = [_block(block, sheet, edits) for block in result.blocks]
    titles = [block for block in blocks if block.kind == "title"]
    provenance = result.provenance
    if hidden:
        provenance = provenance.model_copy(
            update={"model": HIDDEN, "quality": HIDDEN, "weights_sha256": "0" * 64}
        )
    title = TitleResult(source=titles[0].source, target=titles[0].target) if titles else None
    return result.model_copy(
        update={
            "title": title if result.title is not None else None,
            "blocks": blocks,
            "text": "\n\n".join(block.target for block in blocks),
            "provenance": provenance,
        }
    )


def _block(block: BlockResult, sheet: Sheet, edits: Mapping[str, Edit]) -> BlockResult:
    targets = [
        edits[segment.id].text if segment.id in edits else segment.target
        for segment in block.segments
    ]
    target, spans = weave(block.source, [Span(*s.source_span) for s in block.segments], targets)
    segments = []
    for segment, text, span in zip(block.segments, targets, spans, strict=True):
        update: dict[str, object] = {"target": text, "target_span": (span.start, span.end)}
        if segment.id in edits:
            found = recheck(segment.source, text, sheet)
            update |= {"rung": "corrected", "score": None, "findings": _findings(found)}
        segments.append(segment.model_copy(update=update))
    return block.model_copy(update={"target": target, "segments": segments})


def _findings(notes: Sequence[Note]) -> list[FindingResult]:
    return [
        FindingResult.model_validate(
            {
                "check": note.check,
                "severity": "major" if note.major else "minor",
                "message": Message(vi=note.vi, en=note.en),
                "source_span": (note.source.start, note.source.end) if note.source else None,
                "target_span": (note.target.start, note.target.end) if note.target else None,
            }
        )
        for note in notes
    ]
