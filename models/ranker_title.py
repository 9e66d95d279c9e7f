"""How a sentence's words stand to those of the title: in order, in a row, in pairs and triples."""

from collections.abc import Sequence
from itertools import pairwise

OVERLAP_NAMES = ("order", "run", "pairs", "triples", "reach", "numbers")


class TitleWords:
    """A title's words, indexed once for all sentences of its article.

    Sentences come as numbers: the place of each word among the title's different words, or -1.
    """

    def __init__(self, words: Sequence[str]) -> None:
        numbers = {word: place for place, word in enumerate(dict.fromkeys(words))}
        title = [numbers[word] for word in words]
        self._length = max(len(title), 1)
        self._full = (1 << len(title)) - 1
        self._bits = [0] * len(numbers)
        for place, number in enumerate(title):
            self._bits[number] |= 1 << place
        self._pairs = set(pairwise(title))
        self._triples = set(zip(title, title[1:], title[2:], strict=False))
        self._figures = {number for word, number in numbers.items() if word[0].isdigit()}

    def overlap(self, sentence: Sequence[int]) -> tuple[float, ...]:
        """One number for each of `OVERLAP_NAMES`.

        By the title's length: its longest common subsequence with the sentence (by Hyyrö's
        bit-parallel recurrence, 2004) and its longest run of words in it. Then the shares of its
        pairs and triples that the sentence has, how far into the sentence its last word stands,
        and how many of its figures the sentence has.
        """
        shared = [(place, number) for place, number in enumerate(sentence) if number >= 0]
        if not shared:
            return (0.0,) * len(OVERLAP_NAMES)
        rows = self._full  # a zero bit is a step of the subsequence
        runs: list[int] = []  # runs[n]: the title's places where a run of n + 1 words ends
        longest, last, before, earlier = 1, -2, -1, -1
        pairs, triples = set(), set()
        for place, number in shared:
            bits = self._bits[number]
            matched = rows & bits
            rows = ((rows + matched) | (rows - matched)) & self._full
            if place == last + 1:
                pairs.add((before, number))
                triples.add((earlier, before, number))
                runs = [bits, *[own for run in runs if (own := run << 1 & bits)]]
                longest = max(longest, len(runs))
                earlier = before
            else:
                runs, earlier = [bits], -1
            last, before = place, number
        figures = self._figures.intersection(sentence) if self._figures else ()
        return (
            ((self._full & ~rows).bit_count()) / self._length,
            longest / self._length,
            len(pairs & self._pairs) / max(len(self._pairs), 1),
            len(triples & self._triples) / max(len(self._triples), 1),
            (last + 1) / len(sentence),
            float(len(figures)),
        )
