"""Segments to drafts by a translator: list marks, capitals and over-long sentences taken care of.

The stages `translate` (first time) and `repair` (again, otherwise) both draft with it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from models.base import Decoding, Hypothesis, Request, Translator
from service.article import BlockKind, Draft, Language, Segment, Span, weave
from service.masking import mask_verbatim
from service.rules.credits import find_credit
from service.rules.expansions import expand, expand_english
from service.rules.words import small_vietnamese
from service.text.capitals import is_capitals, lower_capitals
from service.text.clock import with_colons
from service.text.formulas import find_formulas
from service.text.quoted import quotes_in
from service.text.verbatim import find_verbatim

# (text, limit, measure) -> spans whose measure is at most the limit.
SplitLong = Callable[[str, int, Callable[[str], int]], list[Span]]
# (source text) -> where it has a glossary term, and the target term agreed on.
FindTerms = Callable[[str], Mapping[Span, str]]

# "- ", "a) ", "1. ", "1.2. " at the head of a list item: stays as it is, outside the model.
_LIST_MARK = re.compile(r"(?:[-–—•*+▪●○]|\(?\d{1,2}(?:\.\d{1,2})*[.)]|\(?[a-zđ]\))\s+")
_HAS_WORD = re.compile(r"[^\W\d_]{2,}")
_ARTICLE = re.compile(r"(?:the|an?) (?=\w)", re.IGNORECASE)
_INFINITIVE = re.compile(r"to ([a-z]{2,})(?=\s)", re.IGNORECASE)
_PREPOSITION = re.compile(r" (?:on|for|of|to)$", re.IGNORECASE)
_SHORT_VERB = re.compile(r"[^aeiou]{1,2}[aeiou][bdgmnpt]")  # "plan", "set", "stop"
_ENDS_WITH_ARTICLE = re.compile(r"\bthe$", re.IGNORECASE)
_BEFORE_CREDIT = " -–—|•"  # between a caption and who took the picture


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a segment that the model sees in one go; `span` lies in the segment's text.

    With a `target` it is no model's: who took the picture.
    """

    span: Span
    text: str
    target: str | None = None


# Names of people, places and agencies: a model would only garble them.
KEPT_KINDS = frozenset({BlockKind.BYLINE, BlockKind.DATELINE})


def needs_model(segment: Segment, target: Language) -> bool:
    """Whether there is something to translate: a word, not yet in the target language."""
    if segment.kind in KEPT_KINDS or segment.language is target:
        return False
    credit = find_credit(segment.text, target)
    text = segment.text[: credit.span.start] if credit else segment.text
    return _HAS_WORD.search(_without_verbatim(text)) is not None


def _without_verbatim(text: str) -> str:
    """The text without addresses, telephone numbers and citations, which stay as they are."""
    for found in reversed(find_verbatim(text)):
        text = text[: found.span.start] + text[found.span.end :]
    return text


def prepare(text: str, target: Language) -> str:
    """What the model gets to see of a text: no abbreviations that it does not know, no capitals.

    Times of day have a colon; else it leaves "15h", and makes "19,45" of "19g45".

    >>> prepare("UBND TỈNH HỌP PHIÊN THƯỜNG KỲ", Language.EN)
    'Ủy ban nhân dân tỉnh họp phiên thường kỳ'
    >>> prepare("Họp lúc 19g45 ngày 5/9.", Language.EN)
    'Họp lúc 19:45 ngày 5/9.'
    """
    small = lower_capitals(text, target.other) if is_capitals(text) else text
    return with_colons(expand(small)) if target is Language.EN else expand_english(small)


def cut(
    text: str, translator: Translator, split_long: SplitLong, limit: int, target: Language
) -> list[Piece]:
    """The parts of a segment's text to translate, each of at most `limit` source tokens.

    Who took the picture, what is quoted in the target language, and formulas of documents are
    parts with a `target`.
    """
    mark = _LIST_MARK.match(text)
    at = mark.end() if mark and mark.end() < len(text) else 0
    pieces: list[Piece] = []
    formulas = [Piece(span, span.of(text), own) for span, own in find_formulas(text, target)]
    at = formulas[0].span.start if formulas else at
    last = formulas[-1].span.end if formulas else at
    known_pieces = [*formulas, *_known(text, last, target)]
    for known in [*known_pieces, Piece(Span(len(text), len(text)), "", "")]:
        body = text[at : known.span.start]
        if pieces:  # behind a quotation or a formula
            at += len(body) - len(body.lstrip(_BEFORE_CREDIT + ","))
            body = text[at : known.span.start]
        if known.text:
            body = body.rstrip(_BEFORE_CREDIT)
        if _HAS_WORD.search(body) or not (pieces or known.text):
            pieces += _cut_body(body, at, translator, split_long, limit)
        if known.text:
            pieces.append(known)
        at = known.span.end
    return pieces


def _cut_body(
    body: str, at: int, translator: Translator, split_long: SplitLong, limit: int
) -> list[Piece]:
    """The pieces of what stands at `at`."""
    if translator.count_tokens(body) <= limit:
        spans = [Span(0, len(body))]
    else:
        spans = split_long(body, limit, translator.count_tokens)
    return [Piece(Span(span.start + at, span.end + at), span.of(body)) for span in spans]


def _known(text: str, start: int, target: Language) -> list[Piece]:
    """What of a text from `start` on is no model's, in order."""
    credit = find_credit(text, target)
    end = credit.span.start if credit else len(text)
    known = [
        Piece(span, span.of(text), span.of(text))
        for span in quotes_in(target, text)
        if start <= span.start and span.end <= end
    ]
    if credit is not None and end >= start:
        known.append(Piece(credit.span, credit.span.of(text), credit.target))
    return known


def model_texts(pieces: Iterable[Piece]) -> list[str]:
    """What the model is asked for."""
    return [piece.text for piece in pieces if piece.target is None]


def decode(
    texts: Sequence[str],
    target: Language,
    translator: Translator,
    decoding: Decoding | None = None,
    terms: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, list[Hypothesis]]:
    """Hypotheses by text, best first; equal texts are decoded once.

    `terms` are the target terms asked for, by text. Addresses, telephone numbers and citations are
    hidden from a model that knows placeholders; a text whose placeholders it loses is decoded as it
    is.
    """
    unique = list(dict.fromkeys(texts))
    if not unique:
        return {}
    asked = terms or {}

    def answers(of: Mapping[str, str]) -> dict[str, list[Hypothesis]]:
        requests = [
            Request(prepare(shown, target), target.value, asked.get(text, ()))
            for text, shown in of.items()
        ]
        found = translator.translate(requests, decoding) if requests else []
        return dict(zip(of, found, strict=True))

    masked = {text: mask_verbatim(text, translator.placeholders, target) for text in unique}
    found = answers({text: m.text if m else text for text, m in masked.items()})
    for text, m in masked.items():
        if m is not None:
            restored = ((one, m.restore(one.text)) for one in found[text])
            found[text] = [replace(one, text=own) for one, own in restored if own is not None]
    return found | answers({text: text for text, own in found.items() if not own})


def terms_within(terms: Mapping[Span, str], piece: Piece) -> tuple[str, ...]:
    """The target terms asked for in a piece, of those of its segment by their places."""
    return tuple(
        term
        for span, term in terms.items()
        if piece.span.start <= span.start and span.end <= piece.span.end
    )


def _gerund(verb: str) -> str:
    """The form of a verb behind a preposition, by spelling alone.

    >>> [_gerund(verb) for verb in ("preserve", "keep", "plan", "STRENGTHEN")]
    ['preserving', 'keeping', 'planning', 'STRENGTHENING']
    """
    low = verb.lower()
    if low.endswith("e") and not low.endswith(("ee", "oe", "ye")):
        verb = verb[:-1]
    elif _SHORT_VERB.fullmatch(low):
        verb += verb[-1]
    return verb + ("ING" if verb.isupper() else "ing")


def _go_on(pieces: Sequence[Piece], targets: Sequence[str]) -> list[str]:
    """The targets as they go on behind the head of a sentence: no capital, no second article.

    >>> ground = [Piece(Span(0, 6), "Căn cứ", "Pursuant to the"), Piece(Span(7, 10), "Hiến pháp")]
    >>> _go_on(ground, ["Pursuant to the", "The Constitution"])
    ['Pursuant to the', 'Constitution']
    """
    told = list(targets[:1])
    for head, own in zip(pieces, targets[1:], strict=False):  # each behind the one before
        if head.target is None or not told[-1][-1:].isalpha():
            told.append(own)
            continue
        if (to := _INFINITIVE.match(own)) and _PREPOSITION.search(told[-1]):
            own = _gerund(to[1]) + own[to.end() :]  # "provides for" "to keep trees"
        elif own.split(maxsplit=1)[:1] and own.split(maxsplit=1)[0].lower() in small_vietnamese():
            own = own[0].lower() + own[1:] if not own.isupper() else own
        article = _ARTICLE.match(own)
        if article and _ENDS_WITH_ARTICLE.search(told[-1]):
            own = own[article.end() :]
        elif article and not own.isupper():
            own = own[0].lower() + own[1:]
        told.append(own)
    return told


def join(
    text: str, pieces: Sequence[Piece], found: Mapping[str, Sequence[Hypothesis]], rung: str
) -> list[Draft]:
    """Drafts of a segment, best first: the n-th takes the n-th hypothesis of every piece."""
    own = [piece for piece in pieces if piece.target is None]
    if not own:
        known = weave(text, [piece.span for piece in pieces], [p.target or "" for p in pieces])[0]
        return [Draft(known, "formula")]
    answers = [found[piece.text] for piece in own]
    drafts = []
    for chosen in zip(*answers, strict=False):
        texts = {
            piece.span: hypothesis.text.upper() if is_capitals(piece.text) else hypothesis.text
            for piece, hypothesis in zip(own, chosen, strict=True)
        }
        targets = _go_on(pieces, [texts.get(p.span, p.target or "") for p in pieces])
        woven, _ = weave(text, [piece.span for piece in pieces], targets)
        score = sum(hypothesis.score for hypothesis in chosen) / len(chosen)
        drafts.append(Draft(woven, rung, score, any(h.truncated for h in chosen)))
    return drafts
