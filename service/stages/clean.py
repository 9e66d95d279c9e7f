"""Repairs the characters of raw text and nothing else: lines stay lines, words stay words.

Never NFKC: it turns "m²" into "m2" and "10⁶" into "106", which changes facts.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import ftfy

from service.article import Repair
from service.text.legacy import convert_legacy
from service.text.marks import cap_marks, reorder_marks
from service.text.syllables import syllables


def clean(text: str) -> tuple[str, tuple[Repair, ...]]:
    r"""The repaired text, and how often each kind of repair was made.

    Idempotent; NFC and NFD of a text give the same result; no ASCII digit is ever lost.

    >>> text, repairs = clean("Kê\u0301 hoạch\u200b s\u00f4\u0301 15\u00a0ha\r\n")
    >>> text
    'Kế hoạch số 15 ha\n'
    >>> [(repair.rule, repair.count) for repair in repairs]
    [('composed-letters', 2), ('line-ends', 1), ('invisible', 1), ('spaces', 1)]
    >>> clean("ViÖt Nam: céng hoµ, §iÒu 3")[0]
    'Việt Nam: cộng hoà, Điều 3'
    """
    counts: dict[str, int] = {}
    # One repair can uncover another, as mojibake of a TCVN3 text does; nested deeper than this,
    # a text is a joke.
    for _ in range(MAX_ROUNDS):
        before = text
        text = _round(text, counts)
        if text == before:
            break
    return text, tuple(Repair(rule, count) for rule, count in counts.items())


def clean_blocks(texts: Sequence[str]) -> tuple[list[str], tuple[Repair, ...]]:
    r"""The blocks of one article, repaired together; line ends within a block become spaces.

    Together, as a heading of two words says too little of its encoding by itself.

    >>> clean_blocks(["Trung t©m", "Céng hoµ x· héi chñ nghÜa\nViÖt Nam"])[0]
    ['Trung tâm', 'Cộng hoà xã hội chủ nghĩa Việt Nam']
    """
    if not texts:
        return [], ()
    joined = "\n".join(_LINE_END.sub(" ", text) for text in texts)
    cleaned, repairs = clean(joined)
    if cleaned.count("\n") >= len(texts):  # U+0085 that was no mojibake, but a line end
        cleaned, repairs = clean(joined.replace("\x85", " "))
    return [line.strip() for line in cleaned.split("\n")], repairs


MAX_ROUNDS: Final = 8


def _round(text: str, counts: dict[str, int]) -> str:
    """Make every repair once, in order."""
    for repair in _REPAIRS:
        text, made = repair(text)
        for rule, count in made.items():
            counts[rule] = counts.get(rule, 0) + count
    return text


_Repairer = Callable[[str], tuple[str, Mapping[str, int]]]


def _substitute(rule: str, pattern: str, new: str) -> _Repairer:
    """A repair that puts `new` for every match."""
    compiled = re.compile(pattern)

    def repair(text: str) -> tuple[str, Mapping[str, int]]:
        text, count = compiled.subn(new, text)
        return text, {rule: count} if count else {}

    return repair


def _cap(text: str) -> tuple[str, Mapping[str, int]]:
    text, count = cap_marks(text)
    return text, {"stacked-marks": count} if count else {}


def _compose(text: str) -> tuple[str, Mapping[str, int]]:
    """NFC; counts the characters that it saves, which is about the letters composed."""
    if unicodedata.is_normalized("NFC", text):
        return text, {}
    composed = unicodedata.normalize("NFC", text)
    return composed, {"composed-letters": max(1, len(text) - len(composed))}


def _reorder(text: str) -> tuple[str, Mapping[str, int]]:
    text, count = reorder_marks(text)
    return text, {"mark-order": count} if count else {}


def _unscramble(text: str) -> tuple[str, Mapping[str, int]]:
    """UTF-8 that was read as another encoding, line by line; counts lines."""
    if not _MOJIBAKE.search(text):
        return text, {}
    lines = text.split("\n")
    count = 0
    for i, line in enumerate(lines):
        if _MOJIBAKE.search(line):
            lines[i] = _LETTER.sub(_read_letter, ftfy.fix_encoding(line, _ENCODING_ONLY))
            count += lines[i] != line
    return "\n".join(lines), {"mojibake": count} if count else {}


def _read_letter(scrambled: re.Match[str]) -> str:
    """One Vietnamese letter of a line that ftfy gives up, as bytes are missing elsewhere in it."""
    letter = scrambled[0].encode("sloppy-windows-1252").decode("utf-8")
    return letter if "\u1ea0" <= letter <= "\u1ef9" else scrambled[0]


# What continues a character of UTF-8, as one-byte encodings show it, and the leads of two, three
# and four bytes: "Ã¡", "Ä‘", "á»‡". Honest text matches now and then, "NĐ–CP" for one: whether it
# is mojibake is for ftfy to say.
_CONTINUES: Final = (
    "[\x80-\xbf\u0102-\u017e\u0192\u02c6-\u02dd\u0402-\u0459\u2013-\u203a\u20ac\u2122\u2264]"
)
_MOJIBAKE: Final = re.compile(
    f"[\xc2-\xdf\u0102\u0110\u0139\u0412-\u0452]{_CONTINUES}"
    f"|[\xe0-\xef\u0103\u0111\u013a]{_CONTINUES}{{2}}|[\xf0-\xf4]{_CONTINUES}{{3}}"
)
# The letters of U+1E80 to U+1EFF in Windows-1252: "á»‡", "áº¡".
_LETTER: Final = re.compile(
    "\xe1[\xba\xbb][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014"
    "\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
_ENCODING_ONLY: Final = ftfy.TextFixerConfig(fix_c1_controls=False)


def _name_eth(text: str) -> tuple[str, Mapping[str, int]]:
    """Icelandic Eth, which looks like Đ, at the head of a Vietnamese syllable or in "NÐ-CP"."""
    if "Ð" not in text and "ð" not in text:
        return text, {}
    count = 0
    vietnamese = _VIETNAMESE_ONLY.search(text) is not None

    def syllable(word: re.Match[str]) -> str:
        nonlocal count
        named = word[0].translate(_ETH)
        if named.lower() not in syllables() or not (vietnamese or not word[0][1:].isascii()):
            return word[0]
        count += 1
        return named

    text = _ETH_WORD.sub(syllable, text)
    if vietnamese:
        text, capitals = _ETH_CAPITAL.subn("Đ", text)
        count += capitals
    return text, {"eth": count} if count else {}


_ETH: Final = {ord("Ð"): "Đ", ord("ð"): "đ"}
_ETH_WORD: Final = re.compile(r"(?<![^\W\d_])[Ðð][^\W\d_]+")  # e.g. "Ðông", "ðường"
_ETH_CAPITAL: Final = re.compile(r"(?<=[A-ZĐ])Ð(?![a-zà-ỹ])|Ð(?=[A-ZĐ])")  # e.g. "NÐ-CP", "QÐ"
_VIETNAMESE_ONLY: Final = re.compile("[ĂăĐđƠơƯư\u1ea0-\u1ef9]")

# What Windows shows at code points that Unicode gives to controls: quotes, bullet, dashes.
_C1_PUNCTUATION: Final = dict(zip(range(0x91, 0x98), "‘’“”•–—", strict=True))


def _punctuate(text: str) -> tuple[str, Mapping[str, int]]:
    count = len(_C1.findall(text))
    return (
        (text.translate(_C1_PUNCTUATION), {"windows-punctuation": count}) if count else (text, {})
    )


_C1: Final = re.compile("[\x91-\x97]")

_LINE_END: Final = re.compile("\r\n|[\n\r\x0b\x0c\u2028\u2029]")  # not U+0085: it may be mojibake

# The order matters: marks are capped before the first NFC; the old encodings and mojibake are told
# by characters that look like soft hyphens, controls, no-break spaces and Eth, so they come before
# the repairs of these.
_REPAIRS: Final[tuple[_Repairer, ...]] = (
    _substitute("lone-surrogates", "[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}"),
    _cap,
    _compose,
    _reorder,
    convert_legacy,
    _unscramble,
    _punctuate,
    _substitute("line-ends", "\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n"),
    _substitute("controls", "[\0-\x08\x0e-\x1f\x7f-\x9f]", ""),
    _substitute(
        "invisible",
        # soft hyphen, joiners, direction marks, fillers, variation selectors, tags
        "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
        "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]",
        "",
    ),
    _substitute("spaces", "[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]", " "),
    _name_eth,
)
