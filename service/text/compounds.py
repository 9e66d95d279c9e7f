"""Which Vietnamese syllables side by side are one word."""

import tomllib
from functools import cache
from importlib import resources


def is_compound(first: str, second: str) -> bool:
    """Whether two small-letter syllables are one word, as far as the list goes.

    >>> is_compound("cơ", "sở"), is_compound("của", "sở")
    (True, False)
    """
    return (first, second) in _pairs()


@cache
def _pairs() -> frozenset[tuple[str, ...]]:
    file = resources.files("service.rules").joinpath("vi", "compounds.toml")
    words: str = tomllib.loads(file.read_text(encoding="utf-8"))["words"]
    return frozenset(tuple(pair.split("_")) for pair in words.split())
