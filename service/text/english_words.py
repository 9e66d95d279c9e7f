"""Tells English words from what a decoder makes up of their pieces: "benegligence", "fireed"."""

import re
from enum import StrEnum
from functools import cache, lru_cache

from spellchecker import SpellChecker

from service.rules.words import common_english, left_english, more_english

_PREFIXES = (
    "anti", "auto", "bio", "co", "counter", "dis", "eco", "electro", "hydro", "hyper", "infra",
    "inter", "intra", "macro", "mega", "micro", "mid", "mis", "multi", "neuro", "non", "out",
    "over", "photo", "post", "pre", "re", "self", "semi", "sub", "super", "tele", "trans", "ultra",
    "un", "under",
)  # fmt: skip
# A dictionary has the derivations with other endings, if they are words.
_REGULAR_ENDINGS = ("ly", "ness")
_ENDINGS = (
    "s", "es", "d", "ed", "ing", "er", "ers", "ful", "less", "like", "able", "al", "ment", "ity",
    "ability", "ist", "ists", "ism", "ization", "ized", "izing", "ation",
)  # fmt: skip
_MIN_ROOT = 4  # letters behind a prefix, or before an ending
_MIN_PART = 3  # letters of each of two words that are glued
_BRITISH = re.compile(r"is(e[drs]?|ers|ing|ations?)$")  # "civilisations", which may stand with z


class Spelling(StrEnum):
    """What a word is."""

    KNOWN = "known"
    ODD = "odd"  # an English word with a wrong ending, or two glued: a reader can guess it
    NONE = "none"


@lru_cache(maxsize=1 << 14)
def spelling_of(word: str) -> Spelling:
    """What an ASCII word in small letters is.

    >>> [spelling_of(word).value for word in ("meteorites", "civilisation", "unbilled")]
    ['known', 'known', 'known']
    >>> [spelling_of(word).value for word in ("releaseing", "gamehow", "benegligence", "seamony")]
    ['odd', 'odd', 'none', 'none']
    """
    if _is_known(word):
        return Spelling.KNOWN
    return Spelling.ODD if _is_misformed(word) or _is_two(word) else Spelling.NONE


@cache
def english_dictionary() -> frozenset[str]:
    """About 160,000 words in small letters with their inflections."""
    words = SpellChecker(language="en").word_frequency.words()
    return frozenset(words) | common_english() | left_english() | more_english()


def _is_known(word: str) -> bool:
    known = english_dictionary()
    if word in known or _BRITISH.sub(r"iz\1", word) in known:
        return True
    if any(word.endswith(own) and word[: -len(own)] in known for own in _REGULAR_ENDINGS):
        return True
    roots = (word[len(own) :] for own in _PREFIXES if word.startswith(own))
    return any(len(root) >= _MIN_ROOT and root in known for root in roots)


def _is_misformed(word: str) -> bool:
    known = english_dictionary()
    roots = (word[: -len(own)] for own in _ENDINGS if word.endswith(own))
    return any(
        len(root) >= _MIN_ROOT
        and not known.isdisjoint(
            (root, f"{root}e", f"{root[:-1]}y" if root[-1] == "i" else root, _single(root))
        )
        for root in roots
    )


def _single(root: str) -> str:
    """The root without its last letter where that is doubled: "plann"."""
    return root[:-1] if root[-1] == root[-2] else root


def _is_two(word: str) -> bool:
    usual = common_english() | left_english()
    return any(
        word[:at] in usual and word[at:] in usual
        for at in range(_MIN_PART, len(word) - _MIN_PART + 1)
    )
