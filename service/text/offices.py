"""Bodies and offices of government, and days, as official documents name them."""

import re
from datetime import date
from functools import cache

from service.article import Language
from service.rules.formulas import any_of, formulas, provinces

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAY = {
    Language.EN: r"ngày (?P<d>\d{1,2})(?: tháng |/)(?P<m>\d{1,2})(?: năm |/)(?P<y>\d{4})",
    Language.VI: rf"(?P<m>{'|'.join(_MONTHS)}) (?P<d>\d{{1,2}}),? (?P<y>\d{{4}})",
}
_CITIES = {"hà nội": "Hanoi", "hanoi": "Hà Nội", "ha noi": "Hà Nội"}
_NAME = r"[^\W\d_][^\W\d_'’]*(?: [^\W\d_][^\W\d_'’-]*){0,4}"  # of a place: "Lâm Hà"


def day_line(text: str, target: Language) -> str | None:
    """Where and when a document was signed, in the target language; None for another text.

    >>> day_line("Hà Nội, ngày 05 tháng 8 năm 2024", Language.EN)
    'Hanoi, August 5, 2024'
    """
    match = _day_line(target).fullmatch(text)
    own = day_in(match, target) if match else None
    if match is None or own is None:
        return None
    return f"{_CITIES.get(match['place'].casefold(), match['place'])}, {own}"


@cache
def _day_line(target: Language) -> re.Pattern[str]:
    return re.compile(rf"(?P<place>[^\W\d_][^,:;.!?\d]{{1,40}}), {DAY[target]}", re.IGNORECASE)


def day_in(match: re.Match[str], target: Language) -> str | None:
    """The day of a match of `DAY` as the target language writes it; None where there is no such."""
    month = match["m"]
    number = int(month) if month.isdigit() else _MONTHS.index(month.capitalize()) + 1
    try:
        day = date(int(match["y"]), number, int(match["d"]))
    except ValueError:
        return None
    if target is Language.VI:
        return f"ngày {day.day} tháng {day.month} năm {day.year}"
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def office_in(text: str, target: Language) -> str | None:
    """A body or an office of government: of a field, of a place, or as it is.

    >>> office_in("Bộ trưởng Bộ Y tế", Language.EN)
    'Minister of Health'
    """
    if target is Language.VI and text[:4].casefold() == "the ":
        text = text[4:]
    own = formulas("offices", target).get(text.casefold().replace("’", "'"))
    if own:
        return own
    match = _offices(target).fullmatch(text.replace("’", "'"))
    if match is None:
        return None
    if match["body"]:
        body = formulas("bodies", target)[match["body"].casefold()]
        return f"{body} {formulas('fields', target)[match['field'].casefold()]}"
    local = formulas("local", target)[match["local"].casefold()]
    place = formulas("places", target)[match["place"].casefold()]
    name = match["name"]
    return f"{local} {name} {place}" if target is Language.EN else f"{local} {place} {name}"


@cache
def _offices(target: Language) -> re.Pattern[str]:
    place, name = f"(?P<place>{any_of('places', target)})", f"(?P<name>{_NAME})"
    named = f"{place} {name}" if target is Language.EN else f"{name} {place}"
    return re.compile(
        f"(?P<body>{any_of('bodies', target)}) (?P<field>{any_of('fields', target)})"
        f"|(?P<local>{any_of('local', target)}) {named}",
        re.IGNORECASE,
    )


def province_in(text: str, target: Language) -> str | None:
    """A province alone on a line in capitals, as in heads: "TỈNH LÀO CAI"."""
    match = _provinces().fullmatch(text) if target is Language.EN and text.isupper() else None
    if match is None or match["name"].casefold() not in provinces():
        return None
    name = _CITIES.get(match["name"].casefold(), match["name"])
    return f"{name} {formulas('places', target)[match['place'].casefold()]}"


@cache
def _provinces() -> re.Pattern[str]:
    return re.compile(r"(?P<place>tỉnh|thành phố) (?P<name>.{3,20})", re.IGNORECASE)
