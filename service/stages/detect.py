"""Tells Vietnamese from English, and both from everything else.

Words decide: a Vietnamese text consists of Vietnamese syllables, with or without diacritics, and
an English one of common English words. Only what neither explains goes to langdetect, which is
slow and, on short text, unsure.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from threading import Lock
from typing import Final, NamedTuple

from langdetect import DetectorFactory, LangDetectException, detect_langs

from service.article import Language
from service.rules.words import (
    common_english,
    english_function_words,
    other_function_words,
    plain_word_weights,
)
from service.text.quotes import outside_quotes
from service.text.syllables import plain_syllables, syllables


@dataclass(frozen=True, slots=True)
class Detection:
    """What language a text is in; `language` is None unless it is one of ours."""

    language: Language | None
    code: str  # ISO 639-1, or "und" where the text does not say
    confidence: float  # 0 to 1


UNDETERMINED: Final = Detection(None, "und", 0.0)
MIN_WORDS_WITHOUT_MARKS: Final = 8
MAX_MARKED: Final = 0.1  # share of words with marks in a text that lacks them: "Hà Nội" was pasted
MIN_WORDS_ROUND_QUOTE: Final = 2  # that tell the language of a sentence: "Bà nói: “We agree.”"
MAX_CHARS: Final = 4000  # of a text, or of an article, that are looked at


@lru_cache(maxsize=64)  # a block is asked for its own language and for its article's
def detect(text: str) -> Detection:
    """The language of one text, the same on every call and in every thread.

    >>> [detect(text).code for text in ("Bộ Y tế họp", "Chinh phu ban hanh nghi dinh moi")]
    ['vi', 'vi']
    >>> [detect(text).code for text in ("PM visits Hanoi", "12345 chinhphu.vn", "Guten Tag")]
    ['en', 'und', 'de']
    """
    text = _ADDRESS.sub(" ", unicodedata.normalize("NFC", text[:MAX_CHARS]))
    words = _WORD.findall(text)
    if not words:
        return UNDETERMINED
    weighed = _weigh_round_quotes(text, len(words)) or _weigh(words)
    if weighed.vietnamese:
        return Detection(Language.VI, "vi", weighed.confidence)
    if weighed.english:
        return Detection(Language.EN, "en", weighed.confidence)
    return _ask_langdetect(" ".join(words), weighed)


def detect_article(texts: Sequence[str]) -> Detection:
    """The language in which most of the first 4,000 characters of an article are written.

    Titles, names and quotes in another language do not sway it.

    >>> detect_article(["Bộ trưởng Bộ Y tế phát biểu.", "“We are ready,” she said."]).code
    'vi'
    """
    letters: Counter[str] = Counter()
    sure: dict[str, float] = {}
    for text in _first(texts):
        found = detect(text)
        size = sum(map(len, _WORD.findall(text)))
        if found.language is None and size < MIN_FOREIGN_LETTERS:
            continue
        letters[found.code] += size
        sure[found.code] = max(found.confidence, sure.get(found.code, 0.0))
    letters.pop("und", None)
    if not letters:
        return detect("\n".join(_first(texts)))
    code, most = letters.most_common(1)[0]
    share = most / letters.total()
    return Detection(_ours(code), code, round(sure[code] * share, 4))


def lacks_diacritics(texts: Sequence[str]) -> bool:
    """Whether a Vietnamese article is written without its marks, as old e-mails are.

    Of Vietnamese words more than two in three have one; a title may have none by chance.

    >>> lacks_diacritics(["Kim ngach thuong mai hai nuoc dat 45 ty USD trong nam 2023."])
    True
    """
    text = unicodedata.normalize("NFC", "\n".join(_first(texts)))
    words = _WORD.findall(_ADDRESS.sub(" ", text))
    marked = sum(1 for word in words if not word.isascii())
    return len(words) >= MIN_WORDS_WITHOUT_MARKS and marked <= MAX_MARKED * len(words)


def detect_blocks(texts: Sequence[str]) -> list[Language | None]:
    """The language of every block of an article; None where it follows the article's.

    So do blocks that are short, or hold nothing but names and numbers, and blocks in a third
    language, for which we have no translator.

    >>> detect_blocks(["Quảng Trị", "The minister said that the work would be finished in May."])
    [None, <Language.EN: 'en'>]
    """
    article = detect_article(texts).language
    return [_block_language(text, article) for text in texts]


def _block_language(text: str, article: Language | None) -> Language | None:
    words = _WORD.findall(_ADDRESS.sub(" ", text[:MAX_CHARS]))
    names = all(word[0].isupper() for word in words)
    if len(words) < MIN_BLOCK_WORDS or (names and len(words) <= MAX_NAME_WORDS):
        return None
    found = detect(text)
    if found.language is not article and found.confidence < MIN_CONFIDENCE_AGAINST_ARTICLE:
        return None
    return found.language


MIN_FOREIGN_LETTERS: Final = 40  # of a block that may say "another language": names look foreign
MIN_BLOCK_WORDS: Final = 4
MAX_NAME_WORDS: Final = 8  # of a block in which every word has a capital
MIN_CONFIDENCE_AGAINST_ARTICLE: Final = 0.9


def _first(texts: Sequence[str]) -> Iterator[str]:
    """The blocks that hold the first 4,000 characters, the last of them cut."""
    left = MAX_CHARS
    for text in texts:
        if left <= 0:
            return
        yield text[:left]
        left -= len(text)


# What one word says for Vietnamese (above 0) or against it: natural logarithm of the ratio of its
# chance in Vietnamese to that in English, estimated on the training sentences of tier 1. Not
# measured, but chosen: the first three, as English texts do not show their diacritics.
ACCENTED: Final = 6.0  # a syllable with letters that only Vietnamese has: "được"
ACCENTED_NAME: Final = 1.5  # the same with a capital: names keep it in English too
LATIN1: Final = 1.0  # a syllable that could be French or Portuguese: "là"
PLAIN: Final = 1.5  # an undiacritised syllable not listed in plain_words.toml
FOREIGN: Final = -1.5  # no syllable, nor a common English word
ENGLISH: Final = -4.5  # no syllable, but a common English word

_PREPOSITIONS: Final = frozenset({"in", "on", "at", "as", "a", "to"})  # Vietnamese, too
NAME: Final = 0.5  # of the last two, for a word with a capital
TELLING: Final = 3.0

MIN_WEIGHT: Final = 2.0  # in all, to call a text Vietnamese
MIN_SYLLABLES_RATIO: Final = 0.6  # of the words, in a text without Vietnamese letters
MIN_COMMON_RATIO: Final = 0.5  # of the words, common English ones, to call a text English
MIN_LOWER_COMMON_RATIO: Final = 0.75  # of the words in lower case: enough beside foreign names
MIN_NAMED_COMMON_RATIO: Final = 0.5  # the same, beside names with marks: "met" is a syllable too
MAYBE_COMMON_RATIO: Final = 0.3  # the same, where langdetect says English too
MIN_CONFIDENCE: Final = 0.5


class _Weighed(NamedTuple):
    """What a word says, or all words of a text: the sums of what each says."""

    words: int = 1
    weight: float = 0.0  # for Vietnamese; see above
    accented: int = 0  # with letters that only Vietnamese has
    spelt: int = 0  # Vietnamese syllables, with or without diacritics
    common: int = 0  # common in English
    function: int = 0  # small words that only English has
    other: int = 0  # small words of other languages
    other_spelt: int = 0  # of these, syllables: "la", "con"
    telling: int = 0  # frequent in Vietnamese, even without diacritics, and nowhere else
    lower: int = 0  # words in lower case, which are no names
    lower_common: int = 0
    lower_function: int = 0  # of these, small words that only English has, but for `prepositions`
    lower_marked: int = 0  # words in lower case with marks
    english_only: int = 0  # common English words that are no syllables
    prepositions: int = 0  # "in" and the like in lower case, which Vietnamese writes unmarked too

    @property
    def names_in_english(self) -> bool:
        """Whether hardly more than names has marks, and what stands between them is English."""
        if not self.accented or self.lower_marked >= max(1, self.lower_function):
            return False
        small = self.lower_function + (self.prepositions if self.english_only else 0)
        return small > 0 and self.lower_common >= MIN_NAMED_COMMON_RATIO * self.lower

    @property
    def vietnamese(self) -> bool:
        if self.weight < MIN_WEIGHT or self.names_in_english:
            return False
        if self.accented:
            return True
        if self.telling:
            return self.spelt + self.other_spelt >= MIN_SYLLABLES_RATIO * self.words
        return self.spelt > MIN_SYLLABLES_RATIO * (self.words - self.other)

    @property
    def english(self) -> bool:
        if self.names_in_english:
            return True
        if self.weight >= 0 or (self.other and not self.function):
            return False
        return self.common >= MIN_COMMON_RATIO * self.words or (
            self.lower_common >= max(2, MIN_LOWER_COMMON_RATIO * self.lower)
        )

    @property
    def confidence(self) -> float:
        if self.names_in_english and self.weight > ENGLISH * self.lower_function:
            return round(1 / (1 + exp(ENGLISH * max(1, self.lower_function))), 4)
        return round(1 / (1 + exp(-min(abs(self.weight), 30.0))), 4)


def _weigh_round_quotes(text: str, words: int) -> _Weighed | None:
    """What the words outside quotations say, where there are some of both and they are sure."""
    outside = _WORD.findall(outside_quotes(text))
    if not MIN_WORDS_ROUND_QUOTE <= len(outside) < words:
        return None
    own = _weigh(outside)
    more_than_names = own.lower > 0
    return own if more_than_names and (own.vietnamese or own.english) else None


def _weigh(words: Sequence[str]) -> _Weighed:
    return _Weighed(*map(sum, zip(*map(_weigh_word, words), strict=True)))


@lru_cache(maxsize=1 << 15)
def _weigh_word(word: str) -> _Weighed:
    said, low = _look_up(word), word.islower()
    preposition = word in _PREPOSITIONS
    return said._replace(
        lower=low,
        lower_common=said.common and low,
        lower_function=said.function and low and not preposition,
        lower_marked=low and not word.isascii(),
        english_only=said.common and not said.spelt,
        prepositions=preposition,
    )


def _look_up(word: str) -> _Weighed:
    lower = word.lower()
    if lower in other_function_words():
        return _Weighed(other=1, other_spelt=lower in plain_syllables())
    if lower.isascii():
        common, function = _is_common(lower), lower in english_function_words()
        if lower in plain_syllables():
            weight = plain_word_weights().get(lower, PLAIN)
            telling = weight >= TELLING
            return _Weighed(
                weight=weight, spelt=1, common=common, function=function, telling=telling
            )
        weight = ENGLISH if common else FOREIGN
        return _Weighed(weight=weight * _share(word), common=common, function=function)
    if lower not in syllables():
        return _Weighed(weight=FOREIGN * _share(word))
    if not _VIETNAMESE_ONLY.search(lower):
        return _Weighed(weight=LATIN1, spelt=1)
    return _Weighed(weight=ACCENTED if word == lower else ACCENTED_NAME, accented=1, spelt=1)


def _share(word: str) -> float:
    """How far a word that is no syllable counts: foreign names occur in Vietnamese as well."""
    return 1.0 if word.islower() else NAME


def _is_common(word: str) -> bool:
    """Whether a word, or what is left of it without an English ending, is common."""
    known = common_english()
    return word in known or any(
        word.endswith(ending) and len(word) - len(ending) > 2 and word[: -len(ending)] in known
        for ending in ("s", "es", "d", "ed", "ing", "ly")
    )


@lru_cache(maxsize=512)  # agencies and section names come again in every article of a site
def _ask_langdetect(text: str, weighed: _Weighed) -> Detection:
    """langdetect's answer, unless it is one of our languages and the words do not bear it out."""
    for code, letters in _SCRIPTS:  # where the script alone tells, langdetect may not (zh as ko)
        if letters.search(text):
            return Detection(None, code, 1.0)
    try:
        with _LANGDETECT:
            best = detect_langs(text.lower() if text.isupper() else text)[0]
    except LangDetectException:
        return UNDETERMINED
    code = str(best.lang).partition("-")[0]  # zh-cn
    borne_out = {
        "vi": weighed.weight > 0,
        "en": weighed.common >= MAYBE_COMMON_RATIO * weighed.words,
    }
    if not borne_out.get(code, True) or best.prob < MIN_CONFIDENCE:
        return UNDETERMINED
    return Detection(_ours(code), code, round(float(best.prob), 4))


# Scripts of one language each, as far as our users are concerned; kana before Han, which Japanese
# uses too.
_SCRIPTS: Final = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]{4}")),
)


def _ours(code: str) -> Language | None:
    return Language(code) if code in set(Language) else None


DetectorFactory.seed = 0  # langdetect samples a text at random
_LANGDETECT: Final = Lock()  # it loads its profiles on first use, without a lock

_WORD: Final = re.compile(r"[^\W\d_]+")
# e.g. "https://chinhphu.vn/tin", "www.hue", "info@gov.vn", "hue.gov.vn"
_ADDRESS: Final = re.compile(
    r"\b(?:[a-z]{2,20}://\S+|www\.\S+|[\w.+-]{1,64}@\S+|\w++(?:\.\w+)+/?\S*)"
)
_VIETNAMESE_ONLY: Final = re.compile("[ăđĩũơư\u1ea0-\u1ef9]")
