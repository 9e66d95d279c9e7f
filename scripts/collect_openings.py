#!/usr/bin/env python3
"""Collect the Vietnamese words with which a sentence may begin without naming anyone.

Into `service/rules/vi/small_words.toml`: syllables that Vietnamese news write small inside a
sentence, nearly always. Names have capitals there: "huế", "hải" and "nam" are not among them.

Example:
    python scripts/collect_openings.py --data ../shared/data
"""

import json
import lzma
import re
import textwrap
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from service.text.syllables import syllables

OUT = Path(__file__).parents[1] / "service" / "rules" / "vi" / "small_words.toml"
SKIPPED, ARTICLES = 1_000, 15_000  # the first ones are for measuring
MIN_SEEN, MIN_SMALL = 100, 0.96  # times; share of them without a capital
_WORD = re.compile(r"[^\W\d_]+")
_OPENS = re.compile(r"[.!?:“”\"'-]\s*$")  # what stands before a sentence or a quote

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    data: Annotated[Path, typer.Option(help="Data folder.")] = Path("../shared/data"),
) -> None:
    small, large = Counter[str](), Counter[str]()
    with lzma.open(data / "summ" / "vietnews.train.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number >= SKIPPED + ARTICLES:
                break
            for sentence in json.loads(line)["body"] if number >= SKIPPED else ():
                for word in list(_WORD.finditer(sentence))[1:]:
                    if not _OPENS.search(sentence, max(0, word.start() - 3), word.start()):
                        (small if word[0].islower() else large)[word[0].lower()] += 1
    found = sorted(
        word
        for word, count in small.items()
        if count >= MIN_SEEN and count >= MIN_SMALL * (count + large[word]) and word in syllables()
    )
    OUT.write_text(
        'why = "Vietnamese words that are no names: a summary may begin a sentence with one though '
        'its article does not have it."\n'
        f'source = "Syllables that {ARTICLES:,} Vietnamese news articles have at least {MIN_SEEN} '
        f"times inside a sentence, at least {MIN_SMALL:.0%} of them without a capital "
        '(scripts/collect_openings.py)."\n'
        f'words = """\n{textwrap.fill(" ".join(found), 100)}\n"""\n',
        "utf-8",
    )
    print(f"{OUT.name}: {len(found):,} words")


if __name__ == "__main__":
    app()
