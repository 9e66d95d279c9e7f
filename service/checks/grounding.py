"""Which facts of a summary does its article lack?

Numbers, dates, times, weekdays, document numbers, units and names: what can be compared without
understanding.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.article import Language, Severity, Span
from service.checks import dates, legal_references, units
from service.checks.base import Check, Pair, Side
from service.rules.words import common_english, small_vietnamese
from service.text.dates_in_text import TimeMention
from service.text.numerals import key_of

LOOK_BACK = 10  # characters between two sentences, quotes and dashes among them
_CAPITALISED = re.compile(
    r"(?<!\w)[^\W\d_]\w*(?:[-’'.]\w+)*"
)  # filtered by case: "Lào", "Asia-Pacific"
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"(?<=\w)[’']s\b")  # "Vietnam's" names Vietnam

_SENTENCE_ENDS = (".", "!", "?", "…", ":")
_TITLE = re.compile(r"(?<!\w)[A-ZĐ]\w{0,2}\.$")  # "TS." before a name: no sentence ends there

# Words that are a number least often: a year, and an article.
_SELDOM_NUMBERS = frozenset(("năm", "một", "one"))


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """A part of a summary that is not in the article."""

    kind: str  # number, date, reference, unit, name
    text: str
    span: Span  # in the summary


def find_ungrounded(summary: str, article: str, language: Language) -> list[Ungrounded]:
    """Every number, date, document number, unit and name of the summary that the article lacks.

    Both texts are in `language`. A text has everything that is in it:

    >>> find_ungrounded("Hà Nội chi 5 tỷ.", "Ngày 2/9, Hà Nội chi 5 tỷ đồng.", Language.VI)
    []
    >>> [one.text for one in find_ungrounded("Huế chi 6 tỷ.", "Hà Nội chi 5 tỷ.", Language.VI)]
    ['6 tỷ', 'Huế']
    """
    return ungrounded(Side(article, language), Side(summary, language))


def ungrounded(source: Side, target: Side) -> list[Ungrounded]:
    """The same for texts that are read already: the article, then its summary."""
    found = [*_numbers(source, target), *_by_checks(source, target), *_names(source, target)]
    return sorted(found, key=lambda one: (one.kind == "name", one.span))


def _numbers(source: Side, target: Side) -> Iterator[Ungrounded]:
    """Also single words such as "hai", which the checks of translations are not sure of."""
    weekdays = [span for _, span in target.weekdays]
    known = _figures(source)
    for number in target.numbers:
        start = number.span.start
        if target.owned[start] or any(day.start <= start < day.end for day in weekdays):
            continue
        text = number.span.of(target.text)
        if not number.certain and text.lower() in _SELDOM_NUMBERS:
            continue
        if known.isdisjoint(number.keys):
            yield Ungrounded("number", text, number.span)


def _figures(side: Side) -> set[str]:
    """Values of its numbers; of its dates and times only the years, which stand alone as well."""
    numbers = (number for number in side.numbers if not side.owned[number.span.start])
    years = {key_of(str(date.year)) for date in side.dates if date.year is not None}
    return {key for number in numbers for key in number.keys} | years


_CHECKS: tuple[tuple[str, Check], ...] = (
    ("date", dates.CHECK),
    ("reference", legal_references.CHECK),
    ("unit", units.CHECK),
)


def _by_checks(source: Side, target: Side) -> Iterator[Ungrounded]:
    """What the checks of translations find lost on the way back from the summary to the article."""
    back = Pair(target, source)
    known = _figures(source)
    for kind, check in _CHECKS:
        for finding in check.find(back):
            if finding.source_span is None or finding.severity is not Severity.MAJOR:
                continue
            text = finding.source_span.of(target.text)
            # One figure may have several units in the article; this one is there as it stands.
            if kind != "unit" or text.isdigit() or text not in source.text:
                yield Ungrounded(kind, text, finding.source_span)
    for date in target.dates:
        # A translator may add a year, a summary may not.
        if date.year is not None and key_of(str(date.year)) not in known:
            yield Ungrounded("date", date.span.of(target.text), date.span)
    for time in target.times:
        if not _has_time(source, time, known):
            yield Ungrounded("date", time.span.of(target.text), time.span)
    told = {day for day, _ in source.weekdays}
    for day, span in target.weekdays:
        if day not in told:
            yield Ungrounded("date", span.of(target.text), span)


def _has_time(source: Side, time: TimeMention, known: set[str]) -> bool:
    """Whether the article has this time of day, or these figures outside of any other time."""
    if any(time.minutes & other.minutes for other in source.times):
        return True
    hours = {minutes // 60 for minutes in time.minutes}
    minute = next(iter(time.minutes)) % 60
    return (not minute or key_of(str(minute)) in known) and any(
        key_of(str(hour)) in known for hour in hours
    )


def _names(source: Side, target: Side) -> Iterator[Ungrounded]:
    """Runs of capitalised words that do not stand in the article in this order."""
    words = _WORD.findall(_POSSESSIVE.sub("", source.text))
    cased = f" {' '.join(words)} "
    for run, opens in _runs(target.text):
        tokens = _WORD.findall(_POSSESSIVE.sub("", " ".join(word[0] for word in run)))
        whole = f" {' '.join(tokens)} "
        if whole in cased:
            continue
        if opens and _first_is_plain(tokens[0], cased, target.language):
            rest = f" {' '.join(tokens[1:])} "
            if len(tokens) == 1 or rest in cased or whole.lower() in cased:
                continue
        span = Span(run[0].start(), run[-1].end())
        yield Ungrounded("name", span.of(target.text), span)


def _runs(text: str) -> Iterator[tuple[list[re.Match[str]], bool]]:
    """Capitalised words in a row, and whether a sentence begins with them."""
    run: list[re.Match[str]] = []
    opens = False
    for word in _CAPITALISED.finditer(text):
        if not word[0][0].isupper():
            continue
        if run and text[run[-1].end() : word.start()] != " ":
            yield run, opens
            run = []
        if not run:
            before = text[max(0, word.start() - LOOK_BACK) : word.start()].strip(" \"'“”«»()-–")
            opens = not before or (before.endswith(_SENTENCE_ENDS) and not _TITLE.search(before))
        run.append(word)
    if run:
        yield run, opens


def _first_is_plain(word: str, article: str, language: Language) -> bool:
    """Whether a sentence's first word need be no name: the article has it small, or all have."""
    lower = word.lower()
    plain = small_vietnamese() if language is Language.VI else common_english()
    return f" {lower} " in article or lower in plain
