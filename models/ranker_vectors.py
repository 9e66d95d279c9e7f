"""What single words bring of themselves: a few learnt numbers for each of the commonest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.ranker_features import Matrix, Places

WIDTH = 8  # numbers a word
UNKNOWN, NUMBER = 0, 1  # rows of all words without one of their own; known words come after
RESERVED = 2
DIGITS = 3  # of a number that are kept in the file


@dataclass(frozen=True, slots=True)
class Vectors:
    """Two tables with a row for each known word: for words by themselves, and for pairs."""

    rows: Mapping[str, int]  # lower-case word -> row
    words: Matrix  # (rows, WIDTH)
    pairs: Matrix

    def places(self, words: Sequence[str]) -> Places:
        """The row of each word."""
        return rows_of(words, self.rows)

    def beside(self, rows: Matrix, words: Places) -> Matrix:
        """Rows of words with their numbers added."""
        return np.hstack([rows, self.words[words]])

    def beside_pairs(self, rows: Matrix, first: Places, second: Places) -> Matrix:
        """Rows of pairs with the numbers of both words added."""
        return np.hstack([rows, self.pairs[first], self.pairs[second]])


def vector_names(*of: str) -> tuple[str, ...]:
    """The names of the columns that are added."""
    return tuple(f"vector_{who}_{place}" for who in of for place in range(WIDTH))


def number_rows(vocabulary: Sequence[str]) -> dict[str, int]:
    """Which row of the tables each word has."""
    return {word: place + RESERVED for place, word in enumerate(vocabulary)}


def rows_of(words: Sequence[str], rows: Mapping[str, int]) -> Places:
    """The row of each word; numbers that are not known share one, and so do all others."""
    return np.array(
        [rows.get(word, NUMBER if word[0].isdigit() else UNKNOWN) for word in words], dtype=np.intp
    )


def read_vectors(content: Mapping[str, Any]) -> Vectors:
    """The tables in a part of a weights file.

    Raises ValueError where they are not of one size, and KeyError or TypeError where the content
    is something else.
    """
    rows = number_rows(content["vocabulary"])
    tables = [np.asarray(content[name], dtype=np.float64) for name in ("words", "pairs")]
    if any(table.shape != (len(rows) + RESERVED, WIDTH) for table in tables):
        raise ValueError("The ranker's vectors are not as many as its words.")
    return Vectors(rows, *tables)


def write_vectors(vocabulary: Sequence[str], words: Matrix, pairs: Matrix) -> dict[str, Any]:
    """What `read_vectors` reads."""
    return {"vocabulary": list(vocabulary), "words": _short(words), "pairs": _short(pairs)}


def _short(table: Matrix) -> list[list[float]]:
    return [[float(f"{number:.{DIGITS}g}") for number in row] for row in table.tolist()]
