"""Texts in capitals in the letters that models were trained on: small ones, but for names.

Of "KINH TẾ" the bundled model makes "Ảnh DINH": it hardly knows capitals, and no check tells such
words from names. Of whole sentences in capitals it makes 2 BLEU.
"""

import re
from functools import cache

from service.article import Language
from service.rules.words import common_english, place_names
from service.text.syllables import syllables

MIN_WORDS = 3  # in capitals that are no acronyms, whatever they are
MIN_ENGLISH_CHARS = 4  # of a word that is known to be none: "WHO" may be either
MAX_ACRONYM_CHARS = 5  # of what is no syllable: "APEC", "UBND"
_HAS_WORD = re.compile(r"[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]+")


def is_capitals(text: str) -> bool:
    """Whether a text is written in capitals, as headlines are, and not only an acronym.

    >>> is_capitals("CHÍNH PHỦ HỌP PHIÊN THƯỜNG KỲ"), is_capitals("WHO họp tại Hà Nội")
    (True, False)
    >>> is_capitals("KINH TẾ"), is_capitals("HEALTH NEWS"), is_capitals("WHO"), is_capitals("ĐHQG")
    (True, True, False, False)
    """
    if not text.isupper():
        return False
    words = _HAS_WORD.findall(text)
    if len(words) >= MIN_WORDS:
        return True
    known = [word.lower() for word in words]
    vietnamese = any(not word.isascii() and word in syllables() for word in known)
    syllabic = len(known) > 1 and all(word in syllables() for word in known)
    return vietnamese or syllabic or (bool(known) and all(map(_is_english, known)))


def _is_english(word: str) -> bool:
    return len(word) >= MIN_ENGLISH_CHARS and word in common_english()


def lower_capitals(text: str, language: Language) -> str:
    """The text in small letters, with a capital at its head; in Vietnamese also for known places.

    Vietnamese acronyms keep their capitals. On sentences of news and FLORES in capitals this is
    worth 2.3 and 1.2 BLEU beside small letters alone; in English, where common words are no closed
    list, the same gains on one and loses on the other.

    >>> lower_capitals("HỘI NGHỊ APEC TẠI HÀ NỘI", Language.VI)
    'Hội nghị APEC tại Hà Nội'
    """
    if language is Language.EN:
        return text.capitalize()
    small = _WORD.sub(_lowered, text)
    small = _places().sub(lambda match: place_names()[match[0]], small)
    return small[:1].upper() + small[1:]


def _lowered(match: re.Match[str]) -> str:
    word = match[0].lower()
    if word in syllables():
        return word
    return match[0] if len(word) <= MAX_ACRONYM_CHARS else match[0].capitalize()


@cache
def _places() -> re.Pattern[str]:
    names = sorted(place_names(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
