#!/usr/bin/env python3
"""Collect from the training pairs what Vietnamese copies of English names, and what it does not.

`words` are common English words that tiers 1 and 2 repeat in at least 75 % of the names that they
are part of, where another part of the name is repeated: "New" of New Hampshire, not "University".
`translated` are those that fewer than 8 % repeat: "President", "City".
`acronyms` are those that fewer than half repeat, since Vietnamese has its own: UK, HCMC.

Example:
    python scripts/collect_copied_words.py > service/rules/en/copied_words.toml
"""

import re
import textwrap
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from scripts.collect_names import _pairs as read_pairs
from service.rules.words import common_english
from service.text.syllables import strip_diacritics

MIN_COPIED = 0.75
MAX_TRANSLATED = 0.08
MIN_SEEN = 3
# Two words or more with a capital, inside a sentence: "the New Hampshire regiment".
_RUN = re.compile(r"(?<=[\w,;:] )[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)+")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9&-]*[A-Z]\b")  # e.g. "CCTV"
_WORD = re.compile(r"[\w-]+")

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    data: Annotated[Path, typer.Option(help="Data folder.")] = Path("../shared/data"),
) -> None:
    words: tuple[Counter[str], Counter[str]] = Counter(), Counter()  # seen, copied
    acronyms: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for vi, en in read_pairs(data):
        there = set(_WORD.findall(strip_diacritics(vi).lower()))
        for run in _RUN.finditer(en):
            _count_words(_WORD.findall(run[0]), there, words)
        if not en.isupper():
            for acronym in set(_ACRONYM.findall(en)):
                acronyms[0][acronym] += 1
                acronyms[1][acronym] += acronym in vi
    copied = [w for w, n in words[0].items() if n >= MIN_SEEN and words[1][w] >= MIN_COPIED * n]
    never = [w for w, n in words[0].items() if n >= MIN_SEEN and words[1][w] < MAX_TRANSLATED * n]
    own = [a for a, n in acronyms[0].items() if n >= MIN_SEEN and 2 * acronyms[1][a] < n]
    print(
        'why = "Common English words that names keep in Vietnamese; acronyms that it translates."'
    )
    print('source = "scripts/collect_copied_words.py, from tiers 1 and 2 of the training pairs."')
    for name, found in (("words", copied), ("translated", never), ("acronyms", own)):
        print(f'{name} = """\n' + textwrap.fill(" ".join(sorted(found)), 100) + '\n"""')


def _count_words(
    run: list[str], there: set[str], counts: tuple[Counter[str], Counter[str]]
) -> None:
    """Count the common words of a name of which another part, no common word, was copied."""
    is_common = [word.lower() in common_english() for word in run]
    copied = [strip_diacritics(word).lower() in there for word in run]
    if not any(own and not common for own, common in zip(copied, is_common, strict=True)):
        return
    for word, common, own in zip(run, is_common, copied, strict=True):
        if common and len(word) > 2:
            counts[0][word] += 1
            counts[1][word] += own


if __name__ == "__main__":
    app()
