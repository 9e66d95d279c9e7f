"""Translation Memory eXchange 1.4b: Vietnamese and English units in and out of a file.

Format: https://www.gala-global.org/tmx-14b. Entities and the DTD are never loaded.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from service.errors import MemoryNotReadable
from service.text.xml_text import xml_text

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LANGUAGES = ("vi", "en")
TAGS = {"vi": "vi-VN", "en": "en-GB"}  # some tools refuse a language without its country
MAX_SEGMENT_CHARS = 5000
CODES = ("bpt", "ept", "ph", "it", "ut")  # another tool's formatting; its text is no text


@dataclass(frozen=True, slots=True)
class Unit:
    """One translated segment; languages are `vi` or `en`."""

    source_language: str
    source: str
    target: str
    origin: str = "import"
    model: str = ""
    hits: int = 0
    created_at: float = 0.0  # seconds since 1970; 0 is unknown
    id: str = ""  # unique in a file
    state: str = ""  # of review: machine, corrected or approved

    @property
    def target_language(self) -> str:
        return "en" if self.source_language == "vi" else "vi"


def read_tmx(file: IO[bytes]) -> Iterator[Unit]:
    """The Vietnamese-English units of a file, one after the other in constant memory.

    A unit whose source language is neither is given in both directions. Raises MemoryNotReadable
    for what is no TMX; empty and over-long segments are left out.
    """
    srclang = ""
    seen_root = False
    parsing: Any = etree.iterparse(
        file, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True
    )
    try:
        for event, element in parsing:
            if event == "start":
                if not seen_root and element.tag != "tmx":
                    _refuse(f"its first element is `{str(element.tag)[:40]}`, not `tmx`")
                seen_root = True
                if element.tag == "header":
                    srclang = _code(element.get("srclang", ""))
            elif element.tag == "tu":
                yield from _units(element, _code(element.get("srclang", "")) or srclang)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        _refuse(str(error.msg).split(", line")[0][:120], error.lineno)


def _refuse(why: str, line: int | None = None) -> None:
    where = f" (line {line})" if line else ""
    message = f"The file is no TMX that can be read: {why}{where}."
    raise MemoryNotReadable(message)


def _units(element: etree._Element, srclang: str) -> Iterator[Unit]:
    texts: dict[str, str] = {}
    for variant in element.iterfind("tuv"):
        segment = variant.find("seg")
        text = " ".join(_text(segment).split()) if segment is not None else ""
        language = _code(variant.get(LANG) or variant.get("lang", ""))
        if language in LANGUAGES and 0 < len(text) <= MAX_SEGMENT_CHARS:
            texts.setdefault(language, text)
    if len(texts) == len(LANGUAGES):
        for source in (srclang,) if srclang in LANGUAGES else LANGUAGES:
            yield Unit(source, texts[source], texts["en" if source == "vi" else "vi"])


def _text(element: etree._Element) -> str:
    """Text of a segment without other tools' codes."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in CODES:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _code(language: str) -> str:
    """The language of a code with a region.

    >>> _code("VI-VN"), _code("en_us")
    ('vi', 'en')
    """
    return re.split("[-_]", language.strip().lower())[0]


def write_tmx(units: Iterable[Unit]) -> Iterator[str]:
    """The file, piece by piece."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
        '<tmx version="1.4">\n<header creationtool="songngu" '
        f'creationtoolversion="{version("songngu")}" segtype="sentence" o-tmf="songngu" '
        'adminlang="en" srclang="*all*" datatype="plaintext"/>\n<body>\n'
    )
    for unit in units:
        yield (
            f"<tu{_attributes(unit)}>"
            f"{_property('x-origin', unit.origin)}{_property('x-state', unit.state)}"
            f"{_property('x-model', unit.model)}"
            f"{_variant(unit.source_language, unit.source)}"
            f"{_variant(unit.target_language, unit.target)}</tu>\n"
        )
    yield "</body>\n</tmx>\n"


def _attributes(unit: Unit) -> str:
    made = f'creationdate="{_moment(unit.created_at)}"' if unit.created_at else ""
    known = (
        f"tuid={quoteattr(xml_text(unit.id))}" if unit.id else "",
        f'srclang="{TAGS[unit.source_language]}"',
        made,
        f'usagecount="{unit.hits}"' if unit.hits else "",
    )
    return "".join(f" {attribute}" for attribute in known if attribute)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y%m%dT%H%M%SZ")


def _property(kind: str, text: str) -> str:
    return f'<prop type="{kind}">{_safe(text)}</prop>' if text else ""


def _variant(language: str, text: str) -> str:
    return f'<tuv xml:lang="{TAGS[language]}"><seg>{_safe(text)}</seg></tuv>'


def _safe(text: str) -> str:
    return escape(xml_text(text))
