"""Word lists for language detection, from `<language>/*_words.toml`."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def common_english() -> frozenset[str]:
    """Common English words, lower case.

    >>> {"the", "ministry"} <= common_english()
    True
    """
    return frozenset(_table("en", "common_words")["words"].split())


# Names of provinces that are words as well: peace, an ocean's first half, to pacify.
_PLACES_AND_WORDS = frozenset({"hòa bình", "thái bình", "bình định"})


@cache
def place_names() -> dict[str, str]:
    """Vietnamese names of two words or more of places, from gazetteer.toml, by their small letters.

    >>> place_names()["trung quốc"], "hòa bình" in place_names()
    ('Trung Quốc', False)
    """
    table = _gazetteer()
    names = [
        *table["provinces"]["names"],
        *(name for place in table["place"] for name in place["vi"]),
    ]
    own = {name.lower(): name for name in names if " " in name and not name.isupper()}
    return {low: name for low, name in own.items() if low not in _PLACES_AND_WORDS}


@cache
def province_names() -> tuple[str, ...]:
    """Vietnamese names of the provinces, of today and of before July 2025.

    >>> {"Thái Bình", "Đà Nẵng"} <= set(province_names())
    True
    """
    return tuple(_gazetteer()["provinces"]["names"])


@cache
def small_vietnamese() -> frozenset[str]:
    """Common Vietnamese syllables that hardly ever name anyone, lower case.

    >>> {"chiều", "khoảng"} <= small_vietnamese(), "huế" in small_vietnamese()
    (True, False)
    """
    return frozenset(_table("vi", "small_words")["words"].split())


@cache
def left_english() -> frozenset[str]:
    """English words, lower case, that Vietnamese texts translate.

    >>> {"peers", "province"} <= left_english(), "internet" in left_english()
    (True, False)
    """
    return frozenset(_table("en", "left_words")["words"].split())


@cache
def more_english() -> frozenset[str]:
    """English words, lower case, that dictionaries lack: new ones, and those of computing.

    >>> "smartphone" in more_english()
    True
    """
    return frozenset(_table("en", "more_words")["words"].split())


@cache
def english_function_words() -> frozenset[str]:
    """Small words that only English has."""
    return frozenset(_table("en", "function_words")["english"].split())


@cache
def other_function_words() -> frozenset[str]:
    """Small words of other languages in Latin letters, without those that English has.

    >>> "les" in other_function_words(), "in" in other_function_words()
    (True, False)
    """
    others = frozenset(_table("en", "function_words")["others"].split())
    return others - english_function_words() - SHARED_WITH_ENGLISH


# Too frequent in English to say that a text is not English.
SHARED_WITH_ENGLISH = frozenset(("in", "is", "at", "as", "do", "no", "so", "me", "an", "on"))


@cache
def plain_word_weights() -> dict[str, float]:
    """What an undiacritised syllable says for Vietnamese (above 0) against English (below 0).

    >>> plain_word_weights()["duoc"] > 0 > plain_word_weights()["the"]
    True
    """
    weights = _table("vi", "plain_words")["weights"]
    return {word: float(weight) for weight, words in weights.items() for word in words.split()}


@cache
def _gazetteer() -> dict[str, Any]:
    file = resources.files("service.rules").joinpath("gazetteer.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _table(language: str, name: str) -> dict[str, Any]:
    file = resources.files("service.rules").joinpath(language, f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
