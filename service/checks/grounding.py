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
from service.text.numerals import key_of

LOOK_BACK = 10  # characters between two sentences, quotes and dashes among them
_CAPITALISED = re.compile(
    r"(?<!\w)[^\W\d_]\w*(?:[-’'.]\w+)*"
)  # filtered by case: "Lào", "Asia-Pacific"
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"(?<=\w)[’']s\b")  # "Vietnam's" names Vietnam

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
    for number in target.numbers:
        start = number.span.start
        if target.owned[start] or any(day.start <= start < day.end for day in weekdays):
            continue
        text = number.span.of(target.text)
        if not number.certain and text.lower() in _SELDOM_NUMBERS:
            continue
        if source.number_keys.isdisjoint(number.keys):
            yield Ungrounded("number", text, number.span)


_CHECKS: tuple[tuple[str, Check], ...] = (
    ("date", dates.CHECK),
    ("reference", legal_references.CHECK),
    ("unit", units.CHECK),
)


def _by_checks(source: Side, target: Side) -> Iterator[Ungrounded]:
    """What the checks of translations find lost on the way back from the summary to the article."""
    back = Pair(target, source)
    years = {date.year for date in source.dates}
    for kind, check in _CHECKS:
        for finding in check.find(back):
            if finding.source_span is not None and finding.severity is Severity.MAJOR:
                text = finding.source_span.of(target.text)
                yield Ungrounded(kind, text, finding.source_span)
    for date in target.dates:
        bare = date.year is None or key_of(str(date.year)) in source.number_keys
        if not bare and date.year not in years:  # a translator may add a year, a summary may not
            yield Ungrounded("date", date.span.of(target.text), date.span)
    told = {day for day, _ in source.weekdays}
    for day, span in target.weekdays:
        if day not in told:
            yield Ungrounded("date", span.of(target.text), span)


def _names(source: Side, target: Side) -> Iterator[Ungrounded]:
    """Runs of capitalised words that do not stand in the article in this order."""
    words = _WORD.findall(_POSSESSIVE.sub("", source.text))
    cased = f" {' '.join(words)} "
    folded = cased.lower()
    for run, opens in _runs(target.text):
        tokens = _WORD.findall(_POSSESSIVE.sub("", " ".join(word[0] for word in run)))
        whole = f" {' '.join(tokens)} "
        if whole in cased:
            continue
        if opens and _first_is_plain(tokens[0], folded, target.language):
            rest = f" {' '.join(tokens[1:])} "
            if len(tokens) == 1 or rest in cased or whole.lower() in folded:
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
            opens = not before or before.endswith((".", "!", "?", "…", ":"))
        run.append(word)
    if run:
        yield run, opens


def _first_is_plain(word: str, folded: str, language: Language) -> bool:
    """Whether a sentence's first word need be no name: the article has it, or it is a plain one."""
    lower = word.lower()
    plain = small_vietnamese() if language is Language.VI else common_english()
    return f" {lower} " in folded or lower in plain
