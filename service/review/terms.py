"""Terms that reviewers teach: one glossary for each source language, beside the stored others."""

from collections.abc import Sequence
from functools import lru_cache

from service.article import Language
from service.errors import GlossaryBroken, GlossaryConflict, GlossaryNotFound
from service.glossary import Glossary
from service.store.glossaries import GlossaryStore, StoredGlossary
from service.terms import TermList, make_terms

TRIES = 5


def reviewers_glossary(source: Language) -> str:
    """The id of the glossary that reviewers add to."""
    return f"review-{source.value}"


def add_terms(
    glossaries: GlossaryStore, source: Language, pairs: Sequence[tuple[str, str]]
) -> StoredGlossary:
    """Add (source, target) terms to the reviewers' glossary; a known source gets its new target.

    Raises GlossaryBroken, whose message says what is wrong with a term.
    """
    identity = reviewers_glossary(source)
    for attempt in range(TRIES):
        known = _newest(glossaries, identity)
        rows = {
            "; ".join(r.source): "; ".join(r.target) for r in (known.terms.rows if known else ())
        }
        rows |= {" ".join(one.split()): " ".join(other.split()) for one, other in pairs}
        terms = make_terms(enumerate(rows.items(), start=1), source)
        try:
            return glossaries.put(
                identity,
                terms,
                name="Reviewers' terms",
                expected=known.etag if known else None,
                new=known is None,
            )
        except GlossaryConflict:  # another reviewer was first
            if attempt == TRIES - 1:
                raise
    raise GlossaryConflict


def remove_term(glossaries: GlossaryStore, source: Language, term: str) -> None:
    """Take a term out of the reviewers' glossary; the last one takes the glossary with it."""
    identity = reviewers_glossary(source)
    known = glossaries.get(identity)
    rows = [row for row in known.terms.rows if "; ".join(row.source) != term]
    if len(rows) == len(known.terms.rows):
        message = "The glossary has no such term."
        raise GlossaryBroken(message)
    if not rows:
        glossaries.delete(identity, known.etag)
        return
    kept = TermList(tuple(rows), source)
    glossaries.put(identity, kept, name=known.name, expected=known.etag)


def compiled(glossaries: GlossaryStore, source: Language) -> tuple[Glossary, ...]:
    """The reviewers' glossary for articles in `source`, where there is one."""
    known = _newest(glossaries, reviewers_glossary(source))
    return (_compiled(known.terms, source),) if known else ()


def term_list(glossaries: GlossaryStore, source: Language) -> TermList | None:
    """The reviewers' terms for articles in `source`."""
    known = _newest(glossaries, reviewers_glossary(source))
    return known.terms if known else None


@lru_cache(maxsize=8)
def _compiled(terms: TermList, source: Language) -> Glossary:
    return terms.glossary(source)


def _newest(glossaries: GlossaryStore, identity: str) -> StoredGlossary | None:
    try:
        return glossaries.get(identity)
    except GlossaryNotFound:
        return None
