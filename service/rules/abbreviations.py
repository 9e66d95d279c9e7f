"""Full stops that end no sentence, from `<language>/abbreviations.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from service.article import Language


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Words whose full stop may not end a sentence, without that full stop; as they are cased."""

    before_name: frozenset[str]  # never end a sentence
    before_number: frozenset[str]  # do not, before a digit
    before_name_or_end: frozenset[str]  # do only before an opener
    times: frozenset[str]  # do, except before a word of `after_times`
    after_times: frozenset[str]
    openers: frozenset[str]  # words that open sentences


@cache
def load_abbreviations(language: Language | None) -> Abbreviations:
    """Those of a language, with the other's titles and openers, as names cross languages.

    >>> "TP" in load_abbreviations(Language.VI).before_name_or_end
    True
    >>> "TS" in load_abbreviations(Language.EN).before_name
    True
    """
    own = [language] if language else list(Language)

    def words(kind: str, languages: list[Language], key: str = "words") -> frozenset[str]:
        found = [_table(each).get(kind, {}).get(key, "") for each in languages]
        return frozenset(" ".join(found).split())

    return Abbreviations(
        before_name=words("before-name", list(Language)),
        before_number=words("before-number", own),
        before_name_or_end=words("before-name-or-end", list(Language)),
        times=words("times", list(Language)),
        after_times=words("times", list(Language), "after"),
        openers=words("openers", list(Language)),
    )


@cache
def abbreviation_rows(language: Language) -> tuple[str, ...]:
    """The rows of all kinds: texts in which "|" marks every sentence end but the last."""
    return tuple(row for kind in _table(language).values() for row in kind.get("rows", ()))


@cache
def _table(language: Language) -> dict[str, dict[str, str]]:
    file = resources.files("service.rules").joinpath(language.value, "abbreviations.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
