"""How a sentence's words stand to those of the title: in order, in a row, in pairs and triples."""

from collections.abc import Sequence
from itertools import pairwise

OVERLAP_NAMES = ("order", "run", "pairs", "triples", "reach", "numbers")


class TitleWords:
    """A title's words, indexed once for all sentences of its article."""

    def __init__(self, words: Sequence[str]) -> None:
        self._length = max(len(words), 1)
        self._full = (1 << len(words)) - 1
        self._places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            self._places.setdefault(word, []).append(place)
        self._bits = {word: sum(1 << at for at in places) for word, places in self._places.items()}
        self._pairs = set(pairwise(words))
        self._triples = set(zip(words, words[1:], words[2:], strict=False))

    def overlap(self, sentence: Sequence[str]) -> tuple[float, ...]:
        """One number for each of `OVERLAP_NAMES`.

        By the title's length: its longest common subsequence with the sentence (by Hyyrö's
        bit-parallel recurrence, 2004) and its longest run of words in it. Then the shares of its
        pairs and triples that the sentence has, how far into the sentence its last word stands,
        and how many of its figures the sentence has.
        """
        shared = [place for place, word in enumerate(sentence) if word in self._places]
        if not shared:
            return (0.0,) * len(OVERLAP_NAMES)
        rows = self._full  # a zero bit is a step of the subsequence
        ending: dict[int, int] = {}  # runs that end with the word before, by place in the title
        longest, before = 0, -1
        for place in shared:
            word = sentence[place]
            matched = rows & self._bits[word]
            rows = ((rows + matched) | (rows - matched)) & self._full
            earlier = ending if place == before + 1 else {}
            ending = {at: earlier.get(at - 1, 0) + 1 for at in self._places[word]}
            longest = max(longest, *ending.values())
            before = place
        pairs = {(sentence[a], sentence[a + 1]) for a, b in pairwise(shared) if b == a + 1}
        threes = zip(shared, shared[2:], strict=False)
        triples = {tuple(sentence[a : b + 1]) for a, b in threes if b == a + 2}
        figures = {sentence[place] for place in shared if sentence[place][0].isdigit()}
        return (
            ((self._full & ~rows).bit_count()) / self._length,
            longest / self._length,
            len(pairs & self._pairs) / max(len(self._pairs), 1),
            len(triples & self._triples) / max(len(self._triples), 1),
            (shared[-1] + 1) / len(sentence),
            float(len(figures)),
        )
