"""Are e-mail addresses, web addresses and telephone numbers copied to the letter?"""

import re
from collections.abc import Iterator

from service.article import Finding
from service.checks.base import Check, Kind, Pair, Side, added, lost
from service.text.verbatim import Kind as VerbatimKind

ID = "contacts"
_WHAT: dict[VerbatimKind, Kind] = {
    VerbatimKind.ADDRESS: ("địa chỉ", "address"),
    VerbatimKind.PHONE: ("số điện thoại", "telephone number"),
}
# How a number is divided does not matter; a comma makes it another kind of number.
_BETWEEN = re.compile(r"[ .()‑–-]+")


def _find(pair: Pair) -> Iterator[Finding]:
    for one in pair.source.verbatim:
        if one.kind in _WHAT and not _has(pair.target, one.span.of(pair.source.text), one.kind):
            yield lost(ID, one.span, pair.source.text, _WHAT[one.kind])
    for one in pair.target.verbatim:
        if one.kind in _WHAT and not _has(pair.source, one.span.of(pair.target.text), one.kind):
            yield added(ID, one.span, pair.target.text, _WHAT[one.kind])


def _has(side: Side, text: str, kind: VerbatimKind) -> bool:
    if kind is VerbatimKind.PHONE:
        return _BETWEEN.sub("", text) in _BETWEEN.sub("", side.text)
    return re.search(rf"(?<![\w@.]){re.escape(text.lower())}(?!\w)", side.lower) is not None


CHECK = Check(ID, "Are addresses and telephone numbers copied to the letter?", _find)
