"""TMX 1.4b and XLIFF 2.1, for translation memories and other tools."""

from collections.abc import Sequence
from importlib.metadata import version

from lxml import etree

from service.review.export.articles import ExportArticle, ExportSegment
from service.text.xml_text import xml_text

XLIFF = "urn:oasis:names:tc:xliff:document:2.0"
METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
XML = "http://www.w3.org/XML/1998/namespace"
_TAGS = {"vi": "vi-VN", "en": "en-GB"}
_STATES = {"machine": "translated", "corrected": "reviewed", "approved": "final"}


def to_tmx(articles: Sequence[ExportArticle]) -> bytes:
    """TMX 1.4b (LISA, 2005): a unit a segment, in document order."""
    root = etree.Element("tmx", version="1.4")
    source = _TAGS[articles[0].source_language] if articles else "*all*"
    etree.SubElement(
        root,
        "header",
        {
            "creationtool": "songngu",
            "creationtoolversion": version("songngu"),
            "segtype": "sentence",
            "o-tmf": "songngu",
            "adminlang": "en",
            "srclang": source,
            "datatype": "plaintext",
        },
    )
    body = etree.SubElement(root, "body")
    for article in articles:
        for segment in article.segments:
            unit = etree.SubElement(
                body,
                "tu",
                tuid=f"{article.id}-{segment.id}",
                srclang=_TAGS[article.source_language],
            )
            _prop(unit, "x-state", segment.state)
            _prop(unit, "x-model", article.model)
            _variant(unit, article.source_language, segment.source)
            _variant(unit, article.target_language, segment.target)
    doctype = '<!DOCTYPE tmx SYSTEM "tmx14.dtd">'
    return bytes(
        etree.tostring(
            root, encoding="UTF-8", xml_declaration=True, pretty_print=True, doctype=doctype
        )
    )


def _prop(unit: etree._Element, kind: str, text: str) -> None:
    etree.SubElement(unit, "prop", type=kind).text = xml_text(text)


def _variant(unit: etree._Element, language: str, text: str) -> None:
    variant = etree.SubElement(unit, "tuv", {f"{{{XML}}}lang": _TAGS[language]})
    etree.SubElement(variant, "seg").text = xml_text(text)


def to_xliff(articles: Sequence[ExportArticle]) -> bytes:
    """XLIFF 2.1 (OASIS, 2018): a file an article, a unit a segment; notes hold the model's text.

    One document has one pair of languages: articles of another pair than the first are left out.
    """
    first = articles[0] if articles else None
    pair = (first.source_language, first.target_language) if first else ("vi", "en")
    root = etree.Element(
        f"{{{XLIFF}}}xliff",
        {"version": "2.1", "srcLang": _TAGS[pair[0]], "trgLang": _TAGS[pair[1]]},
        nsmap={None: XLIFF},
    )
    for article in articles:
        if (article.source_language, article.target_language) != pair:
            continue
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
