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

# With a limit of so many words, all sets of the best sentences are compared as a whole: 92 sets of
# up to three. Longer summaries are filled sentence by sentence.
SHORT_WORDS = 100
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

    Fewer come back where the article has fewer that stand by themselves. With `max_words` they
    keep that limit, and none comes back where no sentence is short enough; up to `SHORT_WORDS` the
    summary is the best set of them, which need not fill the limit. Each sentence is one segment,
    word for word; one that leans on the sentence before it ("However, ...") comes with that
    sentence or not at all.

    With `with_title` the article's title, where it has one, stands first for a summary that is
    read away from its article: it counts as one of the sentences and by its words, and the others
    are chosen for what they add to it.
    """
    head = _title(segments, max_words) if with_title and sentences > 0 else []
    if head:
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
    if reading is not None and max_words is not None and max_words <= SHORT_WORDS:
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
    head = _title(segments, None)
    limit = max_words + sum(count_words(segment.text) for segment in head)
    told = {segment.id for segment in head}
    found = summarise(
        segments, ranker, title, sentences=1 + len(head), max_words=limit, with_title=True
    )
    return next((one for one in found if not told.issuperset(one.segment_ids)), None)


def _title(segments: Sequence[Segment], max_words: int | None) -> list[Segment]:
    """The segment of the title, if there is one within the limit."""
    found = [s for s in segments if s.kind is BlockKind.TITLE][:1]
    return [s for s in found if max_words is None or count_words(s.text) <= max_words]


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
    pool: Sequence[Segment], scores: Sequence[float], sentences: int, max_words: int
) -> list[set[int]]:
    """Sets of the best sentences, each with what it leans on, that keep both limits."""
    lengths = [count_words(segment.text) for segment in pool]
    units: list[set[int]] = []
    for index in sorted(range(len(pool)), key=lambda i: (-scores[i], i)):
        unit = with_context(pool, index, sentences)
        fits = len(unit) <= sentences and sum(lengths[i] for i in unit) <= max_words
        if fits and not (len(pool) > sentences and is_fragment(pool[index].text)):
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
