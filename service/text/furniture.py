"""Shapes of short lines: persons' names, and rows of menu items."""

import re

from service.text.lines import UPPER

_NAME = rf"(?:[{UPPER}]\.){{0,2}}[{UPPER}][\w'’]*(?:-[{UPPER}][\w'’]*)?"
_PERSON = re.compile(rf"{_NAME}(?: {_NAME}){{1,4}}|[{UPPER}]\.[{UPPER}]\w+")  # Minh Huong; N.Huyền
_PEOPLE = re.compile(r"\s*[-–,&]\s*|\s+(?:và|and)\s+")  # Thu Hà - Quốc Bảo
_SIGNED = re.compile(r" ?(?:[/(,]| [-–]) ?([^()/,]{2,40})\)?$")  # Thu Hà/VNA; Thu Hà (TTXVN)
_PART = re.compile(  # Thu Hà (tổng hợp); Thu Hà (theo RT); Thu Hà (biên soạn): what they did
    r" ?\( ?(?:(?:theo|t ?/ ?h|ghi|via|according to)\b[^()]{0,40}|[^\W\d_]+(?: [^\W\d_]+){0,2})\)$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[|•·\t›»>]\s*|\s{2,}|\s+[-–—/]\s+")  # between menu items
_PATH = re.compile(r"\s[|/›»>→]\s|[›»]")  # between the steps of a path


def read_person(text: str, agencies: frozenset[str], not_names: frozenset[str]) -> str | None:
    """`text` without an agency at its end, if it is nothing but names of one to three people.

    >>> read_person("Minh Huong/VNA", frozenset({"vna"}), frozenset())
    'Minh Huong'
    >>> read_person("Lotus color of Hue", frozenset(), frozenset()) is None
    True
    """
    if len(text) > 60:
        return None
    text = _PART.sub("", text)
    signed = _SIGNED.search(text)
    if signed and any(part.strip().casefold() in agencies for part in signed[1].split(",")):
        text = text[: signed.start()]
    people = _PEOPLE.split(text)
    if len(people) > 3 or not all(_is_name(person, not_names) for person in people):
        return None
    return text


def _is_name(text: str, not_names: frozenset[str]) -> bool:
    if not _PERSON.fullmatch(text) or (text.isupper() and len(text) > 24):
        return False
    return not any(word in not_names for word in text.casefold().split())


def split_menu(text: str) -> list[str]:
    """The items of a menu that was copied as one line.

    >>> split_menu("Trang chủ | Giới thiệu | Tin tức")
    ['Trang chủ', 'Giới thiệu', 'Tin tức']
    """
    return [item for item in _BETWEEN.split(text) if item]


def is_path(text: str) -> bool:
    """Whether the line has the marks of a menu or a path between its items, twice or more.

    >>> is_path("Trang chủ / Tin tức / Hoạt động"), is_path("Mùa vụ 2023/2024")
    (True, False)
    """
    return len(_PATH.findall(text)) >= 2
