"""Tells Vietnamese from English, and both from everything else."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from langdetect import DetectorFactory, LangDetectException, detect_langs

from service.article import Language

DetectorFactory.seed = 0  # langdetect draws random numbers; its answer must not change
_LOCK = Lock()  # langdetect loads its profiles lazily and without a lock


@dataclass(frozen=True, slots=True)
class Detection:
    """A language: `code` is ISO 639-1, or `und`; `language` is None unless it is ours."""

    language: Language | None
    code: str
    confidence: float  # 0 to 1


UNDETERMINED = Detection(None, "und", 0.0)
_WORD = re.compile(r"[^\W\d_]+")
_VI_LETTER = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_URL = re.compile(r"\S+://\S+|www\.\S+|\S+@\S+")
_EN = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "was",
        "for",
        "on",
        "that",
        "with",
        "as",
        "by",
        "at",
        "from",
        "are",
        "it",
        "be",
        "this",
        "has",
        "have",
        "will",
    ]
)
_VI = frozenset(
    [
        "va",
        "cua",
        "cac",
        "la",
        "co",
        "duoc",
        "trong",
        "cho",
        "voi",
        "khong",
        "nhung",
        "mot",
        "den",
        "nguoi",
        "nay",
        "da",
        "theo",
        "tai",
        "viec",
        "ve",
    ]
)


def detect(text: str) -> Detection:
    """The language of one text.

    >>> detect("Chính phủ ban hành nghị định mới").code
    'vi'
    >>> detect("12345").code
    'und'
    """
    text = unicodedata.normalize("NFC", text[:4000])
    words = _WORD.findall(_URL.sub(" ", text).lower())
    if not words:
        return UNDETERMINED
    letters = sum(map(len, words))
    if len(_VI_LETTER.findall(text)) >= 0.02 * letters:
        return Detection(Language.VI, "vi", 1.0)
    en = sum(word in _EN for word in words) / len(words)
    vi = sum(word in _VI for word in words) / len(words)
    if vi > 0.1 and vi > en:
        return Detection(Language.VI, "vi", 0.9)
    if en > 0.1:
        return Detection(Language.EN, "en", 0.9)
    try:
        with _LOCK:
            best = detect_langs(" ".join(words))[0]
    except LangDetectException:
        return UNDETERMINED
    language = Language(best.lang) if best.lang in ("vi", "en") else None
    return Detection(language, best.lang, float(best.prob))


def detect_article(texts: Sequence[str]) -> Detection:
    """The language of a whole article; its first 4,000 characters decide."""
    return detect("\n".join(texts))


def detect_blocks(texts: Sequence[str]) -> list[Language | None]:
    """The language of every block; None where the article decides."""
    return [detect(text).language if len(text.split()) >= 6 else None for text in texts]
