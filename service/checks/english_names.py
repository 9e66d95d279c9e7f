"""Which words with a capital in an English text are names that Vietnamese copies.

Three answers: certain ones are in `rules/en/copied_names.toml`; likely ones are in
`rules/en/copied_capitals.toml`, where they do not open a sentence, or are neither common words,
nor words that Vietnamese is known to translate, nor made with an English ending, nor Chinese
(those have Vietnamese readings); all others are no such names. Of capitalised words inside
sentences that are nowhere written small, Vietnamese repeats 93 % (measured on tiers 1 and 2 of
the training pairs, by how often the word was seen: 93 % once, 94 % twice, 92 % up to nine times).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from service.checks.capitals import opens
from service.checks.vocabulary import read_table
from service.rules.words import common_english, left_english

MIN_PINYIN_CHARS = 6
MIN_CHARS = 4  # shorter words with a capital are mostly no names

# e.g. "Estonian", "Gerontology", "Expositions", "Horticultural"
_ENDING = re.compile(
    r"(?:[iec]ans?|ese|ish|ics?|log(?:y|ist|ical|ies)|[ts]ions?|ings?|ments?|hood|ists?|it(?:y|ies)"
    r"|isms?|als?|ed|ness|ships?|ives?|ous|able|ible|ary|ly|ful|less|ways?|[rsh]men)$"
)
# Pinyin: which finals each initial takes (ISO 7098).
_FINALS = {
    "b p m f": "a ai an ang ao ei en eng i ian iao ie in ing iu o ou u",
    "d t n l": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu ong ou u uan ui un uo",
    "g k h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j q x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh ch sh z c s": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
_SYLLABLE = "|".join(
    f"(?:{'|'.join(initials.split())})(?:{'|'.join(sorted(finals.split(), key=len, reverse=True))})"
    for initials, finals in _FINALS.items()
)
# A word of pinyin syllables, e.g. "Xiaoping", "Zhangrun".
_PINYIN = re.compile(rf"(?:{_SYLLABLE}|a[ino]?|ang|e[inr]?|ou?){{1,3}}", re.IGNORECASE)
_CHINA = re.compile(r"\b(?:Chin(?:a|ese)|Beijing|Shanghai|Taiwan|Hong Kong|Xi|Mao|Deng)\b")


@cache
def certain_names() -> frozenset[str]:
    """Names that Vietnamese is known to copy."""
    return frozenset(str(read_table("en", "copied_names.toml")["words"]).split())


@cache
def _copied() -> frozenset[str]:
    return frozenset(str(read_table("en", "copied_capitals.toml")["words"]).split())


@cache
def _translated() -> frozenset[str]:
    return frozenset(str(read_table("en", "translated_names.toml")["words"]).split())


def has_english_ending(word: str) -> bool:
    """Whether a word is made with an ending of English, as adjectives of countries are.

    >>> has_english_ending("Estonian"), has_english_ending("Tufton")
    (True, False)
    """
    return _ENDING.search(word) is not None


def is_pinyin(word: str) -> bool:
    """Whether a word could be Chinese in Latin letters.

    >>> is_pinyin("Xiaoping"), is_pinyin("Kritenbrink")
    (True, False)
    """
    return _PINYIN.fullmatch(word) is not None


def is_pinyin_name(word: str) -> bool:
    """Whether a word is Chinese of two syllables or more, which few words of other languages are.

    >>> is_pinyin_name("Zhangrun"), is_pinyin_name("Kim"), is_pinyin_name("Made")
    (True, False, False)
    """
    return (
        len(word) >= MIN_PINYIN_CHARS
        and is_pinyin(word)
        and word.lower() not in common_english()
        and word not in certain_names()
    )


def likely_runs(
    text: str, runs: Iterable[list[re.Match[str]]]
) -> Iterator[Sequence[re.Match[str]]]:
    """The likely names among words with a capital, side by side as they stand.

    A known word that opens a sentence or a quotation says nothing by its capital, and where China
    is spoken of, what may be Chinese is passed over.
    """
    chinese = _CHINA.search(text) is not None
    for run in runs:
        own: list[re.Match[str]] = []
        for token in run:
            word = token[0]
            known = word.lower() in left_english() or word in _copied()
            if (
                _is_likely(word)
                and not (chinese and is_pinyin(word))
                and not (known and opens(text, token))
            ):
                own.append(token)
            elif own:
                yield own
                own = []
        if own:
            yield own


def _is_likely(word: str) -> bool:
    return word in _copied() or (
        len(word) >= MIN_CHARS
        and not word.isupper()
        and word not in certain_names()
        and word.lower() not in common_english()
        and word not in _translated()
        and not has_english_ending(word)
    )
