#!/usr/bin/env python3
"""Collect the words by which a check tells what was left in the other language.

Into `service/rules/en/left_words.toml`: English words in small letters, seen three times in tiers 1
and 2 of the training pairs and in the English news, that at most 1 % of the Vietnamese sides repeat
and Vietnamese news hardly have. Into `service/rules/vi/loanwords.toml`: what Vietnamese news have
and is no Vietnamese syllable: "internet", "bêtông". Into `service/rules/en/copied_capitals.toml`:
English words that, with a capital inside a sentence, 95 % of the Vietnamese sides copy: "Apple".
Into `service/rules/en/more_words.toml`: English words in small letters, seen three times in tiers 1
to 3 and in the English news, that the dictionary does not have: "smartphone".

Example:
    python scripts/collect_words.py --data ../shared/data
"""

import json
import lzma
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from spellchecker import SpellChecker

from service.checks.english_names import certain_names
from service.rules.words import common_english
from service.text.syllables import plain_syllables, strip_diacritics, syllables

RULES = Path(__file__).parents[1] / "service" / "rules"
MIN_SEEN = 3
MIN_COPIED = 0.95  # of words with a capital that are copied
MAX_COPIED = 0.01
MAX_BORROWED = 0.01  # how often Vietnamese has it for once in English; names have "of" and "and"
MIN_GLUED = 10  # how often two syllables without a space are a name: "Chămpa"
MIN_LETTERS = 3
SLIPS = frozenset({"nghành", "ngiệm", "ghóp", "đand"})  # frequent ones
ARTICLES = 30_000  # of the Vietnamese news
_OPENS = '.!?:"“”‘(-–'
_WORD = re.compile(r"[^\W\d_]+")

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    data: Annotated[Path, typer.Option(help="Data folder.")] = Path("../shared/data"),
) -> None:
    english, vietnamese = Counter[str](), Counter[str]()
    capitals = Counter[str]()
    seen, copied = Counter[str](), Counter[str]()
    named, kept = Counter[str](), Counter[str]()
    for vi, en in _pairs(data, "12"):
        theirs = {word.lower() for word in _WORD.findall(vi)}
        vietnamese.update(word for word in _WORD.findall(vi) if word.islower())
        english.update(word for word in _WORD.findall(en) if word.islower())
        for word in {word.lower() for word in _WORD.findall(en)}:
            seen[word] += 1
            copied[word] += word in theirs
        for word in set(_inside(en)):
            named[word] += 1
            kept[word] += word.lower() in theirs
    for text in _news(data / "mono" / "en.news-bbc.jsonl.xz"):
        english.update(word for word in _WORD.findall(text) if word.islower())
    for text in _news(data / "summ" / "vietnews.train.jsonl.xz", ARTICLES):
        for word in _WORD.findall(text):
            (vietnamese if word.islower() else capitals)[word.lower()] += 1
    english_and_technical = english.copy()
    for _, en in _pairs(data, "3"):
        english_and_technical.update(word for word in _WORD.findall(en) if word.islower())
    known = {word for word, count in english.items() if count >= MIN_SEEN} | common_english()
    left = {
        word
        for word in known
        if word.isascii()
        and len(word) >= MIN_LETTERS
        and word not in syllables()
        and vietnamese[word] <= max(1, MAX_BORROWED * english[word] * (len(word) > MIN_LETTERS))
        and copied[word] <= MAX_COPIED * seen[word]
    }
    loans = {
        word
        for word, count in vietnamese.items()
        if count >= MIN_SEEN and len(word) >= MIN_LETTERS and not (word in left or _is_slip(word))
    }
    names = {
        word
        for word, count in capitals.items()
        if count >= (MIN_GLUED if _is_glued(word) else MIN_SEEN)
        and not word.isascii()
        and not _is_slip(word)
    }
    _write(
        RULES / "en" / "left_words.toml",
        "English words that Vietnamese always translates: one in a Vietnamese text was left.",
        {"words": left},
    )
    capitals_kept = (
        word
        for word, count in named.items()
        if count >= MIN_SEEN
        and kept[word] >= MIN_COPIED * count
        and word not in certain_names()
        and word.lower() not in syllables()
    )
    _write(
        RULES / "en" / "copied_capitals.toml",
        "English words that Vietnamese copies where they have a capital inside a sentence.",
        {"words": capitals_kept},
    )
    dictionary = SpellChecker(language="en").word_frequency.dictionary
    _write(
        RULES / "en" / "more_words.toml",
        "English words that the dictionary does not have.",
        {
            "words": {
                word
                for word, count in english_and_technical.items()
                if count >= MIN_SEEN
                and len(word) > MIN_LETTERS
                and word.isascii()
                and word not in dictionary
                and word not in common_english() | left | plain_syllables()
            }
        },
    )
    _write(
        RULES / "vi" / "loanwords.toml",
        "Vietnamese words that are not spelt as its syllables are; `names` with a capital.",
        {"words": loans, "names": names},
    )


def _inside(text: str) -> Iterator[str]:
    """Words with a capital that do not open a sentence."""
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip()
        if match[0].istitle() and match[0].isascii() and before and before[-1] not in _OPENS:
            yield match[0]


def _is_slip(word: str) -> bool:
    """Whether a word is a Vietnamese syllable, or one with a wrong mark: "viêc" for "việc"."""
    return (
        word in syllables()
        or word in SLIPS
        or (not word.isascii() and strip_diacritics(word) in plain_syllables())
    )


def _is_glued(word: str) -> bool:
    """Whether a word is two syllables without the space: "cầnthơ"."""
    return any(
        word[:at] in syllables() and word[at:] in syllables() for at in range(2, len(word) - 1)
    )


def _pairs(data: Path, tiers: str) -> Iterator[tuple[str, str]]:
    with lzma.open(data / "parallel" / "train.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            vi, en, _, tier = unicodedata.normalize("NFC", line).rstrip("\n").split("\t")
            if tier in tiers:
                yield vi, en


def _news(path: Path, limit: int | None = None) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            row = json.loads(unicodedata.normalize("NFC", line))
            yield " ".join(" ".join(v) if isinstance(v, list) else str(v) for v in row.values())


def _write(path: Path, why: str, lists: dict[str, Iterable[str]]) -> None:
    parts = [f'why = "{why}"', 'source = "scripts/collect_words.py"']
    for name, words in lists.items():
        parts.append(f'{name} = """\n{textwrap.fill(" ".join(sorted(words)), 100)}\n"""')
    path.write_text("\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    app()
