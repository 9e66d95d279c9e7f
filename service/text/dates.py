"""Dates as sites print them: 18/03/2024, ngày 18 tháng 3 năm 2024, March 18, 2024."""

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?<!\d)(?:"
    r"(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"  # 2024-03-18
    r"|(?P<d2>\d{1,2}) ?[-/.] ?(?P<m2>\d{1,2}) ?[-/.] ?(?P<y2>(?:19|20)\d\d)"  # 18/3/2024
    r"|(?:ngày )?(?P<d3>\d{1,2}),? tháng (?P<m3>\d{1,2}),? năm (?P<y3>(?:19|20)\d\d)"
    # March 18, 2024; 18 March 2024
    rf"|(?P<n4>{_MONTH}) (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y4>(?:19|20)\d\d)"
    rf"|(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?[ -](?P<n5>{_MONTH}),?[ -](?P<y5>(?:19|20)\d\d)"
    r")(?!\d)",
    re.IGNORECASE,
)
_AROUND = re.compile(  # what stands around the date of a date line: weekday, time, zone, label
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|"
    r"sat(?:ur)?|sun)(?:day)?)\b\.?"
    r"|\b\d{1,2} ?[:hg] ?\d{2}(?: ?[:'′p] ?(?:\d{2})?)?(?: ?(?:am|pm|sa|ch)\b)?|\b\d{1,2}h\b"
    r"|\(?\b(?:gmt|utc|ict)\b ?(?:[+-] ?\d{1,2}(?::?\d{2})?)?\)?"
    r"|\b(?:ngày (?:đăng|cập nhật|xuất bản|tạo|đăng tin|ban hành)"
    r"|cập nhật(?: lúc| lần cuối| ngày)?|(?:thời gian )?đăng(?: lúc| ngày| tin| bởi)?"
    r"|xuất bản|thời gian"
    r"|(?:last )?(?:updated?|modified)(?: on| at)?|(?:published|posted|created)(?: on| at| by)?"
    r"|hôm nay(?: là)?|today(?: is)?|date|ngày|lúc|vào|on|at|am|pm|sa|ch)\b",
    re.IGNORECASE,
)
_MARKS = " \t|,.:;-–—()[]/•·'′+"


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that is about a date: the day, and what else stands on the line."""

    day: date
    rest: str  # the words that are neither date nor time nor their label
    spelt: bool  # «ngày 18 tháng 3 năm 2024», as documents have it


def find_date(text: str) -> date | None:
    """The first valid calendar date written in `text`; Vietnamese order (day first) in numbers.

    >>> find_date("Việt NamViệt Nam18/03/2024"), find_date("31/2/2024")
    (datetime.date(2024, 3, 18), None)
    """
    return next((day for match in _DATE.finditer(text) if (day := _day(match))), None)


def read_date_line(text: str) -> DateLine | None:
    """What is on a short line that holds a date; None where there is none.

    >>> read_date_line("Thứ Hai, 18/3/2024 | 08:30 GMT+7")
    DateLine(day=datetime.date(2024, 3, 18), rest='', spelt=False)
    """
    match = _DATE.search(text)
    day = _day(match) if match else None
    if match is None or day is None:
        return None
    rest = _AROUND.sub(" ", f"{text[: match.start()]} | {text[match.end() :]}")
    return DateLine(day, " ".join(rest.split()).strip(_MARKS), spelt=match["d3"] is not None)


def ends_with_date(text: str) -> bool:
    """Whether a date closes the line, as in lists of earlier articles.

    >>> ends_with_date("Khánh thành cầu mới (18/03/2024)")
    True
    """
    tail = text[-24:].rstrip(_MARKS)
    return any(match.end() == len(tail) for match in _DATE.finditer(tail))


def _day(match: re.Match[str]) -> date | None:
    parts = {key[0]: value for key, value in match.groupdict().items() if value}
    month = int(parts["m"]) if "m" in parts else _MONTHS.index(parts["n"][:3].lower()) + 1
    try:
        return date(int(parts["y"]), month, int(parts["d"]))
    except ValueError:
        return None
