"""Errors put into a good translation are found, and only those."""

import random

import pytest

from scripts.evaluation.injections import SPOILS, Pair
from service.article import Language
from service.stages.check import check_segment

VI = (
    "Sáng 3/4/2024, Thứ trưởng Bộ Y tế Nguyễn Văn Hùng gặp John Whitfield (Wellcome) ở Hà Nội và"
    " cho biết tỉnh đã chi 1.250 km đường theo Điều 12, thêm 35 triệu đồng cho người dân."
)
EN = (
    "On the morning of April 3, 2024, Deputy Minister of Health Nguyen Van Hung met John Whitfield"
    " (Wellcome) in Hanoi and said that the province spent 1,250 km of road under Article 12, and"
    " 35 million dong more for the people."
)
KINDS = [(check, kind) for check, kinds in SPOILS.items() for kind in kinds]


def _pair(source: Language) -> Pair:
    texts = {Language.VI: VI, Language.EN: EN}
    return Pair(texts[source], texts[source.other], source, source.other)


def _found(pair: Pair, target: str) -> set[str]:
    findings = check_segment(pair.source, target, pair.source_language, pair.target_language)
    return {finding.check for finding in findings if finding.check != "glossary"}


@pytest.mark.parametrize("source", list(Language))
def test_nothing_is_said_of_the_good_translation(source: Language):
    pair = _pair(source)
    assert _found(pair, pair.target) == set()


@pytest.mark.parametrize("source", list(Language))
@pytest.mark.parametrize(("check", "kind"), KINDS)
def test_each_injected_error_is_found(check: str, kind: str, source: Language):
    pair = _pair(source)
    spoilt = {SPOILS[check][kind](pair, random.Random(seed)) for seed in range(8)} - {None}
    assert spoilt, "the pair offers no place"
    missed = [target for target in spoilt if target != pair.target and not _found(pair, target)]
    assert missed == []
