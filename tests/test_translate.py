"""The translate stage: what is kept, what is cut, what is asked once."""

from models.base import Decoding
from service.article import BlockKind, Language, Segment, Span
from service.stages.segment import split_long
from service.stages.translate import translate
from tests.fakes import FakeTranslator


def segments(*texts, kind=BlockKind.PARAGRAPH, language=Language.VI):
    return [
        Segment(f"b{n}s1", n, kind, Span(0, len(text)), text, language)
        for n, text in enumerate(texts)
    ]


def run(translator, *texts, **options):
    found = translate(segments(*texts, **options), Language.EN, translator, split_long=split_long)
    drafts = [own[0] for own in found]
    return [draft.target for draft in drafts]


def test_equal_sentences_are_asked_once_and_answered_each_time():
    translator = FakeTranslator(lambda text: f"<{text}>")
    assert run(translator, "Xin chào.", "Hẹn gặp lại.", "Xin chào.") == [
        "<Xin chào.>",
        "<Hẹn gặp lại.>",
        "<Xin chào.>",
    ]
    assert translator.asked == [["Xin chào.", "Hẹn gặp lại."]]


def test_a_long_segment_is_cut_translated_and_put_together():
    text = "một hai ba bốn, năm sáu bảy tám; chín mười mười một mười hai."
    translator = FakeTranslator(lambda piece: piece.upper(), max_source_tokens=5)
    assert run(translator, text) == [text.upper()]
    assert all(len(piece.split()) <= 5 for call in translator.asked for piece in call)


def test_list_marks_stay_outside_the_model():
    translator = FakeTranslator(lambda text: f"<{text}>")
    assert run(translator, "a) Nội dung thứ nhất", "- Nội dung thứ hai", "1.2. Mục ba") == [
        "a) <Nội dung thứ nhất>",
        "- <Nội dung thứ hai>",
        "1.2. <Mục ba>",
    ]


def test_capitals_are_lowered_for_the_model_and_raised_again():
    translator = FakeTranslator(lambda text: f"got {text}")
    assert run(translator, "CHÍNH PHỦ HỌP PHIÊN") == ["GOT CHÍNH PHỦ HỌP PHIÊN"]
    assert translator.asked == [["Chính phủ họp phiên"]]


def test_what_needs_no_model_is_kept():
    translator = FakeTranslator(lambda text: "wrong")
    assert run(translator, "2024", "18/3", "---") == ["2024", "18/3", "---"]
    assert run(translator, "Minh Hà", kind=BlockKind.BYLINE) == ["Minh Hà"]
    assert run(translator, "Already English.", language=Language.EN) == ["Already English."]


def test_progress_counts_to_the_end():
    seen = []
    texts = [f"Câu số {n} của bài." for n in range(150)]
    translate(
        segments(*texts),
        Language.EN,
        FakeTranslator(),
        split_long=split_long,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(64, 150), (128, 150), (150, 150)]


def test_abbreviations_are_written_out_for_the_model_only():
    translator = FakeTranslator(lambda text: f"<{text}>")
    drafts = run(translator, "UBND tỉnh họp với HĐND theo Quyết định 15/QĐ-UBND.")
    assert translator.asked == [
        ["Ủy ban nhân dân tỉnh họp với Hội đồng nhân dân theo Quyết định 15/QĐ-UBND."]
    ]
    assert len(drafts) == 1


def test_rivals_of_the_best_draft_come_behind_it():
    translator = FakeTranslator(lambda text: ["first", "second"])
    translator.decoding = Decoding(beam_size=2)
    [drafts] = translate(segments("Một câu."), Language.EN, translator, split_long=split_long)
    assert [draft.target for draft in drafts] == ["first", "second"]


def test_the_model_is_asked_for_terms():
    asked = []

    class Recorder(FakeTranslator):
        def translate(self, requests, decoding=None):
            asked.extend(request.terms for request in requests)
            return super().translate(requests, decoding)

    translate(
        segments("Sở Y tế họp."),
        Language.EN,
        Recorder(),
        split_long=split_long,
        find_terms=lambda text: {Span(0, 7): "Health Department"},
    )
    assert asked == [("Health Department",)]


def test_addresses_and_telephone_numbers_are_hidden_from_the_model():
    translator = FakeTranslator(lambda text: f"<{text}>")
    text = "Viết cho info@moha.gov.vn hoặc gọi 024.3822.5678."
    assert run(translator, text) == [f"<{text}>"]
    assert translator.asked == [["Viết cho ｟0｠ hoặc gọi ｟1｠."]]


def test_a_text_whose_placeholders_the_model_loses_is_decoded_as_it_is():
    translator = FakeTranslator(lambda text: f"<{text.replace('｟0｠', '')}>")
    assert run(translator, "Viết cho info@moha.gov.vn.") == ["<Viết cho info@moha.gov.vn.>"]


def test_an_address_alone_is_kept():
    translator = FakeTranslator(lambda text: "wrong")
    assert run(translator, "info@moha.gov.vn", "024.3822.5678") == [
        "info@moha.gov.vn",
        "024.3822.5678",
    ]


def test_a_number_alone_is_written_as_the_target_language_does():
    cells = segments("21,2", "3.100", "45,3%", "2024", "12.05.2024", "3,100")
    drafts = translate(cells, Language.EN, FakeTranslator(), split_long=split_long)
    assert [(own[0].target, own[0].rung) for own in drafts] == [
        ("21.2", "figures"),
        ("3,100", "figures"),
        ("45.3%", "figures"),
        ("2024", "kept"),
        ("12.05.2024", "kept"),
        ("3,100", "kept"),
    ]


def test_the_number_of_a_section_is_no_fraction():
    heading = segments("1.1", language=Language.EN)
    drafts = translate(heading, Language.VI, FakeTranslator(), split_long=split_long)
    assert drafts[0][0].target == "1.1"


def test_a_quotation_in_the_target_language_stays_and_the_rest_is_translated():
    translator = FakeTranslator(lambda text: f"<{text}>")
    said = "“We are very proud to work with the Ministry,”"
    assert run(translator, f"Bà Karen nói: {said} và cảm ơn Bộ.", f"{said} bà Karen nói.") == [
        f"<Bà Karen nói:> {said} <và cảm ơn Bộ.>",
        f"{said} <bà Karen nói.>",
    ]


def test_quotations_in_the_source_language_and_names_in_quotes_go_to_the_model():
    translator = FakeTranslator(lambda text: f"<{text}>")
    texts = ["Ông nói: “Chúng tôi rất tự hào về các bạn.”", "Chương trình “Women in Business” mở."]
    assert run(translator, *texts) == [f"<{text}>" for text in texts]
