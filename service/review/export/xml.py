"""TMX 1.4b and XLIFF 2.1, for translation memories and other tools."""

from collections.abc import Sequence

from lxml import etree

from service.review.export.articles import ExportArticle, ExportSegment
from service.text.xml_text import xml_text
from service.tmx import TAGS, Unit, write_tmx

XLIFF = "urn:oasis:names:tc:xliff:document:2.0"
XML = "http://www.w3.org/XML/1998/namespace"
_STATES = {"machine": "translated", "corrected": "reviewed", "approved": "final"}


def to_tmx(articles: Sequence[ExportArticle]) -> str:
    """TMX 1.4b: a unit a segment, in document order."""
    units = (
        Unit(
            article.source_language,
            segment.source,
            segment.target,
            origin="review",
            model=article.model,
            id=f"{article.id}-{segment.id}",
            state=segment.state,
        )
        for article in articles
        for segment in article.segments
    )
    return "".join(write_tmx(units))


def by_pair(
    articles: Sequence[ExportArticle],
) -> dict[tuple[str, str], list[ExportArticle]]:
    """The articles by source and target language, in the order given."""
    pairs: dict[tuple[str, str], list[ExportArticle]] = {}
    for article in articles:
        pair = (article.source_language, article.target_language)
        pairs.setdefault(pair, []).append(article)
    return pairs


def to_xliff(articles: Sequence[ExportArticle]) -> bytes:
    """XLIFF 2.1 (OASIS, 2018): a file an article, a unit a segment; notes hold the model's text.

    The articles must share their pair of languages, since a document has but one; see `by_pair`.
    """
    source, target = next(iter(by_pair(articles)), ("vi", "en"))
    root = etree.Element(
        f"{{{XLIFF}}}xliff",
        {"version": "2.1", "srcLang": TAGS[source], "trgLang": TAGS[target]},
        nsmap={None: XLIFF},
    )
    for article in articles:
        file = etree.SubElement(root, f"{{{XLIFF}}}file", id=f"f{article.id}")
        for segment in article.segments:
            _unit(file, article, segment)
    if not articles:  # a document must have a file, and a file a unit
        etree.SubElement(
            etree.SubElement(root, f"{{{XLIFF}}}file", id="f0"), f"{{{XLIFF}}}group", id="g0"
        )
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=False))


def _unit(file: etree._Element, article: ExportArticle, segment: ExportSegment) -> None:
    unit = etree.SubElement(file, f"{{{XLIFF}}}unit", id=segment.id, name=segment.kind)
    notes = etree.SubElement(unit, f"{{{XLIFF}}}notes")
    for category, text in (
        ("model", article.model),
        ("machine", segment.machine),
        ("reviewer", segment.reviewer),
    ):
        if text and (category != "machine" or text != segment.target):
            etree.SubElement(notes, f"{{{XLIFF}}}note", category=category).text = xml_text(text)
    inside = etree.SubElement(unit, f"{{{XLIFF}}}segment", state=_STATES[segment.state])
    for name, text in (("source", segment.source), ("target", segment.target)):
        element = etree.SubElement(inside, f"{{{XLIFF}}}{name}", {f"{{{XML}}}space": "preserve"})
        element.text = xml_text(text)
