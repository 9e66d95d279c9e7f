"""Agreed translations of terms: which a source uses, and whether its translation obeys."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from service.article import Language, Span
from service.rules.words import province_names
from service.text.compounds import is_compound
from service.text.phrases import Cut, PhraseIndex, fold
from service.text.plurals import asks_for_plural, plurals

MAX_ACRONYM_CHARS = 6


@dataclass(frozen=True, slots=True)
class Term:
    """Forms of one term, the preferred first; `asked` are the directions it is asked in."""

    vi: tuple[str, ...]
    en: tuple[str, ...]
    asked: frozenset[Language] = frozenset(Language)  # source languages

    def forms(self, language: Language) -> tuple[str, ...]:
        return self.vi if language is Language.VI else self.en


@dataclass(frozen=True, slots=True)
class Use:
    """A term of the source: where, and whether one of its forms is in the target."""

    term: Term
    span: Span  # in the source
    applied: bool


class Glossary:
    """Terms of both languages, compiled; safe to share."""

    def __init__(self, terms: Sequence[Term], *, whole_names: bool = False) -> None:
        """With `whole_names` a term is none where it goes on: "UBND tỉnh Thái Bình"."""
        self.terms = tuple(terms)
        self._whole_names = whole_names
        self._index = {}
        self._owner = {}
        for language in Language:
            rows = [(form, n) for n, term in enumerate(terms) for form in _all(term, language)]
            self._index[language] = PhraseIndex([form for form, _ in rows])
            self._owner[language] = rows

    def find(
        self, source: str, language: Language, cut: Cut | None = None
    ) -> list[tuple[Term, Span]]:
        """The terms in a source segment, longest first at each place, from left to right.

        `cut` are the words of `source`, where they are known already. Case says nothing, except
        for acronyms: "IT" is not "it".

        >>> terms = [Term(("Bộ Y tế",), ("Ministry of Health",)), Term(("Bộ",), ("ministry",))]
        >>> glossary = Glossary(terms)
        >>> [span for _, span in glossary.find("Theo Bộ Y tế", Language.VI)]
        [Span(start=5, end=12)]
        """
        cut = cut or Cut(source)
        found = self._index[language].find(cut)
        rows = self._owner[language]
        return [
            (self.terms[rows[one.phrase][1]], one.span)
            for one in found
            if (not _is_acronym(rows[one.phrase][0]) or one.span.of(source).isupper())
            and not cuts_word(source, cut.tokens, one.span, language)
            and not (self._whole_names and _goes_on(source, one.span))
        ]

    def check(
        self,
        source: str,
        target: str,
        language: Language,
        cut: Cut | None = None,
    ) -> list[Use]:
        """Every use of a term in the source, and whether the target has one of its forms."""
        found = [
            (term, span)
            for term, span in self.find(source, language, cut)
            if language in term.asked
        ]
        if not found:
            return []
        words = f" {_spaced(target)} "
        return [
            Use(
                term, span, any(f" {_spaced_form(f)} " in words for f in _all(term, language.other))
            )
            for term, span in found
        ]


@cache
def _province() -> re.Pattern[str]:
    """The name of a province behind a word for it: " Thái Bình" of "tỉnh Thái Bình"."""
    names = "|".join(map(re.escape, province_names()))
    return re.compile(rf"(?<=tỉnh) (?:{names})\b", re.IGNORECASE)


def _goes_on(source: str, span: Span) -> bool:
    """Whether what stands at the span is the beginning of a longer name.

    >>> _goes_on("UBND tỉnh Thái Bình họp", Span(0, 9)), _goes_on("UBND tỉnh họp", Span(0, 9))
    (True, False)
    """
    return _province().match(source, span.end) is not None


@cache
def government_glossary() -> Glossary:
    """The built-in glossary of Vietnamese government titles, bodies and documents."""
    file = resources.files("service.rules").joinpath("glossary", "gov.tsv")
    terms = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            vi, en, asked, _basis = line.split("\t")
            directions = frozenset(Language(code) for code in asked.split(",") if code)
            terms.append(Term(_split(vi), _split(en), directions))
    return Glossary(terms, whole_names=True)


def agreed_terms(source: str, language: Language, user: Glossary | None = None) -> dict[Span, str]:
    """Where a source has terms, with the target form to use, from left to right.

    The `user`'s terms come first; those of the built-in glossary fill the places in between.
    English terms are in the plural where the Vietnamese asks for it.

    >>> agreed_terms("Các Bộ Y tế", Language.VI)
    {Span(start=4, end=11): 'Ministries of Health'}
    """
    own = terms_of(user, source, language) if user else {}
    built_in = terms_of(government_glossary(), source, language)
    taken = list(own)
    terms = own | {span: form for span, form in built_in.items() if not touches(span, taken)}
    return dict(sorted(terms.items()))


def terms_of(glossary: Glossary, source: str, language: Language) -> dict[Span, str]:
    """The same of one glossary."""
    return {
        span: _form(term, source, span, language)
        for term, span in glossary.find(source, language)
        if language in term.asked
    }


def touches(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span shares a character with one of the others."""
    return any(span.start < other.end and other.start < span.end for other in others)


def _form(term: Term, source: str, span: Span, language: Language) -> str:
    preferred = term.forms(language.other)[0]
    if language is Language.VI and asks_for_plural(source[: span.start]):
        return next(plurals(preferred), preferred)
    return preferred


def cuts_word(source: str, tokens: Sequence[re.Match[str]], span: Span, language: Language) -> bool:
    """Whether a term begins or ends inside a word.

    "sở y tế" in "cơ sở y tế", by a list of compounds; "Constitution" in "Journal-Constitution".
    """
    if language is Language.EN:
        return _HYPHENED.search(source[max(0, span.start - 2) : span.start]) is not None
    return any(
        source[before.end() : after.start()] == " "
        and source[after.start()].islower()
        and is_compound(before[0], after[0])
        for before, after in pairwise(tokens)
        if after.start() == span.start or before.end() == span.end
    )


def _is_acronym(form: str) -> bool:
    return form.isupper() and form.isalnum() and len(form) <= MAX_ACRONYM_CHARS


def _split(column: str) -> tuple[str, ...]:
    return tuple(form.strip() for form in column.split(";") if form.strip())


def _all(term: Term, language: Language) -> Iterator[str]:
    """The forms as they may stand in a text: English ones in the plural too."""
    for form in term.forms(language):
        yield form
        if language is Language.EN:
            yield from plurals(form)


_HYPHENED = re.compile(r"\w-\Z")  # e.g. "l-" of "Journal-Constitution"
_BETWEEN = re.compile(r"\W+")  # e.g. ", " in "Culture, Sports"


@cache
def _spaced_form(form: str) -> str:
    return _BETWEEN.sub(" ", fold(form)).strip()


def _spaced(text: str) -> str:
    """Folded words with one space between them."""
    return _BETWEEN.sub(" ", fold(text)).strip()
