"""Cuts a block into sentences without losing a character."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from service.article import Language, Span
from service.rules.abbreviations import Abbreviations, load_abbreviations
from service.text.clauses import split_clauses
from service.text.syllables import syllables


def segment(text: str, language: Language | None) -> list[Span]:
    """The sentences of a block: half-open ranges of code points, in order.

    No span is empty or has whitespace at its ends, and only whitespace stands between spans.
    Tabs and line ends always separate.

    >>> text = "Lãnh đạo TP. Hà Nội dự. Lễ khai mạc diễn ra lúc 9.30 ngày 15.4.2020."
    >>> [span.of(text) for span in segment(text, Language.VI)]
    ['Lãnh đạo TP. Hà Nội dự.', 'Lễ khai mạc diễn ra lúc 9.30 ngày 15.4.2020.']
    """
    spans: list[Span] = []
    start = 0
    for end in _ends(text, load_abbreviations(language)):
        _add(spans, text, start, end)
        start = end
    _add(spans, text, start, len(text))
    return spans


def split_long(text: str, limit: int, measure: Callable[[str], int]) -> list[Span]:
    """An over-long sentence in pieces of at most `limit` by `measure`, cut at clause marks.

    As few pieces as clause marks allow, and as even; lossless as `segment` is. A single word that
    measures more than `limit` stays whole.

    >>> text = "khẩn trương rà soát; báo cáo kết quả, nêu rõ vướng mắc"
    >>> [span.of(text) for span in split_long(text, 8, lambda piece: len(piece.split()))]
    ['khẩn trương rà soát;', 'báo cáo kết quả, nêu rõ vướng mắc']
    """
    return split_clauses(text, limit, measure)


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    """Append the span without the whitespace around it, unless nothing is left."""
    piece = text[start:end]
    body = piece.strip()
    if body:
        start += len(piece) - len(piece.lstrip())
        spans.append(Span(start, start + len(body)))


def _ends(text: str, known: Abbreviations) -> Iterator[int]:
    """Where sentences end, the end of the text excepted."""
    start = 0
    for candidate in _CANDIDATE.finditer(text):
        if candidate[0] in _SEPARATORS or _is_end(text, start, candidate, known):
            start = candidate.end()
            yield start


def _is_end(text: str, start: int, candidate: re.Match[str], known: Abbreviations) -> bool:
    """Whether a sentence that begins at `start` ends with this mark."""
    following = _NEXT.match(text, candidate.end())
    if following is None:  # nothing follows
        return False
    first = following[1]
    if candidate[0] == ";":
        return True  # before a list mark, see _CANDIDATE
    if first.islower():
        return _LIST_MARK.match(text, following.start(1)) is not None
    if first in _NEVER_FIRST or text.startswith("/.", following.start(1)):
        return False
    if candidate.end() == following.start(1) and not _is_glued_end(text, start, candidate):
        return False
    if candidate[0][0] in "!?":
        return True
    if candidate[0][0] == "…" or candidate[0].startswith(".."):
        return text[candidate.start() - 1 : candidate.start()] not in ("(", "[")
    if candidate[0] != ".":  # a quote or bracket is closed: no abbreviation ends so
        return not _is_mark(text, start, candidate)
    return _stop_ends(text, start, candidate, following, known)


def _stop_ends(
    text: str,
    start: int,
    stop: re.Match[str],
    following: re.Match[str],
    known: Abbreviations,
) -> bool:
    """Whether a full stop ends the sentence, by the word before and the word after it."""
    word = _word_before(text, start, stop.start())
    last = word.rpartition(".")[2]
    if word in known.before_name or (len(last) > 1 and last in known.before_name):
        return False
    if last in known.before_number and following[1].isdigit():
        return False
    if word.isdigit() and text.startswith("000", following.start(1)):
        return False  # "60. 000. 000 đồng", as scanned pages have it
    if word in known.times:
        bracketed = text[following.start(1) - 1] == "("  # "4.33 a.m. (2033 GMT)"
        return not bracketed and following[2] not in known.after_times
    if word in known.before_name_or_end or _INITIALS.fullmatch(word):
        return _opens(text, following, known)
    if _INITIAL.fullmatch(word):
        return _opens(text, following, known) or _is_unit(
            _word_before(text, start, stop.start() - len(word)), following[2]
        )
    return not _is_mark(text, start, stop)


def _word_before(text: str, start: int, end: int) -> str:
    """The last word before `end`, without quotes and brackets before it."""
    words = text[max(start, end - MAX_WORD_CHARS) : end].split()
    return words[-1].lstrip("\"'“‘’«([-–—") if words else ""


def _is_mark(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether all before the stop is the number of a heading or list item."""
    before = stop.start()
    if before - start <= MAX_MARK_CHARS and _NUMBER_MARK.fullmatch(text, start, before + 1):
        return True
    if not text[before - 1].isdigit():
        return False
    return _INNER_MARK.search(text, max(start, before - MAX_MARK_CHARS), before + 1) is not None


def _opens(text: str, following: re.Match[str], known: Abbreviations) -> bool:
    """Whether what follows is a quote or a word that opens sentences, "A" but not "A."."""
    if text[following.start(1) - 1] in _OPENING_QUOTES:
        return True
    return following[2] in known.openers and not _is_initial(text, following)


def _is_initial(text: str, following: re.Match[str]) -> bool:
    return len(following[2]) == 1 and text.startswith(".", following.end())


def _is_unit(before: str, after: str) -> bool:
    """Whether a single capital is no initial: "40 độ C. Anh", "đạt giải C. Hội", not "ông J. Bush".

    A name may follow a small word, but then goes on with a name: in a Vietnamese text a foreign
    one, as Vietnamese initials stand behind the family name.
    """
    if not before or before[0].isupper():
        return False
    return before in _DEGREES or after.lower() in syllables()


def _is_glued_end(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a stop without a space after it ends a sentence: only after a lower-case word."""
    word = _word_before(text, start, stop.start())
    return len(word) >= 2 and word.islower() and word.isalpha()


MAX_WORD_CHARS: Final = 24  # no abbreviation is longer
MAX_MARK_CHARS: Final = 24

_SEPARATORS: Final = frozenset("\t\n\r\x0b\x0c\x85\u2028\u2029")
_CLOSERS: Final = "\"”’'»)\\]"
_CANDIDATE: Final = re.compile(
    "[\t\n\r\x0b\x0c\x85\u2028\u2029]"
    # e.g. "dự.", "dự?”", "dự.[1]", each before a space; "dự.Lễ"
    rf"|(?<![.!?…])[.!?…]++(?:[{_CLOSERS}]| [”»])*+(?:\[\d{{1,3}}\])*+"
    r"(?=\s|(?<=\w\w[.!?])[^\W\d_]{2})"
    # e.g. "; b) thu hồi"
    r"|;(?=\s++(?:[a-zđ]{1,2}|\d{1,2})\)\s)"
)
# The first character after the gap, behind quotes, brackets and dashes, and its word: " “Theo".
_NEXT: Final = re.compile(r"\s*+(?:[\"“”‘’'«(\[–—-]\s*+)*+(?=(\S))([^\W\d_]*)")
_LIST_MARK: Final = re.compile(r"[a-zđ]{1,2}\)\s")  # e.g. "b) "
_NEVER_FIRST: Final = frozenset(".,;:)%]}…")
# e.g. "Điều 3.", "1.2.", "IV.", "Article 12a.", "Phụ lục II.", "a).", "*3."
_NUMBER_MARK: Final = re.compile(
    r"[\s\"“‘«(*_>+–—-]{0,6}+(?:(?i:Điều|Khoản|Mục|Tiểu mục|Chương|Phần|Điểm|Phụ lục|Bài|Câu|Bước"
    r"|Tiết|Tuần|Bảng|Biểu|Hình|Article|Section|Chapter|Part|Clause|Annex|Appendix|Item|Step"
    r"|Table|Figure|Question)\s+)?"
    r"(?:\d{1,3}(?:\.\d{1,3})*[a-zđ]?|[IVXLC]{1,6}|[A-Za-zĐđ])\)?\."
)
# A number behind a colon; an article of the Legal Code. E.g. "như sau: 1.", "Điều 16.1.LQ.249."
_INNER_MARK: Final = re.compile(r"(?:[:;]\s+\d{1,2}|Điều\s+\d+(?:\.[\dA-ZĐ]+){3,5})\.\Z")
_INITIAL: Final = re.compile(r"(?:[A-ZĐ]\.)*[A-ZĐ]")  # e.g. "V", "J.K"
_INITIALS: Final = re.compile(r"(?:\w{1,12}-)?[A-Z](?:\.[A-Z])+")  # e.g. "U.S", "non-U.S"
_DEGREES: Final = frozenset(("độ", "degree", "degrees", "vitamin", "hepatitis"))
_OPENING_QUOTES: Final = frozenset('"“‘«')
