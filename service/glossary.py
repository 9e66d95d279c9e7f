"""Agreed translations of terms: which a source uses, and whether its translation obeys."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from service.article import Language, Span
from service.text.phrases import PhraseIndex, fold, tokenise


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


class GlossaryBroken(ValueError):
    """A glossary file does not say what a glossary needs; the message names the line."""


class Glossary:
    """Terms of both languages, compiled; safe to share."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        self._index = {}
        self._owner = {}
        for language in Language:
            rows = [(form, n) for n, term in enumerate(terms) for form in _all(term, language)]
            self._index[language] = PhraseIndex([form for form, _ in rows])
            self._owner[language] = [n for _, n in rows]

    def find(self, source: str, language: Language) -> list[tuple[Term, Span]]:
        """The terms in a source segment, longest first at each place, from left to right.

        >>> terms = [Term(("Bộ Y tế",), ("Ministry of Health",)), Term(("Bộ",), ("ministry",))]
        >>> glossary = Glossary(terms)
        >>> [span for _, span in glossary.find("Theo Bộ Y tế", Language.VI)]
        [Span(start=5, end=12)]
        """
        return self.find_tokens(tokenise(source), language)

    def find_tokens(
        self, tokens: Sequence[re.Match[str]], language: Language
    ) -> list[tuple[Term, Span]]:
        """The same for a source that was cut into tokens before."""
        return [
            (self.terms[self._owner[language][found.phrase]], found.span)
            for found in self._index[language].find(tokens)
        ]

    def check(self, source: str, target: str, language: Language) -> list[Use]:
        """Every use of a term in the source, and whether the target has one of its forms."""
        return self.check_tokens(tokenise(source), target, language)

    def check_tokens(
        self, tokens: Sequence[re.Match[str]], target: str, language: Language
    ) -> list[Use]:
        """The same for a source that was cut into tokens before."""
        found = [(t, span) for t, span in self.find_tokens(tokens, language) if language in t.asked]
        if not found:
            return []
        words = f" {_spaced(target)} "
        return [
            Use(
                term, span, any(f" {_spaced_form(f)} " in words for f in _all(term, language.other))
            )
            for term, span in found
        ]


def read_glossary(lines: Iterable[str], source: Language) -> Glossary:
    r"""A glossary of lines "source<TAB>target"; more forms are separated by semicolons.

    Terms are asked in the given direction only. Raises GlossaryBroken with the number of the line.

    >>> read_glossary(["Sở Y tế\tDepartment of Health\n"], Language.VI).terms[0].en
    ('Department of Health',)
    """
    terms = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [_split(column) for column in line.rstrip("\r\n").split("\t")]
        if len(columns) != 2 or not all(columns):
            raise GlossaryBroken(
                f"Line {number} of the glossary must have two columns, but has {len(columns)}."
            )
        vi, en = columns if source is Language.VI else reversed(columns)
        terms.append(Term(vi, en, frozenset((source,))))
    return Glossary(terms)


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
    return Glossary(terms)


def agreed_terms(source: str, language: Language) -> dict[Span, str]:
    """Where a source has terms of the built-in glossary, with the target form to use.

    >>> list(agreed_terms("Theo Bộ Y tế", Language.VI).values())
    ['Ministry of Health']
    """
    return {
        span: term.forms(language.other)[0]
        for term, span in government_glossary().find(source, language)
        if language in term.asked
    }


def _split(column: str) -> tuple[str, ...]:
    return tuple(form.strip() for form in column.split(";") if form.strip())


def _all(term: Term, language: Language) -> Iterator[str]:
    """The forms as they may stand in a text: English ones in the plural too."""
    for form in term.forms(language):
        yield form
        if language is Language.EN:
            yield from plurals(form)


_VOWEL_Y = re.compile(r"[aeiou]y$")  # "survey", whose plural is "surveys"
_IRREGULAR = {"man": "men", "woman": "women"}


def plurals(form: str) -> Iterator[str]:
    """The plurals of an English term: of its last word, and of the noun before "of".

    >>> list(plurals("Deputy Chairman")), list(plurals("Ministry of Health"))
    (['Deputy Chairmen'], ['Ministries of Health'])
    """
    head, of, rest = form.partition(" of ")
    plural = _plural(head)
    if plural:
        yield plural + of + rest


def _plural(words: str) -> str:
    for ending, other in _IRREGULAR.items():
        if words.endswith(ending):
            return words.removesuffix(ending) + other
    if not words or not words[-1].isalpha() or words.endswith("s"):
        return ""
    if words.endswith("y") and not _VOWEL_Y.search(words):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith(("x", "ch", "sh")) else "s")


_BETWEEN = re.compile(r"\W+")  # e.g. ", " in "Culture, Sports"


@cache
def _spaced_form(form: str) -> str:
    return _BETWEEN.sub(" ", fold(form)).strip()


def _spaced(text: str) -> str:
    """Folded words with one space between them."""
    return _BETWEEN.sub(" ", fold(text)).strip()
