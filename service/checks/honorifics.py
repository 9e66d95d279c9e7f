"""Is nobody called Mr who is bà, or Ms who is ông?

The policy on forms of address is in `docs/fidelity.md`: none has to be translated, since English
news leaves most of them out and "đồng chí" is "Comrade" or nothing; but one that tells a woman from
a man must not tell the opposite.
"""

import re
from collections.abc import Iterator

from service.article import Finding, Severity, Span
from service.checks.base import Check, Pair
from service.text.syllables import strip_diacritics

ID = "honorifics"
_CAPITAL = r"[^\W\d_a-zà-öø-ÿăđĩũơưạ-ỹ][^\W\d_]*"
_NAME = rf"{_CAPITAL}(?: {_CAPITAL}){{0,4}}"
# e.g. "bà Trần Thị Hoa"; "ông bà" is neither
_VI = re.compile(rf"(?<!ông )(?<!\w)(?:(?P<man>[Ôô]ng)|(?P<woman>[Bb]à)) (?P<name>{_NAME})")
# e.g. "Mr. Tran Van Hoa"
_EN = re.compile(rf"\b(?:(?P<man>Mr)|(?P<woman>Mrs|Ms|Miss|Madam|Madame))\.? (?P<name>{_NAME})")


def _find(pair: Pair) -> Iterator[Finding]:
    vi, en = pair.by_language()
    if vi is None or en is None:
        return
    english = list(_EN.finditer(en.text))
    for match in _VI.finditer(vi.text) if english else ():
        same = [other for other in english if _are_one(match["name"], other["name"])]
        if not same or any((other["man"] is None) is (match["man"] is None) for other in same):
            continue
        own, other = Span(*match.span()), Span(*same[0].span())
        was, now = (match[0], same[0][0]) if vi is pair.source else (same[0][0], match[0])
        yield Finding(
            ID,
            Severity.MAJOR,
            f"“{was}” trong bản gốc thành “{now}” trong bản dịch: khác giới tính.",
            f"“{was}” of the source is “{now}” in the translation: a man for a woman.",
            *((own, other) if vi is pair.source else (other, own)),
        )


def _are_one(vi: str, en: str) -> bool:
    """Whether two names are one person: the same words, or the last of them.

    >>> _are_one("Trần Thị Hoa", "Hoa"), _are_one("Trần Thị Hoa", "Nguyen Van Hoa")
    (True, False)
    """
    one, other = (strip_diacritics(name).lower().split() for name in (vi, en))
    shorter = min(len(one), len(other))
    return one[-shorter:] == other[-shorter:]


CHECK = Check(ID, "Are men and women addressed as such?", _find)
