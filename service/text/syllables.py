"""The syllables that Vietnamese spelling allows: onset x rime x tone.

Written from the orthography as schools teach it; a syllable in the set need not be a word. The
set is lenient on where a tone mark stands ("hoà" and "hòa"), and strict on what can follow what:
k, gh, ngh stand before e, ê, i, y; a rime that ends in c, ch, p, t takes only sắc and nặng.
"""

import unicodedata
from functools import cache
from typing import Final

_BACK: Final = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet "
    "oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây "
    "uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt uyn "
    "uynh uyt uyu ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu"
)
_FRONT: Final = (
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu "
    "iêc iêm iên iêng iêp iêt iêu y"
)
_AFTER_QU: Final = (
    "a ac ach ai an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê ên ênh "
    "êt êch i it o ô ôc ơ ơn y yên yêt ynh ych yt"
)
_ALONE: Final = "yêm yên yêng yêt yêu"  # the same rimes as iêm ... without an onset
_AFTER_GI: Final = "êng êt êc ên êm êu n e eo et"  # giếng, giết; gìn; gieo
_ONSETS_ANY: Final = "b ch d đ h kh l m n nh p ph r s t th tr v x"
_ONSETS_BACK: Final = ("c", "g", "gi", "ng")
_ONSETS_FRONT: Final = ("k", "gh", "ngh")
_BARE_VOWELS: Final = frozenset("aeiouyêôơư")  # rimes that are a syllable by themselves

_TONES: Final = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")  # huyền sắc ngã hỏi nặng
_TONES_BEFORE_STOP: Final = ("\u0301", "\u0323")
_VOWELS: Final = frozenset("aăâeêioôơuưy")


@cache
def syllables() -> frozenset[str]:
    """All syllables, lower-case, NFC, about 27,000 spellings.

    >>> {"việt", "nghiêng", "hoà", "hòa", "quyết", "gì"} <= syllables()
    True
    >>> {"cat", "ke\u0301c", "the", "với", "gê", "tion"} & syllables() == {"với", "the"}
    True
    """
    toned = set()
    for onset, rimes in _shapes():
        for rime in rimes:
            toned.update(_spellings(onset, rime))
    return frozenset(toned)


@cache
def plain_syllables() -> frozenset[str]:
    """The same without any diacritics, as in an undiacritised text: "viet", "duoc"."""
    return frozenset(strip_diacritics(syllable) for syllable in syllables())


def strip_diacritics(text: str) -> str:
    """The letters without tone and vowel marks, đ as d; as many characters as `text` in NFC.

    >>> strip_diacritics("Đặng Thuỳ Trâm")
    'Dang Thuy Tram'
    """
    return unicodedata.normalize("NFC", text).translate(_stripped())


@cache
def _stripped() -> dict[int, str]:
    table = {ord("đ"): "d", ord("Đ"): "D"}
    for code in (*range(0xC0, 0x250), *range(0x1EA0, 0x1EFA)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base != chr(code):
            table[code] = base
    return table


def _shapes() -> list[tuple[str, list[str]]]:
    """Every onset with its rimes."""
    back, front = _BACK.split(), _FRONT.split()
    bare = [rime for rime in (*back, *front) if len(rime) > 1 or rime in _BARE_VOWELS]
    shapes = [("", bare), ("", _ALONE.split())]
    shapes += [(onset, back + front) for onset in _ONSETS_ANY.split()]
    shapes += [(onset, back) for onset in _ONSETS_BACK]
    shapes += [(onset, front) for onset in _ONSETS_FRONT]
    shapes += [("qu", _AFTER_QU.split()), ("gi", _AFTER_GI.split()), ("g", ["i"])]
    return shapes


def _spellings(onset: str, rime: str) -> set[str]:
    stopped = rime.endswith(("c", "ch", "p", "t"))
    tones = _TONES_BEFORE_STOP if stopped else ("", *_TONES)
    whole = onset + rime
    places = [i + 1 for i, letter in enumerate(whole) if letter in _VOWELS]
    return {
        unicodedata.normalize("NFC", whole[:place] + tone + whole[place:])
        for tone in tones
        for place in places
    }
