#!/usr/bin/env python3
"""Check the entries of a glossary against parallel data, and write those that it supports.

Input lines: "class<TAB>vi<TAB>en", forms separated by semicolons; a fourth column "official" marks
what is beyond doubt from official usage, a fifth may name the only language of source that it is
asked in. An entry is asked in a direction where at least 90 % of
the pairs with its source form have a target form, in five pairs or more. Official entries are also
asked where there are fewer pairs, or where 75 % of the pairs agree. All others are dropped.

Example:
    python scripts/verify_glossary.py scripts/evaluation/glossary/government.tsv \\
        > service/rules/glossary/gov.tsv
"""

import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from service.article import Language
from service.glossary import Glossary, Term

MIN_SEEN = 5
MIN_SHARE = 0.9
MIN_OFFICIAL_SHARE = 0.75  # below it, data speak against an official entry too

app = typer.Typer(add_completion=False)


@app.command(help=__doc__)
def main(
    terms: Annotated[Path, typer.Argument(help="TSV with class, vi, en.")],
    data: Annotated[Path, typer.Option(help="Data folder.")] = Path("../shared/data"),
    report: Annotated[bool, typer.Option(help="Counts of every entry on stderr.")] = False,
) -> None:
    rows = [line.split("\t") for line in terms.read_text(encoding="utf-8").splitlines() if line]
    entries = [Term(_forms(row[1]), _forms(row[2])) for row in rows]
    glossary = Glossary(entries, whole_names=True)
    seen: dict[Language, Counter[Term]] = {language: Counter() for language in Language}
    kept: dict[Language, Counter[Term]] = {language: Counter() for language in Language}
    for vi, en in _pairs(data):
        for language, source, target in ((Language.VI, vi, en), (Language.EN, en, vi)):
            for use in glossary.check(source, target, language):
                seen[language][use.term] += 1
                kept[language][use.term] += use.applied
    print("# vi\ten\tasked when the source is\tbasis. Made by scripts/verify_glossary.py.")
    for row, term in zip(rows, entries, strict=True):
        official = len(row) > 3 and row[3] == "official"
        shares = {
            language: (kept[language][term] / seen[language][term], seen[language][term])
            for language in Language
            if seen[language][term]
        }
        for language in Language:
            if len(row) > 4 and language.value not in row[4]:
                shares[language] = (0.0, MIN_SEEN)  # not to be asked
        line = _judge(term, shares, official=official)
        if line is not None:
            print(line)
        if report:
            counts = " ".join(f"{lang}:{share:.2f}/{n}" for lang, (share, n) in shares.items())
            print(f"{'keep' if line else 'DROP'}\t{row[1]}\t{row[2]}\t{counts}", file=sys.stderr)


def _judge(term: Term, shares: dict[Language, tuple[float, int]], *, official: bool) -> str | None:
    """The line of an entry that stays, or None."""
    supported = [language for language in Language if _supports(shares.get(language), MIN_SHARE)]
    asked = [
        language
        for language in Language
        if language in supported
        or (official and shares.get(language, (0.0, 0))[1] < MIN_SEEN)
        or (official and _supports(shares.get(language), MIN_OFFICIAL_SHARE))
    ]
    basis = "data" if supported == asked else "official"
    if not asked:
        return None
    return "\t".join(["; ".join(term.vi), "; ".join(term.en), ",".join(asked), basis])


def _supports(share: tuple[float, int] | None, least: float) -> bool:
    return share is not None and share[1] >= MIN_SEEN and share[0] >= least


def _forms(column: str) -> tuple[str, ...]:
    return tuple(form.strip() for form in column.split(";") if form.strip())


def _pairs(data: Path) -> Iterator[tuple[str, str]]:
    with lzma.open(data / "parallel" / "train.tsv.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            vi, en, _, tier = line.rstrip("\n").split("\t")
            if tier == "1":
                yield vi, en


if __name__ == "__main__":
    app()
