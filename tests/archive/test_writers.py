"""One file an article: Word, text, JSON; whole or not at all."""

import json
from io import BytesIO

import pytest

from service.archive.writers import Entry, Format, open_writers
from service.archive.writers.files import write_atomically
from service.article import BlockKind
from service.intake import ArticleRequest
from tests.archive.fake_archive import article, fake_pipeline
from tests.fakes import FakeTranslator


@pytest.fixture(scope="module")
def result():
    """A result with findings: the fake translator shouts, and loses the second figure."""
    pipeline = fake_pipeline(FakeTranslator(lambda text: text.upper().replace("19", "")))
    return pipeline.run(ArticleRequest(text="\x02" + article(12)))


def test_a_word_document_has_source_and_translation_side_by_side(result):
    docx = pytest.importorskip("docx", reason="Word documents need the extra `office`")
    from service.archive.writers.word import to_docx

    raw = to_docx(result)
    assert to_docx(result) == raw
    document = docx.Document(BytesIO(raw))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows == [["vi", "en"], *([block.source, block.target] for block in result.blocks)]
    title = next(n for n, b in enumerate(result.blocks, start=1) if b.kind is BlockKind.TITLE)
    styles = [cell.paragraphs[0].style.name for cell in document.tables[0].rows[title].cells]
    assert styles == ["Heading 1", "Heading 1"]

    segments = [segment for block in result.blocks for segment in block.segments]
    flagged = [segment for segment in segments if segment.findings]
    assert flagged
    said = ["\n".join(f.message.en for f in segment.findings) for segment in flagged]
    assert [comment.text for comment in document.comments] == said
    marked = [
        run.text
        for row in document.tables[0].rows
        for run in row.cells[1].paragraphs[0].runs
        if run.font.highlight_color is not None
    ]
    assert marked == [segment.target for segment in flagged]


def test_characters_that_word_cannot_hold_do_no_harm(result):
    pytest.importorskip("docx", reason="Word documents need the extra `office`")
    from service.archive.writers.word import to_docx

    title = result.title.model_copy(update={"target": "a\x00b\x0b\ud800"})
    assert to_docx(result.model_copy(update={"title": title}))


def test_files_are_named_by_ids_and_failed_items_have_none(tmp_path, result):
    writers = open_writers(tmp_path, [Format.JSON, Format.TEXT], {})
    done = Entry(0, "tin/số 1", "a.jsonl:1", result.model_dump_json())
    failed = Entry(1, "b", "a.jsonl:2", error={"type": "bad-json"})
    for writer in writers:
        for entry in (done, failed):
            writer.write(entry)
        writer.close()
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))
    assert [name.split("-")[0] for name in files] == ["errors.jsonl", "json/tin/số", "text/tin/số"]
    line = json.loads((tmp_path / files[1]).read_text("utf-8"))
    assert line["id"] == "tin/số 1"
    assert (tmp_path / files[2]).read_text("utf-8") == result.text + "\n"
    assert json.loads((tmp_path / "errors.jsonl").read_text())["error"] == {"type": "bad-json"}


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_atomically(path, "whole")

    def fail(_file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, "half")
    assert path.read_text() == "whole"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]
