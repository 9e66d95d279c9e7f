"""What a user notices of the classifier: nothing unaccounted, nothing lost, the same twice."""

import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.article import BlockKind
from service.stages.classify import classify

BODY = (
    "Sáng nay, hội nghị đánh giá kết quả sáu tháng đầu năm và bàn nhiệm vụ sáu tháng cuối năm.",
    "Theo báo cáo, thu ngân sách đạt 1.250 tỷ đồng, bằng 61 % dự toán, tăng 4 % so với cùng kỳ.",
    "The department said that 38 of 45 projects had been finished before the rains began in May.",
    "Nguồn vốn còn lại là 310 tỷ đồng. Chủ tịch tỉnh yêu cầu giải ngân hết trước ngày 31/12.",
)
SHORT = ("Kết quả bước đầu", "I. NHIỆM VỤ", "- Hoàn thành kế hoạch năm;", "Điều 5. Quyền hạn")
FURNITURE = (
    "Nguồn", "Bình luận (0)", "Chia sẻ", "Cùng thẻ", "Tin liên quan", "Home", "Same tag", "No data",
    "18/03/2024 08:30", "Xem thêm", "Đăng nhập", "Related news", "A- A A+", "Lượt xem: 12",
    "Cầu mới qua sông thông xe sớm hơn dự kiến", "Lotus season comes early to the old town",
)  # fmt: skip
LINES = st.lists(st.sampled_from(BODY + SHORT + FURNITURE + ("Minh Hương", "", "Ảnh: TTXVN")))
ANY_TEXT = st.text(alphabet=st.sampled_from("aĂ 1.,:-\t\n(TTXVN)/|»#"), max_size=200)


def page(*lines: str) -> str:
    return "\n\n".join(lines)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in classify(text).blocks]


def words(texts) -> Counter[str]:
    """Words by number; the bars of a pasted table become the borders of its cells."""
    return Counter(word for text in texts for word in text.replace("|", " ").split())


@given(LINES.map("\n".join) | ANY_TEXT)
@settings(deadline=None)  # the first call loads the rules
def test_every_word_ends_up_in_a_block_or_in_a_removal(text: str):
    article = classify(text)
    out = [block.text for block in article.blocks] + [removal.text for removal in article.removed]
    assert words(out) == words([text])


@given(LINES.map("\n".join))
def test_every_removal_quotes_the_line_it_names(text: str):
    lines = text.split("\n")
    for removal in classify(text).removed:
        assert removal.text == lines[removal.line - 1].strip()
        assert removal.rule


@given(LINES.map("\n".join))
def test_no_digit_of_a_kept_block_is_lost(text: str):
    article = classify(text)
    gone = {removal.line for removal in article.removed}
    kept = "".join(line for at, line in enumerate(text.split("\n"), start=1) if at not in gone)
    out = "".join(block.text for block in article.blocks)
    assert re.findall(r"\d", out) == re.findall(r"\d", kept)


@given(LINES.map("\n\n".join))
@settings(max_examples=300)
def test_a_clean_article_is_left_as_it_is(text: str):
    once = classify(text)
    again = classify(page(*(block.text for block in once.blocks)))
    assert again.blocks == once.blocks
    assert again.removed == ()


@given(st.lists(st.sampled_from(BODY), min_size=1), st.lists(st.sampled_from(FURNITURE)))
def test_a_paragraph_is_never_taken_for_furniture(body: list[str], furniture: list[str]):
    article = classify(page("Hội nghị sơ kết công tác sáu tháng", *body, *furniture))
    kept = [block.text for block in article.blocks]
    assert [text for text in kept if text in BODY] == body


@given(LINES.map("\n".join))
def test_there_is_at_most_one_title_and_it_comes_first(text: str):
    found = [block.kind for block in classify(text).blocks]
    assert found.count(BlockKind.TITLE) <= 1
    assert BlockKind.TITLE not in found[1:]


@pytest.mark.parametrize("text", ["", " \n\t\n ", "\n"])
def test_nothing_comes_of_nothing(text: str):
    assert classify(text).blocks == ()
    assert classify(text).removed == ()


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Việt NamViệt Nam18/03/2024", date(2024, 3, 18)),
        ("Thứ Hai, 18/3/2024 | 08:30 GMT+7", date(2024, 3, 18)),
        ("Cập nhật lúc 08:30, 18/03/2024", date(2024, 3, 18)),
        ("Chính trị | 18-03-2024, 8:30", date(2024, 3, 18)),
        ("Ngày 18 tháng 3 năm 2024", date(2024, 3, 18)),
        ("Monday, March 18, 2024 - 08:30", date(2024, 3, 18)),
        ("Last updated: 18 March 2024 at 8:30 am", date(2024, 3, 18)),
        ("2024-03-18", date(2024, 3, 18)),
    ],
)
def test_the_line_with_the_date_is_furniture_and_its_date_is_kept(line: str, day: date):
    article = classify(page("Hội nghị sơ kết công tác sáu tháng", line, *BODY))
    assert article.published == day
    assert [(removal.text, removal.rule) for removal in article.removed] == [(line, "date-line")]


def test_the_article_s_own_date_counts_more_than_the_date_bar_of_the_site():
    text = page("20/03/2024 10:00", "Hội nghị sơ kết công tác", "18/03/2024", *BODY, "21/03/2024")
    assert classify(text).published == date(2024, 3, 18)


def test_a_date_that_no_calendar_has_is_not_read():
    assert classify(page("Hội nghị sơ kết công tác", "31/02/2024", *BODY)).published is None


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        ("(Chinhphu.vn) –", BODY[0]),
        ("HÀ NỘI, 2/9 (TTXVN) -", BODY[0]),
        ("Hanoi (VNA) –", BODY[2]),
        ("HANOI, March 18 (Xinhua) —", BODY[2]),
        ("TTO -", BODY[1]),
        ("(Moit.gov.vn) -", BODY[1]),
        ("Hà Nội (TTXVN 18/3)", BODY[0]),
    ],
)
def test_the_dateline_becomes_a_block_of_its_own(head: str, rest: str):
    found = kinds(page("Hội nghị sơ kết công tác", f"{head} {rest}", *BODY[2:]))
    assert found[1] == ("dateline", head)
    assert found[2][1] == rest


@pytest.mark.parametrize(
    "line",
    [
        "Bộ Tài chính (cơ quan chủ trì) đã trình dự thảo nghị định lên Chính phủ vào tuần trước.",
        "Đà Nẵng - thành phố biển ở miền Trung - đón hơn hai triệu khách trong sáu tháng đầu năm.",
        "Reuters reported that the two ministers had met in secret twice since the end of winter.",
    ],
)
def test_brackets_and_dashes_at_the_head_are_no_dateline(line: str):
    assert ("paragraph", line) in kinds(page("Hội nghị sơ kết công tác", BODY[0], line, BODY[1]))


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("Minh Huong", "Minh Huong"),
        ("Theo TTXVN", "TTXVN"),
        ("PV", "PV"),
        ("Tin, ảnh: Nguyễn Văn A", "Nguyễn Văn A"),
        ("Nguyễn Văn An/VNA", "Nguyễn Văn An"),
        ("By Jane Smith", "Jane Smith"),
        ("Jane Smith in Hanoi", "Jane Smith"),
        ("Thu Hà - Quốc Bảo", "Thu Hà - Quốc Bảo"),
    ],
)
def test_who_signed_below_the_article_is_its_byline(line: str, who: str):
    article = classify(page("Hội nghị sơ kết công tác", *BODY, line, "Bình luận (0)"))
    assert article.byline == who
    assert article.blocks[-1].kind is BlockKind.BYLINE


@pytest.mark.parametrize(
    "line",
    [
        "Quang cảnh hội nghị.",
        "Các đại biểu dự hội nghị.",
        "Ảnh: TTXVN",
        "(Ảnh: TTXVN)",
        "Photo: VNA",
        "Nông dân thu hoạch lúa hè thu ở xã Tân Hòa. Ảnh: Thu Hà",
        "Leaders of the Provincial Business Association spoke at the conference.",
        "Ông An phát biểu tại hội nghị. Bà Bình phát biểu tại hội nghị.",
    ],
)
def test_captions_between_paragraphs(line: str):
    assert ("caption", line) in kinds(page("Hội nghị sơ kết công tác", BODY[0], line, *BODY[1:]))


def test_what_he_said_when_he_spoke_at_the_meeting_is_no_caption():
    line = "Ông An phát biểu tại hội nghị, nhấn mạnh ba nhiệm vụ trọng tâm."
    assert ("paragraph", line) in kinds(page("Hội nghị sơ kết", BODY[0], line, *BODY[1:]))


def test_headlines_under_a_label_go_and_the_article_goes_on():
    links = ("Cầu mới qua sông thông xe sớm hơn dự kiến", "Thêm hai chuyến tàu đêm ra miền biển")
    article = classify(page("Hội nghị sơ kết", BODY[0], "Tin liên quan", *links, *BODY[1:]))
    assert [block.text for block in article.blocks] == ["Hội nghị sơ kết", *BODY]
    assert [removal.rule for removal in article.removed][1:] == ["listed-under:vi/related"] * 2


def test_a_heading_that_speaks_of_the_article_stays_under_a_label():
    heading = "Thu ngân sách sáu tháng đầu năm"
    found = kinds(page("Hội nghị sơ kết", BODY[0], "Tin liên quan", heading, *BODY[1:]))
    assert ("heading", heading) in found


def test_short_lines_below_an_article_without_furniture_stay():
    article = classify(page("Hội nghị sơ kết", *BODY, "Giải nhất thuộc về xã Tân Hòa"))
    assert article.removed == ()


def test_cells_are_joined_by_the_separator_and_trimmed():
    found = kinds("Bảng điểm\n\n" + page(*BODY) + "\nSTT\t Đơn vị \tĐiểm\n1\tXã A\t9,5")
    assert ("table_row", "STT\tĐơn vị\tĐiểm") in found
    assert ("table_row", "1\tXã A\t9,5") in found


def test_lines_that_end_on_purpose_are_not_joined():
    verse = "Đường ra biển lớn\nSóng vỗ mạn thuyền\nGió lên từ sớm\nNgười về cuối đêm"
    assert [text for _, text in kinds(verse)] == verse.split("\n")


def test_five_thousand_odd_lines_come_out_one_by_one():
    text = "\n".join(f"x{number}" for number in range(5000))
    assert len(classify(text).blocks) == 5000


def test_paragraphs_below_a_box_in_the_article_are_never_taken_for_teasers():
    box = ("Tin cùng chủ đề", "Cầu mới qua sông thông xe sớm hơn dự kiến")
    rest = (
        "Ở vùng cao, bà con chờ nước về ruộng đã ba tuần, nhiều hộ phải bỏ vụ ngô.",
        "The road to the pass is closed to trucks until the snow has gone, drivers were told.",
    )
    text = page("Hội nghị sơ kết", *BODY, *box, *rest, "Tags: nước, ruộng", "Bình luận (0)", "Zalo")
    assert set(rest) <= {block.text for block in classify(text).blocks}


HEADLINES = ("Mùa sen nở sớm trên phố cổ ven hồ", "Đội tuyển trẻ lên đường dự giải châu lục")
TEASERS = (
    "Những đầm sen đầu tiên đã bung cánh hồng, đón hàng nghìn lượt người tới ngắm và chụp hình.",
    "Hai mươi cầu thủ cùng ban huấn luyện đáp chuyến bay đêm, mang theo kỳ vọng của người hâm mộ.",
)


def test_a_form_whose_labels_no_rule_knows_ends_the_article():
    form = ("Góp lời cùng tòa soạn", "Xưng danh", "Lời nhắn nhủ", "Bấm chuyển")
    links = [line for pair in zip(HEADLINES, TEASERS, strict=True) for line in pair]
    text = page(
        "Hội nghị sáu tháng", "18/03/2024 08:30", *BODY, "Thu Hà (lược thuật)", *form, *links
    )
    article = classify(text)
    kept = [block.text for block in article.blocks]
    assert kept == ["Hội nghị sáu tháng", *BODY, "Thu Hà (lược thuật)"]
    assert article.byline == "Thu Hà"


def test_a_box_between_paragraphs_goes_out_and_a_heading_stays():
    text = page(
        "Hội nghị sáu tháng", "18/03/2024", *BODY[:2], "Góc nhìn khác", HEADLINES[0], *BODY[2:]
    )
    rules = {removal.text: removal.rule for removal in classify(text).removed}
    assert rules["Góc nhìn khác"] == "box-label"
    assert rules[HEADLINES[0]] == "listed-under:box"
    own = ("Nguồn vốn còn lại", "Giải ngân hết nguồn vốn còn lại trước ngày 31/12")
    kept = [block.text for block in classify(page(*BODY[:2], *own, *BODY[2:], "Chia sẻ")).blocks]
    assert set(own) <= set(kept)


def test_a_date_behind_an_unknown_label_is_the_sites_alone_and_an_invitations_in_a_row():
    article = classify(page("Hội nghị sáu tháng", "Lên trang: 18/03/2024", *BODY))
    assert article.published == date(2024, 3, 18)
    assert [removal.rule for removal in article.removed] == ["date-line"]
    late = page("Mời thầu xây cầu", *BODY, "Hạn nộp hồ sơ: 18/03/2024")
    assert "Hạn nộp hồ sơ: 18/03/2024" in [block.text for block in classify(late).blocks]


def test_what_the_site_says_of_itself_goes_out_and_what_an_article_ends_with_stays():
    imprint = ("Vận hành: Phòng Văn hóa huyện", "Nơi làm việc: 12 Lê Lợi", "Xin ghi tên trang này.")
    text = page("Hội nghị sáu tháng", *BODY, "Chia sẻ", *imprint)
    assert [block.text for block in classify(text).blocks] == ["Hội nghị sáu tháng", *BODY]
    own = ("Thời gian: 8 giờ ngày mai", "Địa điểm: Nhà văn hóa")
    kept = [block.text for block in classify(page("Hội nghị sáu tháng", *BODY, *own)).blocks]
    assert set(own) <= set(kept)


def test_a_dateline_with_its_year_is_set_apart_and_dates_the_article():
    head, rest = "Hanoi, March 18, 2024 –", "The government met on Monday to discuss the plan."
    article = classify(page("Government discusses plan", f"{head} {rest}", BODY[2]))
    assert [block.text for block in article.blocks][1:3] == [head, rest]
    assert article.blocks[1].kind is BlockKind.DATELINE
    assert article.published == date(2024, 3, 18)


def test_a_line_put_back_is_a_paragraph_where_it_stood_and_nothing_else_changes():
    text = page("Hội nghị sáu tháng", BODY[0], "Tin liên quan", *BODY[1:], "Chia sẻ", "Cùng thẻ")
    before = classify(text)
    label = next(removal for removal in before.removed if removal.text == "Tin liên quan")
    after = classify(text, keep={label.line})
    texts = [block.text for block in after.blocks]
    assert texts == ["Hội nghị sáu tháng", BODY[0], "Tin liên quan", *BODY[1:]]
    assert set(before.removed) - set(after.removed) == {label}


@given(LINES.map("\n".join))
def test_each_line_can_be_put_back_alone_or_all_together(text: str):
    removed = classify(text).removed
    after = classify(text, keep={removal.line for removal in removed})
    kept = Counter(line.strip() for line in text.split("\n") if line.strip())
    gone = Counter(removal.text for removal in after.removed)
    assert not gone & Counter(removal.text for removal in removed)
    assert words(block.text for block in after.blocks) == words((kept - gone).elements())


@pytest.mark.parametrize(
    ("between", "is_kept", "sentences"),
    [
        (
            ["Phone: 0345 988 1188"],
            True,
            ["Applications must come by May.", "It pays from June on."],
        ),
        (["Điện thoại: 0203.3835.678."], True, ["Đề nghị công dân mang theo căn cước."]),
        (["Share this page", "Facebook"], False, ["The rules cover 3 million homes."]),
    ],
)
def test_sentences_below_a_telephone_number_or_buttons_belong_to_the_article(
    between, is_kept, sentences
):
    body = "The council opened a fund for residents whose homes were flooded in March."
    text = "\n\n".join(["Council opens flood fund", body, *between, *sentences])
    wanted = ["Council opens flood fund", body, *(between if is_kept else []), *sentences]
    assert [text for _, text in kinds(text)] == wanted


def test_who_publishes_stands_under_the_title_and_is_not_it():
    lines = [
        "New funding for homes near rivers",
        "From: Department for Rivers and The Rt Hon Jane Poe MP\nPublished 4 February 2025",
        "The minister spoke on Tuesday in Hull about flood defences.",
    ]
    article = classify("\n\n".join(lines))
    assert [block.kind.value for block in article.blocks] == ["title", "byline", "paragraph"]
    assert article.byline == "Department for Rivers and The Rt Hon Jane Poe MP"
    assert article.published.isoformat() == "2025-02-04"


def test_a_decree_keeps_its_number_and_who_signed_it():
    signed = ["TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG", "PHÓ THỦ TƯỚNG", "(Đã ký)", "Nguyễn Văn Sông"]
    head = ["CHÍNH PHỦ", "Số: 12/2024/NĐ-CP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    body = "Nghị định này quy định chi tiết một số điều của Luật Sông ngòi về bờ kè và bến thuyền."
    article = classify("\n".join(["Trang chủ", *head, "NGHỊ ĐỊNH", "Về bờ kè", body, *signed]))
    texts = [block.text for block in article.blocks]
    assert texts == [*head, "NGHỊ ĐỊNH Về bờ kè", body, *signed]
    titles = [block.text for block in article.blocks if block.kind is BlockKind.TITLE]
    assert titles == ["NGHỊ ĐỊNH Về bờ kè"]
    assert article.byline is None


def test_a_title_and_a_lead_that_read_like_captions_are_none():
    lines = [
        "Thủ tướng chủ trì phiên họp Chính phủ",
        "(Chinhphu.vn) - Sáng 9/11, Thủ tướng chủ trì phiên họp thường kỳ tháng 10.",
        "Thủ tướng phát biểu tại phiên họp - Ảnh: VGP/Nhật Bắc",
        "Theo báo cáo của Bộ Kế hoạch và Đầu tư, kinh tế tiếp tục phục hồi trong tháng 10.",
    ]
    found = kinds("\n\n".join(lines))
    assert [kind for kind, _ in found] == ["title", "dateline", "lead", "caption", "paragraph"]
    alone = kinds("Phó Thủ tướng kết luận hội nghị về dịch vụ công tại Hà Nội.\n\nBình luận (0)")
    assert [kind for kind, _ in alone] == ["paragraph"]


def test_what_a_press_office_prints_above_its_headline_is_no_title():
    lines = [
        "FOR IMMEDIATE RELEASE",
        "Agency Settles with Acme Corporation",
        "The agency announced today that Acme Corporation will pay 5 million dollars.",
    ]
    article = classify("\n\n".join(lines))
    assert article.blocks[0].text == "Agency Settles with Acme Corporation"
    assert [(removal.rule, removal.line) for removal in article.removed] == [("en/release-mark", 1)]


def test_a_date_in_a_row_of_buttons_is_still_the_articles():
    lead = "The Government will invest 2 billion pounds in flood defences over the next two years."
    row = [
        "Published 4 February 2025",
        "Last updated 5 February 2025",
        "Share this page",
        "Facebook",
    ]
    body = "More than 50,000 properties will be better protected by the end of March, it said."
    article = classify(
        "\n\n".join(["Search", "New funding for homes", lead, *row, body, "Cookies"])
    )
    assert article.published == date(2025, 2, 4)


def test_a_decrees_number_stays_between_drawn_lines():
    body = "Nghị định này quy định chi tiết một số điều của Luật Sông ngòi về bờ kè và bến thuyền."
    lines = ["CHÍNH PHỦ", "-------", "Số: 12/2024/NĐ-CP", "---------------", "NGHỊ ĐỊNH", body]
    assert "Số: 12/2024/NĐ-CP" in [text for _, text in kinds("\n".join(lines))]


def test_sentences_between_any_number_of_buttons_are_kept():
    body = "The minister visited flood defences in Hull and met families on Monday morning."
    told = "He came to see us today."
    article = classify("\n\n".join(["Minister visits Hull", body, *["Facebook", told] * 1500]))
    assert Counter(block.text for block in article.blocks)[told] == 1500
    assert len(article.removed) == 1500


FRAMED = """Tỉnh công bố kết quả thu ngân sách

UBND tỉnh công bố kết quả thu ngân sách các huyện năm 2024. Tổng thu đạt 5.200 tỷ đồng.

| Huyện | Dân số | Thu (tỷ đồng) |
|---|---|---:|
| Thuận Thành | 21,2 | 3.100 |
| Gia Bình | | 2.100 |

Kết quả này vượt kế hoạch 12% và cao hơn cùng kỳ năm ngoái."""


def test_a_table_pasted_with_bars_keeps_its_rows():
    rows = [text for kind, text in kinds(FRAMED) if kind == "table_row"]
    assert rows == [
        "Huyện\tDân số\tThu (tỷ đồng)",
        "Thuận Thành\t21,2\t3.100",
        "Gia Bình\t\t2.100",
    ]
    assert [removal.rule for removal in classify(FRAMED).removed] == ["table-ruler"]
    assert "|---|---|---:|" in [block.text for block in classify(FRAMED, keep=[6]).blocks]


def test_a_table_with_bars_between_the_cells_only_is_told_by_its_figures():
    text = re.sub(r"^\| | \|$|^\|-.*\n", "", FRAMED, flags=re.MULTILINE)
    assert "|---" not in text
    assert sum(kind == "table_row" for kind, _ in kinds(text)) == 3


@pytest.mark.parametrize(
    "line", ["Trang chủ | Giới thiệu | Liên hệ", "Thứ Sáu, 15/3/2024 | 14:05", "Facebook | Zalo"]
)
def test_menus_and_datelines_with_bars_are_no_tables(line: str):
    text = page(line + "\n" + line, "Chủ tịch tỉnh tiếp công dân định kỳ", *BODY)
    assert "table_row" not in {kind for kind, _ in kinds(text)}


def test_what_surrounds_a_decree_on_the_page_of_a_law_library_is_removed():
    around = ["Thư viện văn bản", "Tra cứu", "Lược đồ", "Văn bản liên quan"]
    decree = [
        "CHÍNH PHỦ",
        "Số: 123/2024/NĐ-CP",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "NGHỊ ĐỊNH",
        "Quy định về xử phạt vi phạm hành chính trong lĩnh vực đất đai",
        "Căn cứ Luật Đất đai ngày 18 tháng 01 năm 2024;",
        "Điều 1. Phạm vi điều chỉnh",
        "Nghị định này quy định về hành vi vi phạm hành chính, hình thức xử phạt và mức xử phạt.",
        "TM. CHÍNH PHỦ",
        "Trần Văn Hải",
    ]
    article = classify("\n".join([*around[:2], *decree, *around[2:]]))
    assert [removal.text for removal in article.removed] == around
    title = " ".join(decree[3:5])
    assert [block.text for block in article.blocks] == [*decree[:3], title, *decree[5:]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Chủ tịch nước tiếp Đại sứ Hoa Kỳ", "title"),
        ("PM receives Japanese ambassador", "title"),
        ("Đã có kết quả xét nghiệm.", "paragraph"),
        ("Quảng Trị", "paragraph"),
    ],
)
def test_a_headline_pasted_alone_is_a_title(text: str, kind: str):
    assert kinds(text) == [(kind, text)]


def test_a_list_below_the_last_paragraph_belongs_to_it_with_its_heading():
    items = ["- 5 August: consultation opens", "- 1 January 2026: code takes effect"]
    text = page("New building code opens for comments", BODY[2], "Key dates", *items, "Share")
    assert kinds(text)[-3:] == [("heading", "Key dates"), *(("list_item", item) for item in items)]
    links = page("New building code opens for comments", BODY[2], "Related news", *items, "Share")
    assert items[0] not in [block for _, block in kinds(links)]


@pytest.mark.parametrize("agency", ["— VNS", "(VNA)", "/. VNA", "- VNA/VNS"])
def test_a_last_paragraph_that_the_agency_signs_stays(agency: str):
    last = "The minister asked the agency to release 5,000 tonnes of rice before August 22."
    text = page("Minister speeds up flood relief", BODY[2], f"{last} {agency}", "Tags:", "flood")
    assert f"{last} {agency}" in [block for _, block in kinds(text)]


def test_a_city_before_a_long_dash_is_a_dateline():
    found = kinds(page("Minister speeds up flood relief", f"HÀ NỘI — {BODY[2]}", BODY[2]))
    assert found[1] == ("dateline", "HÀ NỘI —")


def test_an_embassys_name_is_no_title_and_its_footer_no_byline():
    text = page(
        "U.S. Embassy & Consulate in Vietnam",
        "News & Events",
        "Embassy and province launch new clean water program",
        BODY[2],
        BODY[2],
        "By U.S. Mission Vietnam | 12 August, 2025 | Topics: Ambassador, Press Releases",
    )
    assert kinds(text)[0] == ("title", "Embassy and province launch new clean water program")
    assert {removal.rule for removal in classify(text).removed} >= {
        "en/site-header",
        "en/press-imprint",
    }


def test_a_date_beside_buttons_for_the_size_of_letters_is_the_articles():
    text = page("Chủ tịch tỉnh kiểm tra", "Cập nhật lúc: 16:42 14/08/2025   Cỡ chữ A A+", *BODY)
    assert classify(text).published == date(2025, 8, 14)
    assert kinds(text)[0][0] == "title"


def test_where_a_document_was_signed_is_no_author():
    place = "Khánh An, ngày 21 tháng 7 năm 2025"
    text = page("Số: 1875/QĐ-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", place, *BODY)
    article = classify(text)
    assert (BlockKind.DATELINE, place) in [(block.kind, block.text) for block in article.blocks]
    assert (article.byline, article.published) == (None, date(2025, 7, 21))
