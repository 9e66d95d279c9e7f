"""Official documents from end to end: title, summary, formulas, and nothing lost."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from models.base import Sentence
from service.article import Article, BlockKind, Language, Segment
from service.extraction.page import extract_page
from service.pipeline import cut_segments
from service.stages.classify import classify
from service.stages.repair import repair
from service.stages.segment import split_long
from service.stages.summarise import headline, summarise
from service.stages.translate import translate
from service.text.documents import Part, find_frame, role_of
from service.text.framed import frame_blocks
from service.translation import build_ladder
from tests.fakes import FakeTranslator

FOLDER = Path(__file__).parent / "documents"
PAGES = sorted(path.stem for path in FOLDER.glob("*.html"))
TABLE = Path(__file__).parent / "articles" / "pasted" / "vi-table.txt"
TITLES = {
    "vi-decision-prime-minister": "QUYẾT ĐỊNH PHÊ DUYỆT CHƯƠNG TRÌNH PHỤC HỒI RỪNG NGẬP MẶN"
    " VEN BIỂN ĐẾN NĂM 2035",
    "vi-decision-two-columns": "QUYẾT ĐỊNH Ban hành Quy định về hỗ trợ nông dân nuôi ong lấy mật"
    " trên địa bàn tỉnh",
    "vi-decree-one-line-head": "NGHỊ ĐỊNH VỀ QUẢN LÝ ĐÈN BIỂN VÀ PHAO TIÊU HÀNG HẢI",
    "vi-dispatch": "V/v tổ chức bữa ăn bán trú cho học sinh tiểu học",
    "vi-directive": "CHỈ THỊ Về việc tăng cường phòng cháy, chữa cháy rừng mùa khô năm 2025",
    "vi-circular": "THÔNG TƯ QUY ĐỊNH VỀ TIÊM CHỦNG LƯU ĐỘNG TẠI VÙNG SÂU, VÙNG XA",
    "vi-plan": "KẾ HOẠCH Chuyển đổi số trong các trạm y tế xã năm 2026",
    "vi-law": "LUẬT BẢO TỒN CÂY CỔ THỤ",
    "vi-party-directive": "CHỈ THỊ CỦA BAN THƯỜNG VỤ TỈNH ỦY về tăng cường phòng, chống đuối nước"
    " ở trẻ em",
    "vi-telegram": "CÔNG ĐIỆN Về việc tập trung ứng phó lũ trên sông Kỳ",
    "en-circular": "CIRCULAR Providing for mobile vaccination in remote areas",
    "en-decree": "DECREE ON THE MANAGEMENT OF FLOATING SOLAR POWER PLANTS",
    "en-decision": "DECISION On promulgating the Regulation on support for beekeepers in the"
    " province",
}
NO_SUMMARY = (
    *("Căn cứ", "Theo đề nghị", "Xét đề nghị", "Kính gửi", "Nơi nhận", "- ", "TM.", "KT.", "TL."),
    *("Pursuant to", "At the proposal", "At the request", "Recipients", "ON BEHALF", "FOR THE"),
    *("Quốc hội ban hành", "- Bộ trưởng", "Luật này được", "Chính phủ ban hành"),
    *("The Government promulgates", "2. Mục tiêu cụ thể"),
)


@pytest.fixture(params=TITLES)
def case(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param, (FOLDER / f"{request.param}.txt").read_text("utf-8")


class AllAlike:
    """A ranker to which each sentence is worth as much, so that the first ones are chosen."""

    def score(self, sentences: Sequence[Sentence], title: str) -> list[float]:
        return [0.0 for _ in sentences]


def segments_of(article: Article, language: Language) -> list[Segment]:
    return cut_segments(article.blocks, [None] * len(article.blocks), language)


def language_of(name: str) -> Language:
    return Language(name[:2])


def test_the_title_is_what_the_document_is_and_what_it_is_about(case: tuple[str, str]) -> None:
    name, text = case
    titles = [block.text for block in classify(text).blocks if block.kind is BlockKind.TITLE]
    assert titles == [TITLES[name]]


def test_every_word_is_in_a_block_or_accounted_for(case: tuple[str, str]) -> None:
    _, text = case
    article = classify(text)
    kept = " ".join([*(b.text for b in article.blocks), *(r.text for r in article.removed)])
    assert sorted(kept.replace("|", " ").split()) == sorted(text.replace("|", " ").split())


def test_only_drawn_lines_are_removed_and_nobody_is_an_author(case: tuple[str, str]) -> None:
    article = classify(case[1])
    assert {removal.text.strip("-*") for removal in article.removed} <= {""}
    assert article.byline is None
    assert article.published is not None


def test_only_provisions_are_told_in_a_summary(case: tuple[str, str]) -> None:
    name, text = case
    article = classify(text)
    segments = segments_of(article, language_of(name))
    told = [one.text for one in summarise(segments, AllAlike(), TITLES[name], sentences=30)]
    assert len(told) > 1
    assert not [text for text in told if text.startswith(NO_SUMMARY)]
    assert not any(text.endswith((";", ":")) for text in told)
    assert headline(segments, AllAlike(), TITLES[name]) is not None


def drafts(name: str, text: str) -> Mapping[str, tuple[str, str]]:
    """Target and rung by source, with a model that only marks what it was asked for."""
    source = language_of(name)
    segments = segments_of(classify(text), source)
    model = FakeTranslator(lambda piece: f"<{piece}>")
    found = translate(segments, source.other, model, split_long=split_long)
    return {s.text: (own[0].target, own[0].rung) for s, own in zip(segments, found, strict=True)}


def test_head_grounds_and_foot_need_no_model_in_vietnamese() -> None:
    name = "vi-decree-one-line-head"
    found = drafts(name, (FOLDER / f"{name}.txt").read_text("utf-8"))
    own = {source: target for source, (target, rung) in found.items() if rung == "formula"}
    assert own == {
        "CHÍNH PHỦ": "GOVERNMENT",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": "SOCIALIST REPUBLIC OF VIETNAM",
        "Độc lập - Tự do - Hạnh phúc": "Independence - Freedom - Happiness",
        "Số: 93/2025/NĐ-CP": "No.: 93/2025/NĐ-CP",
        "Hà Nội, ngày 17 tháng 5 năm 2025": "Hanoi, May 17, 2025",
        "Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025;": "Pursuant to the Law on"
        " Organization of the Government dated February 18, 2025;",
        "Theo đề nghị của Bộ trưởng Bộ Xây dựng;": "At the proposal of the Minister of"
        " Construction;",
        "Điều 1. Phạm vi điều chỉnh": "Article 1. Scope of regulation",
        "Điều 2. Đối tượng áp dụng": "Article 2. Subjects of application",
        "Điều 4. Hiệu lực thi hành": "Article 4. Effect",
        "Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2025.": "This Decree takes"
        " effect on July 1, 2025.",
        "Nơi nhận:": "Recipients:",
        "- Ban Bí thư Trung ương Đảng;": "- Secretariat of the Party Central Committee;",
        "- Thủ tướng, các Phó Thủ tướng Chính phủ;": "- Prime Minister, Deputy Prime Ministers;",
        "- Lưu: VT, CN (2b).": "- Archive: Office, CN (2 copies).",
        "TM. CHÍNH PHỦ": "ON BEHALF OF THE GOVERNMENT",
        "KT. THỦ TƯỚNG": "FOR THE PRIME MINISTER",
        "PHÓ THỦ TƯỚNG": "DEPUTY PRIME MINISTER",
        "(Đã ký)": "(Signed)",
    }
    law = "Căn cứ Bộ luật Hàng hải Việt Nam ngày 25 tháng 11 năm 2015;"
    assert found[law][0] == ("Pursuant to the <Bộ luật Hàng hải Việt Nam> dated November 25, 2015;")
    title = found["NGHỊ ĐỊNH VỀ QUẢN LÝ ĐÈN BIỂN VÀ PHAO TIÊU HÀNG HẢI"][0]
    assert title.startswith("DECREE ON <")


def test_head_grounds_and_foot_need_no_model_in_english() -> None:
    found = drafts("en-decree", (FOLDER / "en-decree.txt").read_text("utf-8"))
    own = {source: target for source, (target, rung) in found.items() if rung == "formula"}
    assert own["THE GOVERNMENT"] == "CHÍNH PHỦ"
    assert own["No.: 77/2025/ND-CP"] == "Số: 77/2025/ND-CP"
    assert own["Hanoi, April 22, 2025"] == "Hà Nội, ngày 22 tháng 4 năm 2025"
    assert own["ON BEHALF OF THE GOVERNMENT"] == "TM. CHÍNH PHỦ"
    assert own["FOR THE PRIME MINISTER"] == "KT. THỦ TƯỚNG"
    assert own["Article 5. Effect"] == "Điều 5. Hiệu lực thi hành"
    assert own["Pursuant to the Electricity Law dated November 30, 2024;"] == (
        "Căn cứ Luật Điện lực ngày 30 tháng 11 năm 2024;"
    )


def test_the_ladder_neither_changes_a_formula_nor_hides_its_words_from_it() -> None:
    text = "Pursuant to the Electricity Law dated November 30, 2024;"
    title = "DECREE On the use of wind"
    article = classify(f"THE GOVERNMENT\nNo.: 7/2025/ND-CP\n{text}\n{title}")
    segments = segments_of(article, Language.EN)
    model = FakeTranslator(lambda piece: f"về {piece}")
    ladder = build_ladder(Language.EN, Language.VI, model)
    made = translate(segments, Language.VI, model, split_long=split_long)
    found = [
        ladder.check(s.text, own[0], Language.EN, Language.VI)
        for s, own in zip(segments, made, strict=True)
    ]
    mended, _ = repair(segments, made, found, ladder)
    targets = {s.text: draft.target for s, draft in zip(segments, mended, strict=True)}
    assert targets[text] == "Căn cứ Luật Điện lực ngày 30 tháng 11 năm 2024;"
    assert targets[title].startswith("NGHỊ ĐỊNH về ")


@pytest.mark.parametrize(
    "lines",
    [
        ["Thủ tướng họp", "Căn cứ tình hình, Bộ Y tế đề nghị lùi thời hạn.", "Số: 12 phố Huế"],
        ["QUYẾT ĐỊNH", "Ông nói quyết định ấy là đúng."],
        ["PM signs decree", "Pursuant to the plan, three bridges were closed."],
        ["Kỷ niệm", "Việc ấy là ngày vui của nước Cộng hòa xã hội chủ nghĩa Việt Nam.", "LUẬT"],
        ["Kính gửi quý vị", "Nơi nhận hồ sơ: Bộ phận một cửa", "Trân trọng kính mời bà con."],
    ],
)
def test_articles_are_no_documents(lines: list[str]) -> None:
    assert find_frame(lines) is None


def test_a_page_keeps_its_own_title_above_that_of_the_document() -> None:
    text = (FOLDER / "vi-decision-prime-minister.txt").read_text("utf-8")
    own = "Thủ tướng phê duyệt Chương trình phục hồi rừng ngập mặn ven biển đến năm 2035"
    found = [(b.kind, b.text) for b in classify(f"{own}\n\n{text}").blocks]
    assert found[0] == (BlockKind.TITLE, own)
    assert (BlockKind.HEADING, TITLES["vi-decision-prime-minister"]) in found


def test_what_stands_round_a_document_on_a_page_is_no_part_of_it() -> None:
    text = (FOLDER / "vi-circular.txt").read_text("utf-8")
    article = classify(f"Trang chủ\nVăn bản\n\n{text}\nTải về\nIn trang")
    assert article.blocks[0].text == "BỘ Y TẾ"
    assert article.blocks[-1].text == "Ngô Thị Bích Trâm"
    assert {"Trang chủ", "Tải về", "In trang"} <= {removal.text for removal in article.removed}


def test_blocks_without_a_document_are_left_alone() -> None:
    blocks = classify(TABLE.read_text("utf-8")).blocks
    assert frame_blocks(blocks) == list(blocks)


def test_the_parts_of_every_document_are_told(case: tuple[str, str]) -> None:
    name, text = case
    frame = find_frame([block.text for block in classify(text).blocks])
    assert frame is not None
    parts = set(frame.parts.values())
    assert {Part.HEAD, Part.DAY, Part.FOOT} <= parts
    without = ("vi-dispatch", "vi-directive", "vi-plan", "vi-party-directive", "vi-telegram")
    assert (Part.GROUNDS in parts) is (name not in without)


def test_a_role_is_told_by_the_whole_line() -> None:
    assert [role_of(t) for t in ("NGHỊ ĐỊNH", "Nghị định", "TM. CHÍNH PHỦ", "TM. Chính phủ")] == [
        *("type", "", "signs-for", ""),
    ]


def test_a_pasted_document_comes_out_block_by_block(case: tuple[str, str]) -> None:
    name, text = case
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text("utf-8"))
    article = classify(text)
    found = [{"kind": block.kind.value, "text": block.text} for block in article.blocks]
    assert found == expected["blocks"], expected["why"]
    assert [removal.line for removal in article.removed] == expected["removed_lines"]
    assert str(article.published) == expected["published"]


@pytest.mark.parametrize("name", PAGES)
def test_a_document_on_a_page_comes_out_block_by_block(name: str) -> None:
    expected = json.loads((FOLDER / f"{name}.expected.json").read_text("utf-8"))
    article = extract_page((FOLDER / f"{name}.html").read_text("utf-8"))
    assert [[str(block.kind), block.text] for block in article.blocks] == expected["blocks"]
    assert str(article.published) == expected["published"]
    removed = "\n".join(removal.text for removal in article.removed)
    assert all(phrase in removed for phrase in expected["removed"])
