"""Choose the sentences of the source that tell most of the article, word for word."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol, runtime_checkable

from models.base import Ranker, Sentence
from service.article import BlockKind, Segment
from service.text.similarity import containment, word_set
from service.text.standalone import count_words, is_fragment, tellable, with_context

HEADLINE_WORDS = 30

# The lead is the newsroom's own summary, so it goes first: scores are expected ROUGE F1, which is
# below 1.
LEAD_BONUS = 1.0

# With a word limit, all sets of the best so many sentences are compared: 92 sets of up to three.
COMPARED = 8

# A sentence of which this share of words is in one already chosen says nothing new. NOT MEASURED.
MAX_REPEATED_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence of a summary and the ids of the segments it is taken from."""

    text: str
    segment_ids: tuple[str, ...]


class Reading(Protocol):
    """What a ranker thinks of one article."""

    @property
    def scores(self) -> Sequence[float]: ...

    def values(
        self, sets: Sequence[Sequence[int]], *, with_title: bool = False
    ) -> Sequence[float]: ...


@runtime_checkable
class SetRanker(Protocol):
    """A ranker that can also tell how good several sentences are together."""

    def read(self, sentences: Sequence[Sentence], title: str) -> Reading: ...


def summarise(
    segments: Sequence[Segment],
    ranker: Ranker,
    title: str,
    *,
    sentences: int = 3,
    max_words: int | None = None,
    with_title: bool = False,
) -> list[SummarySentence]:
    """The best `sentences` segments, in the order of the source.

    Fewer come back where the article has fewer that stand by themselves. With `max_words` the
    summary is the best set of at most `sentences` within that limit, and empty where no sentence
    is short enough. Each sentence is one segment, word for word; one that leans on the sentence
    before it ("However, ...") comes with that sentence or not at all.

    With `with_title` the article's title, where it has one, stands first for a summary that is
    read away from its article: it counts as one of the sentences and by its words, and the others
    are chosen for what they add to it.
    """
    head = [s for s in segments if s.kind is BlockKind.TITLE][:1] if with_title else []
    if head and sentences > 0:
        sentences -= 1
        max_words = None if max_words is None else max_words - count_words(head[0].text)
    pool = [segment for segment in tellable(segments) if segment not in head]
    seen = [Sentence(s.text, s.block, s.kind.value) for s in pool]
    reading = ranker.read(seen, title) if isinstance(ranker, SetRanker) else None
    scores = [
        score + LEAD_BONUS * (segment.kind is BlockKind.LEAD)
        for score, segment in zip(
            reading.scores if reading else ranker.score(seen, title), pool, strict=True
        )
    ]
    if reading is not None and (max_words is not None or head):
        sets = _candidates(pool, scores, sentences, max_words)
        values = reading.values([sorted(one) for one in sets], with_title=bool(head))
        leads = [any(pool[i].kind is BlockKind.LEAD for i in one) for one in sets]
        best = [v + LEAD_BONUS * lead for v, lead in zip(values, leads, strict=True)]
        chosen = sets[best.index(max(best))] if sets else set()
    else:
        chosen = _choose(pool, scores, sentences, max_words)
    return [SummarySentence(s.text, (s.id,)) for s in [*head, *(pool[i] for i in sorted(chosen))]]


def headline(
    segments: Sequence[Segment], ranker: Ranker, title: str, *, max_words: int = HEADLINE_WORDS
) -> SummarySentence | None:
    """The one sentence that tells most beside the title; None where none is short enough."""
    found = summarise(segments, ranker, title, sentences=1, max_words=max_words)
    return found[0] if found else None


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
        if index in chosen or (len(pool) > sentences and is_fragment(pool[index].text)):
            continue
        wanted = chosen | with_context(pool, index, sentences)
        fits = max_words is None or sum(lengths[i] for i in wanted) <= max_words
        repeats = any(
            containment(bags[index], bags[other]) > MAX_REPEATED_SHARE for other in chosen
        )
        if fits and not repeats and len(wanted) <= sentences:
            chosen = wanted
    return chosen


def _candidates(
    pool: Sequence[Segment], scores: Sequence[float], sentences: int, max_words: int | None
) -> list[set[int]]:
    """Sets of the best sentences, each with what it leans on, that keep both limits."""
    limit = sum(count_words(segment.text) for segment in pool) if max_words is None else max_words
    lengths = [count_words(segment.text) for segment in pool]
    units: list[set[int]] = []
    for index in sorted(range(len(pool)), key=lambda i: (-scores[i], i)):
        unit = with_context(pool, index, sentences)
        fits = len(unit) <= sentences and sum(lengths[i] for i in unit) <= limit
        if fits and not (len(pool) > sentences and is_fragment(pool[index].text)):
            units.append(unit)
        if len(units) == COMPARED:
            break
    sets: list[set[int]] = []
    for count in range(1, min(sentences, 3) + 1):
        for some in combinations(units, count):
            union = set().union(*some)
            short = len(union) <= sentences and sum(lengths[i] for i in union) <= limit
            if short and union not in sets:
                sets.append(union)
    return sets
