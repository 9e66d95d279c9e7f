"""Lines that every decree has, and the numbers of its articles, are translated by rule."""

import pytest

from service.article import BlockKind, Language, Segment, Span
from service.stages.segment import split_long
from service.stages.translate import translate
from service.text.formulas import find_formulas
from tests.fakes import FakeTranslator


def run(text: str, target: Language) -> tuple[str, str]:
    segment = Segment("b1s1", 0, BlockKind.PARAGRAPH, Span(0, len(text)), text, target.other)
    model = FakeTranslator(lambda piece: f"<{piece}>")
    (drafts,) = translate([segment], target, model, split_long=split_long)
    return drafts[0].target, drafts[0].rung


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("QUYẾT ĐỊNH:", Language.EN, "DECIDES:"),
        ("Nghị định", Language.EN, "Decree"),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Language.EN, "SOCIALIST REPUBLIC OF VIETNAM"),
        ("(Đã ký)", Language.EN, "(Signed)"),
        ("Nơi nhận:", Language.EN, "Recipients:"),
        ("Chương II", Language.EN, "Chapter II"),
        ("PHỤ LỤC I", Language.EN, "APPENDIX I"),
        ("Article 5.", Language.VI, "Điều 5."),
        ("Press Release", Language.VI, "Thông cáo báo chí"),
        ("Số: 42/2024/NĐ-CP", Language.EN, "No.: 42/2024/NĐ-CP"),
        ("Luật số: 67/2006/QH11", Language.EN, "Law No.: 67/2006/QH11"),
        ("Hà Nội, ngày 05 tháng 8 năm 2024", Language.EN, "Hanoi, August 5, 2024"),
        ("Lam Ha, June 12, 2025", Language.VI, "Lam Ha, ngày 12 tháng 6 năm 2025"),
        ("KT. BỘ TRƯỞNG", Language.EN, "FOR THE MINISTER"),
        ("TM. UỶ BAN NHÂN DÂN", Language.EN, "ON BEHALF OF THE PEOPLE'S COMMITTEE"),
        ("ON BEHALF OF THE PEOPLE’S COMMITTEE", Language.VI, "TM. ỦY BAN NHÂN DÂN"),
        ("BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH", Language.EN, "MINISTRY OF CULTURE, SPORTS AND TOURISM"),
        ("Ủy ban nhân dân tỉnh Lào Cai", Language.EN, "People's Committee of Lào Cai Province"),
        ("THÀNH PHỐ HẢI PHÒNG", Language.EN, "HẢI PHÒNG CITY"),
        ("CHÍNH PHỦ -------", Language.EN, "GOVERNMENT -------"),
        ("- Lưu: VT, NN (2b).", Language.EN, "- Archive: Office, NN (2 copies)."),
        ("- Như Điều 4;", Language.EN, "- As in Article 4;"),
        ("- As in Article 4;", Language.VI, "- Như Điều 4;"),
        ("II. TỔ CHỨC THỰC HIỆN", Language.EN, "II. ORGANIZATION OF IMPLEMENTATION"),
        ("Điều 5. Hiệu lực thi hành", Language.EN, "Article 5. Effect"),
        ("Article 2. Definitions", Language.VI, "Điều 2. Giải thích từ ngữ"),
        ("Trân trọng./.", Language.EN, "Respectfully."),
    ],
)
def test_formulas_need_no_model(text: str, target: Language, expected: str) -> None:
    assert run(text, target) == (expected, "formula")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Điều 1. Phê duyệt Kế hoạch.", "Article 1. <Phê duyệt Kế hoạch.>"),
        ("Điều 12a: Hồ sơ", "Article 12a: <Hồ sơ>"),
        ("ĐIỀU 3. HIỆU LỰC THI HÀNH CHUNG", "ARTICLE 3. <HIỆU LỰC THI HÀNH CHUNG>"),
        ("Điều 5 quy định mức phạt.", "<Điều 5 quy định mức phạt.>"),
        ("Quyết định này có hiệu lực.", "<Quyết định này có hiệu lực.>"),
        ("Mục 1.2 nêu rõ.", "<Mục 1.2 nêu rõ.>"),
    ],
)
def test_numbers_of_articles_stay_outside_the_model(text: str, expected: str) -> None:
    assert run(text, Language.EN)[0].casefold() == expected.casefold()


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("THÔNG TƯ VỀ HỌC PHÍ", Language.EN, "CIRCULAR ON <HỌC PHÍ>"),
        ("DECREE ON SALT", Language.VI, "NGHỊ ĐỊNH VỀ <SALT>"),
        ("V/v thu phí", Language.EN, "Re: <thu phí>"),
        ("Kính gửi: Các trường", Language.EN, "To: <Các trường>"),
        (
            "Căn cứ Luật Muối ngày 3/4/2020;",
            Language.EN,
            "Pursuant to the <Luật Muối> dated April 3, 2020;",
        ),
        (
            "Căn cứ Nghị định số 7/2020/NĐ-CP ngày 3 tháng 4 năm 2020 của Chính phủ về muối;",
            Language.EN,
            "Pursuant to Decree No. 7/2020/NĐ-CP dated April 3, 2020 of the Government <về muối;>",
        ),
        ("Thông tư này áp dụng đối với trường.", Language.EN, "This Circular applies to <trường.>"),
        (
            "Nghị định này quy định chi tiết khoản 2 Điều 19 của Luật Muối.",
            Language.EN,
            "This Decree details Clause 2, Article 19 of the <Luật Muối.>",
        ),
        (
            "Nghị định này quy định chi tiết một số điều của Luật Muối.",
            Language.EN,
            "This Decree details a number of articles of the <Luật Muối.>",
        ),
        ("This Law prescribes fees.", Language.VI, "Luật này quy định về <fees.>"),
    ],
)
def test_heads_stand_outside_the_model(text: str, target: Language, expected: str) -> None:
    assert run(text, target)[0] == expected


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Căn cứ kết quả kiểm tra, Sở Y tế đã xử phạt ba cơ sở.", Language.EN),
        ("Chính phủ họp phiên thường kỳ.", Language.EN),
        ("Bộ trưởng Bộ Y tế đã đến thăm.", Language.EN),
        ("Hà Nội, ngày 16 tháng 4 năm 2024, trời mưa to.", Language.EN),
        ("Hà Nội, ngày 31 tháng 2 năm 2024", Language.EN),
        ("Quyết định về việc này chưa có.", Language.EN),
        ("Thành phố Xanh", Language.EN),
        ("Pursuant to the plan, the city closed three bridges.", Language.VI),
        ("Plan on staying longer.", Language.VI),
        ("For the Prime Minister it was a hard week.", Language.VI),
        ("This decree was signed on Monday.", Language.VI),
        ("No. 10 Downing Street", Language.VI),
    ],
)
def test_sentences_of_the_news_have_no_formulas(text: str, target: Language) -> None:
    assert find_formulas(text, target) == []


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("The salt", "This Circular provides for the salt"),
        ("to keep salt dry", "This Circular provides for keeping salt dry"),
        ("to store salt", "This Circular provides for storing salt"),
        ("Salt", "This Circular provides for Salt"),
    ],
)
def test_what_stands_behind_a_head_goes_on_with_its_sentence(made: str, expected: str) -> None:
    text = "Thông tư này quy định về muối"
    segment = Segment("b1s1", 0, BlockKind.PARAGRAPH, Span(0, len(text)), text, Language.VI)
    model = FakeTranslator(lambda _: made)
    (drafts,) = translate([segment], Language.EN, model, split_long=split_long)
    assert drafts[0].target == expected
