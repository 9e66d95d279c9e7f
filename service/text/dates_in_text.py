"""Dates and times of day in running text, as values that compare across languages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.article import Span

_NOON = 12 * 60
_DAY = 24 * 60
_JOINED = re.compile(r"\d ?[/.-] ?\d")  # what every date in figures has
_IS_NAMED = re.compile(
    r"<M>|tháng \(|\?P<month>[A-Z]"
)  # what a pattern with the name of a month has in it


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date or a part of one. `swappable`: in figures that may also be read month first."""

    span: Span
    day: int | None
    month: int | None
    year: int | None
    swappable: bool = False


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time of day: the minutes since midnight that it may mean."""

    span: Span
    minutes: frozenset[int]


class DateReader:
    """Finds dates and times in one language; compiled once, safe to share."""

    def __init__(
        self,
        patterns: Sequence[str],
        times: Sequence[str],
        months: Mapping[str, int],
        halves: Mapping[str, int],
        signs: Sequence[str],
        sign: str,
        time_sign: str,
    ) -> None:
        """Patterns name `day`, `month`, `year`, `hour`, `minute`, `half`; <M> is any month.

        `halves` say what a word beside a time means: 0 before noon, 12 after noon. Texts in which
        no figures are joined are not searched for dates in figures, those without one of `signs`
        and `sign` not for months with a name, those without `time_sign` not for times: that saves
        most of the time.
        """
        names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
        self._patterns = [
            (
                re.compile(pattern.replace("<M>", f"(?P<month>{names})"), re.IGNORECASE),
                _IS_NAMED.search(pattern) is not None,
            )
            for pattern in patterns
        ]
        self._times = [re.compile(pattern, re.IGNORECASE) for pattern in times]
        self._signs = signs
        self._sign = re.compile(sign)
        self._time_sign = re.compile(time_sign, re.IGNORECASE)
        self._months = months
        self._halves = halves

    def find_dates(self, text: str) -> list[DateMention]:
        """Dates in order of pattern, fullest first; no two overlap."""
        found: list[DateMention] = []
        low = text.lower()
        named = any(sign in low for sign in self._signs) and self._sign.search(low) is not None
        figures = _JOINED.search(text) is not None
        if not named and not figures:
            return found
        taken = bytearray(len(text))
        for pattern, is_named in self._patterns:
            if not (named if is_named else figures):
                continue
            for match in pattern.finditer(text):
                mention = self._mention(match)
                if mention is not None and _take(mention.span, taken):
                    found.append(mention)
        return found

    def find_times(self, text: str) -> list[TimeMention]:
        """Times of day; a number of hours is none."""
        found: list[TimeMention] = []
        if not self._time_sign.search(text):
            return found
        taken = bytearray(len(text))
        for pattern in self._times:
            for match in pattern.finditer(text):
                span = Span(*match.span())
                minutes = self._minutes(match)
                if minutes and _take(span, taken):
                    found.append(TimeMention(span, minutes))
        return found

    def _mention(self, match: re.Match[str]) -> DateMention | None:
        groups = match.groupdict()
        name = groups.get("month") or ""
        month = int(name) if name.isdecimal() else self._months.get(name.lower())
        day = int(groups["day"]) if groups.get("day") else None
        year = int(groups["year"]) if groups.get("year") else None
        swappable = "swap" in groups
        if month is not None and month > 12 and swappable and day is not None:
            day, month = month, day
        if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
            return None
        if year is not None and year < 100:
            year = None
        return DateMention(Span(*match.span()), day, month, year, swappable)

    def _minutes(self, match: re.Match[str]) -> frozenset[int]:
        groups = match.groupdict()
        hour, minute = int(groups["hour"]), int(groups.get("minute") or 0)
        if hour > 24 or minute > 59:
            return frozenset()
        half = self._halves.get((groups.get("half") or "").lower().replace(".", ""))
        if half is not None:
            hour = hour % 12 + half if hour <= 12 else hour
            return frozenset([(hour * 60 + minute) % _DAY])
        first = (hour * 60 + minute) % _DAY
        return frozenset([first] if hour > 12 else [first, (first + _NOON) % _DAY])


def _take(span: Span, taken: bytearray) -> bool:
    """Mark the characters of `span`, unless one of them is marked."""
    if any(taken[span.start : span.end]):
        return False
    taken[span.start : span.end] = b"\1" * (span.end - span.start)
    return True
