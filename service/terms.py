"""Terms that a user wants: read from TSV, CSV or a request, and made a glossary for an article."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.article import Language
from service.errors import GlossaryBroken, GlossaryOtherDirection
from service.glossary import Glossary, Term
from service.text.phrases import WORD, fold

MAX_TERMS = 5000
MAX_FORM_CHARS = 200
MAX_FILE_CHARS = 2_000_000

# What a header may call the two columns, folded; the second set says their language.
_PLAIN_HEADERS = (
    frozenset({"source", "term", "nguồn", "thuật ngữ", "bản gốc"}),
    frozenset({"target", "translation", "đích", "bản dịch"}),
)
_LANGUAGE_HEADERS = {
    "vi": Language.VI, "vie": Language.VI, "vi-vn": Language.VI, "vietnamese": Language.VI,
    "tiếng việt": Language.VI,
    "en": Language.EN, "eng": Language.EN, "en-us": Language.EN, "en-gb": Language.EN,
    "english": Language.EN, "tiếng anh": Language.EN,
}  # fmt: skip
_OURS = re.compile("[｟｠]")  # what the model's own placeholders are made of


@dataclass(frozen=True, slots=True)
class Row:
    """One term: forms that it has in the source, and what it is in the target, preferred first."""

    source: tuple[str, ...]
    target: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermList:
    """A user's terms, for one direction."""

    rows: tuple[Row, ...]
    source_language: Language | None = None  # None: that of the article
    label: str = ""  # what the answer calls it, e.g. "health@3"

    def glossary(self, source: Language) -> Glossary:
        """The terms for an article in `source`; raises GlossaryOtherDirection."""
        if self.source_language not in (None, source):
            raise GlossaryOtherDirection(source.other.value, source.value)
        asked = frozenset((source,))
        return Glossary(
            [
                Term(row.source, row.target, asked)
                if source is Language.VI
                else Term(row.target, row.source, asked)
                for row in self.rows
            ]
        )

    def to_tsv(self) -> str:
        r"""The list as a file that `read_terms` reads back.

        >>> read_terms("sở y tế,Department of Health").to_tsv()
        'source\ttarget\nsở y tế\tDepartment of Health\n'
        """
        names = ("source", "target")
        if self.source_language is not None:
            names = (self.source_language.value, self.source_language.other.value)
        file = io.StringIO()
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(names)
        writer.writerows(("; ".join(row.source), "; ".join(row.target)) for row in self.rows)
        return file.getvalue()


def read_terms(text: str, source: Language | None = None, label: str = "") -> TermList:
    """Terms of a TSV or CSV: two columns, source and target; more forms divided by semicolons.

    The first line may name the columns: "source" and "target", or their languages, then in either
    order where `source` says which is the source. Empty lines and lines that begin with "#" are
    skipped. Raises GlossaryBroken, whose message names the line.

    >>> read_terms("vi,en\\nSở Y tế,Department of Health; Health Department").rows[0].target
    ('Department of Health', 'Health Department')
    """
    if len(text) > MAX_FILE_CHARS:
        message = f"The glossary must have at most {MAX_FILE_CHARS:,} characters."
        raise GlossaryBroken(message)
    clean = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    lines = list(_cells(clean))
    languages = _header(lines[0][1]) if lines else None
    if languages is not None:
        lines = lines[1:]
    if languages and languages[0] is not None:
        source = source or languages[0]
    swapped = languages is not None and languages[0] not in (None, source)
    rows = (
        (number, cells[::-1] if swapped and len(cells) == 2 else cells) for number, cells in lines
    )
    return make_terms(rows, source, label)


def make_terms(
    rows: Iterable[tuple[int, Sequence[str]]], source: Language | None = None, label: str = ""
) -> TermList:
    """A list of (number, (source, target)) rows; raises GlossaryBroken, which names the number."""
    made: list[Row] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in rows:
        made.append(_row(number, cells))
        if len(made) > MAX_TERMS:
            message = f"The glossary must have at most {MAX_TERMS:,} terms."
            raise GlossaryBroken(message)
        for form in made[-1].source:
            words = tuple(WORD.findall(fold(form)))
            first = seen.setdefault(words, number)
            if first != number:
                message = f"Line {number} of the glossary has a term that line {first} has already."
                raise GlossaryBroken(message)
    if not made:
        message = "The glossary holds no terms. Each line needs a term and its translation."
        raise GlossaryBroken(message)
    return TermList(tuple(made), source, label)


def _row(number: int, cells: Sequence[str]) -> Row:
    where = f"Line {number} of the glossary"
    if len(cells) != 2:
        message = f"{where} must have two columns, source and target, but has {len(cells)}."
        raise GlossaryBroken(message)
    forms = [_forms(cell) for cell in cells]
    for own, side in zip(forms, ("source", "target"), strict=True):
        if not own or not all(WORD.search(form) for form in own):
            message = f"{where} has no words as its {side}."
            raise GlossaryBroken(message)
        if any(len(form) > MAX_FORM_CHARS for form in own):
            message = f"{where} has a {side} of more than {MAX_FORM_CHARS} characters."
            raise GlossaryBroken(message)
        if any(not form.isprintable() or _OURS.search(form) for form in own):
            message = f"{where} has a character in its {side} that no term can have."
            raise GlossaryBroken(message)
    return Row(*forms)


def _forms(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for part in cell.split(";") if (form := part.strip())))


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every line that is neither empty nor a comment."""
    lines = io.StringIO(text, newline=None).readlines()
    first = next((line for line in lines if line.strip() and line[0] != "#"), "")
    # Semicolons where Excel is set to Vietnamese; forms cannot be divided by them then.
    mark = next((mark for mark in "\t,;" if mark in first), "\t")
    reader = csv.reader(
        (line if line[0] != "#" else "\n" for line in lines), delimiter=mark, strict=True
    )
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            while len(stripped) > 2 and not stripped[-1]:  # columns that a spreadsheet left empty
                stripped.pop()
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        message = f"Line {reader.line_num} of the glossary has a quotation mark out of place."
        raise GlossaryBroken(message) from error


def _header(cells: Sequence[str]) -> tuple[Language | None, Language | None] | None:
    """The languages that a header names, (None, None) for one without; None for no header."""
    names = [fold(cell) for cell in cells]
    if len(names) != 2:
        return None
    if all(name in own for name, own in zip(names, _PLAIN_HEADERS, strict=True)):
        return None, None
    languages = [_LANGUAGE_HEADERS.get(name) for name in names]
    if None in languages or languages[0] is languages[1]:
        return None
    return languages[0], languages[1]
