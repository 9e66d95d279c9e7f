"""Choose the sentences of the source that tell most of the article, word for word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.base import Ranker, Sentence
from service.article import BlockKind, Segment
from service.rules.openings import leans_on_previous
from service.text.similarity import containment, word_set

HEADLINE_WORDS = 30

# Running text is summarised; the rest only where an article has nothing better, in this order.
# Bylines and datelines tell nothing of the article.
_TIERS = (
    frozenset({BlockKind.LEAD, BlockKind.PARAGRAPH}),
    frozenset({BlockKind.LIST_ITEM}),
    frozenset({BlockKind.CAPTION}),
    frozenset({BlockKind.TABLE_ROW}),
    frozenset({BlockKind.TITLE, BlockKind.HEADING}),
)

# The lead is the newsroom's own summary; scores are expected ROUGE, and no sentence of the
# held-out articles scores above 0.9.
LEAD_BONUS = 1.0

# A sentence of which this share of words is in one already chosen says nothing new. Not tuned:
# in vietnews the neighbours that a reader would call repetitions begin near it.
MAX_REPEATED_SHARE = 0.75
MIN_WORDS = 4  # shorter "sentences" are names, labels and cries

_WORD = re.compile(r"\S*\w\S*")  # "1.500 tỷ – 2%" has three
_OPEN_QUOTES, _CLOSE_QUOTES = "“«„", "”»"


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence of a summary and the ids of the segments it is taken from."""

    text: str
    segment_ids: tuple[str, ...]


def summarise(
    segments: Sequence[Segment],
    ranker: Ranker,
    title: str,
    *,
    sentences: int = 3,
    max_words: int | None = None,
) -> list[SummarySentence]:
    """The best `sentences` segments that fit into `max_words`, in the order of the source.

    Fewer come back where the article has fewer that stand by themselves, and none where no
    sentence fits. Each is one segment, word for word; one that leans on the sentence before it
    ("However, ...") comes with that sentence or not at all.
    """
    pool = _pool(segments)
    scores = ranker.score([Sentence(s.text, s.block, s.kind.value) for s in pool], title)
    scores = [
        score + LEAD_BONUS * (segment.kind is BlockKind.LEAD)
        for score, segment in zip(scores, pool, strict=True)
    ]
    chosen = _choose(pool, scores, sentences, max_words)
    return [SummarySentence(pool[i].text, (pool[i].id,)) for i in sorted(chosen)]


def headline(
    segments: Sequence[Segment], ranker: Ranker, title: str, *, max_words: int = HEADLINE_WORDS
) -> SummarySentence | None:
    """The one sentence that tells most beside the title; None where none is short enough."""
    found = summarise(segments, ranker, title, sentences=1, max_words=max_words)
    return found[0] if found else None


def count_words(text: str) -> int:
    """Words as a newsroom counts them: pieces between spaces with a letter or digit.

    >>> count_words("Hà Nội chi 1.500 tỷ đồng – tăng 2%")
    8
    """
    return len(_WORD.findall(text))


def _pool(segments: Sequence[Segment]) -> list[Segment]:
    """The segments of the best kind that the article has."""
    for kinds in _TIERS:
        pool = [s for s in segments if s.kind in kinds and _WORD.search(s.text)]
        if pool:
            return pool
    return []


def _choose(
    pool: Sequence[Segment], scores: Sequence[float], sentences: int, max_words: int | None
) -> set[int]:
    """Best first; a sentence that leans brings the ones it leans on."""
    lengths = [count_words(segment.text) for segment in pool]
    bags = [word_set(segment.text) for segment in pool]
    chosen: set[int] = set()
    for index in sorted(range(len(pool)), key=lambda i: (-scores[i], i)):
        if len(chosen) >= sentences:
            break
        if index in chosen or (len(pool) > sentences and _is_fragment(pool[index].text)):
            continue
        wanted = chosen | _with_context(pool, index, sentences)
        fits = max_words is None or sum(lengths[i] for i in wanted) <= max_words
        repeats = any(
            containment(bags[index], bags[other]) > MAX_REPEATED_SHARE for other in chosen
        )
        if fits and not repeats and len(wanted) <= sentences:
            chosen = wanted
    return chosen


def _with_context(pool: Sequence[Segment], index: int, limit: int) -> set[int]:
    """The sentence and those before it that it needs; more than `limit` where it needs too many."""
    first = index
    while first > 0 and index - first < limit and _needs_previous(pool[first].text):
        first -= 1
    return set(range(first, index + 1))


def _needs_previous(text: str) -> bool:
    return leans_on_previous(text) or _is_bare_quote(text)


def _is_fragment(text: str) -> bool:
    """Whether a sentence is too short or announces what follows it."""
    return count_words(text) < MIN_WORDS or text.rstrip(" \"'”").endswith((":", "..."))


def _is_bare_quote(text: str) -> bool:
    """Whether a sentence is someone's words without saying whose, or a part of a quote.

    >>> _is_bare_quote("“Chúng tôi rất mừng.”"), _is_bare_quote("“Tốt”, ông Nam nói.")
    (True, False)
    """
    bare = text.strip()
    if not bare:
        return False
    if sum(map(bare.count, _OPEN_QUOTES)) != sum(map(bare.count, _CLOSE_QUOTES)):
        return True
    if bare.count('"') % 2:
        return True
    ends = bare.rstrip(".!?…, ")
    pairs = (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"))
    return any(
        bare.startswith(opening)
        and ends.endswith(closing)
        and bare.find(closing, 1) >= len(ends) - 1
        for opening, closing in pairs
    )
