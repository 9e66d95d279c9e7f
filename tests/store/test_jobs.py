"""Jobs and their items: each article once, whatever happens to the workers."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.errors import JobNotAccepted, JobNotFound
from service.store.jobs import JobStore
from service.store.queue import MAX_ATTEMPTS, ItemQueue
from service.store.values import Counts, ItemState, JobState, NewItem, Outcome


@pytest.fixture
def jobs(store) -> JobStore:
    return JobStore(store)


@pytest.fixture
def queue(store) -> ItemQueue:
    return ItemQueue(store)


def filled(jobs, count=5, **options):
    job = jobs.create(options, name="archive")
    jobs.add_items(job.id, (NewItem(external_id=f"a{n}", text=f"Bài {n}.") for n in range(count)))
    return jobs.seal(job.id)


def work(queue, worker="w", limit=8, seconds=30.0):
    """Lease once and finish all; the positions."""
    leased = queue.lease(worker, limit, seconds=seconds)
    queue.finish([Outcome(item, result=f'{{"of":"{item.text}"}}') for item in leased])
    return [item.position for item in leased]


def test_a_job_runs_from_upload_to_results(jobs, queue):
    job = filled(jobs, 5, target_language="en")
    assert (job.state, job.total) == (JobState.RUNNING, 5)
    first = queue.lease("w", 2)
    assert [item.text for item in first] == ["Bài 0.", "Bài 1."]
    assert first[0].options == {"target_language": "en"}
    queue.finish([Outcome(first[0], result='{"n":0}'), Outcome(first[1], error={"type": "x"})])
    partial = jobs.results(job.id)
    assert [(r.external_id, r.result, r.error) for r in partial] == [
        ("a0", '{"n":0}', None),
        ("a1", None, {"type": "x"}),
    ]
    assert jobs.progress(job.id).counts == Counts(queued=3, done=1, failed=1)
    assert jobs.progress(job.id).eta_s > 0
    assert work(queue) == [2, 3, 4]
    assert jobs.get(job.id).state is JobState.DONE
    assert [r.position for r in jobs.iter_results(job.id)] == [0, 1, 2, 3, 4]
    assert queue.lease("w") == []


def test_results_are_paged_in_order(jobs, queue):
    job = filled(jobs, 7)
    work(queue)
    assert [r.position for r in jobs.results(job.id, after=2, limit=3)] == [3, 4, 5]


def test_an_unsealed_job_is_worked_on_only_by_its_owner(jobs, queue):
    job = jobs.create({})
    jobs.add_items(job.id, [NewItem(text="Một.")])
    assert queue.lease("w") == []
    (item,) = queue.lease("w", job_id=job.id)
    queue.finish([Outcome(item, result="{}")])
    assert jobs.get(job.id).state is JobState.RECEIVING
    assert jobs.seal(job.id).state is JobState.DONE


def test_an_item_has_one_outcome_however_many_workers_finish_it(jobs, queue):
    job = filled(jobs, 1)
    (slow,) = queue.lease("slow", seconds=-1)
    (quick,) = queue.lease("quick")
    assert quick.fence > slow.fence
    assert queue.heartbeat("slow", [slow]) == []
    assert queue.finish([Outcome(slow, result='"slow"')]) == []
    assert len(queue.finish([Outcome(quick, result='"quick"')])) == 1
    assert queue.finish([Outcome(quick, result='"again"')]) == []
    assert [r.result for r in jobs.results(job.id)] == ['"quick"']


def test_heartbeats_keep_a_lease(jobs, queue):
    filled(jobs, 1)
    leased = queue.lease("w", seconds=-1)
    assert queue.heartbeat("w", leased) == leased
    assert queue.lease("other") == []


def test_a_lease_from_before_the_clock_was_set_back_is_taken_over(jobs, queue):
    filled(jobs, 1)
    assert queue.lease("w", seconds=3600)
    assert len(queue.lease("other")) == 1


def test_a_killed_workers_items_go_before_the_rest(jobs, queue):
    filled(jobs, 6)
    queue.lease("killed", 4, seconds=30)
    queue.lease("killed too", 1, seconds=-1)
    assert [item.position for item in queue.lease("w", 2)] == [4, 5]


def test_an_item_that_ends_its_workers_goes_last_and_then_fails(jobs, queue):
    job = filled(jobs, 3)
    for _ in range(3):
        (item,) = queue.lease("killed", 1, seconds=-1)
        assert item.position == 0
    assert work(queue) == [1, 2]
    for _ in range(MAX_ATTEMPTS - 3):
        (item,) = queue.lease("killed", 5, seconds=-1)
    assert queue.lease("w") == []
    assert jobs.get(job.id).state is JobState.DONE
    assert jobs.results(job.id)[0].error["type"] == "item-abandoned"


def test_released_items_are_free_at_once_and_lose_no_attempt(jobs, queue):
    filled(jobs, 3)
    leased = queue.lease("w", 2)
    assert queue.release(leased) == 2
    assert [item.attempts for item in queue.lease("other")] == [1, 1, 1]
    assert queue.finish([Outcome(item, result="{}") for item in leased]) == []


def test_what_an_ended_worker_held_is_free_at_once(jobs, queue):
    filled(jobs, 3)
    queue.lease("ended", 2)
    queue.lease("at work", 1)
    assert queue.release_worker("ended") == 2
    assert [(item.position, item.attempts) for item in queue.lease("w")] == [(0, 2), (1, 2)]


def test_duplicates_are_translated_once(jobs, queue):
    job = jobs.create({})
    jobs.add_items(job.id, [NewItem(text="Một."), NewItem(text="Hai."), NewItem(text="Một.")])
    jobs.add_items(job.id, [NewItem(text="Một."), NewItem(text="Một.", options={"to": "vi"})])
    jobs.seal(job.id)
    leased = queue.lease("w")
    assert [item.position for item in leased] == [0, 1, 4]
    assert jobs.progress(job.id).counts == Counts(leased=3, waiting=2)
    queue.finish([Outcome(leased[0], result='"one"'), Outcome(leased[1], error={"type": "x"})])
    queue.finish([Outcome(leased[2], result='"other"')])
    assert [(r.result, r.same_as) for r in jobs.results(job.id)] == [
        ('"one"', None),
        (None, None),
        ('"one"', 0),
        ('"one"', 0),
        ('"other"', None),
    ]
    assert jobs.get(job.id).state is JobState.DONE


def test_a_duplicate_of_a_finished_item_is_finished(jobs, queue):
    job = jobs.create({})
    jobs.add_items(job.id, [NewItem(text="Một.", same_key="k")])
    (item,) = queue.lease("w", job_id=job.id)
    queue.finish([Outcome(item, result='"one"')])
    jobs.add_items(job.id, [NewItem(text="Một", same_key="k")])
    assert jobs.seal(job.id).state is JobState.DONE
    assert jobs.results(job.id, after=0)[0].result == '"one"'


def test_a_failed_items_duplicates_fail_with_it_and_are_tried_again_with_it(jobs, queue):
    job = jobs.create({})
    jobs.add_items(job.id, [NewItem(text="Một."), NewItem(text="Một.")])
    jobs.add_items(job.id, [NewItem(external_id="line 3", error={"type": "line"})])
    jobs.seal(job.id)
    (item,) = queue.lease("w")
    queue.finish([Outcome(item, error={"type": "x"})])
    assert [r.error["type"] for r in jobs.results(job.id)] == ["x", "x", "line"]
    assert jobs.retry(job.id) == 2
    assert jobs.get(job.id).state is JobState.RUNNING
    assert work(queue) == [0]
    assert jobs.progress(job.id).counts == Counts(done=2, failed=1)
    assert jobs.get(job.id).state is JobState.DONE


def test_cancelling_keeps_what_is_finished(jobs, queue):
    job = filled(jobs, 4)
    work(queue, limit=2)
    (running,) = queue.lease("w", 1)
    before = jobs.results(job.id)
    assert jobs.cancel(job.id).state is JobState.CANCELLED
    assert queue.heartbeat("w", [running]) == []
    assert queue.finish([Outcome(running, result="{}")]) == []
    assert queue.lease("w") == []
    assert [r for r in jobs.results(job.id) if r.state is ItemState.DONE] == before
    assert jobs.progress(job.id).counts == Counts(done=2, cancelled=2)
    with pytest.raises(JobNotAccepted):
        jobs.add_items(job.id, [NewItem(text="Muộn.")])
    assert jobs.retry(job.id, cancelled=True) == 2
    assert work(queue) == [2, 3]
    assert jobs.get(job.id).state is JobState.DONE


def test_cancelling_a_finished_job_changes_nothing(jobs, queue):
    job = filled(jobs, 1)
    work(queue)
    assert jobs.cancel(job.id).state is JobState.DONE


def test_a_job_goes_on_where_its_upload_stopped(jobs):
    job = jobs.create({}, name="archive of 2024")
    jobs.add_items(job.id, [NewItem(external_id="a", text="Một.")])
    found = jobs.find("archive of 2024")
    assert (found.id, found.total) == (job.id, 1)
    assert jobs.known_ids(job.id, ["a", "b"]) == {"a"}
    assert jobs.find("archive of 2023") is None


def test_jobs_are_seen_by_their_owner_only(jobs):
    mine = jobs.create({}, owner="me")
    jobs.create({}, owner="you")
    assert [job.id for job in jobs.jobs("me")] == [mine.id]
    with pytest.raises(JobNotFound):
        jobs.get(mine.id, owner="you")
    jobs.delete(mine.id)
    with pytest.raises(JobNotFound):
        jobs.get(mine.id)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "ấ" * 70_000, ""])
def test_any_text_can_be_stored(jobs, queue, text):
    job = jobs.create({"name": text})
    jobs.add_items(job.id, [NewItem(external_id=text, text=text, meta={"m": text})])
    jobs.seal(job.id)
    (item,) = queue.lease("w")
    assert len(item.text) == len(text)
    queue.finish([Outcome(item, result=text)])
    assert len(jobs.results(job.id)[0].result) == len(text)


def test_eight_workers_share_a_job_without_a_duplicate(jobs, queue):
    job = filled(jobs, 200)
    done: list[int] = []
    lock = threading.Lock()

    def run(name):
        while positions := work(queue, name, limit=3):
            with lock:
                done.extend(positions)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, [f"w{n}" for n in range(8)]))
    assert sorted(done) == list(range(200))
    assert jobs.get(job.id).state is JobState.DONE
    assert jobs.progress(job.id).counts == Counts(done=200)
