"""Which pieces a translation may be made of, by the pieces of its source: CTranslate2's `vmap.txt`.

A decoder that chooses among some hundreds of likely pieces, and not the whole vocabulary, writes
nearly the same in two thirds of the time (Jean et al. 2015, "On Using Very Large Target Vocabulary
for Neural Machine Translation", section 3.2). What is likely is learnt by IBM model 1 (Brown et al.
1993, "The Mathematics of Statistical Machine Translation") from the pairs that trained the model.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.control_tokens import CONTROL_TOKENS
from models.ctranslate2_engine import SHORTLIST

MAX_PIECES = 100  # of a side; longer sentences say little of which pieces belong together
MARKS = 2  # end and unknown come first in the vocabulary, see `vocabulary.py`


@dataclass(frozen=True, slots=True)
class Likely:
    """How likely a source piece becomes a target piece, as rows in ascending order of sources."""

    sources: NDArray[np.int32]
    targets: NDArray[np.int32]
    probabilities: NDArray[np.float64]
    counts: NDArray[np.float64]  # how often a target piece was written, by its id


def learn(
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]], size: int, *, iterations: int = 5
) -> Likely:
    """Align pieces of (source, target) pairs of ids below `size`.

    A target piece may also come from nothing, which takes what all sentences have. Memory grows
    with the product of the sides' lengths: 3 GB for 100,000 pairs of 30 pieces.
    """
    nothing = size
    keys, rows = [], []
    for source, target in pairs:
        if source and target and max(len(source), len(target)) <= MAX_PIECES:
            own = np.unique(np.array([*source, nothing], dtype=np.int64))
            keys.append((np.array(target, dtype=np.int64)[:, None] + own * size).ravel())
            rows.append(np.full(len(target), len(own), dtype=np.int32))
    known, index = np.unique(np.concatenate(keys), return_inverse=True)
    index, sizes = index.astype(np.int32), np.concatenate(rows)
    del keys
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)[:-1]])
    sources, targets = (known // size).astype(np.int32), (known % size).astype(np.int32)
    probabilities = expected = np.full(len(known), 1 / size)
    for _ in range(iterations):
        share = probabilities[index]
        share /= np.repeat(np.add.reduceat(share, starts), sizes)
        expected = np.bincount(index, weights=share, minlength=len(known)).astype(np.float64)
        probabilities = expected / np.bincount(sources, weights=expected)[sources]
    counts = np.bincount(targets, weights=expected, minlength=size).astype(np.float64)
    inside = sources < nothing
    return Likely(sources[inside], targets[inside], probabilities[inside], counts)


def candidates(likely: Likely, *, most: int, least: float) -> dict[int, set[int]]:
    """The `most` likely target pieces of each source piece, none less likely than `least`."""
    order = np.lexsort((-likely.probabilities, likely.sources))
    order = order[likely.probabilities[order] >= least]
    found: dict[int, set[int]] = {}
    for source, target in zip(
        likely.sources[order].tolist(), likely.targets[order].tolist(), strict=True
    ):
        own = found.setdefault(source, set())
        if len(own) < most:
            own.add(target)
    return found


def frequent(likely: Likely, most: int) -> set[int]:
    """The target pieces that are written most often."""
    return set(np.argsort(-likely.counts)[:most].tolist())


def write_shortlist(
    pieces: Sequence[str],
    by_tag: Mapping[str, tuple[dict[int, set[int]], set[int]]],
    folder: Path,
) -> Path:
    """Write the file into the model's folder.

    `pieces` are the vocabulary by id; `by_tag` has, by direction tag, the `candidates` and what is
    `frequent`. Every piece may become itself, as names do; control tokens, bytes, figures and
    single letters are always at hand, so that any word can be spelt.
    """
    always = {number for number, piece in enumerate(pieces) if number < MARKS or _is_small(piece)}
    path = folder / SHORTLIST
    path.write_text("".join(_lines(pieces, by_tag, always)), "utf-8")
    return path


def _lines(
    pieces: Sequence[str],
    by_tag: Mapping[str, tuple[dict[int, set[int]], set[int]]],
    always: set[int],
) -> Iterator[str]:
    def listed(numbers: set[int]) -> str:
        return " ".join(pieces[number] for number in sorted(numbers))

    yield f"\t{listed(always)}\n"
    for tag, (_, own) in by_tag.items():
        yield f"{tag}\t{listed(own - always)}\n"
    in_all = always.union(set.intersection(*(own for _, own in by_tag.values())))
    for number, piece in enumerate(pieces):
        found = {number}.union(*(own.get(number, ()) for own, _ in by_tag.values())) - in_all
        if found and piece not in by_tag:
            yield f"{piece}\t{listed(found)}\n"


def _is_small(piece: str) -> bool:
    is_control = piece in CONTROL_TOKENS or piece.startswith("<0x")
    return is_control or len(piece.lstrip("▁")) <= 1
