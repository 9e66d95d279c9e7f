"""Revisions and votes: nothing is overwritten unseen, nothing is done twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.errors import EditConflict, ReviewItemNotFound, VoteStored
from service.store.review_values import NewReviewItem, Save, Vote
from service.store.reviews import ReviewStore
from tests.review.items import add_item, plain_result


@pytest.fixture
def reviews(store):
    return ReviewStore(store)


@pytest.fixture
def item(reviews):
    return add_item(reviews, [plain_result(("Một.", "One.")), plain_result(("Một.", "1."))])


def save(item, text, expected, *, session="s", save_id=None, who="lan", **values):
    return Save(
        item_id=item,
        segment="b1s1",
        text=text,
        base=0,
        expected=expected,
        reviewer_id=who,
        session=session,
        save_id=save_id or text,
        **values,
    )


def texts(reviews, item):
    return [edit.text for edit in reviews.history(item, "b1s1")]


def test_saves_of_one_session_are_one_revision(reviews, item):
    for version, text in enumerate(("a", "ab", "abc")):
        assert reviews.save(save(item, text, version)).version == version + 1
    reviews.save(save(item, "new", 3, session="later"))
    assert texts(reviews, item) == ["abc", "new"]


def test_a_save_that_comes_twice_is_done_once(reviews, item):
    first = reviews.save(save(item, "a", 0, save_id="one"))
    assert reviews.save(save(item, "a", 0, save_id="one")) == first
    assert texts(reviews, item) == ["a"]


def test_a_save_over_an_unseen_one_is_refused(reviews, item):
    reviews.save(save(item, "Lan's", 0))
    for expected in (0, 2):
        with pytest.raises(EditConflict):
            reviews.save(save(item, "Minh's", expected, session="t", who="minh"))
    assert texts(reviews, item) == ["Lan's"]


def test_of_many_at_once_one_wins_and_the_others_are_told(reviews, item):
    def attempt(number):
        try:
            reviews.save(save(item, f"text {number}", 0, session=str(number), who=str(number)))
        except EditConflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(16))) == 1
    assert len(texts(reviews, item)) == 1


def test_a_correction_takes_the_approval_back(reviews, item):
    reviews.approve(item, "lan")
    reviews.approve(item, "lan")
    assert reviews.item(item).approved
    reviews.save(save(item, "a", 0))
    assert not reviews.item(item).approved


def test_a_vote_on_the_article_is_final_and_those_on_sentences_are_not(reviews, item):
    vote = Vote(item_id=item, reviewer_id="lan", choice="1", shown=(1, 0), segment="b1s1")
    reviews.vote(vote)
    reviews.vote(vote)
    final = Vote(item_id=item, reviewer_id="lan", choice="tie", shown=(1, 0), reasons=("style",))
    reviews.vote(final)
    for late in (vote, final):
        with pytest.raises(VoteStored):
            reviews.vote(late)
    assert [(v.choice, v.shown, v.reasons) for v in reviews.votes(item_id=item)] == [
        ("1", (1, 0), ()),
        ("tie", (1, 0), ("style",)),
    ]


def test_flagged_articles_come_first(reviews):
    def add(title, flagged):
        outputs = (("m", "{}"),)
        reviews.add(
            NewReviewItem(
                outputs=outputs, title=title, source_language="vi", target_language="en",
                segments=1, flagged=flagged,
            )
        )  # fmt: skip

    for title, flagged in (("clean", 0), ("flagged", 2), ("clean too", 0)):
        add(title, flagged)
    assert reviews.items("lan")[0].title == "flagged"
    assert [one.sequence for one in reviews.items("lan")].count(0) == 1


def test_corrections_follow_their_segment_when_an_article_is_made_anew(reviews, item):
    reviews.save(save(item, "corrected", 0))
    anew = NewReviewItem(
        outputs=(("m", "{}"),), title="t", source_language="vi", target_language="en",
        segments=2, flagged=0,
    )  # fmt: skip
    reviews.replace(item, anew, {"b1s1": "b2s1"})
    assert [edit.text for edit in reviews.history(item, "b2s1")] == ["corrected"]
    assert texts(reviews, item) == []
    assert len(reviews.outputs(item)) == 1


def test_unknown_articles_are_told(reviews):
    for ask in (reviews.item, reviews.raw, reviews.outputs):
        with pytest.raises(ReviewItemNotFound):
            ask("nothing")
    with pytest.raises(ReviewItemNotFound):
        reviews.save(save("nothing", "a", 0))
