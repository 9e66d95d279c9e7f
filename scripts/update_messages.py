#!/usr/bin/env python3
"""Bring the catalogues of the pages up to date: new messages in, old ones out, .mo compiled.

Example:
    python scripts/update_messages.py && $EDITOR service/web/locale/vi.po
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from service import errors

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "service" / "web" / "locale"
# What calls itself a message: templates and Python in full, error classes by their `title`.
METHODS = [("web/templates/review/**.html", "jinja2"), ("http/review/**.py", "python")]
OPTIONS = {"web/templates/review/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
HEADER = "# Vietnamese messages of the review pages; `scripts/update_messages.py` keeps it current."


def extract_pages() -> list[str]:
    """Every message of the pages; of those with a plural, the singular."""
    return [message if isinstance(message, str) else message[0] for message in _pages()]


def _pages() -> list[str | tuple[str, ...]]:
    keywords = {"_": None, "ngettext": (1, 2)}
    found = extract_from_dir(ROOT / "service", METHODS, OPTIONS, keywords=keywords)
    return list(dict.fromkeys(message for _file, _line, message, _comments, _context in found))


def extract() -> Catalog:
    """Every message of the pages, without translations, and the titles of our errors."""
    catalogue = Catalog(header_comment=HEADER, fuzzy=False)
    for message in _pages():
        catalogue.add(message)
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.SongnguError):
            catalogue.add(kind.title)
    return catalogue


def updated() -> Catalog:
    """The Vietnamese catalogue with exactly the messages that there are."""
    path = LOCALE / "vi.po"
    known = Catalog(locale="vi", header_comment=HEADER, fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale="vi")
    fresh = Catalog(locale="vi", header_comment=HEADER, fuzzy=False)
    for message in extract():
        if message.id:
            old = known.get(message.id if isinstance(message.id, str) else message.id[0])
            fresh.add(message.id, old.string if old is not None else "", flags=message.flags)
    return fresh


def as_po(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalogue, width=100, sort_output=True, no_location=True, omit_header=False)
    lines = file.getvalue().decode("utf-8").splitlines(keepends=True)
    dated = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    return "".join(line for line in lines if not line.startswith(dated)).encode("utf-8")


def as_mo(po: bytes) -> bytes:
    file = io.BytesIO()
    catalogue = read_po(io.BytesIO(po), locale="vi")
    # Equal messages make equal bytes: the header would hold the time.
    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    write_mo(file, catalogue)
    return file.getvalue()


def main() -> None:
    catalogue = updated()
    po = as_po(catalogue)
    LOCALE.mkdir(exist_ok=True)
    (LOCALE / "vi.po").write_bytes(po)
    (LOCALE / "vi.mo").write_bytes(as_mo(po))
    missing = [message.id for message in catalogue if message.id and not message.string]
    print(f"{len(catalogue)} messages, {len(missing)} without a translation", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
