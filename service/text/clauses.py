"""Cuts one over-long sentence at its clause marks."""

import re
from collections.abc import Callable
from typing import Final

from service.article import Span


def split_clauses(text: str, limit: int, measure: Callable[[str], int]) -> list[Span]:
    """Pieces of `text` that measure at most `limit` each, as few and as even as clauses allow.

    >>> split_clauses("một, hai ba", 6, len)
    [Span(start=0, end=4), Span(start=5, end=11)]
    """
    whole = _trim(text, 0, len(text))
    if whole is None:
        return []
    pieces, todo = [], [whole]
    while todo:
        span = todo.pop()
        cut = None if measure(span.of(text)) <= limit else _best_cut(text, span, limit, measure)
        if cut is None:
            pieces.append(span)
            continue
        halves = (_trim(text, span.start, cut), _trim(text, cut, span.end))
        todo += [half for half in reversed(halves) if half is not None]
    return pieces


def _best_cut(text: str, span: Span, limit: int, measure: Callable[[str], int]) -> int | None:
    """Where to cut: at the strongest kind of mark that has one near the middle."""
    size = measure(span.of(text))
    parts = -(-size // limit)
    # An odd number of pieces is cut off its first half's share: 3 pieces at 1/3, 5 at 2/5.
    ideal = span.start + (span.end - span.start) * (parts // 2) // parts
    reach = (span.end - span.start) * REACH_RATIO
    for mark in _MARKS:
        ends = [found.end() for found in mark.finditer(text, span.start, span.end - 1)]
        near = [end for end in ends if abs(end - ideal) <= reach and end > span.start]
        if near:
            return min(near, key=lambda end: abs(end - ideal))
    spaces = [found.end() for found in _SPACE.finditer(text, span.start, span.end - 1)]
    return min(spaces, key=lambda end: abs(end - ideal), default=None)


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    body = piece.strip()
    start += len(piece) - len(piece.lstrip())
    return Span(start, start + len(body)) if body else None


# How far from the ideal place a cut may be, as a share of the sentence: further off, a weaker mark
# nearer to it makes pieces that are easier to translate. Chosen, not measured.
REACH_RATIO: Final = 0.2
_MARKS: Final = (
    re.compile(r";\s+"),  # e.g. "rà soát; báo cáo"
    re.compile(r"(?:[:–—]|\s-)\s+"),  # e.g. "như sau: thu hồi", "Hà Nội - thủ đô"
    # e.g. "rà soát, | đồng thời báo cáo"
    re.compile(
        r",\s++(?=(?:thì|mà|nhưng|để|nhằm|song|đồng thời|trong đó|bao gồm|and|but|which|while"
        r"|whereas|including)\s)"
    ),
    re.compile(r",\s+"),  # e.g. "rà soát, báo cáo"
    # before a conjunction, e.g. "rà soát | và báo cáo"
    re.compile(
        r"(?<!\s)\s++(?=(?:và|hoặc|nhưng|mà|để|nhằm|khi|nếu|vì|do|and|or|but|which|that|while)\s)"
    ),
)
_SPACE: Final = re.compile(r"\s+")
