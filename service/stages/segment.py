"""Cuts a block into sentences without losing a character."""

import re
from collections.abc import Callable

from service.article import Language, Span

_ABBREVIATION = re.compile(
    r"(?:\b(?:TP|Tp|GS|PGS|TS|ThS|BS|KS|Mr|Mrs|Ms|Dr|Prof|No|Gen|Sen|St|Jr|vs|Nos|Art)|"
    r"\b\w|\b(?:Điều|Khoản|Chương|Mục|Phần)\s+\w+)\.$"
)
_END = re.compile(r"[.!?…]+[\"”’')\]»]*(?=\s)|\t|\n")


def segment(text: str, language: Language | None) -> list[Span]:
    """The sentences of `text`: between two of them stands nothing but whitespace."""
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if not match[0].isspace():
            following = text[match.end() : match.end() + 40].lstrip()
            if following[:1].islower() or following[:1] in ",;:)":
                continue
            if _ABBREVIATION.search(text, max(start, match.end() - 20), match.end()):
                continue
        _add(spans, text, start, match.end())
        start = match.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        start += len(piece) - len(piece.lstrip())
        spans.append(Span(start, start + len(piece.strip())))


def split_long(text: str, limit: int, measure: Callable[[str], int]) -> list[Span]:
    """Cut an over-long sentence at clause marks into pieces of at most `limit`."""
    return [Span(span.start, span.end) for span in _halve(text, Span(0, len(text)), limit, measure)]


_CUTS = (re.compile(r";\s+"), re.compile(r",\s+"), re.compile(r"\s+"))


def _halve(text: str, span: Span, limit: int, measure: Callable[[str], int]) -> list[Span]:
    piece = span.of(text)
    trimmed: list[Span] = []
    _add(trimmed, text, span.start, span.end)
    if not trimmed or measure(piece) <= limit:
        return trimmed
    span = trimmed[0]
    middle = (span.start + span.end) // 2
    quarter = (span.end - span.start) // 4
    for pattern in _CUTS:
        ends = [m.end() for m in pattern.finditer(text, span.start, span.end)]
        best = min(ends, key=lambda end: abs(end - middle), default=None)
        if best is not None and (abs(best - middle) <= quarter or pattern is _CUTS[-1]):
            break
    else:
        return [span]
    if not span.start < best < span.end:
        return [span]
    return [
        *_halve(text, Span(span.start, best), limit, measure),
        *_halve(text, Span(best, span.end), limit, measure),
    ]
