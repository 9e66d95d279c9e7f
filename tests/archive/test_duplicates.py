"""Copies and near copies of articles, found in one pass."""

import pytest

from service.archive.duplicates import DuplicateIndex, fingerprint
from service.archive.identity import Names, file_name
from service.archive.positions import FirstPositions
from service.article import Article, Block, BlockKind, Removal

DIGEST = bytes(range(16))
SENTENCES = [
    f"Ngày {n}/3/2024, Ủy ban nhân dân xã số {n} họp bàn về đất đai, thuế và {n * 7} hộ nghèo."
    for n in range(1, 21)
]


def article(sentences, removed=()):
    return Article((Block(BlockKind.PARAGRAPH, " ".join(sentences)),), removed)


@pytest.fixture
def index(tmp_path):
    one = DuplicateIndex(tmp_path / "fingerprints")
    yield one
    one.close()


def add(index, position, sentences, **more):
    return index.add(position, DIGEST, fingerprint(article(sentences, **more)))


def test_a_copy_is_exact_whatever_was_removed_around_it(index):
    assert add(index, 0, SENTENCES) is None
    match = add(index, 1, SENTENCES, removed=(Removal("Bình luận (7)", 9, "comment-count"),))
    assert (match.position, match.exact) == (0, True)


def test_one_changed_figure_is_a_near_copy_never_an_exact_one(index):
    add(index, 0, SENTENCES)
    changed = [SENTENCES[0].replace("7 hộ", "8 hộ"), *SENTENCES[1:]]
    match = add(index, 1, changed)
    assert (match.position, match.exact) == (0, False)
    assert match.similarity > 0.9


def test_another_kind_of_block_is_no_exact_copy(index):
    add(index, 0, SENTENCES)
    heading = Article((Block(BlockKind.HEADING, " ".join(SENTENCES)),))
    assert not index.add(1, DIGEST, fingerprint(heading)).exact


def test_articles_that_share_some_sentences_are_no_copies(index):
    add(index, 0, SENTENCES)
    other = [f"Hội nghị lần {n} thông qua {n + 40} nghị quyết của tỉnh." for n in range(15)]
    assert add(index, 1, [*SENTENCES[:5], *other]) is None


@pytest.mark.parametrize("sentences", [[""], ["Tin."], ["a b"]])
def test_short_articles_are_compared_too(index, sentences):
    add(index, 0, ["Xin chào."])
    assert add(index, 1, sentences) is None
    assert add(index, 2, sentences).exact


def test_a_later_run_finds_the_copies_of_an_earlier_one(tmp_path):
    index = DuplicateIndex(tmp_path / "fingerprints")
    add(index, 0, SENTENCES)
    index.add(1, b"\1" * 16, None)
    index.close()
    again = DuplicateIndex(tmp_path / "fingerprints")
    assert (again.restore(0), again.restore(1), again.restore(2)) == (DIGEST, b"\1" * 16, None)
    match = add(again, 2, SENTENCES)
    assert (match.position, match.exact) == (0, True)
    again.close()


def test_a_thousand_copies_all_name_the_first(index):
    assert add(index, 0, SENTENCES[:3]) is None
    assert {add(index, n, SENTENCES[:3]).position for n in range(1, 1000)} == {0}


def test_the_table_holds_what_a_dict_would():
    table, expected = FirstPositions(), {}
    for position in range(20_000):
        key = (position * 2654435761) % 15_000 << 40  # many keys twice, all alike in the low bits
        assert table.claim(key, position) == expected.setdefault(key, position)
    assert len(table) == len(expected)


def test_many_items_of_one_id_get_ids_of_their_own():
    names = Names()
    assert len({names.claim("x") for _ in range(5000)}) == 5000


@pytest.mark.parametrize(
    "item_id",
    [
        "../../etc/passwd", "/etc/passwd", "a/../../b", "..", ".", "", "/", "a\0b", "a\nb",
        "con", "COM1.txt", "C:\\windows\\x", "~root", "-rf", ".hidden", "x" * 5000, "ế" * 5000,
        "a/" * 500 + "b", "https://a.gov.vn/tin?id=1&b=2", "tin. ", "e\u0301", "\ud800",
    ],
)  # fmt: skip
def test_file_names_stay_in_their_folder(tmp_path, item_id):
    path = (tmp_path / f"{file_name(item_id)}.json").resolve()
    assert path.is_relative_to(tmp_path)
    assert path != tmp_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    assert path.name[0] not in ".-~"
    assert all(len(part.encode()) <= 255 for part in path.relative_to(tmp_path).parts)


def test_ids_that_clean_to_one_name_have_files_of_their_own():
    ids = ["a b", "a-b", "a:b", "a/b", "a/./b", "a//b", "con", "con_", "a#2", "ế", "e\u0302\u0301"]
    assert len({file_name(each) for each in ids}) == len(ids)
