"""What may be left out of a sentence, from `<language>/cuts.toml`; roles are explained there."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from service.article import Language

NOTHING = re.compile(r"(?!)")  # matches nowhere: the role that a language has no rule for


@dataclass(frozen=True, slots=True)
class CutRule:
    """One rule of one role; `match` are texts that it must find, `leave` those that it must not."""

    name: str
    role: str
    why: str
    pattern: re.Pattern[str]
    match: tuple[str, ...]
    leave: tuple[str, ...]

    def finds(self, text: str) -> bool:
        """At the text's start, or anywhere for the roles of `ANYWHERE`."""
        anywhere = self.role in ANYWHERE
        return bool(self.pattern.search(text) if anywhere else self.pattern.match(text))

    def failures(self) -> list[str]:
        """The rows of `match` that are not found, and those of `leave` that are."""
        missed = [f"{self.name} must find: {row}" for row in self.match if not self.finds(row)]
        taken = [f"{self.name} must leave: {row}" for row in self.leave if self.finds(row)]
        return missed + taken


ANYWHERE = frozenset({"end", "marks", "predicate", "reports", "unit"})


@cache
def load_cut_rules(language: Language) -> tuple[CutRule, ...]:
    """The rules of one language."""
    file = resources.files("service.rules").joinpath(language.value, "cuts.toml")
    return tuple(
        CutRule(
            name=f"{language.value}/{role}.{name}",
            role=role,
            why=entry["why"],
            pattern=re.compile(entry["pattern"], re.IGNORECASE),
            match=tuple(entry["match"]),
            leave=tuple(entry["leave"]),
        )
        for role, entries in tomllib.loads(file.read_text(encoding="utf-8")).items()
        for name, entry in entries.items()
    )


@cache
def cut_patterns(language: Language) -> Mapping[str, re.Pattern[str]]:
    """One pattern for each role that the language has."""
    roles: dict[str, list[str]] = {}
    for rule in load_cut_rules(language):
        roles.setdefault(rule.role, []).append(f"(?:{rule.pattern.pattern})")
    return {role: re.compile("|".join(own), re.IGNORECASE) for role, own in roles.items()}
