"""The contract of a check: one question asked of a source and its target."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from service.article import Finding, Language
from service.checks.vocabulary import number_reader
from service.text.numerals import Number

WORD = re.compile(r"[^\W\d_]+")  # e.g. "Việt"


@dataclass(frozen=True)  # no slots: the parts below are worked out once, when first asked for
class Side:
    """One text of a pair with what several checks ask of it."""

    text: str
    language: Language

    @cached_property
    def lower(self) -> str:
        return self.text.lower()

    @cached_property
    def words(self) -> list[str]:
        """The words, lower-case, without numbers and marks."""
        return WORD.findall(self.lower)

    @cached_property
    def numbers(self) -> list[Number]:
        return number_reader(self.language).find(self.text)

    @cached_property
    def number_keys(self) -> set[str]:
        """All values that a number of this side may have, hints such as "first" included."""
        keys = {key for number in self.numbers for key in number.keys}
        return keys | number_reader(self.language).hints(self.text)


@dataclass(frozen=True, slots=True)
class Pair:
    """What a check looks at."""

    source: Side
    target: Side


@dataclass(frozen=True, slots=True)
class Check:
    """A question; no findings means that the answer is yes."""

    id: str
    asks: str
    find: Callable[[Pair], Iterator[Finding]]
