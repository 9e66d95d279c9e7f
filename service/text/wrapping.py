"""Hard-wrapped lines (mail at 72 columns, text copied out of a PDF) joined to paragraphs again.

Lines are joined on evidence only. A line that could not have taken the next line's first word
within the page's width was broken by a machine; one that could was broken by its author.
"""

from collections.abc import Sequence
from itertools import pairwise

from service.text.lines import Line, ends_sentence, is_list_item, is_section

MIN_WIDTH, MAX_WIDTH = 45, 130  # characters; narrower columns and wider windows are not wrapped
MIN_PAIRS = 3  # as many broken sentences as it takes to call a text wrapped
# A line this much shorter than the widest was not filled: proportional type varies about so much.
RAGGED_RATIO = 0.78


def join_wrapped(lines: Sequence[Line]) -> list[Line]:
    r"""Join the lines that one paragraph was broken into, with a space between them.

    >>> from service.text.lines import split_lines
    >>> text = '''The committee met on Monday to discuss the plan that had
    ... been sent to all members of the council in the spring and
    ... was then changed by the mayor, who had heard of it from the
    ... press and asked for time.'''
    >>> [line.number for line in join_wrapped(split_lines(text))]
    [1]
    """
    step = _line_step(lines)
    width = _page_width(lines, step)
    if not width:
        return list(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _continues(groups[-1][-1], line, width, step):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Line(" ".join(part.text for part in group), tuple(p for part in group for p in part.parts))
        for group in groups
    ]


def _breaks_sentence(line: Line, after: Line) -> bool:
    """The first line breaks off inside a sentence and the second goes on with it."""
    return (
        len(line.text) >= MIN_WIDTH - 10
        and not ends_sentence(line.text)
        and after.text[0].islower()
        and not is_list_item(after.text)
        and not ("\t" in line.text or "\t" in after.text)
    )


def _line_step(lines: Sequence[Line]) -> int:
    """How far apart the lines of one paragraph stand: 1, or 2 in double-spaced text."""
    breaks = [
        after.number - line.last for line, after in pairwise(lines) if _breaks_sentence(line, after)
    ]
    double = breaks.count(2)
    return 2 if double >= MIN_PAIRS and double > breaks.count(1) else 1


def _page_width(lines: Sequence[Line], step: int) -> int:
    """The width that the text was wrapped to, in characters; 0 where it was not wrapped."""
    pairs = [
        (line, after)
        for line, after in pairwise(lines)
        if after.number - line.last <= step and len(line.text) <= MAX_WIDTH
    ]
    broken = [line for line, after in pairs if _breaks_sentence(line, after)]
    if len(broken) < MIN_PAIRS:
        return 0
    width = max(len(line.text) for line in broken)
    filled = sum(len(line.text) >= RAGGED_RATIO * width for line in broken)
    return width if filled >= 0.6 * len(broken) else 0


def _continues(line: Line, after: Line, width: int, step: int) -> bool:
    if after.number - line.last > step or len(line.text) > width + 2:
        return False
    if "\t" in line.text or "\t" in after.text:
        return False
    if is_list_item(after.text) or (is_section(after.text) and after.text[0].isupper()):
        return False
    if _breaks_sentence(line, after):
        return True
    if line.text.isupper() != after.text.isupper():
        return False
    first_word = after.text.split(maxsplit=1)[0]
    full = len(line.text) + 1 + len(first_word) > width
    if ends_sentence(line.text):
        return full and len(line.text) >= width - 3 and step == 1
    return full or len(line.text) >= 0.9 * width
