"""Stored glossaries on both databases: versions that never change, and no lost update."""

import threading

import pytest

from service.article import Language
from service.errors import GlossaryBroken, GlossaryConflict, GlossaryNotFound
from service.store.glossaries import GlossaryStore
from service.terms import read_terms

ONE = read_terms("vi\ten\nđặc khu\tspecial zone")
TWO = read_terms("vi\ten\nđặc khu\tspecial administrative zone; special zone")


@pytest.fixture
def glossaries(store) -> GlossaryStore:
    return GlossaryStore(store)


def test_each_change_is_a_version_and_the_same_is_none(glossaries):
    assert glossaries.put("zones", ONE).version == 1
    assert glossaries.put("zones", ONE).version == 1
    assert glossaries.put("zones", TWO).version == 2
    assert glossaries.put("zones", ONE, name="Khu").version == 3
    assert glossaries.get("zones", 2).terms.rows == TWO.rows
    newest = glossaries.get("zones")
    assert (newest.version, newest.name, newest.terms.label) == (3, "Khu", "zones@3")
    assert newest.terms.source_language is Language.VI
    assert [one.version for one in glossaries.versions("zones")] == [3, 2, 1]


def test_the_list_has_the_newest_of_each(glossaries):
    for name in ("b", "a"):
        glossaries.put(name, ONE)
    glossaries.put("a", TWO)
    assert [(one.id, one.version) for one in glossaries.latest()] == [("a", 2), ("b", 1)]


def test_a_writer_that_comes_late_is_told(glossaries):
    first = glossaries.put("zones", ONE)
    glossaries.put("zones", TWO, expected=first.etag)
    with pytest.raises(GlossaryConflict):
        glossaries.put("zones", ONE, expected=first.etag)
    with pytest.raises(GlossaryConflict):
        glossaries.put("zones", ONE, new=True)
    with pytest.raises(GlossaryConflict):
        glossaries.put("none", ONE, expected=first.etag)
    with pytest.raises(GlossaryConflict):
        glossaries.delete("zones", first.etag)


def test_writers_at_the_same_time_make_one_version_each_or_are_told(glossaries):
    outcomes = []

    def write(n):
        try:
            terms = read_terms(f"vi\ten\nđặc khu\tzone {n}")
            outcomes.append(glossaries.put("zones", terms).version)
        except GlossaryConflict:
            outcomes.append(None)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [version for version in outcomes if version is not None]
    assert sorted(made) == list(range(1, len(made) + 1))
    assert len(outcomes) == 8
    assert made


def test_what_is_not_there(glossaries):
    glossaries.put("zones", ONE)
    glossaries.delete("zones")
    for work in (glossaries.get, glossaries.versions, glossaries.delete):
        with pytest.raises(GlossaryNotFound):
            work("zones")
    with pytest.raises(GlossaryNotFound):
        glossaries.get("zones", 1)


@pytest.mark.parametrize("name", ["", "Zones", "đặc-khu", "a/b", "-a", "a" * 65])
def test_a_name_is_small_letters(glossaries, name):
    with pytest.raises(GlossaryBroken, match="id has"):
        glossaries.put(name, ONE)


def test_terms_without_a_language_are_refused(glossaries):
    with pytest.raises(GlossaryBroken, match="source_language"):
        glossaries.put("zones", read_terms("đặc khu\tspecial zone"))
