"""Finds many phrases in a text at once, longest first, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.article import Span

WORD: Final = re.compile(r"\w+")  # e.g. "Việt", "2024"
# What parts words that are no phrase: "Planning and Finance (Department of Health)".
_BREAK: Final = re.compile(r"[,;:!?…()\[\]“”\"]|\.\s")

# Where the tone mark stands in oa, oe, uy without a final: "hoà" and "hòa" are one syllable.
_TONES: Final = {
    old + mark: new
    for plain, new_first in (("oa", "òóỏõọ"), ("oe", "òóỏõọ"), ("uy", "ùúủũụ"))
    for old, marks in ((plain[0], {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ"}[plain[1]]),)
    for mark, new in zip(marks, (letter + plain[1] for letter in new_first), strict=True)
}
# e.g. "oà"; it begins with a set of letters, so that most of a text is skipped fast
_NEW_STYLE: Final = re.compile("[ou](?<!qo)(?<!qu)(?:(?<=o)[àáảãạèéẻẽẹ]|(?<=u)[ỳýỷỹỵ])\\b")


def lower(text: str) -> str:
    """Lower case, as many characters as `text`.

    >>> lower("VIỆT NAM, İ")
    'việt nam, İ'
    """
    low = text.lower()
    if len(low) == len(text):
        return low
    # "İ" is one letter in upper case and two in lower case.
    return "".join(own if len(own := letter.lower()) == 1 else letter for letter in text)


def fold(text: str) -> str:
    """Lower case and one place for tone marks; as many characters as `text`.

    >>> fold("Hoà Bình"), fold("Thuỷ lợi"), fold("Quý I")
    ('hòa bình', 'thủy lợi', 'quý i')
    """
    low = lower(text)
    if low.isascii():
        return low
    return _NEW_STYLE.sub(lambda match: _TONES.get(match[0], match[0]), low)


class Cut:
    """The words of a text, folded; where they stand is worked out when it is asked for."""

    __slots__ = ("_tokens", "folded", "words")

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        self.words: list[str] = WORD.findall(self.folded)
        self._tokens: list[re.Match[str]] | None = None

    @property
    def tokens(self) -> list[re.Match[str]]:
        """The words at their places in the text."""
        if self._tokens is None:
            self._tokens = list(WORD.finditer(self.folded))
        return self._tokens


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase at its place; `phrase` is its position in the index's list."""

    span: Span
    phrase: int


class PhraseIndex:
    """An index of phrases; case does not matter, nor what joins their words, such as hyphens.

    Punctuation parts them, unless the phrase has some itself.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self._broken = {n for n, phrase in enumerate(phrases) if _BREAK.search(phrase)}
        for number, phrase in enumerate(phrases):
            words = tuple(WORD.findall(fold(phrase)))
            if words:
                self._by_first.setdefault(words[0], []).append((words, number))
        for own in self._by_first.values():
            own.sort(key=lambda entry: -len(entry[0]))

    def find(self, cut: Cut) -> list[Found]:
        """The phrases among the words of a text from left to right; at one place the longest.

        >>> index = PhraseIndex(["Bộ Y tế", "Bộ"])
        >>> index.find(Cut("Bộ Y tế và Bộ trưởng"))
        [Found(span=Span(start=0, end=7), phrase=0), Found(span=Span(start=11, end=13), phrase=1)]
        """
        firsts, words = self._by_first, cut.words
        found: list[Found] = []
        if firsts.keys().isdisjoint(words):
            return found
        at = 0
        for i in [i for i, word in enumerate(words) if word in firsts]:
            if i < at:
                continue
            word = words[i]
            for phrase, number in self._by_first[word]:
                end = i + len(phrase)
                if (end == i + 1) or tuple(words[i:end]) == phrase:
                    span = Span(cut.tokens[i].start(), cut.tokens[end - 1].end())
                    if end > i + 1 and self._is_parted(cut, span, number):
                        continue
                    found.append(Found(span, number))
                    at = end
                    break
        return found

    def _is_parted(self, cut: Cut, span: Span, phrase: int) -> bool:
        parted = _BREAK.search(cut.folded, span.start, span.end) is not None
        return parted and phrase not in self._broken
