"""Word documents: source on the left, translation on the right, block by block."""

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from service.article import BlockKind, Severity
from service.result import BlockResult, Result, SegmentResult
from service.text.xml_text import xml_text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

HEADINGS: Final = {BlockKind.TITLE: 1, BlockKind.HEADING: 2}
BOLD: Final = frozenset({BlockKind.LEAD})
ITALIC: Final = frozenset({BlockKind.CAPTION, BlockKind.BYLINE, BlockKind.DATELINE})
LANGUAGE_TAGS: Final = {"vi": "vi-VN", "en": "en-GB"}
# The earliest time that a ZIP file can hold: equal articles make equal files.
NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


def to_docx(result: Result) -> bytes:
    """The answer as a .docx file; needs the extra `office`.

    Segments with findings are highlighted on both sides and carry a comment with what was found.
    Equal results give equal bytes.
    """
    # Imported here: an extra, and slow to load.
    import docx

    document = docx.Document()
    _describe(document, result)
    title = result.title.target if result.title else None
    if title:
        document.add_heading(xml_text(title), 0)
    verdict = "; ".join([result.verdict, *result.reasons])
    document.add_paragraph().add_run(xml_text(verdict)).italic = True
    for sentence in result.summary.target:
        bullet = document.add_paragraph(style="List Bullet")
        _add(bullet, sentence.text, result.target_language.value)
    _add_table(document, result)
    raw = BytesIO()
    document.save(raw)
    return _timeless(raw.getvalue())


def _describe(document: "Document", result: Result) -> None:
    properties = document.core_properties
    properties.author = properties.last_modified_by = result.provenance.software
    properties.title = xml_text(result.title.target)[:255] if result.title else ""
    properties.comments = xml_text(f"{result.provenance.model}: {result.provenance.quality}")[:255]
    for name in ("created", "modified"):
        for element in properties._element.findall(f"{{*}}{name}"):  # noqa: SLF001 - no public way
            element.getparent().remove(element)


def _add_table(document: "Document", result: Result) -> None:
    table = document.add_table(rows=1, cols=2, style="Table Grid")
    header = table.rows[0]
    languages = (result.source_language.value, result.target_language.value)
    for cell, language in zip(header.cells, languages, strict=True):
        cell.paragraphs[0].add_run(language).bold = True
    _repeat_on_each_page(header)
    for block in result.blocks:
        left, right = table.add_row().cells
        source = _fill(left, block, languages[0], source=True)
        target = _fill(right, block, languages[1], source=False)
        for runs in (source, target):
            for segment, run in runs:
                run.font.highlight_color = _colour(segment)
        for segment, run in target:
            said = "\n".join(xml_text(finding.message.en) for finding in segment.findings)
            comment = document.add_comment(run, said, author="Songngu", initials="S")
            comment._comment_elm.attrib.pop(_DATE, None)  # noqa: SLF001 - no public way


_DATE: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}date"


def _fill(
    cell: "_Cell", block: BlockResult, language: str, *, source: bool
) -> list[tuple[SegmentResult, Any]]:
    """Put the block's text into the cell, and return the runs of segments with findings."""
    paragraph = cell.paragraphs[0]
    if block.kind in HEADINGS:
        paragraph.style = f"Heading {HEADINGS[block.kind]}"
    text = block.source if source else block.target
    runs, flagged, at = [], [], 0
    for segment in block.segments:
        start, end = segment.source_span if source else segment.target_span
        runs.append(_add(paragraph, text[at:start], language))
        runs.append(_add(paragraph, text[start:end], language))
        if segment.findings:
            flagged.append((segment, runs[-1]))
        at = end
    runs.append(_add(paragraph, text[at:], language))
    for run in runs:
        run.bold = True if block.kind in BOLD else None
        run.italic = True if block.kind in ITALIC else None
    return flagged


def _add(paragraph: "Paragraph", text: str, language: str) -> Any:  # noqa: ANN401 - a docx Run
    """A run that Word's spelling checker reads in its own language."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run(xml_text(text))
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), LANGUAGE_TAGS[language])
    run._element.get_or_add_rPr().append(tag)  # noqa: SLF001 - no public way
    return run


def _colour(segment: SegmentResult) -> Any:  # noqa: ANN401 - an enumeration of docx
    from docx.enum.text import WD_COLOR_INDEX

    major = any(finding.severity is Severity.MAJOR for finding in segment.findings)
    return WD_COLOR_INDEX.YELLOW if major else WD_COLOR_INDEX.GRAY_25


def _repeat_on_each_page(row: Any) -> None:  # noqa: ANN401 - a docx row
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - no public way


def _timeless(raw: bytes) -> bytes:
    """The same archive with every entry at one time."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(packed, "w") as new:
        for entry in old.infolist():
            fresh = zipfile.ZipInfo(entry.filename, NO_TIME)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fresh, old.read(entry))
    return packed.getvalue()
