"""Exports are read by other programs: well-formed, complete, harmless."""

import csv
import io
import json

from lxml import etree

from service.review.export.articles import ExportArticle, ExportSegment, export_article
from service.review.export.lines import COLUMNS, to_csv, to_jsonl
from service.review.export.xml import by_pair, to_tmx, to_xliff
from service.review.sheet import follow_segments, read_sheet
from service.store.review_values import Edit
from tests.review.items import plain_result

NASTY = '=HYPERLINK("http://x")&<b>\x01"; đó là, "Ễ"\n2'


def article(*segments):
    return ExportArticle("item1", "Tin", "vi", "en", "one@1", True, segments)


def segment(number=1, source="Một.", target="One.", state="corrected"):
    return ExportSegment(f"b{number}s1", "paragraph", source, "1.", target, state, False, "Lan")


def test_csv_has_a_byte_order_mark_and_no_formulas():
    text = to_csv([article(segment(), segment(2, NASTY, "+84 24", "approved"))])
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1]["source"] == "'" + NASTY
    assert rows[1]["target"] == "'+84 24"
    assert rows[0]["target"] == "One."


def test_jsonl_is_one_segment_a_line_with_both_texts():
    lines = to_jsonl([article(segment(), segment(2, NASTY))]).splitlines()
    assert [json.loads(line)["source"] for line in lines] == ["Một.", NASTY]
    first = json.loads(lines[0])
    assert (first["machine"], first["target"], first["state"]) == ("1.", "One.", "corrected")


def test_tmx_has_what_version_1_4_asks_for():
    raw = to_tmx([article(segment(), segment(2, NASTY))])
    root = etree.fromstring(raw.encode())
    assert '<!DOCTYPE tmx SYSTEM "tmx14.dtd">' in raw
    header = root.find("header")
    wanted = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang"}
    assert wanted | {"datatype"} == set(header.attrib)
    assert root.get("version") == "1.4"
    units = root.findall("body/tu")
    languages = [
        [variant.get("{http://www.w3.org/XML/1998/namespace}lang") for variant in unit.iter("tuv")]
        for unit in units
    ]
    assert languages == [["vi-VN", "en-GB"]] * 2
    assert [unit.get("tuid") for unit in units] == ["item1-b1s1", "item1-b2s1"]
    assert units[0].findtext("prop[@type='x-state']") == "corrected"
    assert units[1].findtext("tuv/seg") == NASTY.replace("\x01", "\ufffd")


def test_xliff_has_what_version_2_1_asks_for():
    root = etree.fromstring(to_xliff([article(segment(), segment(2, state="approved"))]))
    space = {"x": "urn:oasis:names:tc:xliff:document:2.0"}
    assert root.get("version") == "2.1"
    assert (root.get("srcLang"), root.get("trgLang")) == ("vi-VN", "en-GB")
    states = [one.get("state") for one in root.iterfind(".//x:segment", space)]
    assert states == ["reviewed", "final"]
    for unit in root.iterfind(".//x:unit", space):
        assert [child.tag.partition("}")[2] for child in unit] == ["notes", "segment"]
    ids = [unit.get("id") for unit in root.iterfind(".//x:unit", space)]
    assert len(set(ids)) == len(ids)


def test_no_article_is_left_out_of_xliff_for_its_direction():
    other = ExportArticle("item2", "News", "en", "vi", "one@1", True, (segment(),))
    pairs = by_pair([article(segment()), other, article(segment(2))])
    assert {pair: len(own) for pair, own in pairs.items()} == {("vi", "en"): 2, ("en", "vi"): 1}
    languages = [etree.fromstring(to_xliff(own)).get("srcLang") for own in pairs.values()]
    assert languages == ["vi-VN", "en-GB"]


def sheet_of(*results):
    return read_sheet([(r["provenance"]["model"], json.dumps(r)) for r in results])


def test_a_correction_stands_in_the_place_of_what_the_model_made():
    sheet = sheet_of(plain_result(("Một.", "1."), ("Hai.", "2.")))
    edit = Edit(segment="b2s1", number=1, version=1, text="Two.", base=0, reviewer_id="x")
    made = export_article("i", sheet, {"b2s1": edit}, output=0, approved=False, hidden=False)
    assert [s.target for s in made.segments] == ["1.", "Two."]
    assert [s.machine for s in made.segments] == ["1.", "2."]
    assert [s.state for s in made.segments] == ["machine", "corrected"]


def test_outputs_are_aligned_by_segment_even_where_one_lacks_some():
    first = plain_result(("Một.", "One."), ("Hai.", "Two."))
    second = plain_result(("Một.", "1."), model="two@1")
    rows = sheet_of(first, second).rows
    assert [cell.target if cell else None for cell in rows[0].cells] == ["One.", "1."]
    assert [cell.target if cell else None for cell in rows[1].cells] == ["Two.", None]


def test_corrections_follow_their_sentence_when_lines_are_put_back():
    old = sheet_of(plain_result(("Một.", ""), ("Hai.", ""), ("Một.", ""))).rows
    new = sheet_of(plain_result(("Mới.", ""), ("Một.", ""), ("Hai.", ""), ("Một.", ""))).rows
    assert follow_segments(old, new) == {"b1s1": "b2s1", "b2s1": "b3s1", "b3s1": "b4s1"}
