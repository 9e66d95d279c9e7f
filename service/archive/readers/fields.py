"""A record with named fields, from JSON or a table, to an item."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from typing import Final

from service.archive.items import ArchiveItem, Fault, ItemError, Json, Place

# A longer one is no name any more; file names are made of ids.
MAX_ID_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNames:
    """Which fields hold what; the first of each row that the record has is used.

    Compared without regard to case. Everything else becomes the item's meta.
    """

    id: tuple[str, ...] = ("id",)
    title: tuple[str, ...] = ("title", "tiêu đề", "tieu_de")
    text: tuple[str, ...] = ("text", "content", "body", "nội dung", "noi_dung")
    html: tuple[str, ...] = ("html",)


def item_of(
    record: Mapping[str, Json], names: FieldNames, place: Place, default_id: str
) -> ArchiveItem | ItemError:
    """The item of a record: its text or page, its id, and all other fields as meta.

    A title stands before the text. Text that is a piece of HTML, as content management systems
    store it, is read as HTML. Where a record has both, the text is taken.
    """
    keys = {_folded(key): key for key in record}
    used = {
        what: key
        for what, wanted in _wanted(names).items()
        if (key := next((keys[name] for name in wanted if name in keys), None)) is not None
    }
    name = _name_of(record[used["id"]]) if "id" in used else None
    broken = ItemError(name or default_id, place, Fault.BAD_FIELD, "")
    if "id" in used and name is None and record[used["id"]] not in (None, ""):
        return replace(broken, message="The id is neither a text nor a number.")
    content = {what: record[key] for what, key in used.items() if what != "id"}
    for what, value in content.items():
        if value is not None and not isinstance(value, str):
            return replace(broken, message=f"The field for the {what} holds no text.")
    given = {what: value for what, value in content.items() if isinstance(value, str) and value}
    if "text" not in given and "html" not in given:
        return replace(broken, message=_missing(names))
    meta = {key: value for key, value in record.items() if key not in used.values()}
    return _with_content(ArchiveItem(name or default_id, place, meta=_mended(meta)), given)


def _with_content(item: ArchiveItem, given: Mapping[str, str]) -> ArchiveItem:
    given = {what: mended(value) for what, value in given.items()}
    title, body = given.get("title", "").strip(), given.get("text") or given["html"]
    if "text" in given and not _PIECE_OF_HTML.match(body):
        return replace(item, text=f"{title}\n\n{body}" if title and not _has(body, title) else body)
    if title and _PIECE_OF_HTML.match(body) and escape(title, quote=False) not in body:
        body = f"<h1>{escape(title, quote=False)}</h1>\n{body}"
    return replace(item, html=body)


# A fragment as stored by content management systems, e.g. '<p class="x">Tin</p>'; whole pages
# begin otherwise and have their own title.
_PIECE_OF_HTML: Final = re.compile(
    r"\s*<(?:p|div|h[1-6]|span|article|section|table|ul|ol|figure|strong|em|b|i|a|img|br)\b",
    re.IGNORECASE,
)
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def mended(text: str) -> str:
    """The text without halves of surrogate pairs, which JSON can hold but no file.

    >>> mended("a\\ud800b")
    'a\ufffdb'
    """
    return _LONE_SURROGATE.sub("\ufffd", text)


def _mended(meta: dict[str, Json]) -> dict[str, Json]:
    try:
        json.dumps(meta, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        again: dict[str, Json] = json.loads(mended(json.dumps(meta, ensure_ascii=False)))
        return again
    return meta


@cache
def _wanted(names: FieldNames) -> dict[str, tuple[str, ...]]:
    rows = {"id": names.id, "title": names.title, "text": names.text, "html": names.html}
    return {what: tuple(map(_folded, row)) for what, row in rows.items()}


def _folded(name: str) -> str:
    return (name if name.isascii() else unicodedata.normalize("NFC", name)).casefold()


def _name_of(value: Json) -> str | None:
    """The id as text: printable, in NFC, of a sensible length; None where there is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = unicodedata.normalize("NFC", mended(str(value))).strip()
    if not text.isprintable():
        text = "".join(char for char in text if char.isprintable())
    return text[:MAX_ID_CHARS] or None


def _has(body: str, title: str) -> bool:
    return body.lstrip().startswith(title)


def _missing(names: FieldNames) -> str:
    wanted = ", ".join((*names.text, *names.html))
    return f"The fields {wanted} are not there or empty; `batch` has --text-field for another name."
