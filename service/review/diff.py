"""What differs between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# Longer texts are shown as one change: the comparison takes quadratic time.
MAX_WORDS = 1500
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")  # e.g. "12", " ", ","


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch that both texts have (`same`), or only the old (`del`) or the new (`ins`) one."""

    kind: str
    text: str


def compare(old: str, new: str) -> list[Change]:
    """What turns `old` into `new`.

    >>> [(c.kind, c.text) for c in compare("12 provinces", "12 cities")]
    [('same', '12 '), ('del', 'provinces'), ('ins', 'cities')]
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > MAX_WORDS:
        return [Change(kind, text) for kind, text in (("del", old), ("ins", new)) if text]
    changes: list[Change] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, i, j, k, m in matcher.get_opcodes():
        if before[i:j] == after[k:m]:
            changes.append(Change("same", "".join(before[i:j])))
            continue
        if i < j:
            changes.append(Change("del", "".join(before[i:j])))
        if k < m:
            changes.append(Change("ins", "".join(after[k:m])))
    return changes


def edit_distance(old: str, new: str) -> tuple[int, int]:
    """(word insertions, deletions and replacements from `old` to `new`, words of `new`).

    Levenshtein over words, which is TER (Snover et al. 2006) without shifts.

    >>> edit_distance("the Health Ministry", "the Ministry of Health")
    (3, 4)
    """
    before, after = old.split()[:MAX_WORDS], new.split()[:MAX_WORDS]
    row = list(range(len(after) + 1))
    for i, word in enumerate(before, start=1):
        next_row = [i]
        for j, other in enumerate(after, start=1):
            cost = min(row[j] + 1, next_row[j - 1] + 1, row[j - 1] + (word != other))
            next_row.append(cost)
        row = next_row
    return row[-1], len(after)


def offered_terms(old: str, new: str) -> list[str]:
    """Names of several words that a correction brought in: a reviewer may make them terms.

    >>> offered_terms("By the Health Office in Hue.", "By the Ministry of Health in Hue.")
    ['Ministry of Health']
    """
    known = {name.lower() for name in _names(old)}
    added = (name for name in _names(new) if name.lower() not in known and " " in name)
    return list(dict.fromkeys(added))


_SMALL = r"(?:of|the|and|for|on)"
# e.g. "Ministry of Health", "Nguyen Van Minh"
_NAME = re.compile(rf"\b[A-ZĐÀ-Ỹ]\w*(?:\s{_SMALL})?(?:\s(?:{_SMALL}\s)?[A-ZĐÀ-Ỹ]\w*)*")
_OPENING = re.compile(
    r"^(?:The|A|An|By|In|At|On|According|Theo|Tại|Ngày)\s(?:the\s)?", re.IGNORECASE
)


def _names(text: str) -> list[str]:
    found = (_OPENING.sub("", match[0]) for match in _NAME.finditer(text))
    return [re.sub(rf"(?:\s{_SMALL})+$", "", name) for name in found]
