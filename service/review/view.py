"""An item as the article page shows it: rows of marked text, for one reviewer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.article import Language, Severity
from service.glossary import Glossary
from service.review import blind, diff
from service.review.marks import Mark, Piece, cut, note_marks, term_marks
from service.review.sheet import Note, Row, Sheet
from service.stages.check import check_segment
from service.store.review_values import Edit


@dataclass(frozen=True, slots=True)
class CellView:
    """One output of a segment, at its place in the order shown."""

    letter: str
    position: int
    text: str
    pieces: list[Piece]
    notes: list[Note]
    changes: list[diff.Change]  # against the first output shown; only where asked for
    chosen: bool


@dataclass(frozen=True, slots=True)
class EditView:
    """The corrected text of a segment, checked anew."""

    text: str
    version: int
    reviewer: str
    pieces: list[Piece]
    notes: list[Note]
    changes: list[diff.Change]


@dataclass(frozen=True, slots=True)
class RowView:
    """One segment."""

    id: str
    number: int  # from 1, in the article
    kind: str
    opens: bool  # whether a block begins here
    source: list[Piece]
    source_text: str
    cells: list[CellView]
    edit: EditView | None
    flagged: bool

    @property
    def doubtful(self) -> bool:
        """Whether a reviewer should look: doubted, and nobody has confirmed or corrected it."""
        return self.flagged and self.edit is None

    @property
    def notes(self) -> list[tuple[str, Note]]:
        """(letter, note) of what is still found: of the correction, or of each output."""
        if self.edit is not None:
            return [("", note) for note in self.edit.notes]
        single = len(self.cells) == 1
        return [("" if single else cell.letter, note) for cell in self.cells for note in cell.notes]


@dataclass(frozen=True, slots=True)
class Lens:
    """How a reviewer looks at an item."""

    order: tuple[int, ...]  # output numbers as shown
    language: str  # of the messages
    edits: Mapping[str, Edit]
    choices: Mapping[str, int]  # segment -> output number that the reviewer chose
    glossaries: Sequence[Glossary] = ()
    diff: bool = False


def view_rows(sheet: Sheet, lens: Lens) -> list[RowView]:
    """Every row; the letters are those of the order shown."""
    before = -1
    rows = []
    for number, row in enumerate(sheet.rows, start=1):
        rows.append(view_row(sheet, row, number, row.block != before, lens))
        before = row.block
    return rows


def view_row(sheet: Sheet, row: Row, number: int, opens: bool, lens: Lens) -> RowView:
    """One row."""
    return _view(
        row,
        number,
        opens,
        (sheet.source_language, sheet.target_language),
        lens.edits.get(row.id),
        lens.choices.get(row.id),
        lens.order,
        lens.language,
        tuple(lens.glossaries),
        lens.diff,
    )


@lru_cache(maxsize=8192)
def _view(
    row: Row,
    number: int,
    opens: bool,
    languages: tuple[str, str],
    edit: Edit | None,
    choice: int | None,
    order: tuple[int, ...],
    language_of_page: str,
    glossaries: tuple[Glossary, ...],
    with_diff: bool,
) -> RowView:
    """Looking for terms takes half a millisecond a row, which every reload would pay."""
    shown = [row.cells[output] for output in order]
    targets = [cell.target if cell else "" for cell in shown]
    language = Language(languages[0])
    texts = [*targets, edit.text] if edit else targets
    on_source, on_targets = term_marks(row.source, texts, language, glossaries)
    notes = [list(cell.notes) if cell else [] for cell in shown]
    edit_notes = list(_recheck(row.source, edit.text, *languages)) if edit else []
    doubts = edit_notes if edit else [note for own in notes for note in own]
    cells = [
        CellView(
            letter=blind.label(position),
            position=position,
            text=target,
            pieces=cut(
                target,
                [
                    *note_marks(notes[position], "target", target, language_of_page),
                    *on_targets[position],
                ],
            ),
            notes=notes[position],
            changes=diff.compare(targets[0], target) if with_diff and position else [],
            chosen=choice == order[position],
        )
        for position, target in enumerate(targets)
    ]
    return RowView(
        id=row.id,
        number=number,
        kind=row.kind,
        opens=opens,
        source=cut(
            row.source, [*note_marks(doubts, "source", row.source, language_of_page), *on_source]
        ),
        source_text=row.source,
        cells=cells,
        edit=_edit_view(row, edit, edit_notes, on_targets[-1], language_of_page, with_diff)
        if edit
        else None,
        flagged=row.flagged,
    )


def _edit_view(
    row: Row, edit: Edit, notes: list[Note], terms: list[Mark], language: str, with_diff: bool
) -> EditView:
    base = row.cells[edit.base] if edit.base < len(row.cells) else None
    return EditView(
        text=edit.text,
        version=edit.version,
        reviewer=edit.reviewer,
        pieces=cut(edit.text, [*note_marks(notes, "target", edit.text, language), *terms]),
        notes=notes,
        changes=diff.compare(base.target if base else "", edit.text) if with_diff else [],
    )


def recheck(source: str, target: str, sheet: Sheet) -> list[Note]:
    """What the checks find in a corrected segment."""
    return list(_recheck(source, target, sheet.source_language, sheet.target_language))


@lru_cache(maxsize=4096)
def _recheck(
    source: str, target: str, source_language: str, target_language: str
) -> tuple[Note, ...]:
    found = check_segment(source, target, Language(source_language), Language(target_language))
    return tuple(
        Note(
            check=finding.check,
            major=finding.severity is Severity.MAJOR,
            vi=finding.message_vi,
            en=finding.message_en,
            source=finding.source_span,
            target=finding.target_span,
        )
        for finding in found
    )


def base_output(row: Row, edit: Edit | None, choice: int | None, order: Sequence[int]) -> int:
    """Which output a correction begins with: that of the last one, the chosen one, the first."""
    if edit is not None:
        return edit.base
    wanted = choice if choice is not None else order[0]
    return wanted if wanted < len(row.cells) and row.cells[wanted] is not None else 0


def machine_text(row: Row, output: int) -> str:
    cell = row.cells[output] if output < len(row.cells) else None
    return cell.target if cell else ""
