"""How much two sentences say the same, by the words they share."""

import re
import unicodedata

_WORD = re.compile(r"\w+")  # "Hà Nội, 2/9" -> "Hà", "Nội", "2", "9"


def word_set(text: str) -> frozenset[str]:
    """The lower-cased words of a text.

    >>> sorted(word_set("Hà Nội, hà nội 2/9"))
    ['2', '9', 'hà', 'nội']
    """
    return frozenset(_WORD.findall(unicodedata.normalize("NFC", text).lower()))


def containment(first: frozenset[str], second: frozenset[str]) -> float:
    """Share of the smaller set that lies in the other, 0 to 1; 0 where one is empty.

    >>> containment(word_set("a b c d"), word_set("b c"))
    1.0
    """
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """Shared words as a part of all words, 0 to 1; 0 where both are empty.

    >>> jaccard(word_set("a b c"), word_set("b c d"))
    0.5
    """
    union = len(first | second)
    return len(first & second) / union if union else 0.0
