"""The frame of an official document: its head, its title, its grounds and its foot.

Decrees, decisions and dispatches are all drawn up alike: the issuing body, country and motto,
number, place and day; what the document is and what it is about; the laws that it rests on; the
provisions; who gets a copy and who signed. `service/rules/{vi,en}/documents.toml` knows the lines.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from service.rules import load_line_rules
from service.text.lines import count_words, is_list_item, is_section

# Lines between the parts; real documents have fewer.
MAX_HEAD = 12  # from the country to the title
MAX_ABOVE = 3  # of the issuing body and the number above the country
MAX_TITLE = 5
MAX_GROUNDS = 60
MAX_FOOT = 60
MAX_SIGNERS = 5  # of an office at the end of a text, to the name
MIN_GROUNDS = 2  # laws that tell a document without a head
MAX_TITLE_WORDS = 120
MAX_ISSUER_WORDS = 12
MAX_SIGNER_WORDS = 14
MAX_NAME_WORDS = 6
MAX_ROLE_CHARS = 1_300


class Part(StrEnum):
    """What a line is to the document; its provisions have none."""

    HEAD = "head"
    DAY = "day"
    TITLE = "title"
    GROUNDS = "grounds"
    CLOSING = "closing"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a document by the indices of its lines; `title` are those of its title."""

    parts: Mapping[int, Part]
    title: tuple[int, ...] = ()


@lru_cache(maxsize=4096)
def role_of(text: str) -> str:
    """What a line alone says that it is; empty where it may be anything.

    >>> role_of("Số: 42/2024/NĐ-CP"), role_of("Nơi nhận:"), role_of("Hà Nội mưa to.")
    ('number', 'recipients', '')
    """
    if not 3 < len(text) <= MAX_ROLE_CHARS:
        return ""
    text = _RULED.sub("", text)
    rule = load_line_rules("documents").find(text)
    role = rule.name.partition("/")[2] if rule else ""
    return "" if role in _IN_CAPITALS and not text.isupper() else role


_IN_CAPITALS = frozenset({"type", "issuer", "signs-for"})
# "QUYẾT ĐỊNH Về việc …": the type before what the document is about, on one line
_TYPED = re.compile(
    r"(?:LUẬT|PHÁP LỆNH|NGHỊ ĐỊNH|NGHỊ QUYẾT|QUYẾT ĐỊNH|THÔNG TƯ|CHỈ THỊ|THÔNG BÁO|KẾ HOẠCH"
    r"|CÔNG ĐIỆN|LAW|DECREE|RESOLUTION|DECISION|CIRCULAR|DIRECTIVE|PLAN)"
    r" (?=(?i:về|v/v|ban hành|phê duyệt|quy định|sửa đổi|on|promulgating|approving)\b)"
)
_ABOUT = re.compile(r"(?:V/v|Về việc|Re:|Regarding)", re.IGNORECASE)
_GROUND = re.compile(r"(?:Căn cứ|Pursuant to)\b", re.IGNORECASE)
_OPEN = re.compile(r"[.;:,]$")
_RULED = re.compile(r"\s[-_*=—–]{3,}$")  # "CHÍNH PHỦ -------", as pages have it in one cell
_NAME = re.compile(r"(?:[^\W\d_]+\. ?)*[^\W\d_]+(?:[ '’-][^\W\d_]+)*")  # "PGS. TS. Lê An"


def find_frame(texts: Sequence[str]) -> Frame | None:
    """The frame of the document that the lines are; None where they are something else.

    >>> lines = ["CHÍNH PHỦ", "Độc lập - Tự do - Hạnh phúc", "Số: 4/2024/NĐ-CP", "NGHỊ ĐỊNH"]
    >>> lines += ["VỀ LẤN BIỂN", "Điều 1. Phạm vi", "TM. CHÍNH PHỦ"]
    >>> {at: part.value for at, part in find_frame(lines).parts.items()}
    {0: 'head', 1: 'head', 2: 'head', 3: 'title', 4: 'title', 6: 'foot'}
    """
    country = _find_country(texts)
    title = _find_title(texts, country)
    below = title[-1] + 1 if title else country or 0
    grounds = _find_grounds(texts, below)
    laws = sum(_GROUND.match(texts[at]) is not None for at in grounds)
    if country is None and laws < (1 if title else MIN_GROUNDS):
        return None
    parts = dict(_head(texts, country, title, grounds))
    parts |= dict.fromkeys(title, Part.TITLE) | grounds
    foot = _find_foot(texts, max(parts) + 1)
    closing = [at for at in range(max(parts), foot.start) if role_of(texts[at]) == "closing"]
    parts |= dict.fromkeys(closing, Part.CLOSING) | dict.fromkeys(foot, Part.FOOT)
    return Frame(dict(sorted(parts.items())), title)


def _find_country(texts: Sequence[str]) -> int | None:
    """The country or the motto, near the number, the day or the type of a document."""
    for at, text in enumerate(texts):
        if role_of(text) == "motto":
            near = {role_of(other) for other in texts[max(0, at - MAX_ABOVE) : at + MAX_HEAD]}
            if near & {"number", "place-and-day", "type"}:
                return at
    return None


def _find_title(texts: Sequence[str], country: int | None) -> tuple[int, ...]:
    """The type of the document with what it is about; or what alone a dispatch has."""
    first, last = (0, len(texts)) if country is None else (country, country + MAX_HEAD)
    for at, text in enumerate(texts[first:last], start=first):
        typed = role_of(text) == "type" and not text.endswith(":")
        if typed and (about := _subject(texts, at + 1)):
            return (at, *about)
        if country is not None and _TYPED.match(text) and _OPEN.search(text) is None:
            return (at, *_rest_of_title(texts, at))
        if country is not None and _ABOUT.match(text) and _OPEN.search(text) is None:
            return (at, *_rest_of_title(texts, at))
        if country is not None and role_of(text) in ("preamble", "addressee"):
            break
    return ()


def _subject(texts: Sequence[str], at: int) -> tuple[int, ...]:
    if at >= len(texts) or not _may_be_title(texts[at]):
        return ()
    return (at, *_rest_of_title(texts, at))


def _rest_of_title(texts: Sequence[str], first: int) -> list[int]:
    """The lines that go on with a title: in capitals as it is, or in small letters."""
    rest = []
    for at in range(first + 1, min(first + MAX_TITLE, len(texts))):
        text, before = texts[at], texts[at - 1]
        goes_on = before.isupper() if text.isupper() else text[0].islower()
        if not goes_on or not _may_be_title(text):
            break
        rest.append(at)
    return rest


def _may_be_title(text: str) -> bool:
    short = count_words(text) <= MAX_TITLE_WORDS and _OPEN.search(text) is None
    plain = role_of(text) in ("", "subject") and not is_section(text) and not is_list_item(text)
    return short and plain and "\t" not in text and any(map(str.isalpha, text))


def _find_grounds(texts: Sequence[str], below: int) -> dict[int, Part]:
    """The laws that a document rests on and the lines among them, to the enacting clause."""
    found: dict[int, Part] = {}
    first = next(
        (
            at
            for at, text in enumerate(texts[below : below + MAX_HEAD], start=below)
            if role_of(text) == "preamble"
        ),
        None,
    )
    for at in range(below, min(below + MAX_GROUNDS, len(texts)) if first is not None else below):
        role = role_of(texts[at])
        if role in ("preamble", "enacts", "type"):
            found[at] = Part.GROUNDS
        elif role == "issuer":
            found[at] = Part.HEAD
        elif first is not None and at > first:
            break
    return found


def _head(
    texts: Sequence[str], country: int | None, title: Sequence[int], grounds: Mapping[int, Part]
) -> Iterator[tuple[int, Part]]:
    """What stands above the title or the grounds, and to whom a dispatch goes below it."""
    if country is None:
        return
    named = [
        at for at in range(country, min(country + MAX_HEAD, len(texts))) if _is_head(texts[at])
    ]
    above = [
        at
        for at in range(max(0, country - MAX_ABOVE), country)
        if _is_head(texts[at])
        or (texts[at].isupper() and count_words(texts[at]) <= MAX_ISSUER_WORDS)
    ]
    last = title[0] if title else min([*grounds, named[-1] + 1])
    for at in [*above, *range(country, last), *(at for at in named if at > last)]:
        yield at, Part.DAY if role_of(texts[at]) == "place-and-day" else Part.HEAD
        if role_of(texts[at]) == "addressee" and texts[at].endswith(":"):
            below = takewhile(lambda i: texts[i][0] in "-–+", range(at + 1, len(texts)))
            yield from ((i, Part.HEAD) for i in below)


def _is_head(text: str) -> bool:
    return role_of(text) in ("motto", "number", "place-and-day", "addressee")


def _find_foot(texts: Sequence[str], below: int) -> range:
    """From who gets a copy, or for whom somebody signs, to the last name."""
    closed = False
    for at in range(below, len(texts)):
        role = role_of(texts[at])
        closed = closed or role == "closing"
        signs = role == "issuer" and (closed or _ends_with_name(texts[at : at + MAX_SIGNERS + 1]))
        if role in ("recipients", "signs-for", "signed") or signs:
            end = min(at + MAX_FOOT, len(texts))
            listed = sum(1 for _ in takewhile(_is_foot, texts[at:end]))
            return range(at, at + listed)
    return range(len(texts), len(texts))


def _ends_with_name(texts: Sequence[str]) -> bool:
    """Whether an office, a signature and a name are all that is left: "CHỦ TỊCH", "Lê Thị Sen"."""
    foot = list(takewhile(_is_foot, texts))
    ended = len(foot) == len(texts) <= MAX_SIGNERS or texts[len(foot) : len(foot) + 1] == ["\t"]
    return ended and len(foot) > 1 and not foot[-1].isupper() and not role_of(foot[-1])


def _is_foot(text: str) -> bool:
    """Whether a line may stand in the foot: a recipient, an office, a signature, a name."""
    if is_section(text) or "\t" in text:
        return False
    if role_of(text) in ("recipients", "signs-for", "signed", "place-and-day") or text[0] in "-–+":
        return True
    words = text.split()
    if text.isupper():
        return len(words) <= MAX_SIGNER_WORDS
    names = len(words) <= MAX_NAME_WORDS and all(word[0].isupper() for word in words)
    return names and _NAME.fullmatch(text) is not None
