"""Which lines in the article's part of a page belong to the site: by place, links, repetition.

What a line says counts only below the last prose, by the rules that pasted text has too.
"""

import re
from collections import Counter
from collections.abc import Sequence

from service.extraction.elements import HEADINGS
from service.extraction.lines import Line
from service.extraction.selection import FURNITURE, NUMBERED, Selection, is_prose, link_share
from service.rules import Place, load_line_rules

_ADDRESS = re.compile(r"https?://|www\.")  # a source that the author names
_RULER = re.compile(r"[-–—_=*~•\s]+")  # "-------", "* * *"
MAX_LINK_SHARE = 0.5  # of a line's characters; above it the line is a link with a label
SURE_LINK_SHARE = 0.8  # above it not even two votes keep a paragraph
MAX_LABEL_CHARS = 60  # "You may also like:", "Tin liên quan"
MIN_GAP_LINES = 3  # that went out, between the article and a line of the box behind them
MAX_ABOVE_SHARE = 0.1  # of the article's characters; more above its title is no kicker
MAX_TIMES = 2  # on one page; what stands there more often is a notice in each of its boxes
MIN_REPEATED_CHARS = 20  # shorter lines repeat in tables and lists by nature


def find_furniture(
    lines: Sequence[Line], selection: Selection, title: int | None = None
) -> list[str | None]:
    """For each line of the page, the rule that takes it out; `None` for the article's lines.

    `title` is the index of the title's line, where there is one.
    """
    rules = [_rule(i, line, selection) for i, line in enumerate(lines)]
    _drop_repeated(lines, selection, rules)
    _drop_labels(lines, selection, rules)
    _drop_above_title(lines, rules, title)
    _drop_islands(lines, selection, rules)
    _drop_fine_print(selection, rules)
    _drop_worded_tail(lines, selection, rules)
    return rules


def _rule(i: int, line: Line, selection: Selection) -> str | None:
    if not (selection.inside[i] and selection.first <= i <= selection.last):
        return _sign(selection.tags[i], selection.signs[i]) or "outside-article"
    if _RULER.fullmatch(line.text):
        return "ruler"
    sign = _sign(selection.tags[i], selection.signs[i])
    return sign or _links(line, selection.votes[i], selection.tags[i])


def _sign(tag: str, signs: frozenset[str]) -> str | None:
    """What the names of the elements around the line say; a quotation is never a button."""
    if tag == "blockquote":
        signs = signs - {"share"}
    return next((sign for sign in FURNITURE if sign in signs), None)


def _links(line: Line, votes: int, tag: str) -> str | None:
    """A line that is little but links: list entries need both votes, headings need one."""
    share = link_share(line)
    if share < MAX_LINK_SHARE or NUMBERED.match(line.text) or line.is_row:
        return None
    is_entry = tag == "li" or tag in HEADINGS
    if votes == 2:
        is_kept = share < SURE_LINK_SHARE or is_entry or _ADDRESS.match(line.text)
        return None if is_kept else "links"
    return None if votes and tag in HEADINGS else "links"


def _drop_repeated(lines: Sequence[Line], selection: Selection, rules: list[str | None]) -> None:
    """What picture galleries and boxes say again; unless both extractors keep it."""
    times = Counter(line.text for line in lines)
    seen: set[str] = set()
    for i, line in enumerate(lines):
        if rules[i] is None and len(line.text) >= MIN_REPEATED_CHARS and not line.is_row:
            again = line.text in seen or times[line.text] > MAX_TIMES
            if again and selection.votes[i] < 2:
                rules[i] = "repeated"
            seen.add(line.text)


def _drop_labels(lines: Sequence[Line], selection: Selection, rules: list[str | None]) -> None:
    """The label over what went out as links: "You may also like:".

    Over a single link that both extractors pass by, it may as well be the last words before it.
    """
    run = 0  # lines under this one that went out
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i]
        if rules[i] in ("links", "related"):
            run += 1
            continue
        if (
            rules[i] is None
            and run
            and (run > 1 or selection.votes[i] < 2)
            and len(line.text) <= MAX_LABEL_CHARS
            and not line.text.endswith((".", "!", "”", '"'))
            and not NUMBERED.match(line.text)
            and not is_prose(line)
            and not line.is_row
            and "caption" not in selection.signs[i]
        ):
            rules[i] = "label"
        run = 0


def _drop_above_title(lines: Sequence[Line], rules: list[str | None], title: int | None) -> None:
    """Sections and notices over the title; a title far down is a heading of the page's own."""
    if title is None:
        return
    kept = [i for i, rule in enumerate(rules) if rule is None]
    above = [i for i in kept if i < title]
    chars = sum(len(lines[i].text) for i in kept)
    if sum(len(lines[i].text) for i in above) <= MAX_ABOVE_SHARE * chars:
        for i in above:
            rules[i] = "above-title"


def _drop_islands(lines: Sequence[Line], selection: Selection, rules: list[str | None]) -> None:
    """Lines that say nothing behind what went out at the article's end: labels of boxes."""
    kept = [i for i, rule in enumerate(rules) if rule is None]
    while len(kept) > 1:
        tail = [kept.pop()]
        while kept and tail[0] - kept[-1] <= MIN_GAP_LINES:
            tail.insert(0, kept.pop())
        if not kept or any(_says_something(lines[i], selection.signs[i]) for i in tail):
            return
        for i in tail:
            rules[i] = "outside-article"


def _drop_fine_print(selection: Selection, rules: list[str | None]) -> None:
    """What ends the article in small type: how to view the site, who may copy it."""
    for i in range(len(rules) - 1, -1, -1):
        if rules[i] is None:
            if "fine-print" not in selection.signs[i]:
                return
            rules[i] = "fine-print"


def _drop_worded_tail(lines: Sequence[Line], selection: Selection, rules: list[str | None]) -> None:
    """Below the last prose, what pasted pages would lose by its words: "Bình luận (0)"."""
    furniture = load_line_rules("furniture")
    for i in range(len(rules) - 1, -1, -1):
        if rules[i] is None:
            line = lines[i]
            if is_prose(line) or line.is_row or NUMBERED.match(line.text):
                return
            if _ADDRESS.match(line.text):
                continue
            found = furniture.find(line.text)
            if found and found.place is not Place.HEAD and "byline" not in selection.signs[i]:
                rules[i] = found.name


def _says_something(line: Line, signs: frozenset[str]) -> bool:
    is_meta = "byline" in signs or "caption" in signs
    return is_prose(line) or line.is_row or is_meta or bool(NUMBERED.match(line.text))
