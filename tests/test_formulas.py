"""Lines that every decree has, and the numbers of its articles, are translated by rule."""

import pytest

from service.article import BlockKind, Language, Segment, Span
from service.stages.segment import split_long
from service.stages.translate import translate
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
