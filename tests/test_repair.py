"""The repair ladder: each rung helps where it can, and nothing ever gets worse."""

from dataclasses import replace

from service.article import BlockKind, Draft, Finding, Language, Segment, Severity, Span
from service.stages.repair import Ladder, repair
from service.stages.segment import split_long
from tests.fakes import FakeTranslator

SOURCE = "Tỉnh có 25 xã, trong đó 7 xã miền núi và 18 xã đồng bằng ven biển phía đông."


def check(source, draft, _source_language, _target_language):
    """Every figure of the source that the target lacks."""
    figures = [word for word in source.split() if word.isdigit()]
    return [
        Finding("numbers", Severity.MAJOR, "mất số", "number lost", Span(0, 1))
        for figure in figures
        if figure not in draft.target.split()
    ]


def build(translator, check=check, find_terms=lambda text: {}):
    return Ladder(
        source=Language.VI,
        target=Language.EN,
        translator=translator,
        check=lambda *args, only=None: check(*args),
        badness=len,
        split_long=split_long,
        placeholders=translator.placeholders,
        find_terms=find_terms,
    )


def climb(
    answer,
    draft="nothing here",
    source=SOURCE,
    check=check,
    find_terms=lambda text: {},
    rivals=(),
):
    segment = Segment("b1s1", 0, BlockKind.PARAGRAPH, Span(0, len(source)), source, Language.VI)
    translator = FakeTranslator(answer)
    ladder = build(translator, check, find_terms)
    first = Draft(draft, "model")
    before = check(source, first, Language.VI, Language.EN)
    drafts = [[first, *(Draft(rival, "model") for rival in rivals)]]
    [after], [findings] = repair([segment], drafts, [before], ladder)
    return after, findings, translator


def test_a_draft_without_findings_is_left_alone():
    after, findings, translator = climb(lambda text: "x", draft="25 7 18")
    assert after == Draft("25 7 18", "model")
    assert findings == []
    assert translator.asked == []


def test_another_hypothesis_is_the_first_rung():
    rivals = ["worse", "has 25 7 and 18 communes"]
    after, findings, translator = climb(lambda text: "x", rivals=rivals)
    assert (after.rung, findings) == ("n-best", [])
    assert translator.asked == []


def test_a_loop_is_decoded_again_without_repetition():
    def check_loop(source, draft, _source_language, _target_language):
        looping = "said said" in draft.target
        return [Finding("repetition", Severity.MAJOR, "", "")] if looping else []

    after, findings, _ = climb(lambda text: "He said.", draft="He said said said", check=check_loop)
    assert (after.target, after.rung, findings) == ("He said.", "n-best", [])


def test_placeholders_are_the_second_rung():
    def copies_placeholders_only(text):
        tokens = [word for word in text.replace(",", " ").split() if word.startswith("｟")]
        return " ".join(["communes", *tokens])

    after, findings, _ = climb(copies_placeholders_only)
    assert (after.rung, after.target, findings) == ("placeholders", "communes 25 7 18", [])


def test_shorter_pieces_are_the_last_rung():
    def copies_short_sentences_only(text):
        return text if len(text.split()) < 12 and "｟" not in text else "gone"

    after, findings, _ = climb(copies_short_sentences_only)
    assert (after.rung, findings) == ("clauses", [])


def test_what_no_rung_mends_keeps_its_draft_and_findings():
    after, findings, _ = climb(lambda text: "still nothing")
    assert after == Draft("nothing here", "model")
    assert len(findings) == 3


def test_a_partly_better_draft_is_taken_and_stays_flagged():
    after, findings, _ = climb(lambda text: "x", rivals=["only 25 communes"])
    assert after.rung == "n-best"
    assert len(findings) == 2


def test_kept_segments_are_never_touched():
    segment = Segment("b1s1", 0, BlockKind.BYLINE, Span(0, 2), "25", Language.VI)
    translator = FakeTranslator()
    ladder = build(translator)
    finding = Finding("numbers", Severity.MAJOR, "", "")
    [after], _ = repair([segment], [[Draft("x", "kept")]], [[finding]], ladder)
    assert after.target == "x"
    assert translator.asked == []


def check_term(_source, draft, _source_language, _target_language):
    if "Ministry of Health" in draft.target:
        return []
    return [Finding("glossary", Severity.MINOR, "", "", Span(5, 12))]


def find_health(text):
    return {Span(5, 12): "Ministry of Health"}


def test_glossary_terms_come_in_by_placeholder_where_the_model_does_not_obey():
    def copies(text):
        return text.replace("Theo", "According to")

    after, findings, _ = climb(
        copies,
        draft="wrong",
        source="Theo Bộ Y tế hôm nay.",
        check=check_term,
        find_terms=find_health,
    )
    assert (after.rung, findings) == ("placeholders", [])
    assert after.target == "According to Ministry of Health hôm nay."


def test_a_term_in_the_middle_of_a_headline_in_capitals_is_in_capitals():
    after, _, _ = climb(
        lambda text: text,
        draft="WRONG",
        source="THEO BỘ Y TẾ HÔM NAY",
        check=lambda source, draft, *_: (
            []
            if "MINISTRY OF HEALTH" in draft.target
            else [Finding("glossary", Severity.MAJOR, "", "", Span(5, 12))]
        ),
        find_terms=find_health,
    )
    assert after.target == "THEO MINISTRY OF HEALTH HÔM NAY"


def test_no_time_is_spent_on_shorter_pieces_for_a_term():
    _, _, translator = climb(
        lambda text: "no placeholder",
        draft="wrong",
        source="Theo Bộ Y tế hôm nay.",
        check=check_term,
        find_terms=find_health,
    )
    assert all("｟" in text for texts in translator.asked for text in texts)


def test_segments_that_loop_each_get_their_own_sentence_back():
    def loops(_source, draft, *_languages):
        found = Finding("repetition", Severity.MAJOR, "lặp", "loops", None, Span(0, 1))
        return [found] if "loop" in draft.target else []

    sources = [f"Câu thứ {n} của bài." for n in range(3)]
    segments = [
        Segment("", 0, BlockKind.PARAGRAPH, Span(0, len(text)), text, Language.VI)
        for text in sources
    ]
    ladder = build(FakeTranslator(lambda text: f"<{text}>"), loops)
    drafts = [[Draft("loop loop loop", "model")] for _ in sources]
    findings = [loops(None, own[0]) for own in drafts]
    after, _ = repair(segments, drafts, findings, ladder)
    assert [draft.target for draft in after] == [f"<{text}>" for text in sources]


def en(text):
    return Segment("b1s1", 0, BlockKind.PARAGRAPH, Span(0, len(text)), text, Language.EN)


def climb_to_vietnamese(source, draft, answer, check=lambda *_: []):
    translator = FakeTranslator(answer)
    ladder = replace(build(translator, check), source=Language.EN, target=Language.VI)
    first = Draft(draft, "model")
    found = check(source, first, Language.EN, Language.VI)
    [after], _ = repair([en(source)], [[first]], [found], ladder)
    return after, translator


def test_a_misspelt_name_is_put_back_without_asking_the_model():
    after, translator = climb_to_vietnamese(
        "They marched up Kingsway.", "Họ đi lên Kings.", lambda text: "x"
    )
    assert (after.target, after.rung) == ("Họ đi lên Kingsway.", "model+names")
    assert translator.asked == []


def test_half_of_a_name_goes_behind_a_placeholder_as_a_whole():
    after, translator = climb_to_vietnamese(
        "A bank called Northern Rock failed.",
        "Ngân hàng Bắc Rock sụp đổ.",
        lambda text: text.replace("A bank called", "Ngân hàng").replace("failed", "sụp đổ"),
    )
    assert (after.target, after.rung) == ("Ngân hàng Northern Rock sụp đổ.", "placeholders")
    assert translator.asked == [["A bank called ｟0｠ failed."]]


def test_a_finding_of_any_check_climbs():
    def check_mixed(_source, draft, *_languages):
        mixed = "cỏroots" in draft.target
        return [Finding("mixed-words", Severity.MAJOR, "", "")] if mixed else []

    after, _ = climb_to_vietnamese(
        "They work at the grassroots level, with people of every village and of every trade.",
        "Họ làm ở cỏroots.",
        lambda text: "ở cỏroots" if len(text) > 60 else "ở cơ sở",
        check_mixed,
    )
    assert (after.target, after.rung) == ("ở cơ sở ở cơ sở", "clauses")


def test_an_english_word_of_a_vietnamese_source_goes_behind_a_placeholder():
    def check_left(_source, draft, _source_language, _target_language):
        left = "sòng bạc" in draft.target
        return [Finding("mixed-language", Severity.MAJOR, "", "")] if left else []

    def translate_all_else(text):
        [word] = [word for word in text.split() if word.startswith("｟")]
        return f"Eight {word} are licensed."

    after, findings, translator = climb(
        translate_all_else,
        draft="Eight sòng bạc are licensed.",
        source="Có tám casino được cấp phép.",
        check=check_left,
    )
    assert (after.target, after.rung) == ("Eight casino are licensed.", "placeholders")
    assert findings == []
    assert "casino" not in translator.asked[0][0]


def test_no_finding_is_mended_at_the_price_of_a_name():
    def check_mixed(_source, draft, *_languages):
        mixed = "cỏroots" in draft.target
        return [Finding("mixed-words", Severity.MAJOR, "", "")] if mixed else []

    after, _ = climb_to_vietnamese(
        "Jane Zorbax works at the grassroots level, with people of every village and trade.",
        "Jane Zorbax làm ở cỏroots.",
        lambda text: "Họ làm ở cơ sở.",
        check_mixed,
    )
    assert after.target == "Jane Zorbax làm ở cỏroots."


def test_a_vietnamese_term_takes_the_place_of_the_models_own_word():
    source = "The mayor spoke."

    def check_mayor(_source, draft, *_languages):
        applied = "đô trưởng" in draft.target.lower()
        return [] if applied else [Finding("glossary", Severity.MAJOR, "", "", Span(4, 9))]

    translator = FakeTranslator(lambda text: "Thị trưởng" if text == "mayor" else "x")
    ladder = replace(
        build(translator, check_mayor, lambda text: {Span(4, 9): "đô trưởng"}),
        source=Language.EN,
        target=Language.VI,
    )
    first = Draft("Thị trưởng đã phát biểu.", "model")
    findings = check_mayor(source, first)
    [after], [left] = repair([en(source)], [[first]], [findings], ladder)
    assert (after.target, after.rung, left) == ("Đô trưởng đã phát biểu.", "model+terms", [])
    assert translator.asked == [["mayor"]]


def test_an_agreed_title_takes_the_place_of_a_wrong_one():
    source = "The Deputy Secretary of the Provincial Party Committee, Mr Hung, spoke."
    term = Span(4, 54)

    def check_title(_source, draft, *_languages):
        if "Phó Bí thư Tỉnh ủy" in draft.target:
            return []
        title = Finding("titles", Severity.MAJOR, "", "", Span(4, 20), Span(0, 10))
        return [title, Finding("glossary", Severity.MINOR, "", "", term)]

    translator = FakeTranslator(lambda text: "điều gì khác")
    ladder = replace(
        build(translator, check_title, lambda text: {term: "Phó Bí thư Tỉnh ủy"}),
        source=Language.EN,
        target=Language.VI,
    )
    first = Draft("Thứ trưởng Ủy ban Kiểm tra, ông Hùng, phát biểu.", "model")
    [after], [left] = repair([en(source)], [[first]], [check_title(source, first)], ladder)
    assert after == Draft("Phó Bí thư Tỉnh ủy, ông Hùng, phát biểu.", "model+terms")
    assert left == []
