"""Fetching from a hub: whole, resumed, corrupted, refused."""

import shutil
from dataclasses import replace

import filelock
import pytest

from models import hub as fetching
from models.catalogue import read_card, read_catalogue
from models.faults import ChecksumMismatch, DownloadFailed, FileMissing, UnsafeFile
from models.hub import pull
from models.installed import remove, verify
from tests.models.files import marian_files, safetensors
from tests.models.hub_server import COMMIT, Hub, serving


@pytest.fixture
def hub():
    with serving(Hub(marian_files())) as running:
        yield running


@pytest.fixture
def card():
    return replace(read_card("opus-mt-vi-en"), repository="owner/tiny")


def fetch(card, data, hub, **settings):
    return pull(card, data, endpoint=hub.url, pause_s=0.01, **settings)


def test_a_model_arrives_whole_with_its_checksums(hub, card, tmp_path):
    seen = []
    installed = fetch(
        card, tmp_path, hub, on_progress=lambda done, total: seen.append((done, total))
    )
    assert installed.installed
    assert installed.revision == COMMIT
    assert set(installed.files) == {
        "config.json",
        "tokenizer_config.json",
        "vocab.json",
        "source.spm",
        "target.spm",
        "model.safetensors",
    }
    assert (installed.folder / "model.safetensors").read_bytes() == safetensors()
    assert seen[-1][0] == seen[-1][1] == sum(map(len, (hub.files[n] for n in installed.files)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert verify(card.id, tmp_path).version == COMMIT[:12]


def test_a_broken_line_is_taken_up_where_it_broke(hub, card, tmp_path):
    hub.break_after["model.safetensors"] = 25_000
    installed = fetch(card, tmp_path, hub)
    ranges = [wanted for name, wanted in hub.requests if name == "model.safetensors"]
    assert ranges == ["", "bytes=25000-"]
    assert (installed.folder / "model.safetensors").read_bytes() == safetensors()


def test_an_interrupted_command_goes_on_the_next_time(hub, card, tmp_path):
    def stop(done, total):
        if done > total // 2:
            raise KeyboardInterrupt

    hub.files["model.safetensors"] = safetensors(25_000_000)
    with pytest.raises(KeyboardInterrupt):
        fetch(card, tmp_path, hub, on_progress=stop)
    assert not read_card(card.id, tmp_path).installed
    hub.requests.clear()
    installed = fetch(card, tmp_path, hub)
    [(name, wanted)] = hub.requests  # the small files were there already
    assert name == "model.safetensors"
    assert int(wanted.removeprefix("bytes=").rstrip("-")) > 1_000_000
    verify(installed.id, tmp_path)


def test_a_server_without_ranges_still_gives_the_whole_file(hub, card, tmp_path):
    hub.break_after["model.safetensors"] = 25_000
    hub.ignore_ranges = True
    installed = fetch(card, tmp_path, hub)
    assert (installed.folder / "model.safetensors").read_bytes() == safetensors()


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_a_corrupted_file_is_refused_and_the_next_try_is_clean(hub, card, tmp_path, name):
    hub.corrupt.add(name)
    with pytest.raises(ChecksumMismatch, match=name.replace(".", r"\.")):
        fetch(card, tmp_path, hub)
    assert not read_card(card.id, tmp_path).installed
    hub.corrupt.clear()
    assert fetch(card, tmp_path, hub).installed


def test_the_catalogues_checksum_stands_above_the_hubs(hub, card, tmp_path):
    with pytest.raises(ChecksumMismatch, match="the catalogue"):
        fetch(replace(card, known_files={"model.safetensors": "0" * 64}), tmp_path, hub)


def test_pickles_are_not_fetched_and_not_accepted_instead(hub, card, tmp_path):
    del hub.files["model.safetensors"]
    with pytest.raises(UnsafeFile, match=r"pytorch_model\.bin.*refs/pr"):
        fetch(card, tmp_path, hub)
    assert hub.requests == []


def test_a_pickle_by_another_name_is_seen_through(hub, card, tmp_path):
    del hub.files["model.safetensors"]
    hub.files["model.bin"] = b"PK\x03\x04" + bytes(20_000)
    with pytest.raises(UnsafeFile, match=r"model\.bin is a pickle"):
        fetch(card, tmp_path, hub)
    assert not read_card(card.id, tmp_path).installed
    assert not any((tmp_path / card.id).glob("*/*"))


def test_names_that_leave_the_folder_are_not_fetched(hub, card, tmp_path):
    hub.files["model-/../../../x-of-1.safetensors"] = safetensors()
    hub.files["../config.json"] = b"{}"
    assert fetch(card, tmp_path, hub).installed
    assert not (tmp_path.parent / "config.json").exists()


def test_a_new_revision_replaces_the_old_one_only_when_it_is_whole(
    hub, card, tmp_path, monkeypatch
):
    first = fetch(card, tmp_path, hub)
    monkeypatch.setattr("tests.models.hub_server.COMMIT", "f" * 40)
    hub.files["model.safetensors"] = safetensors(50_000)
    hub.corrupt.add("model.safetensors")
    with pytest.raises(ChecksumMismatch):
        fetch(card, tmp_path, hub)
    assert verify(card.id, tmp_path).version == first.version
    hub.corrupt.clear()
    second = fetch(replace(first, repository="owner/tiny"), tmp_path, hub, revision="main")
    assert second.version == "f" * 12
    assert not first.folder.exists()
    verify(card.id, tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gated": True}, "asked for at the hub"),
        ({"repository": "owner/other"}, "has no owner/tiny"),
    ],
)
def test_refusals_of_the_hub_say_what_to_do(card, tmp_path, change, words):
    with serving(Hub(marian_files(), **change)) as hub, pytest.raises(DownloadFailed, match=words):
        fetch(card, tmp_path, hub)


def test_no_hub_at_all_is_one_clear_error(card, tmp_path):
    with pytest.raises(DownloadFailed, match="could not be fetched"):
        pull(card, tmp_path, endpoint="http://127.0.0.1:9", pause_s=0.0)


def test_two_that_fetch_the_same_do_not_meet(hub, card, tmp_path):
    held = filelock.FileLock(tmp_path / f".{card.id}.lock")
    with held, pytest.raises(DownloadFailed, match="Another process"):
        fetch(card, tmp_path, hub)
    assert hub.requests == []


def test_a_folder_that_cannot_be_written_is_one_clear_error(hub, card, tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(DownloadFailed, match="could not be fetched"):
        fetch(card, tmp_path / "file" / "models", hub)


def test_a_full_disk_is_noticed_before_the_first_byte(hub, card, tmp_path, monkeypatch):
    monkeypatch.setattr(
        fetching.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 1000)
    )
    with pytest.raises(DownloadFailed, match="GB are needed"):
        fetch(card, tmp_path, hub)
    assert hub.requests == []


def test_removing_frees_the_space_and_forgets_the_files(hub, card, tmp_path):
    installed = fetch(card, tmp_path, hub)
    assert remove(card.id, tmp_path) > 40_000
    assert not installed.folder.exists()
    assert not read_card(card.id, tmp_path).installed


def test_a_deleted_file_is_named(hub, card, tmp_path):
    installed = fetch(card, tmp_path, hub)
    (installed.folder / "vocab.json").unlink()
    with pytest.raises(FileMissing, match=r"vocab\.json"):
        verify(card.id, tmp_path)


def test_every_entry_that_is_not_clean_names_one_that_is():
    cards = read_catalogue()
    for card in cards.values():
        if not card.commercial and card.format != "endpoint":
            assert cards[card.instead].commercial
            assert cards[card.instead].task == card.task
