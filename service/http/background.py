"""What the service does besides answering: works on jobs, sends webhooks, tidies the store."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.archive.worker import ArchiveWorker, archive_run
from service.errors import SongnguError
from service.http.addresses import Network, networks
from service.http.job_schemas import shown
from service.http.webhooks import deliver_while
from service.pipeline import Pipeline
from service.settings import Settings, SettingsError
from service.store.engine import Store
from service.store.jobs import JobStore
from service.store.uploads import forget_failed_uploads, forget_old_jobs

TIDY_EVERY_S = 60.0
_log = logging.getLogger("songngu")


@contextmanager
def background(
    settings: Settings,
    store: Store,
    pipeline: Pipeline,
    work_arrived: threading.Event,
    stop_when: Callable[[], bool],
) -> Iterator[None]:
    """Threads for the length of the block.

    Articles of jobs end within ten seconds of `stop_when`, beside the requests that end then.
    """
    stopping = threading.Event()
    worker = None
    if settings.archive_threads > 0:
        worker = ArchiveWorker(
            store,
            archive_run(pipeline),
            threads=settings.archive_threads,
            wake=work_arrived,
            stop_when=stop_when,
        )
        worker.start()
    allowed = webhook_networks(settings)
    threads = [
        threading.Thread(
            target=deliver_while,
            args=(store, stopping, lambda job_id: webhook_body(store, job_id), allowed),
            name="webhooks",
            daemon=True,
        ),
        threading.Thread(
            target=_tidy_while, args=(settings, store, stopping), name="tidy", daemon=True
        ),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        if worker is not None:
            worker.stop()


def webhook_networks(settings: Settings) -> tuple[Network, ...]:
    """Private networks that webhooks may go to; raises SettingsError."""
    try:
        return networks(settings.webhook_networks)
    except ValueError as error:
        message = f"SONGNGU_WEBHOOK_NETWORKS must be networks like 10.1.0.0/16: {error}."
        raise SettingsError(message) from error


def webhook_body(store: Store, job_id: str) -> str:
    """What a webhook says: the job as `GET /v1/jobs/{id}` shows it, without the webhook."""
    jobs = JobStore(store)
    job = shown(jobs.get(job_id), jobs.progress(job_id))
    return f'{{"type":"job.ended","job":{job.model_dump_json()}}}'


def _tidy_while(settings: Settings, store: Store, stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            forget_failed_uploads(store)
            if settings.job_retention_days > 0:
                forget_old_jobs(store, settings.job_retention_days)
        except SongnguError as error:
            _log.warning("tidying waits: %s", type(error).__name__)
        stopping.wait(TIDY_EVERY_S)
