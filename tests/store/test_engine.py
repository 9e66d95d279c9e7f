"""Opening, migrating, backing up; failures that say what to do."""

import contextlib
import sqlite3
import threading
import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, text

from service.errors import KeyInUse, KeyReused, SongnguError, StoreFull, StoreUnavailable
from service.store.engine import Store, open_store
from service.store.idempotency import CLAIM_S, IdempotencyKeys, answer, compare
from service.store.jobs import JobStore
from service.store.tables import metadata
from service.store.values import NewItem


def test_the_migrations_build_the_tables_of_the_code(store):
    with store.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_a_store_opens_again_with_what_it_held(store, store_url):
    job = JobStore(store).create({"a": 1})
    store.close()
    again = open_store(store_url)
    assert JobStore(again).get(job.id).options == {"a": 1}
    again.close()


def test_many_open_a_new_store_at_once(store_url):
    failures = []

    def opening():
        try:
            open_store(store_url).close()
        except SongnguError as error:
            failures.append(error)

    threads = [threading.Thread(target=opening) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_sqlite_is_kept_from_wal_and_from_lost_commits(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    with store.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "truncate"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    assert store.problems() == []
    store.close()


def test_a_backup_is_a_store_of_its_own(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    job = JobStore(store).create({})
    store.backup(tmp_path / "b.db")
    copy = open_store(f"sqlite:///{tmp_path / 'b.db'}")
    assert JobStore(copy).get(job.id) == job
    store.close()
    copy.close()


@pytest.mark.parametrize(
    "url", ["mysql://host/name", "nonsense", "sqlite:////proc/nowhere/a.db", "sqlite:////proc/a.db"]
)
def test_an_address_that_cannot_be_used_is_one_clear_error(url):
    with pytest.raises(StoreUnavailable):
        open_store(url)


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path):
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StoreUnavailable, match="damaged"):
        open_store(f"sqlite:///{path}")


def test_a_failed_transaction_leaves_nothing(store):
    jobs = JobStore(store)
    job = jobs.create({})
    broken = [NewItem(text="Một."), NewItem(text="Hai.", meta={"x": float("nan")})]
    with pytest.raises(ValueError, match="JSON"):
        jobs.add_items(job.id, broken)
    assert jobs.get(job.id).total == 0


def test_a_writer_in_another_process_is_waited_for(tmp_path):
    path = tmp_path / "a.db"
    store = open_store(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, lambda: other.execute("COMMIT")).start()
    assert JobStore(store).create({}).total == 0
    other.close()
    store.close()


def test_one_key_has_one_effect(store):
    keys = IdempotencyKeys(store)
    first = keys.claim("me", "jobs", "k", reference="job 1")
    with pytest.raises(KeyInUse):
        keys.claim("me", "jobs", "k", reference="job 2")
    keys.claim("you", "jobs", "k")
    keys.extend(first)
    store.transact(lambda connection: answer(connection, first, "f"))
    again = keys.claim("me", "jobs", "k", reference="job 3")
    assert (again.answered, again.reference) == (True, "job 1")
    compare(again, "f")
    with pytest.raises(KeyReused):
        compare(again, "g")


def test_a_failed_requests_key_may_come_again(store):
    keys = IdempotencyKeys(store)
    keys.forget(keys.claim("me", "jobs", "k"))
    assert not keys.claim("me", "jobs", "k").answered


def test_a_killed_requests_key_is_taken_over(store):
    keys = IdempotencyKeys(store)
    killed = keys.claim("me", "jobs", "k", reference="half a job")
    age = text("UPDATE idempotency_keys SET claimed_until = claimed_until - :s")
    store.transact(lambda connection: connection.execute(age, {"s": CLAIM_S + 1}))
    heir = keys.claim("me", "jobs", "k", reference="job")
    assert heir.abandoned == "half a job"
    with pytest.raises(KeyInUse):
        store.transact(lambda connection: answer(connection, killed, "f"))
    with pytest.raises(KeyInUse):
        keys.extend(killed)


def test_ten_at_once_with_one_key_are_one(store):
    keys = IdempotencyKeys(store)

    def claim(key, won, lost):
        try:
            won.append(keys.claim("me", "jobs", key))
        except KeyInUse:
            lost.append(key)

    for turn in range(10):
        won, lost = [], []
        threads = [threading.Thread(target=claim, args=(f"k{turn}", won, lost)) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(won), len(lost)) == (1, 9)


def test_a_claim_made_while_another_looks_is_not_taken_over(postgresql, monkeypatch):
    """By a time from before it, that claim would end later than any could."""
    read, looked, outcome = Store.now, threading.Event(), []

    def late(self, connection):
        moment = read(self, connection)
        if threading.current_thread().name == "slow" and not looked.is_set():
            looked.set()
            time.sleep(0.5)  # in which the other one claims
        return moment

    def claim_slowly():
        try:
            outcome.append(keys.claim("me", "jobs", "k"))
        except KeyInUse:
            outcome.append(None)

    with postgresql.database() as url, contextlib.closing(open_store(url)) as store:
        keys = IdempotencyKeys(store)
        monkeypatch.setattr(Store, "now", late)
        thread = threading.Thread(target=claim_slowly, name="slow")
        thread.start()
        assert looked.wait(10)
        keys.claim("me", "jobs", "k")
        thread.join()
    assert outcome == [None]


def test_a_full_disk_is_said_and_nothing_accepted_is_lost(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    jobs = JobStore(store)
    job = jobs.create({})
    jobs.add_items(job.id, [NewItem(text="Một.")])

    @event.listens_for(store.engine, "checkout")
    def limit(connection, *_):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 8}").fetchall()

    with pytest.raises(StoreFull):
        jobs.add_items(job.id, (NewItem(text=f"Bài {n}. " * 2000) for n in range(50)))
    assert jobs.get(job.id).total == 1
    assert store.problems() == []
    event.remove(store.engine, "checkout", limit)
    store.close()
    again = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    assert JobStore(again).add_items(job.id, [NewItem(text="Hai.")]) == 2
    again.close()
