"""Training pairs: read, normalised, filtered, weighted by tier; and written as plain TSV."""

import csv
import hashlib
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.normalise import normalise

# These state a non-commercial licence; newsrooms use the model commercially.
NON_COMMERCIAL = frozenset({"xnli-devtest", "iwslt15-tst2012-2013.ted", "javascript-info-vi"})

MAX_WORDS = 120  # longer lines are several sentences; the service never sends such a segment
# Characters vi/en. The 0.5 % and 99.5 % quantiles on human FLORES pairs are 0.65 and 1.57;
# short lines vary more, so the bound is wider than the quantiles and loose below 40 characters.
LENGTH_RATIO = (0.4, 2.5)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence in both languages; `tier` 1 (news, law) to 4 (interface strings).

    `machine` is the language that a model of ours wrote, "" where people wrote both.
    """

    vi: str
    en: str
    source: str
    tier: int
    machine: str = ""


def read_raw_pairs(path: Path) -> Iterator[Pair]:
    """Pairs of an `.xz` TSV with columns vi, en, source, tier (a header line is skipped)."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(row) == 4 and row[3].isdigit():
                yield Pair(row[0], row[1], row[2], int(row[3]))


def read_terms(path: Path) -> Iterator[Pair]:
    """Pairs of a glossary's preferred forms; lines that begin with `#` are comments."""
    for vi, en, *_ in read_rows(path):
        if not vi.startswith("#"):
            yield Pair(vi.split(";")[0], en.split(";")[0], path.name, 1)


def refusal(pair: Pair) -> str | None:
    """Why the pair is not trained on, or None.

    >>> refusal(Pair("Xin chào.", "Xin chào.", "basic", 2))
    'untranslated'
    """
    if pair.source in NON_COMMERCIAL:
        return "non-commercial"
    if not _LETTER.search(pair.vi) or not _LETTER.search(pair.en):
        return "no letters"
    if pair.vi == pair.en:
        return "untranslated"
    if max(len(pair.vi.split()), len(pair.en.split())) > MAX_WORDS:
        return "too long"
    ratio = len(pair.vi) / len(pair.en)
    if max(len(pair.vi), len(pair.en)) >= 40 and not LENGTH_RATIO[0] <= ratio <= LENGTH_RATIO[1]:
        return "length ratio"
    return None


def prepare(raw: Iterable[Pair]) -> tuple[list[Pair], Counter[str]]:
    """Normalised pairs that pass the filter, without duplicates, and the count of each refusal."""
    kept: list[Pair] = []
    refused: Counter[str] = Counter()
    seen: set[bytes] = set()
    for pair in raw:
        clean = Pair(normalise(pair.vi), normalise(pair.en), pair.source, pair.tier)
        reason = refusal(clean)
        key = hashlib.blake2b(f"{clean.vi}\t{clean.en}".encode(), digest_size=12).digest()
        if reason is None and key in seen:
            reason = "duplicate"
        if reason is not None:
            refused[reason] += 1
            continue
        seen.add(key)
        kept.append(clean)
    return kept, refused


def write_pairs(pairs: Iterable[Pair], path: Path) -> None:
    """Columns vi, en, source, tier, machine; normalised text holds no tab or line end."""
    with path.open("w", encoding="utf-8") as out:
        for pair in pairs:
            out.write(f"{pair.vi}\t{pair.en}\t{pair.source}\t{pair.tier}\t{pair.machine}\n")


def read_pairs(path: Path) -> list[Pair]:
    """What `write_pairs` wrote."""
    return [
        Pair(vi, en, source, int(tier), *machine)
        for vi, en, source, tier, *machine in read_rows(path)
    ]


def read_run(folder: Path) -> list[Pair]:
    """All training pairs of a run: `pairs.tsv` and, where there is one, `synthetic.tsv`."""
    names = ("pairs.tsv", "synthetic.tsv")
    return [
        pair for name in names if (folder / name).exists() for pair in read_pairs(folder / name)
    ]


def read_rows(path: Path) -> list[list[str]]:
    """The fields of each line of a TSV without quoting."""
    # Not splitlines(): text may hold other line separators, such as U+2028.
    return [line.split("\t") for line in path.read_text("utf-8").split("\n") if line]


def read_dev_pairs(path: Path) -> list[tuple[str, str]]:
    """(vi, en) of a two-column TSV without header, normalised as the model's input is."""
    rows = read_rows(path)
    return [(normalise(row[0]), normalise(row[1])) for row in rows if len(row) >= 2]
