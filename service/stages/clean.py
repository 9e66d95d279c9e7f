"""Repairs the characters of raw text and nothing else: lines stay lines, words stay words."""

import re
import unicodedata

import ftfy

from service.article import Repair


def clean(text: str) -> tuple[str, tuple[Repair, ...]]:
    r"""Return the repaired text and how often each repair was made.

    >>> clean("Kế\u0301 hoạch\u200b 15\u00a0ha\r\n")[0]
    'Kế\u0301 hoạch 15 ha\n'
    """
    counts: dict[str, int] = {}
    text = _replace(text, _SURROGATE, "\N{REPLACEMENT CHARACTER}", "lone-surrogate", counts)
    text = _replace(text, _MARKS, r"\1", "combining-marks", counts)
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        counts["nfc"] = 1
    text = composed
    if _MOJIBAKE.search(text):
        fixed = ftfy.fix_encoding(text)
        if fixed != text:
            counts["mojibake"] = 1
        text = fixed
    text = _replace(text, _LINE_END, "\n", "line-end", counts)
    text = _replace(text, _CONTROL, "", "control", counts)
    text = _replace(text, _INVISIBLE, "", "invisible", counts)
    text = _replace(text, _SPACE, " ", "space", counts)
    text = _replace(text, _MARKS, r"\1", "combining-marks", counts)
    text = unicodedata.normalize("NFC", text)
    return text, tuple(Repair(rule, count) for rule, count in counts.items())


def _replace(
    text: str, pattern: re.Pattern[str], new: str, rule: str, counts: dict[str, int]
) -> str:
    text, count = pattern.subn(new, text)
    if count:
        counts[rule] = counts.get(rule, 0) + count
    return text


_COMBINING = "".join(chr(c) for c in range(0x300, 0x20000) if unicodedata.combining(chr(c)))
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = re.compile(f"([{_COMBINING}]{{4}})[{_COMBINING}]+")
_MOJIBAKE = re.compile("[\xc2-\xc6\xe1\xe2][\x80-\xbf\u0152-\u02dc\u2010-\u203a\u20ac\u2122]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SPACE = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
