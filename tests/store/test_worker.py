"""Workers: every article once, stopped in time, and nothing lost when the store fails."""

import json
import threading
import time

import pytest

from service.archive.worker import ArchiveWorker
from service.errors import ArticleEmpty, EngineBusy, RequestAbandoned, StoreFull
from service.result import Result
from service.store.jobs import JobStore
from service.store.queue import ItemQueue
from service.store.values import Counts, ItemState, JobState, NewItem
from tests.fakes import plain_result


def until(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


@pytest.fixture
def jobs(store) -> JobStore:
    return JobStore(store)


@pytest.fixture
def start(store):
    """Start a worker that ends with the test."""
    workers = []

    def starting(run, **options):
        workers.append(ArchiveWorker(store, run, **options))
        workers[-1].start()
        return workers[-1]

    yield starting
    for worker in workers:
        worker.stop()


def filled(jobs, texts, **options):
    job = jobs.create(options)
    jobs.add_items(job.id, (NewItem(external_id=text, text=text) for text in texts))
    return jobs.seal(job.id)


def is_done(jobs, job):
    return lambda: jobs.get(job.id).state is JobState.DONE


def echo(request, _abandoned) -> Result:
    return plain_result(request.text)


def test_every_item_gets_its_own_result(jobs, start):
    job = filled(jobs, [f"Bài {n}." for n in range(30)])
    worker = start(echo, threads=3)
    until(is_done(jobs, job))
    results = [Result.model_validate_json(r.result) for r in jobs.iter_results(job.id)]
    assert [result.text for result in results] == [f"Bài {n}." for n in range(30)]
    assert all(result.timings_ms == {} for result in results)
    until(worker.is_idle)
    assert worker.stats().finished == 30


def test_the_jobs_options_reach_the_pipeline(jobs, start):
    asked = []

    def run(request, _abandoned):
        asked.append(request)
        return plain_result(request.text)

    job = filled(jobs, ["Một."], target_language="en", summary_sentences=1, repair=False)
    start(run)
    until(is_done(jobs, job))
    (request,) = asked
    assert (request.target_language, request.summary_sentences, request.repair) == ("en", 1, False)


def test_a_bad_article_is_its_own_error_and_no_other(jobs, start):
    def run(request, _abandoned):
        if request.text == "empty":
            raise ArticleEmpty
        if request.text == "broken":
            raise ZeroDivisionError
        return plain_result(request.text)

    job = filled(jobs, ["empty", "Một.", "broken"])
    start(run)
    until(is_done(jobs, job))
    errors = [r.error and r.error["type"] for r in jobs.results(job.id)]
    assert errors == ["article-empty", None, "internal"]
    assert "ZeroDivision" not in json.dumps(jobs.results(job.id)[2].error)


def test_a_busy_engine_delays_and_fails_nothing(jobs, start, monkeypatch):
    monkeypatch.setattr("service.archive.worker.BUSY_S", 0.01)
    refused = iter(range(3))

    def run(request, _abandoned):
        if next(refused, None) is not None:
            message = "full"
            raise EngineBusy(message)
        return plain_result(request.text)

    job = filled(jobs, ["Một.", "Hai."])
    start(run)
    until(is_done(jobs, job))
    assert jobs.progress(job.id).counts == Counts(done=2)


def test_long_articles_outlive_their_lease(jobs, start):
    def slow(request, _abandoned):
        time.sleep(2.5)
        return plain_result(request.text)

    job = filled(jobs, ["Một.", "Hai."])
    first = start(slow, threads=2, lease_s=1.0)
    second = start(slow, threads=2, lease_s=1.0)
    until(is_done(jobs, job))
    until(lambda: first.is_idle() and second.is_idle())
    assert first.stats().finished + second.stats().finished == 2


def wanted_for(seconds, counter=None):
    def run(request, abandoned):
        if counter is not None:
            counter.append(request.text)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if abandoned():
                raise RequestAbandoned
            time.sleep(0.02)
        return plain_result(request.text)

    return run


def test_a_cancelled_jobs_articles_are_dropped_in_the_middle(jobs, start):
    begun = []
    job = filled(jobs, ["Một.", "Hai."])
    worker = start(wanted_for(60, begun), threads=1, lease_s=2.0)
    until(lambda: begun)
    jobs.cancel(job.id)
    until(worker.is_idle, 10)
    assert jobs.progress(job.id).counts == Counts(cancelled=2)


def test_stopping_gives_everything_back_at_once(jobs, start, store, monkeypatch):
    monkeypatch.setattr("service.archive.worker.GRACE_S", 0.3)
    begun = []
    job = filled(jobs, [f"Bài {n}." for n in range(8)])
    worker = start(wanted_for(60, begun), threads=2)
    until(lambda: len(begun) == 2)
    started = time.monotonic()
    worker.stop()
    assert time.monotonic() - started < 10
    assert jobs.progress(job.id).counts == Counts(queued=8)
    assert len(ItemQueue(store).lease("next", 8)) == 8


def test_articles_that_end_in_time_are_kept_when_it_stops(jobs, start):
    begun = []
    job = filled(jobs, ["Một.", "Hai.", "Ba."])
    worker = start(wanted_for(1.0, begun), threads=1)
    until(lambda: begun)
    worker.stop()
    assert jobs.progress(job.id).counts == Counts(queued=2, done=1)


def test_outcomes_wait_while_the_disk_is_full(jobs, start, monkeypatch):
    monkeypatch.setattr("service.archive.worker.FAILED_STORE_S", 0.05)
    finish, failures = ItemQueue.finish, iter(range(5))

    def failing(self, outcomes):
        if next(failures, None) is not None:
            message = "full"
            raise StoreFull(message)
        return finish(self, outcomes)

    monkeypatch.setattr(ItemQueue, "finish", failing)
    begun = []
    job = filled(jobs, [f"Bài {n}." for n in range(5)])
    start(wanted_for(0, begun))
    until(is_done(jobs, job))
    assert jobs.progress(job.id).counts == Counts(done=5)
    assert len(begun) == 5


def test_a_job_that_arrives_is_begun_at_once(jobs, start, monkeypatch):
    monkeypatch.setattr("service.archive.worker.IDLE_S", 60.0)
    wake = threading.Event()
    worker = start(echo, wake=wake)
    until(worker.is_idle)
    job = filled(jobs, ["Một."])
    wake.set()
    until(is_done(jobs, job), 10)


def test_a_cancelled_job_has_what_a_full_run_has(jobs, start):
    texts = [f"Bài số {n}." for n in range(40)]
    whole = filled(jobs, texts)
    start(wanted_for(0.02))
    until(is_done(jobs, whole))
    part = filled(jobs, texts)
    until(lambda: jobs.progress(part.id).counts.done >= 5)
    jobs.cancel(part.id)
    full = {r.position: r for r in jobs.iter_results(whole.id)}
    done = [r for r in jobs.iter_results(part.id) if r.state is ItemState.DONE]
    assert 5 <= len(done) < 40
    assert all(r == full[r.position] for r in done)
