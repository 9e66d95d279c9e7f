"""Segments to drafts: what needs no model is kept, the rest goes to the translator in batches."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.base import Decoding, Hypothesis, Request, Translator
from service.article import Language, Segment, Span, weave

SplitLong = Callable[[str, int, Callable[[str], int]], list[Span]]
Progress = Callable[[int, int], None]  # segments done, segments in all

# Segments handed to the engine at once: enough to fill its batches, few enough that the progress
# bar moves.
CHUNK = 64

# "- ", "a) ", "1. ", "1.2. " at the head of a list item: stays as it is, outside the model.
_LIST_MARK = re.compile(r"(?:[-–—•*+▪●○]|\(?\d{1,2}(?:\.\d{1,2})*[.)]|\(?[a-zđ]\))\s+")
_HAS_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A target for one segment, and what made it."""

    target: str
    rung: str  # "model", "kept", or a rung of the repair ladder
    score: float | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a segment that the model sees in one go."""

    segment: int
    span: Span
    text: str


def translate(
    segments: Sequence[Segment],
    target: Language,
    translator: Translator,
    *,
    split_long: SplitLong,
    decoding: Decoding | None = None,
    progress: Progress | None = None,
) -> list[Draft]:
    """One draft a segment, in order. Equal sentences are translated once.

    A segment that is in the target language already, or holds no word, is kept as it is; a segment
    longer than the model takes is cut at clause marks by `split_long` and put together again.
    """
    pieces = [
        piece
        for index, segment in enumerate(segments)
        if needs_model(segment, target)
        for piece in _cut(index, segment, translator, split_long)
    ]
    unique = list(dict.fromkeys(piece.text for piece in pieces))
    found: dict[str, Hypothesis] = {}
    for start in range(0, len(unique), CHUNK):
        chunk = unique[start : start + CHUNK]
        requests = [Request(decapitalise(text), target.value) for text in chunk]
        answers = translator.translate(requests, decoding)
        for text, hypotheses in zip(chunk, answers, strict=True):
            found[text] = hypotheses[0]
        if progress is not None:
            progress(min(start + CHUNK, len(unique)), len(unique))
    return _join(segments, pieces, found)


def needs_model(segment: Segment, target: Language) -> bool:
    """Whether there is something to translate.

    >>> needs_model(Segment("b1s1", 0, "paragraph", Span(0, 4), "2024", None), Language.EN)
    False
    """
    return segment.language is not target and _HAS_WORD.search(segment.text) is not None


def decapitalise(text: str) -> str:
    """A sentence in capitals as an ordinary one, which is what models are trained on.

    >>> decapitalise("CHÍNH PHỦ HỌP PHIÊN THƯỜNG KỲ")
    'Chính phủ họp phiên thường kỳ'
    >>> decapitalise("WHO họp")
    'WHO họp'
    """
    return text.capitalize() if is_capitals(text) else text


def is_capitals(text: str) -> bool:
    """Whether the text is written in capitals, as headlines are; at least three words."""
    return text.isupper() and len(_HAS_WORD.findall(text)) >= 3


def _cut(
    index: int, segment: Segment, translator: Translator, split_long: SplitLong
) -> list[_Piece]:
    mark = _LIST_MARK.match(segment.text)
    head = mark.end() if mark and mark.end() < len(segment.text) else 0
    body = segment.text[head:]
    limit = translator.max_source_tokens
    if translator.count_tokens(body) <= limit:
        spans = [Span(0, len(body))]
    else:
        spans = split_long(body, limit, translator.count_tokens)
    return [
        _Piece(index, Span(span.start + head, span.end + head), span.of(body)) for span in spans
    ]


def _join(
    segments: Sequence[Segment], pieces: Sequence[_Piece], found: dict[str, Hypothesis]
) -> list[Draft]:
    of_segment: dict[int, list[_Piece]] = {}
    for piece in pieces:
        of_segment.setdefault(piece.segment, []).append(piece)
    drafts = []
    for index, segment in enumerate(segments):
        own = of_segment.get(index)
        if own is None:
            drafts.append(Draft(segment.text, rung="kept"))
            continue
        answers = [found[piece.text] for piece in own]
        targets = [_recase(piece.text, found[piece.text].text) for piece in own]
        text, _ = weave(segment.text, [piece.span for piece in own], targets)
        score = sum(answer.score for answer in answers) / len(answers)
        truncated = any(answer.truncated for answer in answers)
        drafts.append(Draft(text, rung="model", score=score, truncated=truncated))
    return drafts


def _recase(source: str, target: str) -> str:
    return target.upper() if is_capitals(source) else target
