"""Are all dates, weekdays and times of day there, with day and month in their places?"""

import re
from collections.abc import Iterator, Sequence

from service.article import Finding, Language, Severity, Span
from service.checks.base import Check, Kind, Pair, Side, added, changed, lost
from service.checks.vocabulary import weekday_names
from service.text.dates_in_text import DateMention, TimeMention
from service.text.numerals import key_of

ID = "dates"
DATE: Kind = ("ngày tháng", "date")
TIME: Kind = ("giờ", "time")
YEAR_OF: Kind = ("năm của", "year of")
WEEKDAY: Kind = ("thứ", "weekday")
_BARE = re.compile(r"(?<![\d/.,-])(\d{1,2})[/-](\d{1,2})(?![\d/%]|[.,-]\d)")  # e.g. "5/9"
_DAY = re.compile(r"\b[Nn]gày (\d{1,4}) tháng \d{1,2}\b")  # e.g. "ngày 2026 tháng 3"
_MAX_DAY = 31
_MONTH = {Language.VI: re.compile(r"\btháng\b"), Language.EN: re.compile(r"\bmonth\b")}


def _find(pair: Pair) -> Iterator[Finding]:
    source, target = pair.source, pair.target
    gone = [date for date in source.dates if not _has(target, date, strict=True)]
    new = [date for date in target.dates if not _has(source, date, strict=False)]
    yield from _dates(pair, gone, new)
    yield from _bare_swaps(pair)
    yield from _impossible(pair)
    for time in source.times:
        if not _has_time(target, time):
            yield lost(ID, time.span, source.text, TIME)
    for time in target.times:
        if not _has_time(source, time):
            yield added(ID, time.span, target.text, TIME)
    for number, span in source.weekdays:
        # "thứ ba" is Tuesday and the third: a target with a third has not lost a Tuesday.
        is_ordinal = (
            not pair.source.owned[span.start] and key_of(str(number + 1)) in target.figure_keys
        )
        if (
            target.weekdays
            and number not in {day for day, _ in target.weekdays}
            and not any(name in target.lower for name in weekday_names(target.language, number))
            and not (source.language is Language.VI and is_ordinal)
        ):
            yield lost(ID, span, source.text, WEEKDAY)


def _dates(
    pair: Pair, gone: Sequence[DateMention], new: Sequence[DateMention]
) -> Iterator[Finding]:
    rest = list(new)
    for date in gone:
        twin = next((other for other in pair.target.dates if _swapped(date, other)), None)
        twin = twin or next(
            (other for other in pair.target.dates if _lacks_year(other, date)), None
        )
        twin = twin or (rest[0] if rest else None)
        if twin is None:
            yield lost(ID, date.span, pair.source.text, DATE)
            continue
        if twin in rest:
            rest.remove(twin)
        if date.day is not None and _lacks_year(twin, date):
            yield lost(ID, date.span, pair.source.text, YEAR_OF, Severity.MINOR)
            continue
        yield changed(ID, (date.span, twin.span), pair, DATE)
    for date in rest:
        yield added(ID, date.span, pair.target.text, DATE)


def _bare_swaps(pair: Pair) -> Iterator[Finding]:
    """Figures such as "5/9", a date or a fraction, that the English side has as the 9th of May."""
    vi, en = pair.by_language()
    if vi is None or en is None or not en.dates:
        return
    for match in _BARE.finditer(vi.text):
        day, month = int(match[1]), int(match[2])
        if day == month or not (1 <= day <= 12 and 1 <= month <= 12) or vi.owned[match.start()]:
            continue
        written = {(date.day, date.month): date.span for date in en.dates}
        if (month, day) in written and (day, month) not in written:
            own, other = Span(*match.span()), written[month, day]
            spans = (own, other) if vi is pair.source else (other, own)
            yield Finding(
                ID,
                Severity.MAJOR,
                f"“{match[0]}” và “{other.of(en.text)}” đổi chỗ ngày và tháng.",
                f"“{match[0]}” and “{other.of(en.text)}” have day and month swapped.",
                *spans,
            )


def _impossible(pair: Pair) -> Iterator[Finding]:
    """Days that no month has, "ngày 2026 tháng 3", which models make of March 2026."""
    if pair.target.language is Language.EN or pair.source.language is Language.VI:
        return
    for match in _DAY.finditer(pair.target.text):
        if int(match[1]) > _MAX_DAY:
            yield added(ID, Span(*match.span()), pair.target.text, DATE)


def _lacks_year(other: DateMention, date: DateMention) -> bool:
    return other.year is None and (other.day, other.month) == (date.day, date.month)


def _swapped(date: DateMention, other: DateMention) -> bool:
    return date.day is not None and date.day == other.month and date.month == other.day


def _has(side: Side, date: DateMention, *, strict: bool) -> bool:
    """Whether every part of a date is on this side; `strict` is the way from source to target.

    A translator may add the month of a day that the source gives alone, not the other way round.
    """
    if any(_same(date, other, strict=strict) for other in side.dates):
        return True
    if any(_swapped(date, other) for other in side.dates) and date.day != date.month:
        return False
    if date.day is not None and (date.day, date.month) in _bare_days(side):
        return True
    if date.day is None and date.year is None and _has_month(side, date):
        return True
    months = {other.month for other in side.dates}
    if date.month is not None and date.month not in months and (strict or months - {None}):
        return False
    figures = side.figure_keys
    return all(
        part is None or key_of(str(part)) in figures
        for part in (date.day, date.year if strict else None)
    )


def _bare_days(side: Side) -> set[tuple[int, int]]:
    """Days such as "14/5" in Vietnamese, which are fractions elsewhere."""
    if side.language is not Language.VI:
        return set()
    return {(int(match[1]), int(match[2])) for match in _BARE.finditer(side.text)}


def _has_month(side: Side, date: DateMention) -> bool:
    """Whether a month alone is there by its number: "the seventh month" for "tháng 7"."""
    return key_of(str(date.month)) in side.figure_keys and bool(
        _MONTH[side.language].search(side.lower)
    )


def _same(one: DateMention, other: DateMention, *, strict: bool) -> bool:
    days = (other.day, other.month)
    if (one.day, one.month) != days:
        swaps = (one.swappable or other.swappable) and (one.month, one.day) == days
        if not swaps:
            return False
    return one.year in (None, other.year) or (other.year is None and not strict)


def _has_time(side: Side, time: TimeMention) -> bool:
    if any(time.minutes & other.minutes for other in side.times):
        return True
    if side.times and len(side.times) == 1:
        return False
    minute = next(iter(time.minutes)) % 60
    hours = {minutes // 60 for minutes in time.minutes}
    hours |= {(hour + 12) % 24 for hour in hours} | {
        12 if hour % 12 == 0 else hour for hour in hours
    }
    figures = side.number_keys
    return (not minute or key_of(str(minute)) in figures) and any(
        key_of(str(hour)) in figures for hour in hours
    )


CHECK = Check(ID, "Are all dates and times there, with day and month in their places?", _find)
