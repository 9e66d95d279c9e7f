"""Words with a capital, and the runs that they stand in."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.text.syllables import strip_diacritics

_CAPITALS = "".join(
    letter for letter in map(chr, (*range(0x41, 0x250), *range(0x1E00, 0x1F00))) if letter.isupper()
)
# e.g. "Nguyễn"; what stands before the capital is asked behind it, to skip most of a text fast
_NAMED = re.compile(rf"[{_CAPITALS}](?<!\w.)[^\W\d_]*")
_OPENS = frozenset('.!?:"“”‘’(-–—…*')

Run = list[re.Match[str]]


def capital_runs(text: str) -> Iterator[Run]:
    """Words with a capital that follow each other; words all in capitals are left out.

    >>> [[word[0] for word in run] for run in capital_runs("Ông John F. Kennedy đến WHO.")]
    [['Ông', 'John', 'F', 'Kennedy']]
    """
    run: Run = []
    for token in _NAMED.finditer(text):
        between = text[run[-1].end() : token.start()] if run else " "
        if between != " " and not (between == ". " and len(run[-1][0]) == 1):  # "F. Kennedy"
            yield run
            run = []
        if len(token[0]) == 1 or not token[0].isupper():
            run.append(token)
    if run:
        yield run


def opens(text: str, token: re.Match[str]) -> bool:
    """Whether a word opens a sentence or a quotation, so that its capital says nothing."""
    at = token.start()
    before = text[max(0, at - 3) : at].rstrip() or text[:at].rstrip()
    return not before or before[-1] in _OPENS


@lru_cache(maxsize=1 << 14)
def plain(word: str) -> str:
    """A word in small letters without marks.

    >>> plain("Đắk")
    'dak'
    """
    return strip_diacritics(word).lower()
