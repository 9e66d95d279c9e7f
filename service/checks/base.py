"""The contract of a check: one question asked of a source and its target."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.article import Finding, Language, Severity, Span
from service.checks.capitals import Run, capital_runs
from service.checks.gazetteer import gazetteer
from service.checks.vocabulary import date_reader, number_reader, weekdays
from service.text.dates_in_text import DateMention, TimeMention
from service.text.numerals import Number
from service.text.phrases import WORD as TOKEN
from service.text.phrases import Cut, Found
from service.text.syllables import strip_diacritics
from service.text.verbatim import Kind as VerbatimKind
from service.text.verbatim import Verbatim, find_verbatim

T = TypeVar("T")
_LETTERS = re.compile(r"[a-z0-9]+")
WORD = re.compile(r"[^\W\d_]+")  # e.g. "Việt"
_ASCII_WORD = re.compile(r"[a-z]+")  # the same where all letters are small ones of ASCII
_FIGURE = re.compile(r"[\d_]")


def _word_pattern(text: str) -> re.Pattern[str]:
    """`WORD`, or what finds the same in a text without figures, in half the time."""
    return TOKEN if _FIGURE.search(text) is None else WORD


class lazy(Generic[T]):  # noqa: N801
    """A property that is worked out once, like `functools.cached_property` without its lock."""

    def __init__(self, work_out: Callable[["Side"], T]) -> None:
        self._work_out = work_out
        self._name = work_out.__name__

    def __get__(self, side: "Side", _: type | None = None) -> T:
        value = self._work_out(side)
        side.__dict__[self._name] = value
        return value


@dataclass(frozen=True)  # no slots: the parts below are worked out once, when first asked for
class Side:
    """One text of a pair with what several checks ask of it."""

    text: str
    language: Language

    @lazy
    def lower(self) -> str:
        return self.text.lower()

    @lazy
    def cut(self) -> Cut:
        """The words and figures, folded."""
        return Cut(self.text)

    @property
    def folded(self) -> str:
        """In small letters, with one place for tone marks."""
        return self.cut.folded

    @lazy
    def runs(self) -> list[Run]:
        """Words with a capital, by those that stand side by side."""
        return list(capital_runs(self.text))

    @lazy
    def plain(self) -> str:
        """Lower case without marks."""
        return strip_diacritics(self.text).lower()

    @lazy
    def squeezed(self) -> str:
        """`plain` without anything between its letters and figures."""
        return "".join(_LETTERS.findall(self.plain))

    @lazy
    def plain_words(self) -> frozenset[str]:
        """The words of `plain`."""
        pattern = _ASCII_WORD if self.plain.isascii() else WORD
        return frozenset(pattern.findall(self.plain))

    def plain_from(self, word: str) -> Iterator[str]:
        """The words of `plain` that begin with the first two letters of one."""
        start = word[:2]
        return (other for other in self.plain_words if other[:2] == start)

    @lazy
    def gazetted(self) -> list[Found]:
        """Names of the gazetteer in a Vietnamese text; a name has a capital in it."""
        names = gazetteer()
        return [
            name
            for name in names.index.find(self.cut)
            if not (text := name.span.of(self.text)).islower()
            and (text[0].isupper() or not names.is_proper[name.phrase])
        ]

    @lazy
    def capitals(self) -> list[str]:
        """The words that begin with a capital and go on without one."""
        return [word for word in self.word_texts if word.istitle()]

    @lazy
    def words(self) -> list[re.Match[str]]:
        """The words, without numbers and marks, and without those of addresses."""
        words = list(_word_pattern(self.text).finditer(self.text))
        if not self.addresses:
            return words
        return [
            word
            for word in words
            if not any(own.start <= word.start() < own.end for own in self.addresses)
        ]

    @lazy
    def word_texts(self) -> list[str]:
        """The texts of `words`, in less time."""
        if self.addresses:
            return [word[0] for word in self.words]
        return _word_pattern(self.text).findall(self.text)

    @lazy
    def addresses(self) -> list[Span]:
        return [one.span for one in self.verbatim if one.kind is VerbatimKind.ADDRESS]

    @lazy
    def small(self) -> list[str]:
        """The words without a capital."""
        return [word for word in self.word_texts if word.islower()]

    @lazy
    def numbers(self) -> list[Number]:
        return number_reader(self.language).find(self.text)

    @lazy
    def dates(self) -> list[DateMention]:
        return date_reader(self.language).find_dates(self.text)

    @lazy
    def times(self) -> list[TimeMention]:
        return date_reader(self.language).find_times(self.text) if self.numbers else []

    @lazy
    def weekdays(self) -> list[tuple[int, Span]]:
        """The weekdays named, Monday is 1."""
        pattern, names, signs = weekdays(self.language)
        if not any(sign in self.lower for sign in signs):
            return []
        found = ((m, m.lastindex or 1) for m in pattern.finditer(self.text))
        return [(names[m[group].lower()], Span(*m.span(group))) for m, group in found]

    @lazy
    def verbatim(self) -> list[Verbatim]:
        """What a translation copies to the letter."""
        return find_verbatim(self.text)

    @lazy
    def owned(self) -> bytearray:
        """By character: whether it is in a date, a time, an address or a telephone number.

        Other checks look after those.
        """
        mask = bytearray(len(self.text))
        copied = (one.span for one in self.verbatim if one.kind is not VerbatimKind.CITATION)
        dates = (date.span for date in self.dates)
        for span in (*dates, *(time.span for time in self.times), *copied):
            mask[span.start : span.end] = b"\1" * (span.end - span.start)
        return mask

    @lazy
    def figure_keys(self) -> set[str]:
        """All values that a number of this side may have."""
        return {key for number in self.numbers for key in number.keys}

    @lazy
    def number_keys(self) -> set[str]:
        """The same with hints such as "half", which are asked for last since they cost time."""
        return self.figure_keys | number_reader(self.language).hints(self.text)


@dataclass(frozen=True, slots=True)
class Pair:
    """What a check looks at."""

    source: Side
    target: Side

    def by_language(self) -> tuple[Side | None, Side | None]:
        """The Vietnamese and the English side; None where there is no such side."""
        return self._side_in(Language.VI), self._side_in(Language.EN)

    def _side_in(self, language: Language) -> Side | None:
        if self.source.language is language:
            return self.source
        return self.target if self.target.language is language else None


@dataclass(frozen=True, slots=True)
class Check:
    """A question; no findings means that the answer is yes."""

    id: str
    asks: str
    find: Callable[[Pair], Iterator[Finding]]


Kind = tuple[str, str]  # what a thing is called, in Vietnamese and English
NAME: Kind = ("tên", "name")
NUMBER: Kind = ("số", "number")


def lost(
    check: str, span: Span, text: str, kind: Kind, severity: Severity = Severity.MAJOR
) -> Finding:
    """The finding for a thing of the source, at `span` of its `text`, that the target lacks."""
    thing = span.of(text)
    return Finding(
        check,
        severity,
        f"Bản dịch thiếu {kind[0]} “{thing}”.",
        f"The {kind[1]} “{thing}” is missing from the translation.",
        source_span=span,
    )


def added(
    check: str, span: Span, text: str, kind: Kind, severity: Severity = Severity.MAJOR
) -> Finding:
    """The finding for a thing of the target, at `span` of its `text`, that the source lacks."""
    thing = span.of(text)
    return Finding(
        check,
        severity,
        f"Bản dịch có {kind[0]} “{thing}” mà bản gốc không có.",
        f"The translation has the {kind[1]} “{thing}”, which the source does not.",
        target_span=span,
    )


def changed(check: str, spans: tuple[Span, Span], pair: Pair, kind: Kind) -> Finding:
    """The finding for a thing of the source that is another one in the target."""
    was, now = spans[0].of(pair.source.text), spans[1].of(pair.target.text)
    return Finding(
        check,
        Severity.MAJOR,
        f"{kind[0].capitalize()} “{was}” trong bản gốc thành “{now}” trong bản dịch.",
        f"The {kind[1]} “{was}” of the source is “{now}” in the translation.",
        *spans,
    )
