"""The repair ladder: other drafts for segments with findings, never a worse one.

Before it, names that a draft misspells are put back as the source has them; that needs no model,
and every draft gets it. Rungs, each tried only for what the one before left open: the rivals of
the best draft in the same search, and a search without repetition for loops ("n-best");
placeholders for names, foreign words and terms, and for figures where one of them is at fault,
then, for major findings, the other way round ("placeholders"); shorter pieces ("clauses"). Which
check found what makes little difference: whatever has findings climbs, and the checks judge each
draft.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from models.base import Hypothesis, Translator
from service.article import Draft, Finding, Language, Segment, Severity, Span
from service.copying import (
    dropped_names,
    foreign_words,
    half_lost_names,
    restore_names,
    torn_names,
    whole_name,
)
from service.drafting import (
    FindTerms,
    Piece,
    SplitLong,
    cut,
    decode,
    join,
    model_texts,
)
from service.glossary import touches
from service.masking import Masked, mask
from service.term_places import put_term, title_at
from service.text.capitals import is_capitals
from service.text.formulas import find_formulas


class Check(Protocol):
    """Findings of a draft (source, draft, its languages); with `only`, those of some checks."""

    def __call__(
        self,
        source: str,
        draft: Draft,
        source_language: Language,
        target_language: Language,
        /,
        *,
        only: Collection[str] | None = None,
    ) -> list[Finding]: ...


Badness = Callable[[Sequence[Finding]], float]

# Of the rungs that decode again; 1 loses 0.3 BLEU and half a percent of names on one of four sets.
BEAM_SIZE = 2
# Where only terms are lost: of a list of terms, greedy search applies as many, in less time.
TERMS_BEAM_SIZE = 1
CLAUSE_SHARE = 0.6  # of the segment's tokens: how long a piece may be on the last rung
MIN_CLAUSE_TOKENS = 10
# Repeated runs of tokens that are forbidden where the draft loops; of equal drafts the first stays.
# Two for loops of one syllable ("động động động"), which longer runs do not see.
LOOP_NGRAMS = (4, 2)
# What an English name that was copied in part weighs: less than any finding, for readers are not
# told of it, but another draft that has it whole is better.
HALF_LOST = 0.02
# What a name weighs that the draft before had: no finding is worth it, of whatever check.
DROPPED = 1.0
SPELT = "+names"  # behind the rung of a draft whose names were spelt here
WITH_TERMS = "+terms"  # behind the rung of a draft that got terms in place of others
_OF_TERMS = frozenset({"glossary", "confidence"})  # what no second draft mends counts for nothing
_MENDED_BY_NAME = frozenset({"glossary", "names", "titles", "mixed-language"})
_OF_FIGURES = ("numbers", "dates", "units", "legal-references")


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
    half_lost: Sequence[Span]  # names that were copied in part

    def is_settled(self) -> bool:
        """Whether no model may say it better: kept, or a formula that has the user's terms."""
        formula = self.draft.rung == "formula"
        return self.draft.rung == "kept" or (formula and not self.is_major())

    def lost(self, check: str) -> set[Span]:
        """Where the source has what the draft lost, by the findings of one check."""
        return {f.source_span for f in self.findings if f.check == check and f.source_span}

    def lost_terms(self) -> dict[Span, str]:
        """The glossary's terms that the draft lacks."""
        lost = self.lost("glossary")
        return {span: term for span, term in self.terms.items() if span in lost}

    def asks_for_terms(self) -> bool:
        """Whether Vietnamese terms are lost; English ones change with their place."""
        return self.segment.language is not Language.VI and bool(self.lost_terms())

    def asked_terms(self) -> Mapping[Span, str]:
        """All terms where one is lost: a new draft must not lose the others."""
        return self.terms if self.lost("glossary") else {}

    def lost_only_terms(self) -> bool:
        return not self.half_lost and all(f.check in _OF_TERMS for f in self.findings)

    def is_about_terms(self) -> bool:
        """Whether terms are all that is wrong, or the user's are among it."""
        users = any(f.check == "glossary" and f.severity is Severity.MAJOR for f in self.findings)
        return users or self.lost_only_terms()

    def wrong_titles(self, term: Span) -> list[str]:
        """What the draft has for a title of the source that it got wrong, to the next clause."""
        found = [
            title_at(self.draft.target, f.target_span.start)
            for f in self.findings
            if f.check == "titles" and f.source_span and f.target_span
            if touches(f.source_span, [term])
        ]
        return [title for title in found if title]

    def has(self, *checks: str) -> bool:
        return any(f.check in checks for f in self.findings)

    def loops(self) -> bool:
        return self.has("repetition", "truncated")

    def is_major(self) -> bool:
        return any(f.severity is Severity.MAJOR for f in self.findings)

    def lost_names(self) -> bool:
        return bool(self.half_lost) or self.has("names")

    def asks_for_other_placeholders(self) -> bool:
        """Whether to hide other things than before; figures lose no terms."""
        only_terms = self.lost_only_terms()
        same = only_terms and len(self.lost_terms()) == len(self.terms)
        return (only_terms or self.is_major()) and not same

    def asks_for_clauses(self) -> bool:
        """Whether something is wrong that shorter pieces may mend; terms are not."""
        major = any(f.severity is Severity.MAJOR and f.check != "glossary" for f in self.findings)
        return major or self.has("names")

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
        _spelt(_Case(segment, best, found, rivals, {}, ()), ladder)
        for segment, (best, *rivals), found in zip(segments, drafts, findings, strict=True)
    ]
    for case in cases:
        case.terms = ladder.find_terms(case.segment.text) if _weight(case, ladder) else {}
    for rung, is_for in _RUNGS:
        unsettled = [
            case
            for case in cases
            if not case.is_settled() and _weight(case, ladder) > 0 and is_for(case)
        ]
        for case, candidates in zip(
            unsettled, rung(unsettled, ladder) if unsettled else (), strict=True
        ):
            _take_best(case, candidates, ladder)
    return [case.draft for case in cases], [case.findings for case in cases]


def _spelt(case: _Case, ladder: Ladder) -> _Case:
    """The case with the names of its draft as the source spells them."""
    if case.draft.rung == "kept":
        return case
    spelt = _with_names(case, case.draft, ladder)
    if spelt is not case.draft:
        found = ladder.check(case.segment.text, spelt, ladder.source, ladder.target)
        if ladder.badness(found) <= ladder.badness(case.findings):
            case.draft, case.findings = spelt, found
    case.half_lost = _half_lost(case, case.draft, ladder)
    return case


def _with_names(case: _Case, draft: Draft, ladder: Ladder) -> Draft:
    target = restore_names(case.segment.text, draft.target, ladder.source)
    return (
        draft if target == draft.target else replace(draft, target=target, rung=draft.rung + SPELT)
    )


def _half_lost(case: _Case, draft: Draft, ladder: Ladder) -> list[Span]:
    if ladder.source is not Language.EN:
        return []
    return half_lost_names(case.segment.text, draft.target)


def _weight(case: _Case, ladder: Ladder) -> float:
    return ladder.badness(case.findings) + HALF_LOST * len(case.half_lost)


def _take_best(case: _Case, candidates: Sequence[Draft], ladder: Ladder) -> None:
    """The first of the best; most others are known to be no better before all is checked."""
    text, first = case.segment.text, case.draft.target
    seen = {first}
    for candidate in candidates:
        draft = _with_names(case, candidate, ladder)
        best = _weight(case, ladder)
        if best == 0 or draft.target in seen:
            continue
        seen.add(draft.target)
        half_lost = _half_lost(case, draft, ladder)
        dropped = dropped_names(text, first, draft.target, ladder.source)
        names = HALF_LOST * len(half_lost) + DROPPED * len(dropped)
        check = partial(ladder.check, text, draft, ladder.source, ladder.target)
        if ladder.badness(check(only={f.check for f in case.findings})) + names >= best:
            continue
        found = check()
        if not case.has("repetition") and any(f.check == "repetition" for f in found):
            continue  # whatever was lost, a loop reads worse
        if ladder.badness(found) + names < best:
            case.draft, case.findings, case.half_lost = draft, found, half_lost


def _n_best(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    """The rivals in the first search."""
    del ladder
    return [[replace(rival, rung="n-best") for rival in case.rivals] for case in cases]


def _without_loops(cases: Sequence[_Case], ladder: Ladder, size: int) -> list[list[Draft]]:
    """A search that may not repeat so many tokens: a loop shows in all rivals."""
    pieces = [_pieces(case.segment.text, ladder) for case in cases]
    texts = model_texts(piece for own in pieces for piece in own)
    decoding = replace(ladder.translator.decoding, n_best=1, no_repeat_ngram_size=size)
    found = decode(texts, ladder.target, ladder.translator, decoding)
    return [
        join(case.segment.text, own, found, "n-best")
        for case, own in zip(cases, pieces, strict=True)
    ]


def _terms_in_place(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    """The draft with agreed terms where it has what the model calls them alone."""
    lost = [case.lost_terms() for case in cases]
    texts = [
        span.of(case.segment.text) for case, own in zip(cases, lost, strict=True) for span in own
    ]
    decoding = replace(ladder.translator.decoding, n_best=ladder.translator.decoding.beam_size)
    found = decode(texts, ladder.target, ladder.translator, decoding)
    answers = []
    for case, own in zip(cases, lost, strict=True):
        target = case.draft.target
        uses = Counter((span.of(case.segment.text), term) for span, term in own.items())
        wrong = {span.of(case.segment.text): case.wrong_titles(span) for span in own}
        for (text, term), count in uses.items():
            # What the model calls it, what it was left as, what stands in its place.
            renderings = [*(one.text for one in found[text]), text, *wrong[text]]
            target = put_term(target, renderings, term, count)
        answers.append([replace(case.draft, target=target, rung=case.draft.rung + WITH_TERMS)])
    return answers


def _placeholders(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    """What was lost behind placeholders; figures too where one of them is at fault."""
    masks = [_mask(case, case.asked_terms(), ladder, case.lost_figures()) for case in cases]
    return _behind(cases, masks, ladder)


def _other_placeholders(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    """Only the terms that were lost, and figures as they were not masked before."""
    masks = [
        _mask(case, case.lost_terms(), ladder, case.is_major() and not case.lost_figures())
        for case in cases
    ]
    return _behind(cases, masks, ladder)


def _mask(case: _Case, terms: Mapping[Span, str], ladder: Ladder, figures: bool) -> Masked | None:
    """The case's text with the terms and the names that it lost masked."""
    if not ladder.placeholders:
        return None
    text = case.segment.text
    lost = case.lost("names")
    mixed = case.has("mixed-language")
    if mixed and ladder.source is Language.VI:  # "sòng bạc" for "casino", in English
        lost |= set(foreign_words(text, case.draft.target))
    if ladder.source is Language.EN:
        if mixed:  # "Tiến sĩukgyal" for Drukgyal
            lost |= set(torn_names(text, case.draft.target))
        lost = {whole_name(text, span) for span in lost} | set(case.half_lost)
    taken = [*terms, *(span for span, _ in find_formulas(text, ladder.target))]
    names = {span: span.of(text) for span in lost if not touches(span, taken)}
    fixed = names | dict(terms)
    if is_capitals(text):
        fixed = {span: form.upper() for span, form in fixed.items()}
    return mask(text, fixed, ladder.placeholders, ladder.target, figures=figures)


def _behind(
    cases: Sequence[_Case], masked: Sequence[Masked | None], ladder: Ladder
) -> list[list[Draft]]:
    """Drafts of masked texts with everything put back; none where a placeholder was lost."""
    pieces = [_pieces(m.text, ladder) if m else [] for m in masked]
    found = _decode(cases, pieces, ladder)
    return [_restored(m, own, found, "placeholders") for m, own in zip(masked, pieces, strict=True)]


def _clauses(cases: Sequence[_Case], ladder: Ladder) -> list[list[Draft]]:
    """Shorter pieces; what is still lost behind placeholders: names, terms, figures."""
    masks = [
        _mask(case, case.lost_terms(), ladder, figures=case.has(*_OF_FIGURES))
        if case.lost_names() or case.lost_terms() or case.has(*_OF_FIGURES)
        else None
        for case in cases
    ]
    plain = [_pieces(case.segment.text, ladder, CLAUSE_SHARE) for case in cases]
    behind = [_pieces(m.text, ladder, CLAUSE_SHARE) if m else [] for m in masks]
    both = [own + others for own, others in zip(plain, behind, strict=True)]
    found = _decode(cases, both, ladder)
    return [
        join(case.segment.text, own, found, "clauses") + _restored(m, others, found, "clauses")
        for case, own, m, others in zip(cases, plain, masks, behind, strict=True)
    ]


def _restored(
    masked: Masked | None, pieces: list[Piece], found: Mapping[str, list[Hypothesis]], rung: str
) -> list[Draft]:
    if masked is None:
        return []
    drafts = join(masked.text, pieces, found, rung)
    restored = [(draft, masked.restore(draft.target)) for draft in drafts]
    return [replace(draft, target=text) for draft, text in restored if text]


def _decode(
    cases: Sequence[_Case], pieces: Sequence[Sequence[Piece]], ladder: Ladder
) -> dict[str, list[Hypothesis]]:
    """All pieces together: in small batches a sentence costs up to twice as much."""
    default = ladder.translator.decoding
    found: dict[str, list[Hypothesis]] = {}
    for size, greedy in ((TERMS_BEAM_SIZE, True), (BEAM_SIZE, False)):
        own = [
            of for case, of in zip(cases, pieces, strict=True) if case.is_about_terms() is greedy
        ]
        beam = min(size, default.beam_size)
        decoding = replace(default, beam_size=beam, n_best=beam)
        texts = [piece.text for of in own for piece in of]
        found |= decode(texts, ladder.target, ladder.translator, decoding)
    return found


def _pieces(text: str, ladder: Ladder, share: float = 1.0) -> list[Piece]:
    """A text in pieces of at most a share of its tokens, and of what the model takes."""
    limit = ladder.translator.max_source_tokens
    if share < 1.0:
        tokens = ladder.translator.count_tokens(text)
        limit = min(limit, max(MIN_CLAUSE_TOKENS, int(tokens * share)))
    return cut(text, ladder.translator, ladder.split_long, limit, ladder.target)


# By rung: which cases it is worth its time for.
_RUNGS: tuple[tuple[Rung, Callable[[_Case], bool]], ...] = (
    (_n_best, lambda case: True),  # noqa: ARG005
    *((partial(_without_loops, size=size), _Case.loops) for size in LOOP_NGRAMS),
    (_terms_in_place, _Case.asks_for_terms),
    (_placeholders, lambda case: True),  # noqa: ARG005
    (_other_placeholders, _Case.asks_for_other_placeholders),
    (_clauses, _Case.asks_for_clauses),
)
