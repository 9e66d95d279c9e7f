"""Source and target segment to findings, and all findings to a verdict."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Literal

from service.article import Draft, Finding, Language, Segment, Severity
from service.checks import (
    contacts,
    coverage,
    dates,
    honorifics,
    language,
    legal_references,
    mixed_language,
    names,
    numbers,
    places,
    punctuation,
    repetition,
    titles,
    units,
)
from service.checks import glossary as terms
from service.checks.base import Check, Pair, Side
from service.checks.decoding import CONFIDENCE, TRUNCATED, find_decoding
from service.glossary import Glossary

CHECKS: tuple[Check, ...] = (
    language.CHECK,
    mixed_language.CHECK,
    repetition.CHECK,
    coverage.CHECK,
    numbers.CHECK,
    units.CHECK,
    dates.CHECK,
    contacts.CHECK,
    legal_references.CHECK,
    names.CHECK,
    honorifics.CHECK,
    titles.CHECK,
    places.CHECK,
    terms.CHECK,
    punctuation.CHECK,
)

KEPT = "kept"  # what a rung begins with whose target is the source, marks of names apart

# What a finding costs a hypothesis against its rivals; one major finding outweighs any number of
# minor ones that a sentence can have.
_BADNESS = {Severity.MAJOR: 1.0, Severity.MINOR: 0.05}


def check_segment(
    source: str,
    target: str,
    source_language: Language,
    target_language: Language,
    *,
    glossary: Glossary | None = None,
    only: Collection[str] | None = None,
) -> list[Finding]:
    """All findings of all checks, in the order of `CHECKS`; `glossary` holds the user's terms.

    With `only`, those of the checks with these ids.

    >>> check_segment("Có 12 tỉnh.", "There are 13 provinces.", Language.VI, Language.EN)[0].check
    'numbers'
    """
    pair = Pair(_side(source, source_language), _side(target, target_language))
    findings: list[Finding] = []
    for check in CHECKS:
        if only is not None and check.id not in only:
            continue
        if check is terms.CHECK:
            findings += terms.find_unapplied(pair, glossary)
        else:
            findings += check.find(pair)
    return findings


@lru_cache(maxsize=8)  # the drafts of one segment come one after another
def _side(text: str, language: Language) -> Side:
    return Side(text, language)


def check_draft(
    source: str,
    draft: Draft,
    source_language: Language,
    target_language: Language,
    *,
    min_score: float | None = None,
    glossary: Glossary | None = None,
    only: Collection[str] | None = None,
) -> list[Finding]:
    """All findings of a draft, or of `only` some checks; one that kept its source has none."""
    if draft.rung.startswith(KEPT):
        return []
    found = check_segment(
        source, draft.target, source_language, target_language, glossary=glossary, only=only
    )
    return [*found, *find_decoding(draft, min_score)]


def report_terms(
    segments: Sequence[Segment],
    drafts: Sequence[Draft],
    source: Language,
    target: Language,
    user: Glossary | None = None,
) -> list[terms.TermReport]:
    """What became of every glossary term of a document; segments that were kept say nothing."""
    pairs = (
        (segment.id, Pair(Side(segment.text, source), Side(draft.target, target)))
        for segment, draft in zip(segments, drafts, strict=True)
        if not draft.rung.startswith(KEPT)
    )
    return terms.report_terms(pairs, user)


def badness(findings: Sequence[Finding]) -> float:
    """How bad a hypothesis is, for choosing among several; 0.0 is nothing that could be mended.

    An unsure model is not made surer by asking it again, so that finding does not count.
    """
    return sum(_BADNESS[f.severity] for f in findings if f.check != CONFIDENCE)


def verdict(findings: Sequence[Sequence[Finding]]) -> tuple[Literal["ready", "review"], list[str]]:
    """`review` where any segment has a major finding; the reasons count segments by check.

    >>> verdict([[], []])
    ('ready', [])
    """
    segments = Counter(
        check
        for own in findings
        for check in {finding.check for finding in own if finding.severity is Severity.MAJOR}
    )
    order = [*(check.id for check in CHECKS), TRUNCATED, CONFIDENCE]
    reasons = [
        f"{check}: {count} segment{'s' if count > 1 else ''}"
        for check, count in sorted(segments.items(), key=lambda item: order.index(item[0]))
    ]
    return ("review" if reasons else "ready"), reasons
