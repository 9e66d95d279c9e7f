"""The repair ladder: other drafts for segments with findings, never a worse one.

Rungs, each tried only for what the one before left open: the rivals of the best draft in the same
search, and a search without repetition for loops ("n-best"); placeholders for names and terms,
and for figures where one of them is at fault, then, for major findings, the other way round
("placeholders"); shorter pieces ("clauses").
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from models.base import Decoding, Translator
from service.article import Draft, Finding, Language, Segment, Severity, Span
from service.drafting import (
    FindTerms,
    Piece,
    SplitLong,
    cut,
    decode,
    is_capitals,
    join,
)
from service.glossary import touches
from service.masking import Masked, mask

Check = Callable[[str, Draft, Language, Language], list[Finding]]
Badness = Callable[[Sequence[Finding]], float]

BEAM_SIZE = 2  # of the rungs that decode again: half the time, and the checks choose anyway
CLAUSE_SHARE = 0.6  # of the segment's tokens: how long a piece may be on the last rung
MIN_CLAUSE_TOKENS = 10
# Repeated runs of tokens that are forbidden where the draft loops; of equal drafts the first stays.
# Two for loops of one syllable ("động động động"), which longer runs do not see.
LOOP_NGRAMS = (4, 2)
_MENDED_BY_NAME = frozenset({"glossary", "names"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What every rung needs."""

    source: Language
    target: Language
    translator: Translator
    check: Check
    badness: Badness
    split_long: SplitLong
    placeholders: Sequence[str]
    find_terms: FindTerms


@dataclass(slots=True)
class _Case:
    """A segment with findings, and the best draft for it so far."""

    segment: Segment
    draft: Draft
    findings: list[Finding]
    rivals: Sequence[Draft]
    terms: Mapping[Span, str]  # all that the glossary has for the segment

    def lost(self, check: str) -> set[Span]:
        """Where the source has what the draft lost, by the findings of one check."""
        return {f.source_span for f in self.findings if f.check == check and f.source_span}

    def lost_terms(self) -> dict[Span, str]:
        """The glossary's terms that the draft lacks."""
        lost = self.lost("glossary")
        return {span: term for span, term in self.terms.items() if span in lost}

    def asked_terms(self) -> Mapping[Span, str]:
        """All terms where one is lost: a new draft must not lose the others."""
        return self.terms if self.lost("glossary") else {}

    def has(self, *checks: str) -> bool:
        return any(f.check in checks for f in self.findings)

    def is_major(self) -> bool:
        return any(f.severity is Severity.MAJOR for f in self.findings)

    def is_major_beyond_terms(self) -> bool:
        return any(f.severity is Severity.MAJOR and f.check != "glossary" for f in self.findings)

    def lost_figures(self) -> bool:
        """Whether something is wrong that a glossary and a list of names cannot mend."""
        return any(f.check not in _MENDED_BY_NAME for f in self.findings)


Rung = Callable[[Sequence[_Case], Ladder], list[list[Draft]]]


def repair(
    segments: Sequence[Segment],
    drafts: Sequence[Sequence[Draft]],
    findings: Sequence[list[Finding]],
    ladder: Ladder,
) -> tuple[list[Draft], list[list[Finding]]]:
    """One draft a segment with its findings, in order.

    `drafts` are those of each segment, best first; `findings` those of the best.
    """
    cases = [
        _Case(segment, best, found, rivals, ladder.find_terms(segment.text) if found else {})
        for segment, (best, *rivals), found in zip(segments, drafts, findings, strict=True)
    ]
    for rung, is_for in _RUNGS:
        unsettled = [
            case
            for case in cases
            if case.draft.rung != "kept" and ladder.badness(case.findings) > 0 and is_for(case)
        ]
        for case, candidates in zip(
            unsettled, rung(unsettled, ladder) if unsettled else (), strict=True
        ):
            _take_best(case, candidates, ladder)
    return [case.draft for case in cases], [case.findings for case in cases]


def _take_best(case: _Case, candidates: Sequence[Draft], ladder: Ladder) -> None:
    best = ladder.badness(case.findings)
    for candidate in candidates:
        found = ladder.check(case.segment.text, candidate, ladder.source, ladder.target)
        badness = ladder.badness(found)
        if badness < best:
            best, case.draft, case.findings = badness, candidate, found


def _n_best(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    """The rivals; a loop shows in all of them, so there repetition is forbidden instead."""
    pieces = {
        place: _pieces(case.segment.text, ladder)
        for place, case in enumerate(cases)
        if case.has("repetition", "truncated")
    }
    texts = [piece.text for own in pieces.values() for piece in own]
    again: dict[int, list[Draft]] = {place: [] for place in pieces}
    for size in LOOP_NGRAMS:
        decoding = replace(ladder.translator.decoding, n_best=1, no_repeat_ngram_size=size)
        found = decode(texts, ladder.target, ladder.translator, decoding)
        for place, own in pieces.items():
            again[place] += join(cases[place].segment.text, own, found, "n-best")
    return [
        [replace(rival, rung="n-best") for rival in case.rivals] + again.get(place, [])
        for place, case in enumerate(cases)
    ]


def _placeholders(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    """What was lost behind placeholders; figures too where one of them is at fault."""
    masks = [_mask(case, case.asked_terms(), ladder, case.lost_figures()) for case in cases]
    return _behind(masks, ladder)


def _other_placeholders(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    """Only the terms that were lost, and figures as they were not masked before."""
    masks = [_mask(case, case.lost_terms(), ladder, not case.lost_figures()) for case in cases]
    return _behind(masks, ladder)


def _mask(case: _Case, terms: Mapping[Span, str], ladder: Ladder, figures: bool) -> Masked | None:
    """The case's text with the terms and the names that it lost masked."""
    if not ladder.placeholders:
        return None
    text = case.segment.text
    names = {span: span.of(text) for span in case.lost("names") if not touches(span, list(terms))}
    fixed = names | dict(terms)
    if is_capitals(text):
        fixed = {span: form.upper() for span, form in fixed.items()}
    return mask(text, fixed, ladder.placeholders, ladder.target, figures=figures)


def _behind(masked: Sequence[Masked | None], ladder: Ladder) -> list[list[Draft]]:
    """Drafts of masked texts with everything put back; none where a placeholder was lost."""
    pieces = [_pieces(m.text, ladder) if m else [] for m in masked]
    texts = [piece.text for own in pieces for piece in own]
    found = decode(texts, ladder.target, ladder.translator, _narrow(ladder))
    answers: list[list[Draft]] = []
    for m, own in zip(masked, pieces, strict=True):
        drafts = join(m.text, own, found, "placeholders") if m else []
        restored = [(draft, m.restore(draft.target)) for draft in drafts if m]
        answers.append([replace(draft, target=text) for draft, text in restored if text])
    return answers


def _clauses(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    pieces: list[list[Piece]] = []
    for case in cases:
        tokens = ladder.translator.count_tokens(case.segment.text)
        limit = max(MIN_CLAUSE_TOKENS, int(tokens * CLAUSE_SHARE))
        pieces.append(cut(case.segment.text, ladder.translator, ladder.split_long, limit))
    texts = [piece.text for own in pieces for piece in own]
    found = decode(texts, ladder.target, ladder.translator, _narrow(ladder))
    return [
        join(case.segment.text, own, found, "clauses")
        for case, own in zip(cases, pieces, strict=True)
    ]


def _narrow(ladder: Ladder) -> Decoding:
    default = ladder.translator.decoding
    size = min(BEAM_SIZE, default.beam_size)
    return replace(default, beam_size=size, n_best=size)


def _pieces(text: str, ladder: Ladder) -> list[Piece]:
    return cut(text, ladder.translator, ladder.split_long, ladder.translator.max_source_tokens)


# By rung: which cases it is worth its time for.
_RUNGS: tuple[tuple[Rung, Callable[[_Case], bool]], ...] = (
    (_n_best, lambda case: True),  # noqa: ARG005
    (_placeholders, lambda case: True),  # noqa: ARG005
    (_other_placeholders, _Case.is_major),
    (_clauses, _Case.is_major_beyond_terms),
)
