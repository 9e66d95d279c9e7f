"""Combining marks: capped before normalisation, and put in the order that composes.

`unicodedata.normalize` takes quadratic time on long runs of marks in Python 3.11 (CPython issue
149079): 100,000 alternating marks take 8 s. With runs capped first, it is linear.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# A Vietnamese letter has at most two marks, a Greek one three, Hebrew verse four.
MAX_MARKS: Final = 4


def cap_marks(text: str) -> tuple[str, int]:
    r"""Keep the first four marks of every letter; also the number of letters that had more.

    Marks are counted as in NFD and taken in its order, so that NFC and NFD of a text are capped
    to the same letters.

    >>> text, count = cap_marks("a" + 1000 * "\u0301" + "b")
    >>> text == "a" + 4 * "\u0301" + "b", count
    (True, 1)
    >>> cap_marks("Tiê\u0301ng")[1]
    0
    """
    capped = 0
    if not _MAYBE_MARK.search(text):  # ten times as fast as the search for clusters
        return text, 0

    def cap(cluster: re.Match[str]) -> str:
        nonlocal capped
        start, end = cluster.span()
        kept = _capped(text[start : min(end, start + _LOOK_CHARS)])
        if kept is None:
            return cluster[0]
        capped += 1
        return kept

    text = _CLUSTER.sub(cap, text)
    return text, capped


def reorder_marks(text: str) -> tuple[str, int]:
    r"""Letters typed tone first, then circumflex or breve, as the one letter that was meant.

    NFC cannot compose these: both marks are of one class, where order is significant.

    >>> reorder_marks("Việt Na\u0301\u0306m, \u00e1\u0302n")
    ('Việt Nắm, ấn', 2)
    """
    if "\u0302" not in text and "\u0306" not in text:
        return text, 0
    return _TONE_FIRST.subn(
        lambda pair: unicodedata.normalize("NFC", _base(pair[0]) + pair[2] + _tone(pair[0])), text
    )


# Enough of a cluster to find its first four marks: NFC and NFD texts come sorted, and clusters of
# any other order that are longer than this are no one's writing.
_LOOK_CHARS: Final = 36


def _base(cluster: str) -> str:
    return unicodedata.normalize("NFD", cluster)[0]


def _tone(cluster: str) -> str:
    return unicodedata.normalize("NFD", cluster)[1]


@lru_cache(maxsize=4096)
def _capped(cluster: str) -> str | None:
    """The cluster with its first four marks in canonical order; None where it has no more."""
    first = cluster[0]
    base = "" if unicodedata.combining(first) else unicodedata.normalize("NFD", first)
    own = [mark for mark in base if unicodedata.combining(mark)]
    marks = [*own, *(cluster[1:] if base else cluster)]
    if len(marks) <= MAX_MARKS:
        return None
    kept = sorted(marks, key=unicodedata.combining)[:MAX_MARKS]
    return base[: len(base) - len(own)] + "".join(kept)


def _mark_class() -> str:
    """A character class of all marks that normalisation reorders."""
    codes = [code for code in range(0x300, 0x20000) if unicodedata.combining(chr(code))]
    starts = [code for code in codes if not unicodedata.combining(chr(code - 1))]
    ends = [code for code in codes if not unicodedata.combining(chr(code + 1))]
    return "".join(f"{chr(start)}-{chr(end)}" for start, end in zip(starts, ends, strict=True))


_MARK: Final = _mark_class()
# The blocks that hold marks; what Latin text is written in is not among them.
_MAYBE_MARK: Final = re.compile(
    "[\u0300-\u036f\u0483-\u1dff\u20d0-\u20ff\u2c00-\uabff\ufb00-\ufe2f\U00010000-\U0001ffff]"
)
# A letter that may hold three marks already, with two more; or any letter, or none, with five:
# e.g. "ế\u0301\u0301", "e\u0302\u0301\u0301\u0301\u0301".
_CLUSTER: Final = re.compile(f"[^\0-\x7f{_MARK}][{_MARK}]{{2,}}|[\0-\x7f]?[{_MARK}]{{5,}}")
# e.g. "á" or "a\u0301", then a circumflex.
_TONE_FIRST: Final = re.compile(
    "([aeoAEO][\u0300\u0301\u0303\u0309]|[áàảãéèẻẽóòỏõÁÀẢÃÉÈẺẼÓÒỎÕ])([\u0302\u0306])"
)
