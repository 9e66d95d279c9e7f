"""One summary of several articles: what each has at its top that no other has said."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.base import Ranker, Sentence
from service.article import BlockKind, Segment
from service.text.similarity import containment, jaccard, word_set
from service.text.standalone import count_words, is_fragment, tellable, with_context

# As in `summarise`: the lead is the newsroom's own summary.
LEAD_BONUS = 1.0

# What each sentence before it takes from a sentence's score: the top of every article beats the
# rest of one. This and the next two were chosen on the first 100 clusters of vietnamese-mds.
COST_OF_PLACE = 0.13

# What it adds that the other articles say something alike: the mean share of words in common with
# the nearest sentence of each. ROUGE-L rose from 42.4 to 43.3 there.
WORTH_OF_AGREEMENT = 0.5

# Sentences of a digest share no more of the shorter one's words: articles on one event repeat more.
MAX_SHARED = 0.5

# Two sentences of different articles that share this part of all their words are one statement.
SAME_STATEMENT_SHARE = 0.6

# Sentences of one article that are compared with the other articles; later ones are too far down.
COMPARED = 20

# Sentences of one article that are looked at: a digest takes from the top, and an article of 5,000
# sentences is compared with the others in seconds.
MAX_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Source:
    """An article of a digest.

    `common` has the text of each segment in the language that all the articles are compared in,
    by segment id; a segment that is not in it is compared by its own text.
    """

    title: str
    segments: Sequence[Segment]
    common: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """A segment of one of a digest's articles; `article` counts from 0 in the order given."""

    article: int
    segment_id: str


@dataclass(frozen=True, slots=True)
class DigestSentence:
    """A sentence of a digest: taken from the first source, said alike by the others."""

    text: str
    sources: tuple[Citation, ...]


Place = tuple[int, int]  # article, place in its pool


def digest(
    articles: Sequence[Source],
    ranker: Ranker,
    *,
    sentences: int = 5,
    max_words: int | None = None,
    by_article: bool = False,
) -> list[DigestSentence]:
    """The best `sentences` of all the articles, word for word.

    They come as news is told: first what stands first in its article, and of two such sentences
    that of the earlier article; a sentence that leans on another follows it. With `by_article`, for
    articles that follow one another in time, all of an article's come before those of the next.
    Near-duplicates are merged into one sentence that cites them all; one that leans on the
    sentence before it comes with that sentence or not at all. `max_words` bounds the sum of the
    chosen sentences' own words. Fewer come back where no more is new.
    """
    pools = [tellable(source.segments)[:MAX_LOOKED_AT] for source in articles]
    bags = {
        (a, i): word_set((source.common or {}).get(segment.id, segment.text))
        for a, (source, pool) in enumerate(zip(articles, pools, strict=True))
        for i, segment in enumerate(pool)
    }
    worth = _worth(articles, pools, ranker)
    for place, agreed in agreement(bags).items():
        worth[place] += WORTH_OF_AGREEMENT * agreed
    chosen: set[Place] = set()
    words = 0
    for article, index in sorted(bags, key=lambda place: (-worth[place], place)):
        pool = pools[article]
        context = {(article, i) for i in with_context(pool, index, sentences)} - chosen
        cost = sum(count_words(pools[a][i].text) for a, i in context)
        too_long = max_words is not None and words + cost > max_words
        if not context or too_long or len(chosen) + len(context) > sentences:
            continue
        bag = bags[article, index]
        shared = max((containment(bag, bags[other]) for other in chosen), default=0.0)
        if is_fragment(pool[index].text) or shared > MAX_SHARED:
            continue
        chosen |= context
        words += cost
    told = sorted(chosen)
    if not by_article:
        told.sort(key=lambda place: _rank(place, pools[place[0]], sentences))
    return [_with_sources(place, pools, bags) for place in told]


def _rank(place: Place, pool: Sequence[Segment], sentences: int) -> tuple[int, int, int]:
    """Where a sentence comes in the digest: with the one it leans on, at that one's place."""
    article, index = place
    return min(with_context(pool, index, sentences)), article, index


def agreement(bags: Mapping[Place, frozenset[str]]) -> dict[Place, float]:
    """How much each sentence of an article's top has in common with the other articles, 0 to 1.

    The mean, over the other articles, of the Jaccard index with the nearest sentence of their tops.

    >>> one, two = frozenset({"cầu", "mới"}), frozenset({"cầu", "cũ"})
    >>> agreement({(0, 0): one, (1, 0): one, (2, 0): two})[0, 0]
    0.6666666666666666
    """
    tops = {place: bag for place, bag in bags.items() if place[1] < COMPARED}
    having: dict[str, list[Place]] = {}
    for place, bag in tops.items():
        for word in bag:
            having.setdefault(word, []).append(place)
    others = len({article for article, _ in tops}) - 1
    found: dict[Place, float] = {}
    for place, bag in tops.items():
        shared = Counter(other for word in bag for other in having[word] if other[0] != place[0])
        nearest: dict[int, float] = {}
        for other, count in shared.items():
            alike = count / (len(bag) + len(tops[other]) - count)
            nearest[other[0]] = max(alike, nearest.get(other[0], 0.0))
        found[place] = sum(nearest.values()) / others if others else 0.0
    return found


def _worth(
    articles: Sequence[Source], pools: Sequence[Sequence[Segment]], ranker: Ranker
) -> dict[Place, float]:
    """The ranker's score of every sentence in its own article, less the cost of its place."""
    worth: dict[Place, float] = {}
    for article, (source, pool) in enumerate(zip(articles, pools, strict=True)):
        seen = [Sentence(s.text, s.block, s.kind.value) for s in pool]
        for index, score in enumerate(ranker.score(seen, source.title)):
            lead = LEAD_BONUS * (pool[index].kind is BlockKind.LEAD)
            worth[article, index] = score + lead - COST_OF_PLACE * index
    return worth


def _with_sources(
    place: Place, pools: Sequence[Sequence[Segment]], bags: Mapping[Place, frozenset[str]]
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
