"""What a sentence may lose when a summary must be short, and what it never loses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.article import Language
from service.rules.cuts import CutRule, load_cut_rules
from service.text.shorten import as_sentence, shortenings
from service.text.standalone import count_words

RULES = [rule for language in Language for rule in load_cut_rules(language)]


def shorter(text: str) -> list[str]:
    return [span.of(text) for span in shortenings(text)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_finds_its_own_rows_and_no_others(rule: CutRule) -> None:
    assert rule.failures() == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "Chiều 3/5, tại Hà Nội, Bộ Y tế đã công bố kế hoạch tiêm chủng.",
            "Bộ Y tế đã công bố kế hoạch tiêm chủng.",
        ),
        (
            "Tỉnh Lào Cai đã xây 12 trường học mới, trong đó có ba trường ở vùng cao.",
            "Tỉnh Lào Cai đã xây 12 trường học mới",
        ),
        (
            "Hai xe tải va chạm trên quốc lộ 4D qua Sa Pa sau khi trời đổ mưa lớn.",
            "Hai xe tải va chạm trên quốc lộ 4D qua Sa Pa",
        ),
        (
            "Ngoài ra, tỉnh còn hỗ trợ mỗi hộ dân 20 triệu đồng.",
            "tỉnh còn hỗ trợ mỗi hộ dân 20 triệu đồng.",
        ),
        (
            "On Monday, the province opened a 300-metre bridge, which will serve two communes.",
            "the province opened a 300-metre bridge",
        ),
    ],
)
def test_openings_and_additions_may_go(text: str, kept: str) -> None:
    assert kept in shorter(text)


@pytest.mark.parametrize(
    "text",
    [
        # who says it, when it is a claim
        "Theo bị cáo, nạn nhân đã tự ngã xuống hồ nước sau nhà.",
        "Nạn nhân đã tự ngã xuống hồ nước sau nhà, bị cáo khai.",
        "“Cầu mới sẽ thông xe trong tháng sau”, ông Nam khẳng định.",
        "The victim had fallen into the lake by himself, the suspect said.",
        # on what condition
        "Nếu được cấp phép, công ty sẽ xây nhà máy ở Lào Cai.",
        "Khi vượt đèn đỏ, người lái xe sẽ bị phạt 5 triệu đồng.",
        "Người dân sẽ được về nhà ngay hôm nay, trừ khi nước lại lên.",
        "Đối với hộ nghèo, mức hỗ trợ sẽ là 3 triệu đồng.",
        # what turns it round
        "Tỉnh đã trình dự án lên Chính phủ, nhưng chưa được duyệt.",
        # what is asked
        "Nhìn vào con số ấy, các trường cần làm gì để giữ học sinh?",
    ],
)
def test_speakers_conditions_and_turns_stay(text: str) -> None:
    assert shorter(text) == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Ông Nguyễn Văn Nam, Giám đốc Sở Y tế, cho biết dịch đã lui.", "Giám đốc Sở Y tế"),
        ("Ông Nguyễn Văn Nam, Giám đốc Sở Y tế, cho biết dịch đã lui.", "cho biết dịch đã lui."),
        ("Tỉnh đã chi 2 tỷ đồng cho trường học, trạm xá và đường.", "trường học"),
        ("Đoàn tàu đã chạy thử trên tuyến Hà Nội - Hải Phòng sáng nay.", "Hà Nội"),
        ("Tỉnh đã chi 1,5 tỷ đồng cho bốn trường (trong đó có hai, ba trường mới).", "hai"),
    ],
)
def test_no_cut_leaves_a_broken_sentence(text: str, broken: str) -> None:
    found = shorter(text)
    assert not any(one.endswith(broken) or one.startswith(broken) for one in found)


WORDS = ["Tỉnh", "đã", "khởi công", "theo", "và", "ngày 2/9", "“tốt”", "(mới)", "cầu", "nhằm"]


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", ", ", "; ", " - "]))))
def test_what_is_left_is_a_part_of_the_sentence_with_whole_words(
    pieces: list[tuple[str, str]],
) -> None:
    text = "".join(word + mark for word, mark in pieces)
    for span in shortenings(text):
        kept = span.of(text)
        assert kept == kept.strip()
        assert 6 <= count_words(kept) < count_words(text)
        assert kept.count("“") == kept.count("”")
        assert as_sentence(kept)[0] == kept[0].upper()


def test_a_list_of_hundreds_is_not_cut() -> None:
    assert shortenings("Tỉnh đã chi tiền cho " + "trường, " * 5000) == []
