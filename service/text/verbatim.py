"""What translations copy to the letter: addresses, telephone numbers, citations of US law."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from service.article import Span


class Kind(StrEnum):
    """What is copied."""

    ADDRESS = "address"  # an e-mail address, a URL, a web domain
    PHONE = "phone"
    CITATION = "citation"  # of United States law


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A place in a text that its translation has as it is."""

    span: Span
    kind: Kind


_TOP = "com|org|net|gov|edu|int|info|mil|vn|uk|eu|us|au|ca|cn|de|fr|jp|kr|sg|la|kh|th|io|asia|biz"
_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]+\.)+[a-z]{2,}(?!\w)"  # info@defra.gov.uk
    r"|(?:https?://|(?<!\w)www\.)[^\s<>\"“”|]+"  # https://www.gov.uk/flood
    rf"|(?<![\w.@/-])(?:[a-z\d][a-z\d-]{{0,62}}\.){{1,5}}(?:{_TOP})(?![\w-]|\.\w)"  # chinhphu.vn
    r"(?:/[^\s<>\"“”|]*)?",
    re.IGNORECASE | re.ASCII,
)
_ADDRESS_SIGNS = ("@", "://", "www.")  # one of them is in an address, or the next
_DOMAIN = re.compile(rf"\.(?:{_TOP})\b")
_ENDS = ".,;:!?'’…"
_BRACKETS = {")": "(", "]": "["}

# After a word for it: "Điện thoại: 080.43162", "Hotline: 1900 1234", "call 0345 988 1188"
_NAMED_PHONE = re.compile(
    r"(?<!\w)(?:điện thoại|đt|đtdđ|sđt|tel|telephone|phone|mobile|hotline|fax|đường dây nóng"
    r"|tổng đài|call|text|gọi|số máy|zalo|whatsapp)"
    r"(?: (?:bàn|di động|liên hệ|số|đến|tới|máy|at|on|number|no\.?|us|line)){0,3}"
    r"\.?[:\s]{0,3}"
    r"(?P<phone>\(?\+?\d{1,5}\)?(?:[ .-]{1,2}\(?\d{2,5}\)?){1,5}|\+?\d{8,12})(?![\w/%]|[.,-]\d)",
    re.IGNORECASE,
)
# Without one: "024.3822.5678", "+84 24 3822 5678", "(0222) 3821 234", "0912345678", "202-514-2007"
_PHONE = re.compile(
    r"(?<![\w.,/+-])(?:"
    r"\+\d{1,3}(?:[ .-]\(?\d{1,4}\)?){2,5}"
    r"|\(\+?\d{1,5}\)[ .-]?\d{2,5}(?:[ .-]?\d{3,5}){1,2}"
    r"|0\d{2,4}(?:[.-]\d{3,5}){1,3}|0\d{1,4}(?: \d{3,4}){2}"
    r"|0\d{9,10}|1[89]00[ .-]\d{4,6}"
    r"|(?:1-)?\d{3}-\d{3}-\d{4}"
    r")(?![\w/%]|[.,-]\d)"
)
_MIN_DIGITS = 7
_IS_PHONE = re.compile(r"\d(?:[ .()-]{0,2}\d){6}")  # e.g. "080.43162"
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+")  # 1.500, 1 500 000
_DATE = re.compile(r"[0-3]?\d([.-])[01]?\d\1(?:19|20)\d\d")  # 08.08.2023
_YEARS = re.compile(r"(?:19|20)\d\d ?- ?(?:19|20)\d\d")  # 2020-2025

_CITATION = re.compile(
    r"(?<!\w)\d{1,2} (?:U\.?S\.?C\.?|C\.?F\.?R\.?)(?: ?§{1,2}| Part| part)? ?"  # 42 U.S.C. § 7401
    r"\d{1,5}[a-z]{0,2}(?:\.\d{1,5})?(?:-\d{1,3}[a-z]?)?(?:\(\w{1,4}\)){0,6}"
    r"|§{1,2} ?\d{1,5}[a-z]{0,2}(?:[.-]\d{1,5}[a-z]?)?(?:\(\w{1,4}\)){0,6}"  # § 1201.3
    r"|(?<=Sec\. )\d{1,5}[a-z]?(?:\(\w{1,4}\)){1,6}"  # Sec. 5(b)(2)
    r"|(?<=[Ss]ection )\d{1,5}[a-z]?(?:\(\w{1,4}\)){1,6}",
)
_CITATION_SIGNS = ("§", "SC", "S.C", "FR", "F.R", "Sec. ", "ection ")  # one is in each of them


def find_verbatim(text: str) -> list[Verbatim]:
    """What of a text its translation copies, in order of place; no two overlap.

    >>> text = "Gọi 024.3822.5678 hoặc viết cho info@moha.gov.vn."
    >>> [found.span.of(text) for found in find_verbatim(text)]
    ['024.3822.5678', 'info@moha.gov.vn']
    """
    kinds = [
        (kind, find)
        for kind, may_have, find in (
            (Kind.ADDRESS, _may_have_address(text.lower()), _addresses),
            (Kind.CITATION, any(sign in text for sign in _CITATION_SIGNS), _citations),
            (Kind.PHONE, _IS_PHONE.search(text) is not None, _phones),
        )
        if may_have
    ]
    if not kinds:
        return []
    found: list[Verbatim] = []
    taken = bytearray(len(text))
    for kind, find in kinds:
        for span in find(text):
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
                found.append(Verbatim(span, kind))
    return sorted(found, key=lambda one: one.span)


def _may_have_address(low: str) -> bool:
    return any(sign in low for sign in _ADDRESS_SIGNS) or _DOMAIN.search(low) is not None


def _addresses(text: str) -> Iterator[Span]:
    for match in _ADDRESS.finditer(text):
        address = match[0]
        while address[-1] in _ENDS or (
            address[-1] in _BRACKETS
            and address.count(_BRACKETS[address[-1]]) < address.count(address[-1])
        ):
            address = address[:-1]
        yield Span(match.start(), match.start() + len(address))


def _citations(text: str) -> Iterator[Span]:
    yield from (Span(*match.span()) for match in _CITATION.finditer(text))


def _phones(text: str) -> Iterator[Span]:
    for pattern, group in ((_NAMED_PHONE, "phone"), (_PHONE, 0)):
        for match in pattern.finditer(text):
            if _is_phone(match[group]):
                yield Span(*match.span(group))


def _is_phone(figures: str) -> bool:
    """Whether figures are enough for a telephone number, and no amount, date or pair of years.

    >>> _is_phone("080.43162"), _is_phone("1.500.000"), _is_phone("08.08.2023")
    (True, False, False)
    """
    return (
        sum(character.isdigit() for character in figures) >= _MIN_DIGITS
        and not _GROUPED.fullmatch(figures)
        and not _DATE.fullmatch(figures)
        and not _YEARS.fullmatch(figures)
    )
