"""Translations are used again exactly where all that made them is equal; people's always win."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from service.article import BlockKind, Draft, Finding, Language, Segment, Severity, Span
from service.memory import MadeBy, UnsureDrafts
from service.recall import recalled, remember
from service.store.memory import SegmentMemory
from service.tmx import Unit

MADE_BY = MadeBy("vi", "en", "songngu-small@1", "a" * 64, "settings")


@pytest.fixture
def memory(store):
    memory = SegmentMemory(store, limit=100)
    yield memory
    memory.close()


def targets(memory, sources, made_by):
    return {source: known.target for source, known in memory.recall(sources, made_by).items()}


def test_what_a_model_made_is_used_again(memory):
    memory.remember({"Một.": "One.", "Hai.": "Two."}, MADE_BY)
    memory.flush()
    assert targets(memory, ["Một.", "Ba.", "Hai."], MADE_BY) == {"Một.": "One.", "Hai.": "Two."}


@pytest.mark.parametrize(
    "change",
    [
        {"model": "other@1"},
        {"weights_sha256": "b" * 64},
        {"settings_key": "other"},
        {"source_language": "en", "target_language": "vi"},
    ],
)
def test_another_model_setting_or_direction_does_not_use_it(memory, change):
    memory.remember({"Một.": "One."}, MADE_BY)
    memory.flush()
    assert targets(memory, ["Một."], replace(MADE_BY, **change)) == {}


def test_people_win_over_files_and_files_over_models(memory):
    memory.remember({"Một.": "model"}, MADE_BY)
    memory.flush()
    memory.put_many([Unit("vi", "Một.", "file")])
    assert targets(memory, ["Một."], MADE_BY) == {"Một.": "file"}
    memory.put_many([Unit("vi", "Một.", "person", "approved")])
    assert targets(memory, ["Một."], MADE_BY) == {"Một.": "person"}
    assert targets(memory, ["Một."], replace(MADE_BY, model="other@1")) == {"Một.": "person"}


def test_the_newest_correction_holds(memory):
    memory.put_many([Unit("vi", "Một.", "first", "approved")])
    memory.put_many([Unit("vi", "Một.", "second", "approved")])
    assert targets(memory, ["Một."], MADE_BY) == {"Một.": "second"}
    assert memory.stats().approved == 1
    assert memory.recall(["Một."], MADE_BY)["Một."].by_people


def test_hits_are_counted(memory):
    memory.remember({"Một.": "One."}, MADE_BY)
    memory.flush()
    for _ in range(3):
        targets(memory, ["Một.", "Hai."], MADE_BY)
    memory.flush()
    assert memory.stats().hits == 3


def test_over_the_limit_the_least_used_goes_and_what_people_made_stays(memory, store):
    memory.put_many([Unit("vi", f"người {n}", "person", "approved") for n in range(10)])
    memory.remember({f"máy {n}": "model" for n in range(90)}, MADE_BY)
    memory.flush()
    with store.write() as connection:
        connection.execute(text("UPDATE memory SET used_at = 1 WHERE origin = 'model'"))
    targets(memory, ["máy 7"], MADE_BY)
    memory.flush()
    memory.remember({"máy mới": "model"}, MADE_BY)
    memory.flush()
    stats = memory.stats()
    assert (stats.approved, stats.approved + stats.model) == (10, 95)
    assert set(targets(memory, ["máy 7", "máy mới"], MADE_BY)) == {"máy 7", "máy mới"}


def test_many_segments_at_once(memory):
    memory.limit = 5000
    memory.remember({f"câu {n}": f"sentence {n}" for n in range(1500)}, MADE_BY)
    memory.flush()
    found = targets(memory, [f"câu {n}" for n in range(2000)], MADE_BY)
    assert len(found) == 1500
    assert found["câu 1499"] == "sentence 1499"


def test_what_waits_is_written_at_the_end(store):
    memory = SegmentMemory(store, limit=100)
    memory.remember({"Một.": "One."}, MADE_BY)
    memory.close()
    assert targets(SegmentMemory(store, limit=100), ["Một."], MADE_BY) == {"Một.": "One."}


def test_a_store_that_fails_forgets_instead_of_failing_articles(store):
    memory = SegmentMemory(store, limit=100)
    with store.write() as connection:
        connection.execute(text("DROP TABLE memory"))
    assert targets(memory, ["Một."], MADE_BY) == {}
    memory.remember({"Một.": "One."}, MADE_BY)
    memory.close()


def test_any_text_can_be_remembered(memory):
    odd = "a\0b \U0001f600 'x' \"y\" % _ \\"
    memory.remember({odd: odd}, MADE_BY)
    memory.flush()
    assert targets(memory, [odd], MADE_BY) == {odd: odd.replace("\0", "")}


def test_similar_segments_are_suggested_most_similar_first(memory):
    memory.put_many(
        [
            Unit("vi", "Chủ tịch tỉnh tiếp công dân tháng 3.", "March", "approved"),
            Unit("vi", "Chủ tịch tỉnh tiếp công dân tháng 11.", "November"),
            Unit("vi", "Thời tiết hôm nay đẹp.", "Weather", "approved"),
            Unit("en", "Chủ tịch tỉnh tiếp công dân tháng 4.", "other direction", "approved"),
        ]
    )
    memory.remember({"Chủ tịch tỉnh tiếp công dân tháng 4!": "by a model"}, MADE_BY)
    memory.flush()
    found = memory.suggest("Chủ tịch tỉnh tiếp công dân tháng 4.", "vi")
    assert [one.target for one in found] == ["March", "November"]
    assert 1 > found[0].similarity > found[1].similarity >= 0.7
    assert memory.suggest("Không giống câu nào cả", "vi") == []


def test_new_corrections_are_suggested_at_once(memory):
    assert memory.suggest("Một câu.", "vi") == []
    memory.put_many([Unit("vi", "Một câu.", "A sentence.", "approved")])
    assert [one.target for one in memory.suggest("một câu.", "vi")] == ["A sentence."]


def test_units_are_read_in_pieces_and_complete(memory):
    memory.limit = 5000
    memory.put_many([Unit("vi", f"câu {n}", f"sentence {n}") for n in range(900)])
    memory.remember({"máy": "machine"}, MADE_BY)
    memory.flush()
    assert len(list(memory.units())) == 900
    assert [unit.target for unit in memory.units(["model"])] == ["machine"]


def _segment(number: int, source: str) -> Segment:
    span = Span(0, len(source))
    return Segment(f"b{number}s1", number, BlockKind.PARAGRAPH, span, source, Language.VI)


def test_an_unsure_draft_comes_back_with_its_score_and_is_offered_to_nobody(memory):
    sure, unsure, kept = (
        _segment(n, source) for n, source in enumerate(("Họp sáng nay.", "Lạ lắm thay.", "2024"))
    )
    doubt = Finding("confidence", Severity.MAJOR, "", "")
    checked = {
        sure.id: (Draft("Met this morning.", "model", -0.2), []),
        unsure.id: (Draft("How strange.", "n-best", -1.5, truncated=True), [doubt]),
        kept.id: (Draft("2024", "kept"), []),
    }
    segments = [sure, unsure, kept]
    remember(memory, segments, checked, MADE_BY)
    memory.flush()
    assert recalled(memory, segments, Language.EN, MADE_BY) == {
        sure.id: Draft("Met this morning.", "memory"),
        unsure.id: Draft("How strange.", "memory", -1.5, truncated=True),
    }
    assert [unit.source for unit in memory.units(("model",))] == [sure.text]
    other = replace(MADE_BY, settings_key="other")
    assert recalled(memory, segments, Language.EN, other) == {}
    memory.put_many([Unit("vi", unsure.text, "Strange indeed.", "approved")])
    assert recalled(memory, [unsure], Language.EN, MADE_BY)[unsure.id].target == "Strange indeed."


def test_of_unsure_drafts_those_used_least_lately_are_forgotten():
    drafts = UnsureDrafts(limit=2)
    drafts.remember({"một": Draft("one", "memory"), "hai": Draft("two", "memory")}, MADE_BY)
    drafts.recall(["một"], MADE_BY)
    drafts.remember({"ba": Draft("three", "memory")}, MADE_BY)
    assert set(drafts.recall(["một", "hai", "ba"], MADE_BY)) == {"một", "ba"}
