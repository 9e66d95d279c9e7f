"""What the elements around a piece of text say of it: their tags, classes, ids and roles."""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from service.extraction.elements import HEADINGS, Element

_TABLE = tomllib.loads(Path(__file__).with_name("signs.toml").read_text(encoding="utf-8"))["sign"]
_WORDS = {word: rule["name"] for rule in _TABLE for word in rule["words"]}
_PARTS = [(part, rule["name"]) for rule in _TABLE for part in rule["parts"]]
_WORD = re.compile(r"[a-z]+")  # "share-bar" -> "share", "bar"
_ALIGNED = re.compile(r"text-align\s{0,9}:\s{0,9}([a-z]{1,10})", re.IGNORECASE)
_JOINS = str.maketrans("", "", "-_")
_TAG_SIGNS = {
    "nav": "menu",
    "footer": "footer",
    "aside": "aside",
    "figcaption": "caption",
    "time": "date",
}
_PLAIN = frozenset({"p", "div", "section", "article"})
_STRONG = HEADINGS | {"li", "dt", "dd", "figcaption", "caption", "blockquote"}
_BLOCKS = _PLAIN | _STRONG | {"td", "th"}
MAX_NAME_CHARS = 300  # of the class, id, role and itemprop together; longer ones are no names


@dataclass(frozen=True, slots=True)
class Place:
    """Where text stands: its nearest block, and what all the elements around it say."""

    block: Element = None  # nearest element that breaks lines
    speaker: Element = None  # nearest element that says what its text is
    tag: str = "body"  # of the speaker
    signs: frozenset[str] = frozenset()  # names of `signs.toml`
    table: Element = None  # nearest table
    alignment: str = ""  # "center", "right", or what the element's style says
    preformatted: bool = False


def place_of(element: Element, tag: str, outer: Place, *, inline: bool) -> Place:
    """The place inside `element`; the same object as `outer` where it adds nothing."""
    found = element_signs(element)
    signs = outer.signs if found <= outer.signs else outer.signs | found
    if inline:
        return outer if signs is outer.signs else replace(outer, signs=signs)
    speaks = tag in _BLOCKS and not (tag in _PLAIN and outer.tag in _STRONG)
    return Place(
        block=element,
        speaker=element if speaks else outer.speaker,
        tag=tag if speaks else outer.tag,
        signs=signs,
        table=element if tag == "table" else outer.table,
        alignment=_alignment(element) or outer.alignment,
        preformatted=outer.preformatted or tag == "pre",
    )


def _alignment(element: Element) -> str:
    style = element.get("style", "")[:MAX_NAME_CHARS]
    found = _ALIGNED.search(style) if style else None
    return (found[1] if found else element.get("align", "")[:10]).lower()


def element_signs(element: Element) -> frozenset[str]:
    """What an element's own tag and names say."""
    tag = element.tag
    if tag in ("html", "body"):
        return frozenset()  # their names tell the kind of page, not a part of it
    found = frozenset[str]()
    if tag == "small" or (tag == "font" and element.get("size") in ("1", "-2")):
        found = frozenset({"fine-print"})
    names = " ".join(filter(None, map(element.get, ("class", "id", "role", "itemprop"))))
    if names and len(names) <= MAX_NAME_CHARS:
        found |= signs_of(names)
    return found | {_TAG_SIGNS[tag]} if tag in _TAG_SIGNS else found


@lru_cache(maxsize=5_000)
def signs_of(names: str) -> frozenset[str]:
    """What the names of an element say.

    >>> sorted(signs_of("box-tin-lien-quan share"))
    ['related', 'share']
    >>> signs_of("detail-content cms-body")
    frozenset()
    """
    names = names.lower()
    joined = names.translate(_JOINS)
    found = {_WORDS[word] for word in _WORD.findall(names) if word in _WORDS}
    return frozenset(found | {sign for part, sign in _PARTS if part in joined})
