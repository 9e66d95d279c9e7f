"""A segment's revisions as a history that can be gone back in.

Revisions are only ever added. Going back adds one that `restores` an earlier number; 0 is what the
model made.
"""

from collections.abc import Sequence

from service.store.review_values import Edit

UNDO_STEPS = 10


def position(edits: Sequence[Edit]) -> int:
    """The revision that the newest one stands for: itself, or what it restored."""
    if not edits:
        return 0
    last = edits[-1]
    return last.number if last.restores is None else last.restores


def undo_target(edits: Sequence[Edit]) -> int | None:
    """The revision that undoing goes back to; None where there is nothing to undo.

    >>> first = Edit(segment="b1s1", number=1, version=1, text="a", base=0, reviewer_id="r")
    >>> undo_target([first]), undo_target([])
    (0, None)
    """
    at = position(edits)
    if at == 0 or _steps(edits) >= UNDO_STEPS:
        return None
    return position([edit for edit in edits if edit.number < at])


def text_of(edits: Sequence[Edit], number: int, machine: str) -> str:
    """The text of a revision; `machine` is that of number 0."""
    return next((edit.text for edit in edits if edit.number == number), machine)


def _steps(edits: Sequence[Edit]) -> int:
    """How many times in a row the newest revisions went back."""
    steps = 0
    for edit in reversed(edits):
        if edit.restores is None:
            break
        steps += 1
    return steps
