"""Which line of a page is the article's title."""

import re
from collections.abc import Sequence

from service.extraction.dates import read_date
from service.extraction.lines import Line
from service.extraction.selection import NUMBERED, Selection, is_prose, link_share

MAX_TITLE_CHARS = 500
MIN_HEAD_CHARS = 20  # of a declared title that a line must repeat, where the site's name follows
MAX_LINES_BETWEEN = 3  # between a main heading that the head does not declare and the article
MIN_LABEL_CHARS = 15  # of a title that only its place tells
MAX_LABEL_CHARS = 200
_WORD = re.compile(r"\w+")


def find_title(lines: Sequence[Line], selection: Selection, declared: Sequence[str]) -> int | None:
    """The index of the line with a title that the page's head declares, or of its main heading."""
    before = [
        i
        for i, line in enumerate(lines[: selection.last + 1])
        if link_share(line) < 1 and len(line.text) <= MAX_TITLE_CHARS
    ]
    keys = {i: _key(lines[i].text) for i in before}
    for is_same in (_is_whole, _is_head):
        for title in map(_key, declared):
            same = [i for i in before if is_same(keys[i], title)]
            if same:
                nearest = min(same, key=lambda i: abs(i - selection.first))
                return next((i for i in same if lines[i].place.tag == "h1"), nearest)
    headings = [i for i in before if lines[i].place.tag == "h1"]
    near = [i for i in headings if i <= selection.first + MAX_LINES_BETWEEN]
    return near[-1] if near else _first_label(lines, selection)


def _first_label(lines: Sequence[Line], selection: Selection) -> int | None:
    """The article's first line where it is a label with prose under it: pages without headings."""
    opening = range(selection.first, min(selection.first + MAX_LINES_BETWEEN, len(lines)))
    first = next((i for i in opening if not link_share(lines[i])), selection.first)
    line, under = lines[first], lines[first + 1 : first + 1 + MAX_LINES_BETWEEN]
    is_label = MIN_LABEL_CHARS <= len(line.text) <= MAX_LABEL_CHARS and not line.is_row
    is_sentence = line.text.endswith((".", ";", ":", "!", "”", '"')) or read_date(line.text)
    if is_label and not is_sentence and not link_share(line) and any(map(is_prose, under)):
        return None if NUMBERED.match(line.text) else first
    return None


def _is_whole(line: str, title: str) -> bool:
    return line == title


def _is_head(line: str, title: str) -> bool:
    """Whether the line is the title before the site's name: "Title - Báo Nhân Dân"."""
    return len(line) >= MIN_HEAD_CHARS and title.startswith(line)


def _key(text: str) -> str:
    """Letters and digits only, for comparing titles."""
    return " ".join(_WORD.findall(text.casefold()))
