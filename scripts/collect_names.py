#!/usr/bin/env python3
"""Collect the English words with a capital that Vietnamese translates, from the training pairs.

They are capitalised words inside English sentences of tiers 1 and 2 that fewer than 80 % of the
Vietnamese sides repeat, or that are also written small; without those that the common words or
their ending tell already (see `service/checks/names.py`).

Example:
    python scripts/collect_names.py > service/rules/en/translated_names.toml
"""

import lzma
import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from service.article import Language
from service.checks.base import Side
from service.checks.english_names import has_english_ending
from service.checks.names import is_in
from service.rules.words import common_english

MIN_COPIED = 0.8
_WORD = re.compile(r"[^\W\d_]+")
_OPENS = '.!?:"“”‘(-–'

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    data: Annotated[Path, typer.Option(help="Data folder.")] = Path("../shared/data"),
) -> None:
    seen: Counter[str] = Counter()
    copied: Counter[str] = Counter()
    small: set[str] = set()
    for vi, en in _pairs(data):
        side = Side(vi, Language.VI)
        for word in set(_inside(en)):
            seen[word] += 1
            copied[word] += is_in([word], side)
        small.update(word for word in _WORD.findall(en) if word.islower())
    common = common_english()
    words = [
        word
        for word in sorted(seen)
        if (copied[word] < MIN_COPIED * seen[word] or word.lower() in small)
        and word.lower() not in common
        and not has_english_ending(word)
    ]
    print('why = "Words that English writes with a capital and Vietnamese does not copy."')
    print('source = "scripts/collect_names.py, from tiers 1 and 2 of the training pairs."')
    print('words = """\n' + textwrap.fill(" ".join(words), 100) + '\n"""')


def _inside(text: str) -> Iterator[str]:
    """Words with a capital that do not open a sentence."""
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip()
        named = len(match[0]) > 2 and match[0][0].isupper() and not match[0].isupper()
        if named and before and before[-1] not in _OPENS:
            yield match[0]


def _pairs(data: Path) -> Iterator[tuple[str, str]]:
    with lzma.open(data / "parallel" / "train.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            vi, en, _, tier = line.rstrip("\n").split("\t")
            if tier in "12":
                yield vi, en


if __name__ == "__main__":
    app()
