"""Archives of any size to items, one at a time, in constant memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from service.archive.identity import Names
from service.archive.items import ArchiveItem, ItemError
from service.archive.readers.fields import FieldNames
from service.archive.readers.files import read_page, read_text
from service.archive.readers.inputs import Kind, Source
from service.archive.readers.jsonl import read_jsonl
from service.archive.readers.lines import MAX_ITEM_BYTES
from service.archive.readers.tables import read_table
from service.archive.readers.warc import read_warc

__all__ = ["Kind", "ReadOptions", "Source", "read_archive", "read_source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How files are read."""

    fields: FieldNames = field(default_factory=FieldNames)
    encoding: str = "utf-8"  # of text, tables and JSONL, and of pages that declare none
    max_item_bytes: int = MAX_ITEM_BYTES


def read_archive(
    sources: Sequence[Source] | Iterator[Source], options: ReadOptions
) -> Iterator[ArchiveItem | ItemError]:
    """Every item of every file in order, with ids that differ; the same for the same files.

    The second item of an id becomes `<id>#2`, and so on.
    """
    names = Names()
    for source in sources:
        for item in read_source(source, options):
            name = names.claim(item.id)
            yield item if name == item.id else replace(item, id=name)


def read_source(source: Source, options: ReadOptions) -> Iterator[ArchiveItem | ItemError]:
    """The items of one file."""
    path, name = source.path, source.name
    encoding, limit = options.encoding, options.max_item_bytes
    match source.kind:
        case Kind.PAGE:
            return read_page(path, name, encoding=encoding, limit=limit)
        case Kind.TEXT:
            return read_text(path, name, encoding=encoding, limit=limit)
        case Kind.JSONL:
            return read_jsonl(path, name, options.fields, encoding=encoding, limit=limit)
        case Kind.TABLE:
            return read_table(path, name, options.fields, encoding=encoding, limit=limit)
        case Kind.WARC:
            return read_warc(path, name, encoding=encoding, limit=limit)
