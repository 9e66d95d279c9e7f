"""Choose the sentences of the source that tell most of the article, word for word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol, runtime_checkable

from models.base import Ranker, Sentence
from service.article import BlockKind, Segment, Span
from service.text.shorten import as_sentence, shortenings
from service.text.similarity import containment, word_set
from service.text.standalone import count_words, is_fragment, tellable, with_context

HEADLINE_WORDS = 30

# The lead is the newsroom's own summary, so it goes first: scores are expected ROUGE F1, which is
# below 1.
LEAD_BONUS = 1.0

# With a limit of so many words, sets of the best sentences, whole and shortened, are compared as a
# whole: the best sets of one, with each further unit, then the best of these, and so on. Longer
# summaries are filled sentence by sentence.
SHORT_WORDS = 100
COMPARED = 10  # sentences
UNITS = 60  # sentences and shorter ones in them
BEAM = 5

# A sentence of which this share of words is in one already chosen says nothing new. NOT MEASURED.
MAX_REPEATED_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class SummarySentence:
    """A sentence of a summary and the ids of the segments it is taken from.

    `span` is what it has of its segment's text, where that is not all.
    """

    text: str
    segment_ids: tuple[str, ...]
    span: Span | None = None


class Judgement(Protocol):
    """How good some texts are as a summary, one by one and together."""

    def values(
        self, sets: Sequence[Sequence[int]], *, with_title: bool = False
    ) -> Sequence[float]: ...


class Reading(Protocol):
    """What a ranker thinks of one article."""

    @property
    def scores(self) -> Sequence[float]: ...

    def of(self, texts: Sequence[str]) -> Judgement | None: ...


@runtime_checkable
class SetRanker(Protocol):
    """A ranker that can also tell how good several texts are together."""

    def read(
        self, sentences: Sequence[Sentence], title: str, captions: Sequence[str] = ()
    ) -> Reading: ...


def summarise(
    segments: Sequence[Segment],
    ranker: Ranker,
    title: str,
    *,
    sentences: int = 3,
    max_words: int | None = None,
    with_title: bool = False,
    shorten: bool = True,
) -> list[SummarySentence]:
    """The best `sentences` segments, in the order of the source.

    Fewer come back where the article has fewer that stand by themselves. With `max_words` they
    keep that limit, and none comes back where no sentence is short enough; up to `SHORT_WORDS` the
    summary is the best set of them, which need not fill the limit. Each sentence is one segment,
    word for word; one that leans on the sentence before it ("However, ...") comes with that
    sentence or not at all. Only in such a short summary, and unless `shorten` is false, a sentence
    may be one stretch of its segment, without an opening or a tail that it can be read without.

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
    captions = [segment.text for segment in segments if segment.kind is BlockKind.CAPTION]
    reading = ranker.read(seen, title, captions) if isinstance(ranker, SetRanker) else None
    scores = [
        score + LEAD_BONUS * (segment.kind is BlockKind.LEAD)
        for score, segment in zip(
            reading.scores if reading else ranker.score(seen, title), pool, strict=True
        )
    ]
    if reading is not None and max_words is not None and max_words <= SHORT_WORDS:
        units = list(_units(pool, scores, sentences, max_words, shorten=shorten))
        chosen = _best_set(pool, units, reading, sentences, max_words, with_title=bool(head))
    else:
        chosen = [_whole(pool, i) for i in _choose(pool, scores, sentences, max_words)]
    told = [SummarySentence(segment.text, (segment.id,)) for segment in head]
    told += [
        SummarySentence(piece.text, (pool[piece.index].id,), piece.span)
        for piece in sorted(chosen, key=lambda piece: piece.index)
    ]
    return told


def headline(
    segments: Sequence[Segment], ranker: Ranker, title: str, *, max_words: int = HEADLINE_WORDS
) -> SummarySentence | None:
    """The one sentence that tells most beside the title; None where none is short enough."""
    head = _title(segments, None)
    limit = max_words + sum(count_words(segment.text) for segment in head)
    told = {segment.id for segment in head}
    found = summarise(
        segments,
        ranker,
        title,
        sentences=1 + len(head),
        max_words=limit,
        with_title=True,
        shorten=False,
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


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence of the pool, or a stretch of it, as it would be read."""

    index: int
    span: Span | None
    text: str
    words: int


def _whole(pool: Sequence[Segment], index: int) -> _Piece:
    return _Piece(index, None, pool[index].text, count_words(pool[index].text))


_Unit = tuple[_Piece, ...]  # what is only taken together


def _units(
    pool: Sequence[Segment],
    scores: Sequence[float],
    sentences: int,
    max_words: int,
    *,
    shorten: bool,
) -> Iterator[_Unit]:
    """The best sentences, each with what it leans on, and what there is in them that is shorter."""
    compared = 0
    for index in sorted(range(len(pool)), key=lambda i: (-scores[i], i)):
        if compared == COMPARED:
            return
        if len(pool) > sentences and is_fragment(pool[index].text):
            continue
        compared += 1
        needed = sorted(with_context(pool, index, sentences))
        own = [_whole(pool, index)]
        shorter = _shorter(pool, index) if shorten else []
        before = [[_whole(pool, i)] for i in needed[:-1]]
        if len(before) == 1 and shorten:
            before[0] += _shorter(pool, needed[0])
        candidates = [*product(*before, own), *((piece,) for piece in shorter)]
        for unit in candidates:
            if len(unit) <= sentences and _length(unit) <= max_words:
                yield unit


def _shorter(pool: Sequence[Segment], index: int) -> list[_Piece]:
    text = pool[index].text
    found = [(span, as_sentence(span.of(text))) for span in shortenings(text)]
    return [_Piece(index, span, shorter, count_words(shorter)) for span, shorter in found]


def _length(unit: _Unit) -> int:
    return sum(piece.words for piece in unit)


def _best_set(
    pool: Sequence[Segment],
    units: Sequence[_Unit],
    reading: Reading,
    sentences: int,
    max_words: int,
    *,
    with_title: bool,
) -> list[_Piece]:
    """The set of units that is worth most within both limits, by a beam search."""
    pieces = list(dict.fromkeys(piece for unit in units for piece in unit))
    judgement = reading.of([piece.text for piece in pieces])
    if judgement is None or not units:
        return []
    at = {piece: place for place, piece in enumerate(pieces)}

    def ranked(sets: Sequence[tuple[int, ...]]) -> list[tuple[float, tuple[int, ...]]]:
        values = judgement.values(sets, with_title=with_title)
        leads = [any(pool[pieces[i].index].kind is BlockKind.LEAD for i in one) for one in sets]
        found = [v + LEAD_BONUS * lead for v, lead in zip(values, leads, strict=True)]
        return sorted(zip(found, sets, strict=True), key=lambda pair: -pair[0])

    alone = ranked([tuple(at[piece] for piece in unit) for unit in units])[:UNITS]
    best, beam = alone[0], alone[:BEAM]
    for _ in range(1, sentences):
        wider: dict[frozenset[int], tuple[int, ...]] = {}
        for (_, one), (_, other) in product(beam, alone):
            joined = (*one, *other)
            apart = len({pieces[i].index for i in joined}) == len(joined) <= sentences
            if apart and sum(pieces[i].words for i in joined) <= max_words:
                wider.setdefault(frozenset(joined), joined)
        if not wider:
            break
        beam = ranked(list(wider.values()))[:BEAM]
        if beam[0][0] <= best[0]:
            break
        best = beam[0]
    return [pieces[i] for i in best[1]]
