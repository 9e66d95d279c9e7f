"""Vietnamese in the font encodings used before Unicode, and how to tell it from real text.

TCVN3 ("ABC", fonts named .VnTime) and VNI (VNI-Times) put Vietnamese letters on the code points
of Western European ones, so pasted text reads "ViÖt Nam" or "Vieät Nam". The same code points are
honest letters in French, in Portuguese and in Vietnamese itself, so nothing is converted without
evidence: words that are no Vietnamese syllables as they stand must become syllables, and hardly
any word may fail to.

Tables: TCVN 5712:1993, its set VN3, and the VNI-Windows layout; the tests hold their inverse
against every Vietnamese letter.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from service.text.syllables import plain_syllables, syllables

# What a line, or a whole text, needs before it is converted. Calibrated together, see
# scripts/evaluation/intake_text.py: no false conversion in 33,000 news articles and 76,000 lines of
# law, news and other languages; do not change one alone.
MIN_GAINED: Final = 2  # distinct words of a line that become syllables
MIN_GAINED_IN_TEXT: Final = 5  # distinct words of a text; then lines need no evidence of their own
MANY_GAINED: Final = 4  # distinct words that outweigh any number of foreign names around them
MIN_VALID_RATIO: Final = 0.8  # of the changed words, syllables after conversion
MIN_PLAIN_RATIO: Final = 0.4  # of the words in plain ASCII letters, undiacritised syllables


def convert_legacy(text: str) -> tuple[str, dict[str, int]]:
    """The text with legacy lines in Unicode, and the number of lines converted by encoding.

    >>> convert_legacy("Céng hoµ x· héi chñ nghÜa ViÖt Nam")
    ('Cộng hoà xã hội chủ nghĩa Việt Nam', {'tcvn3': 1})
    >>> convert_legacy("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam")[0]
    'Cộng hòa xã hội chủ nghĩa Việt Nam'
    >>> convert_legacy("Là où naît le café, à côté du château.")[1]
    {}
    """
    lines = text.split("\n")
    candidates = [i for i, line in enumerate(lines) if _may_be_legacy(line)]
    if not candidates:
        return text, {}
    counts: dict[str, int] = {}
    for encoding in _strongest_first([lines[i] for i in candidates]):
        whole = encoding.weigh("\n".join(lines[i] for i in candidates))
        for i in candidates:
            line = encoding.weigh(lines[i])
            if line.convincing or (whole.convincing_text and line.harmless):
                lines[i] = encoding.convert(lines[i])
                counts[encoding.name] = counts.get(encoding.name, 0) + 1
        candidates = [i for i in candidates if _may_be_legacy(lines[i])]
    return "\n".join(lines), counts


def decode_table(encoding: str) -> dict[str, str]:
    """What each letter, or pair of letters, of an encoding stands for.

    >>> decode_table("tcvn3")["\u00ad"], decode_table("vni")["öï"]
    ('ư', 'ự')
    """
    if encoding == "vni":
        return dict(_VNI)
    return {chr(code): letter for code, letter in _TCVN3.items()}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the words of a text say of one encoding; counts are of distinct words."""

    gained: int  # no syllable before, a syllable after
    lost: int  # a syllable before, none after
    valid: int  # syllables after
    changed: int  # words that the conversion changes, and those it should have changed
    plain_valid: int  # words in ASCII letters that are undiacritised syllables
    plain: int

    @property
    def convincing(self) -> bool:
        """Whether one line may be converted for its own sake."""
        return self.gained >= MIN_GAINED and self._coherent

    @property
    def convincing_text(self) -> bool:
        return self.gained >= MIN_GAINED_IN_TEXT and self._coherent

    @property
    def harmless(self) -> bool:
        """Whether a line of a legacy text looks better, or no worse, converted."""
        return self.gained >= self.lost and 2 * self.valid >= self.changed > 0

    @property
    def _coherent(self) -> bool:
        return (
            self.gained > 3 * self.lost
            and self.valid >= MIN_VALID_RATIO * self.changed
            and (self.gained >= MANY_GAINED or self.plain_valid >= MIN_PLAIN_RATIO * self.plain)
        )


@dataclass(frozen=True, slots=True)
class _Encoding:
    name: str
    decode: Callable[[str], str]  # one word

    def weigh(self, text: str) -> Evidence:
        known, plain = syllables(), plain_syllables()
        gained = lost = valid = changed = plain_valid = plain_words = 0
        for word in set(_WORD.findall(text)):
            lower = word.lower()
            if word.isascii():
                if len(word) > 1:
                    plain_words += 1
                    plain_valid += lower in plain
                continue
            before, after = lower in known, self.decode(word).lower() in known
            if not any(map(str.isalpha, word)) and not after:
                continue  # a symbol by itself: "©", "§"
            changed += 1
            valid += after
            gained += after and not before
            lost += before and not after
        return Evidence(gained, lost, valid, changed, plain_valid, plain_words)

    def convert(self, line: str) -> str:
        """Decode every word; where the line is set in a capitals-only font, restore the case."""
        pieces = _WORD.split(line)
        sources = _WORD.findall(line)
        words = [self._decoded(source) for source in sources]
        for i in _capital_words(sources):
            words[i] = words[i].upper()
        return "".join(gap + word for gap, word in zip(pieces, [*words, ""], strict=True))

    def _decoded(self, word: str) -> str:
        decoded = self.decode(word)
        if any(letter.isascii() or letter.isalpha() for letter in word):
            return decoded
        return decoded if decoded.lower() in syllables() else word


def _capital_words(words: Sequence[str]) -> list[int]:
    """Words of a capitals-only font (.VnTimeH), whose toned letters come out in lower case.

    "CéNG" is one by its own letters, "Bµ" or "ë" only between two such words.
    """
    votes = [_capital_vote(word) for word in words]
    capitals = []
    for i, vote in enumerate(votes):
        if vote is None:
            around = (_nearest(votes[:i][::-1]), _nearest(votes[i + 1 :]))
            vote = any(around) and False not in around
        if vote:
            capitals.append(i)
    return capitals


def _nearest(votes: Sequence[bool | None]) -> bool | None:
    return next((vote for vote in votes[:4] if vote is not None), None)


def _capital_vote(word: str) -> bool | None:
    ascii_letters = [letter for letter in word if letter.isascii()]
    if any(map(str.islower, ascii_letters)):
        return False
    return True if len(ascii_letters) >= 2 else None


def _may_be_legacy(line: str) -> bool:
    """Letters or signs of the Western European range, and none that only Vietnamese has."""
    return _HIGH.search(line) is not None and _VIETNAMESE_ONLY.search(line) is None


def _strongest_first(lines: Sequence[str]) -> list[_Encoding]:
    text = "\n".join(lines)
    return sorted(_ENCODINGS, key=lambda encoding: -encoding.weigh(text).gained)


_WORD: Final = re.compile("[A-Za-z\xa1-\xff]+")
_HIGH: Final = re.compile("[\xa1-\xff]")
_VIETNAMESE_ONLY: Final = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")

_TCVN3_BYTES: Final = (
    "A1 A2 A3 A4 A5 A6 A7 A8 A9 AA AB AC AD AE B5 B6 B7 B8 B9 BB BC BD BE C6 C7 C8 C9 CA CB CC CE "
    "CF D0 D1 D2 D3 D4 D5 D6 D7 D8 DC DD DE DF E1 E2 E3 E4 E5 E6 E7 E8 E9 EA EB EC ED EE EF F1 F2 "
    "F3 F4 F5 F6 F7 F8 F9 FA FB FC FD FE"
)
_TCVN3_LETTERS: Final = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3: Final = dict(zip(bytes.fromhex(_TCVN3_BYTES), _TCVN3_LETTERS, strict=True))

# VNI writes a base letter and then a mark: these are the marks, after which base letters.
_TONES: Final = ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_VNI_TONES: Final = dict(zip("ùøûõï", _TONES, strict=True))
_VNI_CIRCUMFLEX: Final = dict(zip("âáàåãä", ("", *_TONES), strict=True))
_VNI_BREVE: Final = dict(zip("êéèúüë", ("", *_TONES), strict=True))
_VNI_WHOLE: Final = dict(zip("íìæóòñôöî", "íìỉĩịđơưỵ", strict=True))


def _vni_pairs() -> dict[str, str]:
    """Every letter or pair of VNI, lower and upper case, and what it stands for.

    >>> pairs = _vni_pairs()
    >>> pairs["aá"], pairs["aé"], pairs["OÄ"], pairs["öï"], pairs["Ñ"]
    ('ấ', 'ắ', 'Ộ', 'ự', 'Đ')
    """
    pairs = dict(_VNI_WHOLE)
    for base, letter in [*zip("aeouy", "aeouy", strict=True), ("ô", "ơ"), ("ö", "ư")]:
        pairs |= {base + mark: _nfc(letter + tone) for mark, tone in _VNI_TONES.items()}
    for marks, bases, sign in ((_VNI_CIRCUMFLEX, "aeo", "\u0302"), (_VNI_BREVE, "a", "\u0306")):
        for base in bases:
            for mark, tone in marks.items():
                pairs[base + mark] = _nfc(base + sign + tone)
    upper = {pair.upper(): letter.upper() for pair, letter in pairs.items()}
    mixed = {pair[0].upper() + pair[1:]: letter.upper() for pair, letter in pairs.items()}
    return pairs | mixed | upper


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_VNI: Final = _vni_pairs()
_VNI_MARKS: Final = "".join((*_VNI_TONES, *_VNI_CIRCUMFLEX, *_VNI_BREVE))
# e.g. "aá", "ÔÏ", "ñ"
_VNI_PAIR: Final = re.compile(
    f"[aeouyôöAEOUYÔÖ][{_VNI_MARKS}{_VNI_MARKS.upper()}]|[íìæóòñôöîÍÌÆÓÒÑÔÖÎ]"
)


def _decode_tcvn3(word: str) -> str:
    return word.translate(_TCVN3)


def _decode_vni(word: str) -> str:
    return _VNI_PAIR.sub(lambda found: _vni_letters(found[0]), word)


def _vni_letters(pair: str) -> str:
    """The letter of a pair, or the letters of its halves where it is none: "yâ"."""
    return _VNI.get(pair) or "".join(_VNI.get(half, half) for half in pair)


_ENCODINGS: Final = (_Encoding("tcvn3", _decode_tcvn3), _Encoding("vni", _decode_vni))
