"""An item's outputs side by side: one row a segment, one cell an output.

Results are read leniently, field by field: those of earlier versions stay readable.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.article import Span


@dataclass(frozen=True, slots=True)
class Note:
    """What a check found; spans are in the segment's own source and target."""

    check: str
    major: bool
    vi: str
    en: str
    source: Span | None = None
    target: Span | None = None

    def message(self, language: str) -> str:
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Cell:
    """One output's target of one segment."""

    target: str
    notes: tuple[Note, ...] = ()

    @property
    def flagged(self) -> bool:
        return any(note.major for note in self.notes)


@dataclass(frozen=True, slots=True)
class Row:
    """One segment; a cell is None where an output lacks it."""

    id: str
    block: int  # number of the block, from 0
    kind: str
    source: str
    cells: tuple[Cell | None, ...]

    @property
    def flagged(self) -> bool:
        return any(cell is not None and cell.flagged for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of a summary and the segments that it rests on."""

    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that was taken out."""

    text: str
    line: int
    rule: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the article page shows of an item's outputs, in stored order."""

    title: str
    source_language: str
    target_language: str
    models: tuple[str, ...]
    qualities: tuple[str, ...]
    rows: tuple[Row, ...]
    source_summary: tuple[Cited, ...]
    target_summaries: tuple[tuple[Cited, ...], ...]  # by output
    removed: tuple[Removed, ...]
    facts: tuple[str, ...]  # published, byline

    @property
    def flagged(self) -> int:
        """Segments that a check doubts in any output."""
        return sum(row.flagged for row in self.rows)

    def row(self, segment: str) -> Row | None:
        return next((row for row in self.rows if row.id == segment), None)


def read_sheet(outputs: Sequence[tuple[str, str]]) -> Sheet:
    """The sheet of (model, JSON of a Result), the first of which says what the segments are."""
    results = [json.loads(result) for _, result in outputs]
    first = results[0]
    own = [_cells(result) for result in results]
    rows = []
    for number, block in enumerate(first["blocks"]):
        for segment in block["segments"]:
            key = segment["id"], segment["source"]
            cells = tuple(cells.get(key) for cells in own)
            rows.append(Row(segment["id"], number, block["kind"], segment["source"], cells))
    title = first.get("title") or {}
    return Sheet(
        title=title.get("source") or next((row.source for row in rows), ""),
        source_language=first["source_language"],
        target_language=first["target_language"],
        models=tuple(model for model, _ in outputs),
        qualities=tuple(result.get("provenance", {}).get("quality", "") for result in results),
        rows=tuple(rows),
        source_summary=_cited(first["summary"]["source"]),
        target_summaries=tuple(_cited(result["summary"]["target"]) for result in results),
        removed=tuple(
            Removed(line["text"], line["line"], line["rule"]) for line in first["removed"]
        ),
        facts=tuple(str(first[name]) for name in ("published", "byline") if first.get(name)),
    )


def _cells(result: Mapping[str, Any]) -> dict[tuple[str, str], Cell]:
    return {
        (segment["id"], segment["source"]): Cell(
            segment["target"], tuple(_note(found) for found in segment.get("findings", ()))
        )
        for block in result["blocks"]
        for segment in block["segments"]
    }


def _note(found: Mapping[str, Any]) -> Note:
    source, target = found.get("source_span"), found.get("target_span")
    return Note(
        check=found["check"],
        major=found["severity"] == "major",
        vi=found["message"]["vi"],
        en=found["message"]["en"],
        source=Span(*source) if source else None,
        target=Span(*target) if target else None,
    )


def _cited(sentences: Sequence[Mapping[str, Any]]) -> tuple[Cited, ...]:
    return tuple(Cited(sentence["text"], tuple(sentence["cites"])) for sentence in sentences)


def follow_segments(old: Sequence[Row], new: Sequence[Row]) -> dict[str, str]:
    """Where each segment went when the article was made anew: old id to new id, by its source.

    >>> row = lambda id, source: Row(id, 0, "paragraph", source, ())
    >>> follow_segments([row("b1s1", "Một."), row("b2s1", "Hai.")], [row("b1s1", "Hai.")])
    {'b2s1': 'b1s1'}
    """
    places: dict[str, list[str]] = {}
    for row in reversed(new):
        places.setdefault(row.source, []).append(row.id)
    return {row.id: places[row.source].pop() for row in old if places.get(row.source)}
