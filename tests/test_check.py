"""What holds of the checks on any pair of texts, and how findings become a verdict."""

import calendar
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from service.article import Draft, Finding, Language, Severity
from service.stages.check import CHECKS, badness, check_draft, check_segment, verdict
from service.terms import read_terms

MONTHS = list(calendar.month_name)[1:]

# Pieces that checks look for, so that generated texts are not only noise.
PIECES = st.sampled_from(
    """1.234,5|3,5%|12 tỷ|hai mươi|18/3/2024|ngày 5 tháng 6|14h30|Điều 5|khoản 2|15/2024/NĐ-CP|
March 18|twenty-one|two million|Article 5|2:30 p.m.|VND1-3 trillion|Nguyễn Văn An|Hà Nội|
Ministry of Health|Bộ Y tế|XIII|thế kỷ XXI|(|)|“|"|Obama|TP.HCM|99/99/2024|1/2|tháng|năm|rưỡi|
US$|0|25:99|İ|ﬀ|Thứ Hai|thứ hai|đ""".split("|")  # noqa: SIM905 - one readable table
)
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=12).map(" ".join),
)
LANGUAGES = st.sampled_from(Language)


@settings(max_examples=600, deadline=None)
@given(TEXTS, TEXTS, LANGUAGES, LANGUAGES)
def test_checks_never_raise_and_their_spans_lie_inside_the_texts(source, target, one, other):
    for finding in check_segment(source, target, one, other):
        for span, text in ((finding.source_span, source), (finding.target_span, target)):
            if span is not None:
                assert 0 <= span.start <= span.end <= len(text)


def _vietnamese(value: int, decimals: str) -> str:
    whole = f"{value:,}".replace(",", ".")
    return f"{whole},{decimals}" if decimals else whole


def _english(value: int, decimals: str) -> str:
    return f"{value:,}.{decimals}" if decimals else f"{value:,}"


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**13), st.from_regex(r"\A(|[0-9]{1,2})\Z"))
def test_a_number_written_for_both_readers_is_the_same_number(value, decimals):
    vi = f"Tổng số là {_vietnamese(value, decimals)} mẫu."
    en = f"The total is {_english(value, decimals)} samples."
    assert check_segment(vi, en, Language.VI, Language.EN) == []
    assert check_segment(en, vi, Language.EN, Language.VI) == []


@settings(max_examples=200, deadline=None)
@given(st.integers(2, 10**9), st.integers(2, 10**9))
def test_another_number_is_found(value, other):
    vi, en = f"Tổng số là {_vietnamese(value, '')} mẫu.", f"The total is {other:,} samples."
    checks = {finding.check for finding in check_segment(vi, en, Language.VI, Language.EN)}
    assert ("numbers" in checks) is (value != other)


def test_a_huge_number_is_read_as_a_number():
    digits = "9" * 5000
    assert check_segment(f"Số {digits}.", f"Number {digits}.", Language.VI, Language.EN) == []


def test_a_segment_without_words_is_not_asked_for_its_language():
    assert check_segment("2024", "2024", Language.VI, Language.EN) == []


def test_the_users_own_glossary_is_asked_too_and_weighs_more():
    glossary = read_terms("đặc khu\tspecial zone").glossary(Language.VI)
    findings = check_segment(
        "Đặc khu Phú Quốc", "Phu Quoc area", Language.VI, Language.EN, glossary=glossary
    )
    assert [(finding.check, finding.severity) for finding in findings] == [
        ("glossary", Severity.MAJOR)
    ]


def test_ids_are_unique_and_every_check_says_what_it_asks():
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(check.asks.endswith("?") for check in CHECKS)


@settings(max_examples=200, deadline=None)
@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2035, 12, 31)), st.booleans())
def test_a_date_is_itself_in_the_other_language_and_swapped_it_is_found(day, numeric):
    vi = f"{day.day}/{day.month}/{day.year}" if numeric else f"{day.day} tháng {day.month}"
    vi = f"Lễ khai mạc diễn ra vào ngày {vi}."
    year = f", {day.year}" if numeric else ""
    right = f"The opening ceremony took place on {MONTHS[day.month - 1]} {day.day}{year}."
    for one, other, source in ((vi, right, Language.VI), (right, vi, Language.EN)):
        assert check_segment(one, other, source, source.other) == []
    if day.day <= 12 and day.day != day.month:
        wrong = f"The opening ceremony took place on {MONTHS[day.day - 1]} {day.month}{year}."
        found = {finding.check for finding in check_segment(vi, wrong, Language.VI, Language.EN)}
        assert "dates" in found


MAJOR = Finding("numbers", Severity.MAJOR, "vi", "en")
MINOR = Finding("glossary", Severity.MINOR, "vi", "en")


def test_only_major_findings_ask_for_a_review():
    assert verdict([[MINOR], [MINOR, MINOR]]) == ("ready", [])
    assert verdict([[MAJOR, MINOR], [], [MAJOR, MAJOR]]) == ("review", ["numbers: 2 segments"])


def test_a_major_finding_weighs_more_than_a_few_minor_ones():
    assert badness([]) == 0
    assert badness([MINOR] * 5) < badness([MAJOR]) < badness([MAJOR, MINOR])


def test_a_draft_cut_off_at_the_limit_is_flagged():
    draft = Draft("The government met.", "model", truncated=True)
    found = check_draft("Chính phủ họp.", draft, Language.VI, Language.EN)
    assert [finding.check for finding in found] == ["truncated"]


def test_what_was_kept_as_it_is_has_no_findings():
    assert check_draft("Minh Hà", Draft("Minh Hà", "kept"), Language.VI, Language.EN) == []


def test_an_unsure_model_is_flagged_but_not_asked_again():
    draft = Draft("The government met.", "model", score=-1.2)
    languages = (Language.VI, Language.EN)
    found = check_draft("Chính phủ họp.", draft, *languages, min_score=-0.9)
    assert [finding.check for finding in found] == ["confidence"]
    assert badness(found) == 0
    assert verdict([found])[0] == "review"
    assert check_draft("Chính phủ họp.", draft, *languages) == []
