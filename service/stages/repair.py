"""The repair ladder: other drafts for segments with findings, never a worse one.

Rungs, each tried only for what the one before left open: other hypotheses of a wider search that
is told the glossary's terms ("n-best"), placeholders for figures, names and terms
("placeholders"), shorter pieces ("clauses").
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from models.base import Translator
from service.article import Draft, Finding, Language, Segment, Span
from service.drafting import Piece, SplitLong, cut, decode, join
from service.masking import mask

Check = Callable[[str, Draft, Language, Language], list[Finding]]
Badness = Callable[[Sequence[Finding]], float]
# (source text) -> where it has a glossary term, and the target term agreed on.
FindTerms = Callable[[str], Mapping[Span, str]]

N_BEST = 4
CLAUSE_SHARE = 0.6  # of the segment's tokens: how long a piece may be on the last rung
MIN_CLAUSE_TOKENS = 10


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


Rung = Callable[[Sequence[_Case], Ladder], list[list[Draft]]]


def repair(
    segments: Sequence[Segment],
    drafts: Sequence[Draft],
    findings: Sequence[list[Finding]],
    ladder: Ladder,
) -> tuple[list[Draft], list[list[Finding]]]:
    """The drafts with their findings after the ladder; same number, same order."""
    cases = [
        _Case(segment, draft, own)
        for segment, draft, own in zip(segments, drafts, findings, strict=True)
    ]
    for rung in (_n_best, _placeholders, _clauses):
        unsettled = [
            case
            for case in cases
            if case.draft.rung != "kept" and ladder.badness(case.findings) > 0
        ]
        if not unsettled:
            break
        for case, candidates in zip(unsettled, rung(unsettled, ladder), strict=True):
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
    default = ladder.translator.decoding
    # A loop shows in every hypothesis of a plain search, so repetition is forbidden.
    decoding = replace(
        default, beam_size=max(N_BEST, default.beam_size), n_best=N_BEST, no_repeat_ngram_size=4
    )
    pieces = [_pieces(case.segment.text, ladder) for case in cases]
    terms = {
        piece.text: _agreed(case, piece, ladder)
        for case, own in zip(cases, pieces, strict=True)
        for piece in own
    }
    found = decode(list(terms), ladder.target, ladder.translator, decoding, terms)
    return [
        join(case.segment.text, own, found, "n-best")
        for case, own in zip(cases, pieces, strict=True)
    ]


def _placeholders(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    masked = [
        mask(case.segment.text, _fixed(case, ladder), ladder.placeholders, ladder.target)
        if ladder.placeholders
        else None
        for case in cases
    ]
    pieces = [_pieces(m.text, ladder) if m else [] for m in masked]
    texts = [piece.text for own in pieces for piece in own]
    found = decode(texts, ladder.target, ladder.translator)
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
    found = decode(texts, ladder.target, ladder.translator)
    return [
        join(case.segment.text, own, found, "clauses")
        for case, own in zip(cases, pieces, strict=True)
    ]


def _pieces(text: str, ladder: Ladder) -> list[Piece]:
    return cut(text, ladder.translator, ladder.split_long, ladder.translator.max_source_tokens)


def _lost(case: _Case, check: str) -> set[Span]:
    """Where the source has what the draft lost, by the findings of one check."""
    return {f.source_span for f in case.findings if f.check == check and f.source_span}


def _agreed(case: _Case, piece: Piece, ladder: Ladder) -> tuple[str, ...]:
    """The glossary's terms that the draft of this piece lacks."""
    lost = _lost(case, "glossary")
    return tuple(
        term
        for span, term in ladder.find_terms(case.segment.text).items()
        if span in lost and piece.span.start <= span.start and span.end <= piece.span.end
    )


def _fixed(case: _Case, ladder: Ladder) -> dict[Span, str]:
    """Names and terms that the draft lost, with what must stand for them in the target."""
    text = case.segment.text
    lost = _lost(case, "glossary")
    terms = {span: term for span, term in ladder.find_terms(text).items() if span in lost}
    return {span: span.of(text) for span in _lost(case, "names")} | terms
