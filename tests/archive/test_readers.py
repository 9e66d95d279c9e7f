"""Real files of every kind, sound and broken."""

import gzip
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from service.archive.items import ArchiveItem, Fault, ItemError
from service.archive.readers import ReadOptions, read_archive
from service.archive.readers.fields import FieldNames
from service.archive.readers.inputs import find_sources
from service.errors import ArchiveNotReadable

ROOT = Path(__file__).parents[2]


def items_of(*inputs, outside=None, **options):
    sources = find_sources([str(each) for each in inputs], outside)
    return list(read_archive(sources, ReadOptions(**options)))


def faults_of(items):
    return [(str(i.place), i.fault) for i in items if isinstance(i, ItemError)]


def lines(*records):
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


# Folders, files, patterns


def test_a_folder_gives_its_articles_sorted_by_path_and_skips_the_rest(tmp_path):
    for name in ("b.txt", "a/2.html", "a/1.htm", ".hidden/x.txt", "notes.pdf", ".a.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("<p>Tin</p>", "utf-8")
    assert [item.id for item in items_of(tmp_path)] == ["b.txt", "a/1.htm", "a/2.html"]


def test_the_output_folder_is_no_input(tmp_path):
    (tmp_path / "a.txt").write_text("Tin")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_text("News")
    assert [item.id for item in items_of(tmp_path, outside=tmp_path / "out")] == ["a.txt"]


def test_a_pattern_names_files_by_what_follows_its_fixed_part(tmp_path):
    for name in ("2023/a.txt", "2024/a.txt", "2024/b.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Tin")
    assert [item.id for item in items_of(f"{tmp_path}/20*/*")] == ["2023/a.txt", "2024/a.txt"]


def test_a_file_named_twice_is_read_once(tmp_path):
    (tmp_path / "a.txt").write_text("Tin")
    assert len(items_of(tmp_path, tmp_path / "a.txt", f"{tmp_path}/*.txt")) == 1


@pytest.mark.parametrize("name", ["none.txt", "empty", "*.txt", "a.pdf"])
def test_an_input_that_names_nothing_is_refused(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.pdf").write_text("x")
    with pytest.raises(ArchiveNotReadable, match=r"holds no article|no kind that is read"):
        items_of(tmp_path / name)


def test_a_file_that_the_system_refuses_is_an_item_error(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    (tmp_path / "b.txt").write_text("Tin")
    items = items_of(tmp_path)
    assert faults_of(items) == [("a.txt", Fault.UNREADABLE)]
    assert items[1].text == "Tin"


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "b.jsonl")
    (tmp_path / "c.txt").write_text("Tin.", "utf-8")
    items = items_of(tmp_path)
    assert faults_of(items) == [("a.txt", Fault.UNREADABLE), ("b.jsonl:1", Fault.UNREADABLE)]
    assert items[2].text == "Tin."


def test_a_name_that_is_no_utf8_still_has_an_id(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/t\xe9.txt")).write_text("Tin")
    assert items_of(tmp_path)[0].id == "t\ufffd.txt"


# Text and pages


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("Tin mới".encode("utf-8-sig"), "utf-8"),
        ("Tin mới".encode("utf-16"), "utf-8"),
        ("Tin m\u01a1\u0301i".encode("cp1258"), "cp1258"),
    ],
)
def test_text_files_in_several_encodings(tmp_path, raw, encoding):
    (tmp_path / "a.txt").write_bytes(raw)
    item = items_of(tmp_path, encoding=encoding)[0]
    assert unicodedata.normalize("NFC", item.text) == "Tin mới"


def test_text_in_another_encoding_is_an_item_error_that_names_the_option(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"Tin m\xed\xff")
    item = items_of(tmp_path)[0]
    assert item.fault is Fault.WRONG_ENCODING
    assert "--encoding" in item.message


@pytest.mark.parametrize(
    "head", ['<meta charset="windows-1252">', '<?xml version="1.0" encoding="iso-8859-1"?>']
)
def test_a_page_says_its_own_encoding(tmp_path, head):
    (tmp_path / "a.html").write_bytes(f"{head}<p>café – Huế?</p>".encode("cp1252", "replace"))
    assert "café –" in items_of(tmp_path)[0].html


def test_a_page_that_declares_wrongly_but_is_utf8_is_read_as_utf8(tmp_path):
    (tmp_path / "a.html").write_bytes('<meta charset="iso-8859-1"><p>Tin mới</p>'.encode())
    assert "Tin mới" in items_of(tmp_path)[0].html


def test_a_file_over_the_limit_is_an_item_error(tmp_path):
    (tmp_path / "a.txt").write_text("a" * 101)
    assert faults_of(items_of(tmp_path, max_item_bytes=100)) == [("a.txt", Fault.TOO_LONG)]


# JSONL


def test_a_line_is_an_article_with_id_and_meta(tmp_path):
    record = {"id": 7, "title": "Tin mới", "text": "Sáng 2/9.", "tags": ["a"], "n": 1}
    (tmp_path / "a.jsonl").write_text(lines(record), "utf-8")
    item = items_of(tmp_path)[0]
    assert (item.id, item.text) == ("7", "Tin mới\n\nSáng 2/9.")
    assert item.meta == {"tags": ["a"], "n": 1}


def test_pieces_of_html_in_a_text_field_are_pages(tmp_path):
    record = {"title": "A & B", "content": "<p>Sáng 2/9.</p><p>Chiều 3/9.</p>"}
    (tmp_path / "a.jsonl").write_text(lines(record), "utf-8")
    item = items_of(tmp_path)[0]
    assert item.text is None
    assert item.html == "<h1>A &amp; B</h1>\n<p>Sáng 2/9.</p><p>Chiều 3/9.</p>"


def test_a_title_that_the_text_begins_with_is_not_doubled(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines({"title": "Tin", "text": "Tin\nSáng 2/9."}), "utf-8")
    assert items_of(tmp_path)[0].text == "Tin\nSáng 2/9."


def test_ids_are_stable_and_differ(tmp_path):
    records = [{"text": "a"}, {"id": "x", "text": "b"}, {"id": "x", "text": "c"}]
    (tmp_path / "a.jsonl").write_text(lines(*records), "utf-8")
    assert [item.id for item in items_of(tmp_path)] == ["a.jsonl:1", "x", "x#2"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b'{"text": "a"', Fault.BAD_JSON),
        (b'["text"]', Fault.BAD_JSON),
        (b'{"text": NaN}', Fault.BAD_JSON),
        (b"[" * 100_000, Fault.BAD_JSON),
        (b'{"text": "a", "n": 1' + b"0" * 5000 + b"}", Fault.BAD_JSON),
        (b'{"text": "\xff"}', Fault.WRONG_ENCODING),
        (b'{"text": 5}', Fault.BAD_FIELD),
        (b'{"id": [1], "text": "a"}', Fault.BAD_FIELD),
        (b'{"name": "a"}', Fault.BAD_FIELD),
        (b'{"text": ""}', Fault.BAD_FIELD),
    ],
)
def test_a_bad_line_is_an_error_with_its_place_and_the_next_is_read(tmp_path, line, fault):
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"a"}\n\n' + line + b'\n{"text":"b"}')
    items = items_of(tmp_path)
    assert faults_of(items) == [("a.jsonl:3", fault)]
    assert [item.text for item in items if isinstance(item, ArchiveItem)] == ["a", "b"]


def test_halves_of_surrogate_pairs_do_not_reach_the_output(tmp_path):
    record = b'{"id": "a\\ud800", "text": "b\\udc00", "m": "\\ud801", "k": "\\ud83d\\ude00"}\n'
    (tmp_path / "a.jsonl").write_bytes(record)
    item = items_of(tmp_path)[0]
    for text in (item.id, item.text, json.dumps(item.meta, ensure_ascii=False)):
        text.encode("utf-8")
    assert item.meta["k"] == "\U0001f600"


def test_gzip_is_read_and_one_that_breaks_off_keeps_what_came_before(tmp_path):
    whole = gzip.compress(lines(*({"text": f"{n} " + "x" * 999} for n in range(500))).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(whole)
    assert len(items_of(tmp_path)) == 500
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    items = items_of(tmp_path)
    assert 100 < len(items) < 500
    assert [item.fault for item in items if isinstance(item, ItemError)] == [Fault.DAMAGED]


def test_a_line_over_the_limit_is_passed_over(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"' + b"x" * 5000 + b'"}\n{"text":"b"}\n')
    items = items_of(tmp_path, max_item_bytes=1000)
    assert faults_of(items) == [("a.jsonl:1", Fault.TOO_LONG)]
    assert items[1].text == "b"


# Tables


def test_a_table_with_semicolons_quotes_and_line_ends_in_cells(tmp_path):
    raw = '\ufeffID;Tiêu đề;Nội dung;Ngày\n1;Tin;"Sáng ""2/9"";\nchiều 3/9.";4/9\n2;;Tin b;\n'
    (tmp_path / "a.csv").write_text(raw, "utf-8")
    first, second = items_of(tmp_path)
    assert (first.id, first.text) == ("1", 'Tin\n\nSáng "2/9";\nchiều 3/9.')
    assert first.meta == {"Ngày": "4/9"}
    assert str(second.place) == "a.csv:4"


def test_columns_by_name(tmp_path):
    (tmp_path / "a.tsv").write_text("key\tartikel\n5\tTin\n")
    fields = FieldNames(id=("key",), text=("artikel",))
    assert [(i.id, i.text) for i in items_of(tmp_path, fields=fields)] == [("5", "Tin")]


def test_bad_rows_are_errors_and_the_rows_after_them_are_read(tmp_path):
    raw = b"id,text\n1,a\n2\n3,b,c\n4,\xff\n5,d\n6," + b"x" * 2000 + b"\n7,e\n"
    (tmp_path / "a.csv").write_bytes(raw)
    items = items_of(tmp_path, max_item_bytes=1000)
    assert faults_of(items) == [
        ("a.csv:3", Fault.BAD_ROW),
        ("a.csv:4", Fault.BAD_ROW),
        ("a.csv:5", Fault.WRONG_ENCODING),
        ("a.csv:7", Fault.TOO_LONG),
    ]
    assert [item.text for item in items if isinstance(item, ArchiveItem)] == ["a", "d", "e"]


def test_a_quotation_mark_left_open_ends_at_the_limit(tmp_path):
    raw = 'id,text\n1,"a\n' + "2,bbbbbbbbbbbbbbbbb\n" * 100 + "3,c\n"
    (tmp_path / "a.csv").write_text(raw)
    items = items_of(tmp_path, max_item_bytes=1000)
    assert isinstance(items[0], ItemError)
    assert "quotation mark" in items[0].message
    assert items[-1].text == "c"


# Memory

PROGRAM = """
import resource, sys
from service.archive.readers import ReadOptions, read_archive
from service.archive.readers.inputs import find_sources
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
n = errors = 0
for item in read_archive(find_sources([sys.argv[1]]), ReadOptions()):
    n += 1
    errors += hasattr(item, "fault")
print(n, errors, (peak() - before) // 1024)
"""


def read_apart(path):
    """Items, errors, and growth of memory in MiB, of reading in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    return tuple(map(int, run.stdout.split()))


def test_a_hundred_thousand_lines_and_a_line_of_100_mb_need_little_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    body = "Chính phủ họp phiên thường kỳ. " * 5
    with path.open("w", encoding="utf-8") as file:
        for number in range(50_000):
            file.write(json.dumps({"id": f"bai-{number}", "text": f"{number} {body}"}) + "\n")
        file.write('{"text": "')
        for _ in range(100):
            file.write("x" * 1_000_000)
        file.write('"}\n')
        for number in range(50_000):
            file.write(json.dumps({"id": f"tin-{number}", "text": f"{number} {body}"}) + "\n")
    count, errors, grown = read_apart(path)
    assert (count, errors) == (100_001, 1)
    assert grown < 200


def test_a_gzip_bomb_needs_little_memory(tmp_path):
    with gzip.open(tmp_path / "a.jsonl.gz", "wb") as file:
        for _ in range(200):
            file.write(b"x" * 1_000_000)
    count, errors, grown = read_apart(tmp_path / "a.jsonl.gz")
    assert (count, errors) == (1, 1)
    assert grown < 200
