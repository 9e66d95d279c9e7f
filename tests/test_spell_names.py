"""One spelling a name, over the whole document."""

import pytest

from service.article import BlockKind, Draft, Language, Segment, Span
from service.stages.spell_names import NameStyle, spell_names, without_marks


def spelt(sources, targets, target=Language.EN, style=NameStyle.KEEP, rung="model"):
    segments = [
        Segment(f"b1s{n}", 0, BlockKind.PARAGRAPH, Span(0, len(text)), text, target.other)
        for n, text in enumerate(sources)
    ]
    drafts = [Draft(text, rung) for text in targets]
    return spell_names(segments, drafts, target, style)


def test_marks_are_kept_as_in_the_source():
    [draft] = spelt(
        ["Ông Nguyễn Văn Hùng thăm xã Kim Hòa."], ["Mr Nguyen Van Hung visited Kim Hoa commune."]
    )
    assert draft.target == "Mr Nguyễn Văn Hùng visited Kim Hòa commune."
    assert draft.rung == "model+names"


def test_ascii_takes_the_marks_of_every_vietnamese_name():
    [draft] = spelt(
        ["Bà Trần Thị Hoà ở Đà Nẵng theo Nghị định 15/2024/NĐ-CP."],
        ["Ms Trần Thị Hoà in Đà Nẵng under Decree 15/2024/NĐ-CP, at a café in São Paulo."],
        style=NameStyle.ASCII,
    )
    assert draft.target == (
        "Ms Tran Thi Hoa in Da Nang under Decree 15/2024/NĐ-CP, at a café in São Paulo."
    )


def test_one_spelling_for_a_person_whose_tone_mark_moves():
    drafts = spelt(
        ["Bà Trần Thị Hòa nói.", "Bà Trần Thị Hoà đi.", "Bà Trần Thị Hòa về."],
        ["Tran Thi Hoa said.", "Trần Thị Hoà went.", "Trần Thị Hòa came."],
    )
    assert [draft.target[:12] for draft in drafts] == ["Trần Thị Hòa"] * 3


def test_two_people_who_differ_in_a_mark_stay_two():
    drafts = spelt(
        ["Ông Lê Văn Hùng nói.", "Ông Lê Văn Hưng nói.", "Lê Văn Hùng và Lê Văn Hưng."],
        ["Le Van Hung said.", "Le Van Hung said.", "Le Van Hung and Le Van Hung."],
    )
    assert [draft.target for draft in drafts] == [
        "Lê Văn Hùng said.",
        "Lê Văn Hưng said.",
        "Le Van Hung and Le Van Hung.",
    ]


def test_into_vietnamese_marks_are_not_guessed():
    drafts = spelt(
        ["Mr Nguyen Van Hung spoke.", "Nguyen Van Hung left."],
        ["Ông Nguyễn Văn Hùng nói.", "Nguyen Van Hung rời đi."],
        Language.VI,
    )
    assert drafts[0].target == "Ông Nguyen Van Hung nói."
    assert [draft.rung for draft in drafts] == ["model+names", "model"]


def test_into_vietnamese_a_known_name_keeps_its_marks():
    [draft] = spelt(["President Ho Chi Minh read it."], ["Chủ tịch Hồ Chí Minh đọc."], Language.VI)
    assert draft.target == "Chủ tịch Hồ Chí Minh đọc."


def test_into_vietnamese_the_source_decides_where_it_has_marks():
    drafts = spelt(
        ["Mr Nguyễn Văn Hưng spoke.", "Nguyen Van Hung left."],
        ["Ông Nguyễn Văn Hùng nói.", "Nguyễn Văn Hùng rời đi."],
        Language.VI,
    )
    assert [draft.target for draft in drafts] == [
        "Ông Nguyễn Văn Hưng nói.",
        "Nguyễn Văn Hưng rời đi.",
    ]


def test_a_given_name_behind_a_form_of_address_is_spelt_as_in_the_full_name():
    drafts = spelt(
        ["Ông Nguyễn Văn Hùng đến.", "Ông Hùng nói với bà Lan.", "Bà Lan cảm ơn."],
        ["Mr Nguyen Van Hung came.", "Mr Hung told Ms. Lan.", "Ms Lan gave thanks."],
    )
    assert drafts[1].target == "Mr Hùng told Ms. Lan."
    assert drafts[2] == Draft("Ms Lan gave thanks.", "model")
    drafts = spelt(
        ["Mr Nguyễn Văn Hùng came.", "Mr Hung spoke.", "Comrade Hung left with Mr Hung Vuong."],
        ["Ông Nguyễn Văn Hùng đến.", "Ông Hưng nói.", "Đồng chí Hưng đi cùng ông Hưng Vương."],
        Language.VI,
    )
    assert drafts[1].target == "Ông Hùng nói."
    assert drafts[2].target == "Đồng chí Hùng đi cùng ông Hưng Vương."


def test_a_given_name_that_two_people_share_is_left_alone():
    drafts = spelt(
        ["Mr Nguyễn Văn Hùng and Mr Lê Văn Hưng came.", "Mr Hung spoke."],
        ["Ông Nguyễn Văn Hùng và ông Lê Văn Hưng đến.", "Ông Hưng nói."],
        Language.VI,
    )
    assert drafts[1].target == "Ông Hưng nói."


def test_marks_on_half_of_a_name_are_taken_off():
    drafts = spelt(
        ["Comrade Nguyen Khac Than spoke."], ["Đồng chí Nguyễn Khac Than nói."], Language.VI
    )
    assert drafts[0].target == "Đồng chí Nguyen Khac Than nói."


def test_a_name_that_was_spelt_before_is_said_to_be_once():
    [draft] = spelt(["Ông Lê Văn Hùng nói."], ["Mr Le Van Hung said."], rung="n-best+names")
    assert draft.rung == "n-best+names"


def test_kept_drafts_and_capitals_are_respected():
    [kept] = spelt(["Nguyễn Văn Hùng"], ["Nguyen Van Hung"], rung="kept")
    assert kept.target == "Nguyen Van Hung"
    [draft] = spelt(["Ông Nguyễn Văn Hùng nói."], ["MR NGUYEN VAN HUNG SPEAKS"])
    assert draft.target == "MR NGUYỄN VĂN HÙNG SPEAKS"


@pytest.mark.parametrize("text", ["", "café", "NĐ-CP 5/NĐ-CP", "phở is a soup", "Mr Émile Zola"])
def test_what_is_no_vietnamese_name_keeps_its_marks(text):
    assert without_marks(text) == text


def test_a_name_like_a_common_word_gets_its_marks_back_behind_a_form_of_address():
    [draft] = spelt(
        ["Ông Vương Quốc Tuấn, Chủ tịch tỉnh, dự lễ."], ["Vuong Quốc Tuan, chairman, attended."]
    )
    assert draft.target == "Vương Quốc Tuấn, chairman, attended."


def test_a_surname_that_no_list_has_is_one_behind_a_form_of_address():
    [draft] = spelt(["Ông Bá Văn Tứ dự lễ."], ["Ba Văn Tu attended."])
    assert draft.target == "Bá Văn Tứ attended."


def test_a_place_is_spelt_alike_where_its_kind_is_left_out():
    drafts = spelt(
        ["Ông đến huyện Gia Bình.", "Gia Bình"], ["He went to Gia Bình District.", "Gia Binh"]
    )
    assert [draft.target for draft in drafts] == ["He went to Gia Bình District.", "Gia Bình"]


def test_a_street_does_not_spell_the_province_that_it_is_called_after():
    drafts = spelt(
        ["Ông ở phố Quảng Trị.", "Tỉnh Quảng Trị họp."], ["He lives there.", "Quang Tri met."]
    )
    assert drafts[1].target == "Quang Tri met."


def test_ascii_takes_the_marks_of_bylines_too():
    [draft] = spelt(["Thu Hằng"], ["Thu Hằng"], style=NameStyle.ASCII, rung="kept")
    assert draft.target == "Thu Hang"
    assert draft.rung == "kept+names"
