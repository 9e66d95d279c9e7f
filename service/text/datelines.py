"""Datelines: where a report comes from, in front of its first paragraph."""

import re

from service.text.lines import UPPER

_DAY = (
    r"(?:(?:ngày )?\d{1,2}[/-]\d{1,2}(?:[/-]\d{4})?|(?:ngày )?\d{1,2} tháng \d{1,2}(?: năm \d{4})?"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}(?:,? \d{4})?|\d{1,2} [A-Z][a-z]{2,8}(?:,? \d{4})?)"
)
_PLACE = rf"[{UPPER}][\w.'’-]*(?: [{UPPER}][\w.'’-]*){{0,4}}"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE})?(?P<day>,? ?\(?{_DAY}\)?)?,? ?"
    rf"(?P<agency>\([^()]{{2,40}}\))?\s*(?P<dash>[-–—])?\s*"
)  # «(Chinhphu.vn) –», «HÀ NỘI, 2/9 (TTXVN) -», «HANOI, March 18 (VNA) —», «TTO -»
MAX_SHORT_FORM = 5  # letters: "WHO — " and "ASEAN — " are no cities
_DATE_IN_BRACKETS = re.compile(rf",? ?{_DAY}$")  # «(TTXVN 18/3)»
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org)", re.IGNORECASE)


def split_dateline(text: str, agencies: frozenset[str]) -> tuple[str, str] | None:
    """The dateline at the head of `text` and the text after it; None where there is none.

    `agencies` are case-folded names. What follows may be empty: a dateline on its own line.

    >>> split_dateline("(Chinhphu.vn) – Sáng nay, Thủ tướng họp.", frozenset({"chinhphu.vn"}))
    ('(Chinhphu.vn) –', 'Sáng nay, Thủ tướng họp.')
    >>> split_dateline("Hanoi, March 18, 2024 – The government met.", frozenset())
    ('Hanoi, March 18, 2024 –', 'The government met.')
    >>> split_dateline("HÀ NỘI — Prime Minister Lê An met them.", frozenset())
    ('HÀ NỘI —', 'Prime Minister Lê An met them.')
    >>> split_dateline("Hà Nội (Thủ đô) - thành phố lớn.", frozenset({"chinhphu.vn"})) is None
    True
    """
    match = _DATELINE.match(text)
    if match is None or not match.end():
        return None
    agency, place, rest = match["agency"], match["place"], text[match.end() :]
    if agency:  # «(TTXVN) Sáng nay» stands for itself; a place needs more than a name in brackets
        name = agency.strip("()")
        marked = place is None or match["dash"] or match["day"] or _DATE_IN_BRACKETS.search(name)
        known = _is_agency(name, agencies) and bool(marked or not rest)
    else:  # «TTO - », «HÀ NỘI, 2/9 – »
        signed = place is not None and (match["day"] or _is_agency(place, agencies))
        known = bool(signed and match["dash"])
        known = known or (_is_city(place) and match["dash"] == "—" and text[match.end() - 1] == " ")
    if not known or (rest and not _starts_sentence(rest)):
        return None
    return text[: match.end()].strip(), rest


def _is_city(place: str | None) -> bool:
    """Whether a place may stand before a long dash alone: «HÀ NỘI — », «BRUSSELS — »."""
    return place is not None and place.isupper() and len(place) > MAX_SHORT_FORM


def _is_agency(name: str, agencies: frozenset[str]) -> bool:
    name = _DATE_IN_BRACKETS.sub("", name).strip()
    parts = re.split(r" ?[/,] ?", name)
    return any(part.casefold() in agencies or _DOMAIN.fullmatch(part) for part in parts)


def _starts_sentence(text: str) -> bool:
    return text[0].isupper() or text[0].isdigit() or text[0] in "\"“'‘(["
