"""Are the terms of the glossary translated as agreed?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from service.article import Finding, Severity
from service.checks.base import Check, Pair
from service.glossary import Glossary, Term, Use, government_glossary, touches

ID = "glossary"


def find_uses(pair: Pair, user: Glossary | None = None) -> Iterator[tuple[Use, bool]]:
    """Every term of the source, and whether it is the user's.

    The user's terms come first; a built-in one at the same place is not asked for.
    """
    source, target, language = pair.source, pair.target.text, pair.source.language
    own = user.check(source.text, target, language, source.cut) if user else []
    yield from ((use, True) for use in own)
    taken = [use.span for use in own]
    for use in government_glossary().check(source.text, target, language, source.cut):
        if not touches(use.span, taken):
            yield use, False


def find_unapplied(pair: Pair, user: Glossary | None = None) -> Iterator[Finding]:
    """A finding for each term of the source that the target has in none of its forms.

    A user's term is asked for, so that it is a major one; the built-in glossary only advises.
    """
    for use, is_users in find_uses(pair, user):
        if use.applied:
            continue
        term = use.span.of(pair.source.text)
        agreed = use.term.forms(pair.source.language.other)[0]
        yield Finding(
            ID,
            Severity.MAJOR if is_users else Severity.MINOR,
            f"Thuật ngữ “{term}” chưa được dịch là “{agreed}”.",
            f"The term “{term}” is not translated as “{agreed}”.",
            source_span=use.span,
        )


@dataclass(slots=True)
class TermReport:
    """What became of one term in a document, by the ids of the segments that have it."""

    source: str  # as it stands first in the document
    target: str  # the preferred form
    is_users: bool
    applied: list[str] = field(default_factory=list)
    not_applied: list[str] = field(default_factory=list)


def report_terms(
    pairs: Iterable[tuple[str, Pair]], user: Glossary | None = None
) -> list[TermReport]:
    """Every term that a document's segments (id, pair) have, in the order of first use.

    A segment that has a term twice is named once; it counts as applied only if both are.
    """
    reports: dict[tuple[Term, bool], TermReport] = {}
    for segment_id, pair in pairs:
        own: dict[tuple[Term, bool], bool] = {}
        for use, is_users in find_uses(pair, user):
            key = use.term, is_users
            agreed = use.term.forms(pair.source.language.other)[0]
            reports.setdefault(key, TermReport(use.span.of(pair.source.text), agreed, is_users))
            own[key] = own.get(key, True) and use.applied
        for key, applied in own.items():
            (reports[key].applied if applied else reports[key].not_applied).append(segment_id)
    return list(reports.values())


CHECK = Check(ID, "Are the terms of the glossary translated as agreed?", find_unapplied)
