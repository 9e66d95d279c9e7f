"""Dates as pages write them."""

import re
from datetime import date

_ISO = re.compile(r"((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)")  # 2024-03-18T10:15:00+07:00
_NUMERIC = re.compile(  # 18/03/2024, 18-3-2024, 18.03.2024
    r"(?<![\w/.-])(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d{2})(?![\d/]|[.-]\d)"
)
_SHORT = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})/(\d{2})(?![\d/])")  # 18/03/24
_VIETNAMESE = re.compile(  # ngày 18 tháng 3 năm 2024; 18 tháng 3, 2024; 18 Tháng 3 2024
    r"(\d{1,2})\s{1,3}tháng\s{1,3}(\d{1,2})(?:\s{1,3}năm\s{1,3}|,\s{0,3}|\s{1,3})((?:19|20)\d{2})",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(  # 18 March 2024, 18th Mar. 2024
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s{1,3}([A-Z][a-z]{2,8})\.?,?\s{1,3}((?:19|20)\d{2})"
)
_MONTH_FIRST = re.compile(  # March 18, 2024
    r"([A-Z][a-z]{2,8})\.?\s{1,3}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}((?:19|20)\d{2})"
)
MAX_SHORT_CHARS = 40  # of a line with a year of two digits; elsewhere it may be a fraction
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_date(text: str) -> date | None:
    """The first date written in `text`; a numeric one with the day first, as in Vietnam.

    Only a numeric date that cannot have the day first is read with the month first.

    >>> read_date("Thứ Hai, 05/03/2024 10:15").isoformat()
    '2024-03-05'
    >>> read_date("2024-03-18T10:15:00+07:00"), read_date("ngày 18 tháng 3 năm 2024")
    (datetime.date(2024, 3, 18), datetime.date(2024, 3, 18))
    >>> read_date("Nov. 20, 2019"), read_date("20 November 2019"), read_date("1.234/2024")
    (datetime.date(2019, 11, 20), datetime.date(2019, 11, 20), None)
    >>> read_date("14/09/23 08:00")
    datetime.date(2023, 9, 14)
    """
    if found := _ISO.search(text):
        return _date(found[1], found[2], found[3])
    if found := _VIETNAMESE.search(text):
        return _date(found[3], found[2], found[1])
    if found := _NUMERIC.search(text):
        return _date(found[3], found[2], found[1]) or _date(found[3], found[1], found[2])
    if len(text) <= MAX_SHORT_CHARS and (found := _SHORT.search(text)):
        return _date(f"20{found[3]}", found[2], found[1])
    for found in _DAY_FIRST.finditer(text):
        if month := _month(found[2]):
            return _date(found[3], month, found[1])
    for found in _MONTH_FIRST.finditer(text):
        if month := _month(found[1]):
            return _date(found[3], month, found[2])
    return None


def _month(name: str) -> int:
    """1 to 12; 0 for what is no month."""
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _date(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
