r"""ROUGE-1, ROUGE-2 and ROUGE-L F1 (Lin, 2004) with a tokeniser that keeps every letter.

Google's `rouge_score` defines the scores, and `tests/test_rouge.py` proves ours equal to it on
ASCII English. Its default tokeniser drops every letter outside ASCII, so that a Vietnamese
sentence with all its tones wrong scores 0.88; use `words` for anything that matters, and
`google_words` only beside published figures.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Tokeniser = Callable[[str], list[str]]

_WORD = re.compile(r"\w+")  # "Hà Nội, 2/9" -> "hà", "nội", "2", "9"
_ASCII_WORD = re.compile(r"[a-z0-9]+")  # "Hà Nội, 2/9" -> "h", "n", "i", "2", "9"


@dataclass(frozen=True, slots=True)
class Rouge:
    """F1 of unigrams, bigrams and the longest common subsequence, each from 0 to 1."""

    rouge1: float
    rouge2: float
    rouge_l: float

    @property
    def mean(self) -> float:
        return (self.rouge1 + self.rouge2 + self.rouge_l) / 3


def words(text: str) -> list[str]:
    r"""Lower-cased runs of `\w` in NFC: the diacritic-aware tokeniser.

    >>> words("Hà Nội, ngày 2/9")
    ['hà', 'nội', 'ngày', '2', '9']
    """
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def google_words(text: str) -> list[str]:
    """What `rouge_score` sees by default (without stemming).

    >>> google_words("Hà Nội, ngày 2/9")
    ['h', 'n', 'i', 'ng', 'y', '2', '9']
    """
    return _ASCII_WORD.findall(text.lower())


def rouge(reference: Sequence[str], candidate: Sequence[str]) -> Rouge:
    """Scores of a candidate's words against a reference's.

    >>> rouge("the cat sat".split(), "the cat ran".split())
    Rouge(rouge1=0.6666666666666666, rouge2=0.5, rouge_l=0.6666666666666666)
    """
    length = common_subsequence(reference, candidate)
    return Rouge(
        _ngram_f1(reference, candidate, 1),
        _ngram_f1(reference, candidate, 2),
        f1(length, len(reference), len(candidate)),
    )


def f1(overlap: int, reference: int, candidate: int) -> float:
    """Harmonic mean of overlap/reference and overlap/candidate; 0 where nothing overlaps."""
    return 2 * overlap / (reference + candidate) if overlap else 0.0


def ngrams(tokens: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    """How often each run of `size` tokens occurs."""
    return Counter(zip(*(tokens[start:] for start in range(size)), strict=False))


def common_subsequence(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest common subsequence, by Hyyrö's bit-parallel recurrence (2004).

    >>> common_subsequence("abcde", "xaycez")
    3
    """
    positions: dict[str, int] = {}
    for index, token in enumerate(first):
        positions[token] = positions.get(token, 0) | 1 << index
    full = (1 << len(first)) - 1
    rows = full  # a zero bit is a step of the subsequence
    for token in second:
        matched = rows & positions.get(token, 0)
        rows = ((rows + matched) | (rows - matched)) & full
    return len(first) - rows.bit_count()


def _ngram_f1(reference: Sequence[str], candidate: Sequence[str], size: int) -> float:
    wanted, got = ngrams(reference, size), ngrams(candidate, size)
    return f1((wanted & got).total(), wanted.total(), got.total())
