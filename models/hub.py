"""Fetches models from a hub: resumable, checked, all or nothing.

`huggingface_hub` knows the interface, the default address and the user's token. But the downloads
of its version 1.33 start anew after an interruption, since the partial file has a random name and
is deleted, and within one they lose up to 10 MB at each break of the line. So the bytes are fetched
here, through its session, into a partial file that stays.
"""

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import filelock

from models.catalogue import Card
from models.checkpoint import check_safetensors, wanted, weights_of
from models.faults import CardError, ChecksumMismatch, DownloadFailed
from models.installed import record, sha256_of, vocabulary_of
from models.offline import go_online

ATTEMPTS = 5  # without a byte in between
PAUSE_S = 1.0  # before the second attempt; doubled each time
SPARE_BYTES = 100_000_000  # left free on the disk

Progress = Callable[[int, int], None]  # bytes that have arrived, bytes in all


@dataclass(frozen=True, slots=True)
class _Remote:
    """A file as the hub describes it."""

    name: str
    size: int
    sha256: str  # of files in large-file storage; else empty
    blob: str  # git's SHA-1 of the others


def pull(
    card: Card,
    data: Path,
    *,
    endpoint: str = "",
    revision: str = "",
    on_progress: Progress | None = None,
    pause_s: float = PAUSE_S,
) -> Card:
    """Fetch the model's files into the data folder and register them; returns its card.

    What was interrupted goes on where it stopped. Every file is compared with the checksum that the
    catalogue, or else the hub, gives for it; the checksums found are recorded and compared at every
    load. Raises CardError; a model that was installed before stays as it was then.
    """
    if not card.repository:
        message = f"Model `{card.id}` is in no hub; there is nothing to fetch."
        raise DownloadFailed(message)
    go_online()
    with _explained(card):
        data.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(data / f".{card.id}.lock", timeout=0):
            commit, remotes = _listing(card, endpoint, revision or card.revision)
            incoming = data / "incoming" / f"{card.id}-{commit[:12]}"
            incoming.mkdir(parents=True, exist_ok=True)
            _check_space(remotes, incoming)
            source = _Source(card.repository, commit, endpoint)
            done, total = 0, sum(remote.size for remote in remotes)
            for remote in remotes:
                report = partial(_report, on_progress, done, total)
                _fetch(card, remote, incoming, source, report, pause_s)
                done += remote.size
            return _install(card, commit, remotes, incoming, data)


def _report(on_progress: Progress | None, before: int, total: int, here: int) -> None:
    if on_progress is not None:
        on_progress(before + here, total)


@dataclass(frozen=True, slots=True)
class _Source:
    repository: str
    commit: str
    endpoint: str


def _listing(card: Card, endpoint: str, revision: str) -> tuple[str, list[_Remote]]:
    """The commit that `revision` names now, and the files of it that are used."""
    from huggingface_hub import HfApi

    info = HfApi(endpoint=endpoint or None).model_info(
        card.repository, revision=revision, files_metadata=True
    )
    siblings = {sibling.rfilename: sibling for sibling in info.siblings or []}
    weights_of(siblings)
    names = wanted(siblings)
    weights = weights_of(names)
    if not weights.endswith(".index.json"):
        names = [name for name in names if not name.startswith("model-")]
    remotes = [_remote(siblings[name]) for name in names]
    if not info.sha:
        message = f"The hub does not say which commit `{revision}` of {card.repository} is."
        raise DownloadFailed(message)
    return info.sha, sorted(remotes, key=lambda remote: remote.size)


def _remote(sibling: Any) -> _Remote:  # noqa: ANN401 - a class of the library's
    return _Remote(
        sibling.rfilename,
        sibling.size or 0,
        sibling.lfs.sha256 if sibling.lfs else "",
        sibling.blob_id or "",
    )


def _check_space(remotes: list[_Remote], folder: Path) -> None:
    there = sum(path.stat().st_size for path in folder.iterdir())
    needed = sum(remote.size for remote in remotes) - there + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if needed > free:
        message = f"{folder} has {free / 1e9:.1f} GB free, but {needed / 1e9:.1f} GB are needed."
        raise DownloadFailed(message)


def _fetch(
    card: Card,
    remote: _Remote,
    folder: Path,
    source: _Source,
    on_bytes: Callable[[int], None],
    pause_s: float,
) -> None:
    """One file, whole and checked, into `folder`."""
    path = folder / remote.name
    if not path.exists():
        arriving = folder / f"{remote.name}.partial"
        _download(arriving, remote, source, on_bytes, pause_s)
        try:
            _check(arriving, remote, card)
        except CardError:
            arriving.unlink()
            raise
        arriving.replace(path)
    on_bytes(remote.size)


def _download(
    arriving: Path,
    remote: _Remote,
    source: _Source,
    on_bytes: Callable[[int], None],
    pause_s: float,
) -> None:
    import httpx
    from huggingface_hub import hf_hub_url

    url = hf_hub_url(
        source.repository,
        remote.name,
        revision=source.commit,
        endpoint=source.endpoint or None,
    )
    arriving.touch()
    if arriving.stat().st_size > remote.size:
        arriving.write_bytes(b"")
    attempt = 0
    while (start := arriving.stat().st_size) < remote.size:
        on_bytes(start)
        try:
            _stream(url, arriving, remote.size, on_bytes)
        except (httpx.HTTPError, OSError) as error:
            attempt = attempt + 1 if arriving.stat().st_size == start else 1
            status = getattr(getattr(error, "response", None), "status_code", 503)
            if attempt >= ATTEMPTS or status in (401, 403, 404):
                raise
            time.sleep(pause_s * 2 ** (attempt - 1))


def _stream(url: str, arriving: Path, size: int, on_bytes: Callable[[int], None]) -> None:
    """Append what is missing, or write all where the hub sends all, but never more than `size`."""
    from huggingface_hub import get_session
    from huggingface_hub import utils as library

    start = arriving.stat().st_size
    headers = library.build_hf_headers()  # type: ignore[attr-defined]
    headers["Accept-Encoding"] = "identity"
    if start:
        headers["Range"] = f"bytes={start}-"
    session = get_session()
    with session.stream("GET", url, headers=headers, follow_redirects=True) as response:
        library.hf_raise_for_status(response)  # type: ignore[attr-defined]
        resumed = response.status_code == 206  # Partial Content
        with arriving.open("ab" if resumed else "wb") as content:
            for part in response.iter_bytes():
                content.write(part[: size - content.tell()])
                on_bytes(content.tell())
                if content.tell() == size:
                    break


def _check(path: Path, remote: _Remote, card: Card) -> None:
    """Raise CardError unless the file is the one that the catalogue, or the hub, describes."""
    sha256 = sha256_of(path)
    if remote.sha256:
        _compare(remote.name, sha256, remote.sha256, "the hub")
    else:
        _compare(remote.name, _blob(path), remote.blob, "the hub")
    if remote.name in card.known_files:
        _compare(remote.name, sha256, card.known_files[remote.name], "the catalogue")
    if remote.name.endswith(".safetensors"):
        check_safetensors(path)


def _compare(name: str, found: str, expected: str, who: str) -> None:
    if found != expected:
        message = (
            f"{name} arrived damaged or was replaced: its checksum is {found[:12]}…, {who} says "
            f"{expected[:12] or 'none'}…. Nothing was installed; try again."
        )
        raise ChecksumMismatch(message)


def _blob(path: Path) -> str:
    """Git's name for a file's content: the hub has no other checksum for small files."""
    content = path.read_bytes()
    start = b"blob %d\0" % len(content)
    return hashlib.sha1(start + content, usedforsecurity=False).hexdigest()


def _install(card: Card, commit: str, remotes: list[_Remote], incoming: Path, data: Path) -> Card:
    """Move the files to their place and write the card."""
    files = {remote.name: sha256_of(incoming / remote.name) for remote in remotes}
    home = data / card.id
    home.mkdir(exist_ok=True)
    staged = home / commit[:12]
    shutil.rmtree(staged, ignore_errors=True)
    incoming.rename(staged)
    entry = {
        "id": card.id,
        "version": commit[:12],
        "revision": commit,
        "folder": commit[:12],
        "files": files,
        "weights": weights_of(files),
        "vocabulary": vocabulary_of(card.family, files),
        "format": "ctranslate2" if "model.bin" in files else "transformers",
        "size_bytes": sum(remote.size for remote in remotes),
    }
    try:
        installed = record(entry, data)
    except CardError:
        shutil.rmtree(staged)
        raise
    for older in home.iterdir():  # earlier versions, now that nothing names them
        if older.is_dir() and older != staged:
            shutil.rmtree(older)
    return installed


@contextmanager
def _explained(card: Card) -> Iterator[None]:
    """The library's errors as one of ours, with what to do."""
    import httpx
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError as error:
        message = f"{card.repository} must be asked for at the hub, with an account of your own."
        raise DownloadFailed(message) from error
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError) as error:
        message = f"The hub has no {card.repository}, or no such revision of it."
        raise DownloadFailed(message) from error
    except filelock.Timeout as error:
        message = f"Another process is fetching `{card.id}` now."
        raise DownloadFailed(message) from error
    except (httpx.HTTPError, errors.HfHubHTTPError, OSError, ValueError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        message = (
            f"`{card.id}` could not be fetched: {reason} What has arrived is kept: the same "
            "command goes on from there."
        )
        raise DownloadFailed(message) from error
