"""Who took the picture or wrote the text keeps the name; the label is translated."""

import pytest

from service.article import BlockKind, Language, Segment, Span
from service.rules.credits import find_credit
from service.stages.segment import split_long
from service.stages.translate import translate
from tests.fakes import FakeTranslator


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("Ảnh: Thanh Bình", Language.EN, "Photo: Thanh Bình"),
        ("(Ảnh: Hoàng Yến/TTXVN)", Language.EN, "(Photo: Hoàng Yến/TTXVN)"),
        ("Gặt lúa (ảnh: Mai Hoa)", Language.EN, "Gặt lúa (photo: Mai Hoa)"),
        ("Gặt lúa - Ảnh: VGP/Nhật Bắc", Language.EN, "Gặt lúa - Photo: VGP/Nhật Bắc"),
        ("Gặt lúa. Ảnh: T.Bình.", Language.EN, "Gặt lúa. Photo: T.Bình."),
        ("Ảnh: Quốc Khánh", Language.EN, "Photo: Quốc Khánh"),
        ("Ảnh: Thu Hà và Duy Linh", Language.EN, "Photo: Thu Hà và Duy Linh"),
        ("Ảnh minh họa: Internet", Language.EN, "Illustrative photo: Internet"),
        ("Tác giả: Thu An", Language.EN, "Author: Thu An"),
        ("Tin, ảnh: Xuân Hoà", Language.EN, "Text and photos: Xuân Hoà"),
        ("Nguồn: TTXVN", Language.EN, "Source: TTXVN"),
        ("Nước đã rút. (TTXVN/Vietnam+)", Language.EN, "Nước đã rút. (TTXVN/Vietnam+)"),
        ("(Photo: Thanh Binh/VNA)", Language.VI, "(Ảnh: Thanh Binh/VNA)"),
        ("Photo by Jane Stone", Language.VI, "Ảnh: Jane Stone"),
        ("Photo: Green Field", Language.VI, "Ảnh: Green Field"),
    ],
)
def test_names_stay_and_labels_are_translated(text: str, target: Language, expected: str) -> None:
    credit = find_credit(text, target)
    assert credit is not None
    assert text[: credit.span.start] + credit.target == expected


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Nguồn: Bộ Tài chính", Language.EN),
        ("Ảnh: Công an Quảng Ninh", Language.EN),
        ("Ảnh: lực lượng cứu hộ đưa dân đi sơ tán", Language.EN),
        ("Nguồn: vốn vay ODA", Language.EN),
        ("Ông nói về ảnh hưởng của bão.", Language.EN),
        ("Các nước Đông Nam Á (ASEAN)", Language.EN),
        ("Source: Ministry of Finance", Language.VI),
        ("Source: General Statistics Office", Language.VI),
        ("He was photographed by Jane Stone", Language.VI),
    ],
)
def test_what_names_nobody_is_translated_as_ever(text: str, target: Language) -> None:
    assert find_credit(text, target) is None


def test_the_model_never_sees_the_name() -> None:
    text = "Công nhân gia cố mái nhà - Ảnh: Thanh Bình"
    caption = Segment("b1s1", 0, BlockKind.CAPTION, Span(0, len(text)), text, Language.VI)
    model = FakeTranslator(lambda text: f"<{text}>")
    (drafts,) = translate([caption], Language.EN, model, split_long=split_long)
    assert drafts[0].target == "<Công nhân gia cố mái nhà> - Photo: Thanh Bình"
    assert model.asked == [["Công nhân gia cố mái nhà"]]


@pytest.mark.parametrize("kind", [BlockKind.CAPTION, BlockKind.BYLINE])
def test_a_credit_alone_needs_no_model(kind: BlockKind) -> None:
    text = "Ảnh: Thanh Bình"
    segment = Segment("b1s1", 0, kind, Span(0, len(text)), text, Language.VI)
    (drafts,) = translate(
        [segment], Language.EN, FakeTranslator(lambda _: "wrong"), split_long=split_long
    )
    assert [(draft.target, draft.rung) for draft in drafts] == [("Photo: Thanh Bình", "credit")]
