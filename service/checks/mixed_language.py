"""Is each word of the target a word of its language?

A decoder that glues pieces of two languages writes words that exist in neither: "cỏroots",
"cácpeers". One that leaves a common word as it was writes "Ông Comrade". Vietnamese shows both by
its spelling: a word with its marks that is no syllable is none of its words, but for loanwords
("bêtông"), and English words that Vietnamese always translates are known (`en/left_words.toml`).
In English it makes words up, "benegligence", which a dictionary tells, and misspells others.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from service.article import Finding, Language, Severity, Span
from service.checks.base import Check, Pair, Side
from service.checks.capitals import plain
from service.checks.vocabulary import kept_words, read_table
from service.rules.words import common_english, left_english
from service.text.english_words import Spelling, english_dictionary, spelling_of
from service.text.syllables import plain_syllables, syllables

ID = "mixed-language"
MIN_LETTERS = 3
MIN_MADE_UP = 4  # letters of an English word that is looked up
MIN_TITLE_WORDS = 5
MAX_SMALL = 4  # letters of the words that a headline in capitals writes small: "with"
VERB_ENDS = ("s", "ed")  # "Announces Settlement", "Pleaded Guilty", not "White House"
MAX_ACRONYM = 7  # letters: "HĐND", "ĐBQH"
MAX_GLOSS = 40  # characters from a word of another language to the marks around it
SAME_NAME = 3  # letters that a name in Vietnamese spelling shares with the source's
SAME_START = 4  # letters that a word in Vietnamese spelling shares with the source's: "morphin"
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")  # letters that only Vietnamese has
_MARKED = re.compile("[^\x00-\x7f]")
_NEXT = re.compile(r"^ ([A-Z][a-z]+)")
_BEFORE = re.compile(r"([A-Z][a-z]+) $")
_JOINED = frozenset("-'’./@_&+#0123456789")  # beside a word that is a part of something longer
_CLOSES = {"(": ")", "[": "]", "“": "”", '"': '"', "‘": "’", "«": "»"}


@dataclass(frozen=True, slots=True)
class _Lists:
    loans: frozenset[str]  # words of Vietnamese that are no syllables
    names: frozenset[str]  # and those with a capital
    address: frozenset[str]  # English words before names
    body: frozenset[str]  # and of offices and bodies
    headline: frozenset[str]  # verbs of headlines
    head: re.Pattern[str]  # what Vietnamese titles and bodies begin with


@cache
def _lists() -> _Lists:
    vietnamese = read_table("vi", "loanwords.toml")
    heads = read_table("left_heads.toml")
    return _Lists(
        frozenset(vietnamese["words"].split()),
        frozenset(vietnamese["names"].split()),
        frozenset(heads["address"]),
        frozenset(heads["body"]),
        frozenset(heads["headline"]),
        re.compile(rf"(?:{'|'.join(heads['vietnamese'])})(?!\w)"),
    )


def _find(pair: Pair) -> Iterator[Finding]:
    if pair.source.language is pair.target.language:
        return
    if pair.target.language is Language.VI:
        yield from _in_vietnamese(pair)
        return
    if not pair.target.text.isascii():
        yield from _in_english(pair)
    yield from _made_up(pair)


def _in_vietnamese(pair: Pair) -> Iterator[Finding]:
    target, known = pair.target, syllables()
    if known.issuperset(map(str.lower, target.word_texts)):
        return
    if left := _left_of_title(pair):
        yield _left(left, "tiếng Anh", "English")
    for match in target.words:
        word = match[0]
        low = word.lower()
        if low in known or len(low) < MIN_LETTERS or _is_part(target.text, match):
            continue
        if not low.isascii():
            if not _is_word(word, low, pair.source):
                yield _glued(match)
        elif word.islower():
            if low in left_english() or low in _lists().address:
                if not _is_gloss(target.text, match) and not _is_in_title(pair, match):
                    yield _left(match, "tiếng Anh", "English")
            elif _is_unknown(low, pair.source):
                yield _glued(match)
        elif word.istitle() and (
            low in _lists().address
            or (low in _lists().body and not _is_in_foreign_name(target, match))
        ):
            yield _left(match, "tiếng Anh", "English")


def _left_of_title(pair: Pair) -> re.Match[str] | None:
    """A verb, or the first of two words side by side, that a headline in capitals left in English.

    In such a headline a capital makes no name: "Announces Settlement" is to be translated.
    """
    source = pair.source.words
    capitals = sum(1 for word in source if word[0][0].isupper())
    small = [word for word in source if word[0].islower() and len(word[0]) > MAX_SMALL]
    if pair.source.text.isupper() or len(source) < MIN_TITLE_WORDS or small or capitals < 4:
        return None
    for word in pair.target.words:
        if (
            word[0].istitle()
            and word[0].lower() in _lists().headline
            and word[0] in pair.source.text
        ):
            return word
    for one, two in pairwise(pair.target.words):
        words = (one[0].lower(), two[0].lower())
        if (
            f"{one[0]} {two[0]}" in pair.source.text
            and left_english().issuperset(words)
            and words[0].endswith(VERB_ENDS)
            and pair.target.text[one.end() : two.start()] == " "
            and not syllables().intersection(words)
        ):
            return one
    return None


def _is_word(word: str, low: str, source: Side) -> bool:
    """Whether a word with marks may stand in Vietnamese though it is no syllable."""
    lists = _lists()
    if low in lists.loans or low in source.lower or (word.isupper() and len(word) <= MAX_ACRONYM):
        return True
    if word.islower():
        return False
    if word[0].islower():  # "dịchCovid"
        return not _VIETNAMESE.search(low)
    if plain(word)[:SAME_NAME] in source.plain:  # "Irắc" for Iraq
        return True
    return low in lists.names or not word.istitle() or not _VIETNAMESE.search(low)


def _is_unknown(low: str, source: Side) -> bool:
    """Whether a word without marks is known neither in Vietnamese nor in English nor here."""
    if len(low) <= SAME_START or low in _lists().loans or low in common_english():
        return False
    return low[:SAME_START] not in source.plain


def _is_in_title(pair: Pair, match: re.Match[str]) -> bool:
    """Whether a word goes on a name of the source: "with" of "Dancing with the Stars"."""
    before = _BEFORE.search(pair.target.text, max(0, match.start() - 40), match.start())
    return before is not None and f"{before[1]} {match[0]}" in pair.source.text


def _is_in_foreign_name(side: Side, match: re.Match[str]) -> bool:
    """Whether a word stands beside others with a capital that are no Vietnamese: "Vice City"."""
    for step in (-1, 1):
        own = side.text[match.end() :] if step > 0 else side.text[: match.start()]
        pattern = _NEXT if step > 0 else _BEFORE
        beside = pattern.search(own[:40] if step > 0 else own[-40:])
        word = beside[1].lower() if beside else ""
        own_word = word in plain_syllables() or word in _lists().address or word in _lists().body
        if word and not own_word:
            return True
    return False


def _in_english(pair: Pair) -> Iterator[Finding]:
    target = pair.target
    for match in target.words:
        word = match[0]
        if word.isascii() or len(word) < 2 or _is_part(target.text, match):
            continue
        low = word.lower()
        if low not in syllables():
            alien = _VIETNAMESE.search(low) or (word.islower() and _is_two(low))
            if alien and low not in pair.source.lower and not word.isupper():
                yield _glued(match)
        elif word.islower():
            is_vietnamese = _MARKED.search(low) is not None
            if is_vietnamese and low not in kept_words() and not _is_gloss(target.text, match):
                yield _left(match, "tiếng Việt", "Vietnamese")
        elif _lists().head.match(target.text, match.start()):
            yield _left(match, "tiếng Việt", "Vietnamese")


def _made_up(pair: Pair) -> Iterator[Finding]:
    """English words that are none; what the source has as well is copied.

    A capital may make a name, unless all of the text is in capitals.
    """
    target, capitals = pair.target, pair.target.text.isupper()
    if not capitals and english_dictionary().issuperset(target.small):
        return
    for match in target.words:
        word = match[0].lower()
        if not (capitals or match[0].islower()) or not word.isascii() or len(word) < MIN_MADE_UP:
            continue
        spelling = spelling_of(word)
        # A Vietnamese syllable without marks is a name or a word of the source.
        if spelling is Spelling.KNOWN or word in plain_syllables() or word in pair.source.lower:
            continue
        if not _is_part(target.text, match):
            yield _glued(match) if spelling is Spelling.NONE else _misspelt(match)


def _is_two(low: str) -> bool:
    """Whether a word is a Vietnamese one with marks and an English one, glued together.

    >>> _is_two("nhânand"), _is_two("cinemasngày"), _is_two("façade")
    (True, True, False)
    """
    english = common_english() | left_english()
    halves = ((low[:at], low[at:]) for at in range(2, len(low) - 1))
    return any(
        (not one.isascii() and one in syllables() and other in english)
        or (not other.isascii() and other in syllables() and one in english)
        for one, other in halves
    )


def _is_part(text: str, match: re.Match[str]) -> bool:
    """Whether a word is a part of a number, an address, a word with a hyphen."""
    start, end = match.span()
    if start and text[start - 1] in _JOINED:
        return True
    beside = text[end : end + 2]
    return (
        bool(beside) and beside[0] in _JOINED and (beside[0] not in ".’'" or beside[1:].isalnum())
    )


def _is_gloss(text: str, match: re.Match[str]) -> bool:
    """Whether a word stands in brackets or quotation marks, as words of the source do."""
    start, end = match.span()
    for opening, closing in _CLOSES.items():
        at = text.rfind(opening, max(0, start - MAX_GLOSS), start)
        if at >= 0 and text.find(closing, at + 1, start) < 0:
            return text.find(closing, end, end + MAX_GLOSS) >= 0
    return False


def _glued(match: re.Match[str]) -> Finding:
    return Finding(
        ID,
        Severity.MAJOR,
        f"“{match[0]}” không phải là từ của ngôn ngữ nào.",
        f"“{match[0]}” is a word of neither language.",
        target_span=Span(*match.span()),
    )


def _misspelt(match: re.Match[str]) -> Finding:
    return Finding(
        ID,
        Severity.MINOR,
        f"“{match[0]}” viết sai chính tả.",
        f"“{match[0]}” is misspelt.",
        target_span=Span(*match.span()),
    )


def _left(match: re.Match[str], vi: str, en: str) -> Finding:
    return Finding(
        ID,
        Severity.MAJOR,
        f"Từ {vi} “{match[0]}” chưa được dịch.",
        f"The {en} word “{match[0]}” was left in the translation.",
        target_span=Span(*match.span()),
    )


CHECK = Check(ID, "Is each word a word of the target's language?", _find)
