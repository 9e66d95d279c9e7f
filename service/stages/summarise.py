"""Choose the sentences of the source that tell most of the article, word for word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol, runtime_checkable

from models.base import Ranker, Sentence
from service.article import BlockKind, Segment
from service.rules.openings import leans_on_previous
from service.text.similarity import containment, jaccard, word_set

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

# The lead is the newsroom's own summary, so it goes first: scores are expected ROUGE F1, which is
# below 1.
LEAD_BONUS = 1.0

# With a word limit, all sets of the best so many sentences are compared: 92 sets of up to three.
COMPARED = 8

# A sentence of which this share of words is in one already chosen says nothing new. NOT MEASURED.
MAX_REPEATED_SHARE = 0.75
MIN_WORDS = 4  # shorter "sentences" are names, labels and cries

_WORD = re.compile(r"\S*\w\S*")  # "1.500 tỷ – 2%" has three
_OPEN_QUOTES, _CLOSE_QUOTES = "“«„", "”»"


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence of a summary and the ids of the segments it is taken from."""

    text: str
    segment_ids: tuple[str, ...]


@runtime_checkable
class SetRanker(Protocol):
    """A ranker that can also tell how good several sentences are together."""

    def score_sets(
        self, sentences: Sequence[Sentence], title: str, sets: Sequence[Sequence[int]]
    ) -> list[float]: ...


def summarise(
    segments: Sequence[Segment],
    ranker: Ranker,
    title: str,
    *,
    sentences: int = 3,
    max_words: int | None = None,
) -> list[SummarySentence]:
    """The best `sentences` segments, in the order of the source.

    Fewer come back where the article has fewer that stand by themselves. With `max_words` the
    summary is the best set of at most `sentences` within that limit, and empty where no sentence
    is short enough. Each sentence is one segment, word for word; one that leans on the sentence
    before it ("However, ...") comes with that sentence or not at all.
    """
    pool = _pool(segments)
    seen = [Sentence(s.text, s.block, s.kind.value) for s in pool]
    scores = [
        score + LEAD_BONUS * (segment.kind is BlockKind.LEAD)
        for score, segment in zip(ranker.score(seen, title), pool, strict=True)
    ]
    chosen: set[int] = set()
    if max_words is not None and isinstance(ranker, SetRanker):
        sets = _candidates(pool, scores, sentences, max_words)
        values = ranker.score_sets(seen, title, [sorted(one) for one in sets])
        leads = [any(pool[i].kind is BlockKind.LEAD for i in one) for one in sets]
        best = [v + LEAD_BONUS * lead for v, lead in zip(values, leads, strict=True)]
        chosen = sets[best.index(max(best))] if sets else chosen
    else:
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


def _candidates(
    pool: Sequence[Segment], scores: Sequence[float], sentences: int, max_words: int
) -> list[set[int]]:
    """Sets of the best sentences, each with what it leans on, that keep both limits."""
    lengths = [count_words(segment.text) for segment in pool]
    units: list[set[int]] = []
    for index in sorted(range(len(pool)), key=lambda i: (-scores[i], i)):
        unit = _with_context(pool, index, sentences)
        fits = len(unit) <= sentences and sum(lengths[i] for i in unit) <= max_words
        if fits and not (len(pool) > sentences and _is_fragment(pool[index].text)):
            units.append(unit)
        if len(units) == COMPARED:
            break
    sets: list[set[int]] = []
    for count in range(1, min(sentences, 3) + 1):
        for some in combinations(units, count):
            union = set().union(*some)
            short = len(union) <= sentences and sum(lengths[i] for i in union) <= max_words
            if short and union not in sets:
                sets.append(union)
    return sets


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


@dataclass(frozen=True, slots=True)
class Citation:
    """A segment of one of a digest's articles; `article` counts from 0 in the order given."""

    article: int
    segment_id: str


@dataclass(frozen=True, slots=True)
class DigestSentence:
    """A sentence of a digest: taken from the first source, said alike by the others."""

    text: str
    sources: tuple[Citation, ...]


# What each sentence before it takes from a sentence's score: the top of every article beats the
# rest of one. Chosen with the next constant on the first 100 clusters of vietnamese-mds; adding the
# overlap with the other articles, the usual measure of centrality, lowered the score there.
COST_OF_PLACE = 0.04

# Sentences of a digest share no more of the shorter one's words: articles on one event repeat more.
MAX_SHARED_IN_DIGEST = 0.5

# Two sentences of different articles that share this part of all their words are one statement.
SAME_STATEMENT_SHARE = 0.6


def digest(
    articles: Sequence[tuple[str, Sequence[Segment]]],
    ranker: Ranker,
    *,
    sentences: int = 5,
    max_words: int | None = None,
) -> list[DigestSentence]:
    """One summary of several articles, given as (title, segments): what is new at the top of each.

    Sentences come in the order of the articles and of their sources. Near-duplicates are merged
    into one sentence that cites them all. The limits are as in `summarise`, but greedily kept.
    """
    pools = [_pool(segments) for _, segments in articles]
    places = [(a, i) for a, pool in enumerate(pools) for i in range(len(pool))]
    bags = {place: word_set(pools[place[0]][place[1]].text) for place in places}
    worth = _worth(articles, pools, ranker)
    chosen: set[tuple[int, int]] = set()
    words = 0
    for article, index in sorted(places, key=lambda place: (-worth[place], place)):
        pool = pools[article]
        context = {(article, i) for i in _with_context(pool, index, sentences)} - chosen
        cost = sum(count_words(pools[a][i].text) for a, i in context)
        too_long = max_words is not None and words + cost > max_words
        if not context or too_long or len(chosen) + len(context) > sentences:
            continue
        bag = bags[article, index]
        shared = max((containment(bag, bags[other]) for other in chosen), default=0.0)
        if _is_fragment(pool[index].text) or shared > MAX_SHARED_IN_DIGEST:
            continue
        chosen |= context
        words += cost
    return [_with_sources(place, pools, bags) for place in sorted(chosen)]


def _worth(
    articles: Sequence[tuple[str, Sequence[Segment]]],
    pools: Sequence[Sequence[Segment]],
    ranker: Ranker,
) -> dict[tuple[int, int], float]:
    """The ranker's score of every sentence in its own article, less the cost of its place."""
    worth: dict[tuple[int, int], float] = {}
    for article, ((title, _), pool) in enumerate(zip(articles, pools, strict=True)):
        seen = [Sentence(s.text, s.block, s.kind.value) for s in pool]
        for index, score in enumerate(ranker.score(seen, title)):
            lead = LEAD_BONUS * (pool[index].kind is BlockKind.LEAD)
            worth[article, index] = score + lead - COST_OF_PLACE * index
    return worth


def _with_sources(
    place: tuple[int, int],
    pools: Sequence[Sequence[Segment]],
    bags: Mapping[tuple[int, int], frozenset[str]],
) -> DigestSentence:
    article, index = place
    same = [
        Citation(a, segment.id)
        for a, pool in enumerate(pools)
        for i, segment in enumerate(pool)
        if a != article and jaccard(bags[place], bags[a, i]) >= SAME_STATEMENT_SHARE
    ]
    own = pools[article][index]
    return DigestSentence(own.text, (Citation(article, own.id), *same))
