"""Who took the picture, "(Ảnh: Thanh Bình/TTXVN)": names that no model may touch."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from service.article import Language, Span
from service.rules import load_sites

MAX_NAME_WORDS = 8
# Small words that stand among names: "Thu Hà và Duy Linh", "ảnh: internet", "Reuters via VNA".
_AMONG = frozenset({"và", "and", "via", "internet", "sưu", "tầm", "st"})
_PARTS = re.compile(r"[\s/,&+–-]+")
# "(TTXVN/Vietnam+)", with the full stop that may follow
_AGENCIES = re.compile(r"\((?P<who>[^\W\d_][^():;]{1,40})\)\.?")


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit at a text's end, and what it is in the target language."""

    span: Span
    target: str


@dataclass(frozen=True, slots=True)
class _Words:
    pattern: re.Pattern[str]
    labels: Mapping[str, str]
    offices: frozenset[str]
    ends: frozenset[str]


@cache
def _words(target: Language) -> _Words:
    file = resources.files("service.rules").joinpath("credits.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    labels: dict[str, str] = table[target.other.value]
    either = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    # e.g. "Ảnh: Thanh Bình", "(Photo: VNA)", "Photo by Jane Stone"
    pattern = re.compile(
        rf"(?:^|(?<=[\s(\[.!?…”\"–-]))(?P<label>{either})(?: ?: ?|(?<=by) |(?<=of) )"
        r"(?P<who>(?:[^\W_]|｟)[^:;!?…()\[\]\n]{1,60}?)(?P<end>[)\]]?\.?)$",
        re.IGNORECASE,
    )
    offices = table["offices"]
    return _Words(pattern, labels, frozenset(offices["words"]), frozenset(offices["ends"]))


def find_credit(text: str, target: Language) -> Credit | None:
    """The credit at the end of a text, or that is all of it; offices' names are none.

    >>> text = "Nông dân gặt lúa. (Ảnh: Thanh Bình/TTXVN)"
    >>> find_credit(text, Language.EN)
    Credit(span=Span(start=18, end=41), target='(Photo: Thanh Bình/TTXVN)')
    >>> find_credit("Nguồn: Bộ Tài chính", Language.EN) is None
    True
    """
    tail = max(0, len(text) - 120)
    words = _words(target)
    match = words.pattern.search(text, tail)
    if match is None or not _are_names(match["who"], words):
        return _agencies(text)
    label = words.labels[match["label"].lower()]
    if match["label"][0].islower():
        label = label.lower()
    start, before = match.start(), text[match.start() - 1 : match.start()]
    if before in ("(", "["):
        start -= 1
    else:
        before = ""
    return Credit(Span(start, len(text)), f"{before}{label}: {match['who']}{match['end']}")


def _agencies(text: str) -> Credit | None:
    start = text.rfind("(")
    match = _AGENCIES.fullmatch(text, start) if start >= 0 else None
    if match is None:
        return None
    known = load_sites().agencies
    parts = [part.strip().casefold() for part in match["who"].split("/")]
    if not any(part in known for part in parts):
        return None
    if len(parts) > 1 or match["who"].isupper() or parts[0].isascii():
        return Credit(Span(start, len(text)), match[0])
    return None


def _are_names(text: str, words: _Words) -> bool:
    parts = [part for part in _PARTS.split(text) if part]
    return (
        0 < len(parts) <= MAX_NAME_WORDS
        and parts[0] not in words.offices
        and not words.ends.intersection(parts)
        and all(
            not part[0].isalpha() or part[0].isupper() or part.lower() in _AMONG for part in parts
        )
    )
