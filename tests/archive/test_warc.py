"""Web archives of our own making."""

import gzip

import pytest

from service.archive.items import ArchiveItem, Fault, ItemError
from service.archive.readers import ReadOptions, read_archive
from service.archive.readers.inputs import find_sources

pytest.importorskip("warcio", reason="web archives need the extra `warc`")

PAGE = "<html><body><p>Sáng 2/9, tỉnh họp.</p></body></html>"


def record(kind, address, block, media):
    """One WARC record (ISO 28500, 4)."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"WARC-Date: 2024-03-15T08:00:00Z\r\nContent-Type: {media}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def fetched(address, body, *, status="200 OK", kind="text/html", headers=()):
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers)
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{fields}\r\n"
    return record("response", address, head.encode() + body, "application/http; msgtype=response")


@pytest.fixture
def warc(tmp_path):
    """Writes a web archive from (address, body, options) and reads it."""

    def build(*pages, packed=True):
        records = [record("warcinfo", "", b"software: test\r\n", "application/warc-fields")]
        records += [fetched(address, body, **options) for address, body, options in pages]
        return b"".join(map(gzip.compress, records) if packed else records)

    def read(raw, name="a.warc.gz", **options):
        (tmp_path / name).write_bytes(raw)
        return list(read_archive(find_sources([str(tmp_path / name)]), ReadOptions(**options)))

    return build, read


def test_only_pages_that_were_fetched_are_articles(warc):
    build, read = warc
    raw = build(
        ("https://a.gov.vn/1", PAGE.encode(), {}),
        ("https://a.gov.vn/2", b"gone", {"status": "404 Not Found"}),
        ("https://a.gov.vn/x.css", b"p {}", {"kind": "text/css"}),
        ("https://a.gov.vn/3", PAGE.encode(), {"kind": "application/xhtml+xml; charset=UTF-8"}),
    )
    items = read(raw)
    assert [item.id for item in items] == ["https://a.gov.vn/1", "https://a.gov.vn/3"]
    assert items[0].html == PAGE
    assert items[0].meta["url"] == "https://a.gov.vn/1"
    assert items[0].meta["date"]


@pytest.mark.parametrize("packed", [True, False])
def test_packed_by_record_as_a_whole_or_not_at_all(warc, packed):
    build, read = warc
    raw = build(("https://a.gov.vn/1", PAGE.encode(), {}), packed=packed)
    assert [item.html for item in read(raw)] == [PAGE]
    if not packed:
        assert [item.html for item in read(gzip.compress(raw), "b.warc.gz")] == [PAGE]


def test_encodings_of_pages_and_of_transfer(warc):
    build, read = warc
    old = "<p>café</p>".encode("cp1252")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE.encode()), PAGE.encode())
    raw = build(
        ("https://a.gov.vn/1", old, {"kind": "text/html; charset=windows-1252"}),
        (
            "https://a.gov.vn/2",
            gzip.compress(PAGE.encode()),
            {"headers": [("Content-Encoding", "gzip")]},
        ),
        ("https://a.gov.vn/3", chunked, {"headers": [("Transfer-Encoding", "chunked")]}),
        ("https://a.gov.vn/4", b"\x1b\x00", {"headers": [("Content-Encoding", "br")]}),
        ("https://a.gov.vn/5", b"<p>\xff\xfe\x81</p>", {}),
    )
    first, second, third, fourth, fifth = read(raw)
    assert first.html == "<p>café</p>"
    assert (second.html, third.html) == (PAGE, PAGE)
    assert (fourth.fault, fifth.fault) == (Fault.WRONG_ENCODING, Fault.WRONG_ENCODING)


def test_a_page_fetched_twice_has_two_ids(warc):
    build, read = warc
    page = ("https://a.gov.vn/1", PAGE.encode(), {})
    assert [item.id for item in read(build(page, page))] == [page[0], f"{page[0]}#2"]


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_that_breaks_off_keeps_what_came_before(warc, packed):
    build, read = warc
    page = ("https://a.gov.vn/1", PAGE.encode() * 500, {})
    raw = build(page, page, page, packed=packed)
    items = read(raw[:-20])
    assert len([item for item in items if isinstance(item, ArchiveItem)]) == 2
    assert [item.fault for item in items if isinstance(item, ItemError)] == [Fault.DAMAGED]


def test_what_is_no_web_archive_is_one_error(warc, capsys):
    _, read = warc
    for raw in (b"no archive at all\n" * 50, bytes(range(256)) * 40):
        assert [item.fault for item in read(raw, "a.warc")] == [Fault.DAMAGED]
    assert capsys.readouterr().err == ""


def test_a_record_without_an_address_is_an_error_not_an_end(warc):
    build, read = warc
    raw = build(("https://a.gov.vn/1", PAGE.encode(), {}), packed=False)
    raw = raw.replace(b"WARC-Target-URI: https://a.gov.vn/1\r\n", b"")
    assert b"a.gov.vn" not in raw
    assert [type(item) for item in read(raw, "a.warc")] == [ItemError]


def test_pages_over_the_limit_and_bombs_are_errors(warc):
    build, read = warc
    bomb = gzip.compress(b"x" * 10_000_000)
    raw = build(
        ("https://a.gov.vn/1", b"x" * 2_000_000, {}),
        ("https://a.gov.vn/2", bomb, {"headers": [("Content-Encoding", "gzip")]}),
        ("https://a.gov.vn/3", PAGE.encode(), {}),
    )
    items = read(raw, max_item_bytes=1_000_000)
    assert [getattr(item, "fault", None) for item in items] == [Fault.TOO_LONG] * 2 + [None]
