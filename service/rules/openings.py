"""Openings by which a sentence leans on the one before it, from `<language>/openings.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Opening:
    """One way to lean on the sentence before; `opening` is matched at a sentence's start."""

    name: str
    why: str
    opening: re.Pattern[str]
    leans: tuple[str, ...]
    stands: tuple[str, ...]

    def failures(self) -> list[str]:
        """The rows of `leans` that do not match, and those of `stands` that do."""
        missed = [f"{self.name} must find: {r}" for r in self.leans if not self.opening.match(r)]
        taken = [f"{self.name} must leave: {r}" for r in self.stands if self.opening.match(r)]
        return missed + taken


@cache
def load_openings() -> tuple[Opening, ...]:
    """The openings of both languages; no Vietnamese opening is an English one, so all are tried."""
    found = []
    for language in LANGUAGES:
        file = resources.files("service.rules").joinpath(language, "openings.toml")
        for name, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found.append(
                Opening(
                    name=f"{language}/{name}",
                    why=entry["why"],
                    opening=re.compile(entry["opening"]),
                    leans=tuple(entry["leans"]),
                    stands=tuple(entry["stands"]),
                )
            )
    return tuple(found)


def leans_on_previous(text: str) -> bool:
    """Whether a sentence opens with a pronoun or connective that points back.

    >>> leans_on_previous("Tuy nhiên, tiến độ còn chậm."), leans_on_previous("Hà Nội mưa to.")
    (True, False)
    """
    return _any_opening().match(text.lstrip(" -–")) is not None


@cache
def _any_opening() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{rule.opening.pattern})" for rule in load_openings()))
