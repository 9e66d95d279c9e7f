"""Text cut into pieces at the edges of what is marked in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.article import Language, Span
from service.glossary import Glossary
from service.review.sheet import Note


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text with an explanation; `major`, `minor` or `term`."""

    span: Span
    kind: str
    tip: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Text without an edge in it; `marks` lie over all of it."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def kind(self) -> str:
        """The weightiest mark."""
        kinds = [mark.kind for mark in self.marks]
        return next((kind for kind in ("major", "minor", "term") if kind in kinds), "")

    @property
    def tip(self) -> str:
        return " · ".join(dict.fromkeys(mark.tip for mark in self.marks))


def cut(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """The text as pieces, which together are the text again.

    >>> [piece.text for piece in cut("12 tỉnh", [Mark(Span(0, 2), "major", "?")])]
    ['12', ' tỉnh']
    """
    edges = {0, len(text)}
    inside = [m for m in marks if 0 <= m.span.start < m.span.end <= len(text)]
    for mark in inside:
        edges |= {mark.span.start, mark.span.end}
    order = sorted(edges)
    return [
        Piece(
            text[start:end],
            tuple(m for m in inside if m.span.start <= start and end <= m.span.end),
        )
        for start, end in pairwise(order)
    ]


def note_marks(notes: Sequence[Note], side: str, text: str, language: str) -> list[Mark]:
    """Marks of findings on the `source` or `target`, explained in the UI's language.

    A finding about the whole text points at nothing in it.
    """
    found = []
    for note in notes:
        span = note.source if side == "source" else note.target
        if span is not None and span.end - span.start < len(text):
            kind = "major" if note.major else "minor"
            found.append(Mark(span, kind, note.message(language)))
    return found


def term_marks(
    source: str, targets: Sequence[str], language: Language, glossaries: Sequence[Glossary]
) -> tuple[list[Mark], list[list[Mark]]]:
    """Glossary hits in a source, and where its targets have one of the term's forms."""
    on_source: list[Mark] = []
    on_targets: list[list[Mark]] = [[] for _ in targets]
    for glossary in glossaries:
        hits = glossary.find(source, language)
        for term, span in hits:
            if language not in term.asked or _covered(span, on_source):
                continue
            tip = f"{span.of(source)} → {'; '.join(term.forms(language.other))}"
            on_source.append(Mark(span, "term", tip))
        terms = {term for term, _ in hits if language in term.asked}
        if terms:
            for number, target in enumerate(targets):
                for term, span in glossary.find(target, language.other):
                    if term in terms and not _covered(span, on_targets[number]):
                        tip = f"{term.forms(language)[0]} → {span.of(target)}"
                        on_targets[number].append(Mark(span, "term", tip))
    return on_source, on_targets


def _covered(span: Span, marks: Sequence[Mark]) -> bool:
    return any(span.start < m.span.end and m.span.start < span.end for m in marks)
