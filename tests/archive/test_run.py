"""Archives from files to outputs: stopped, killed, gone on with, and the same bytes in the end."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from service.archive import folder as folder_module
from service.archive.writers import Format
from service.errors import ArchiveNotReadable, ArticleEmpty, OutputNotWritable, RunMismatch
from service.render import to_html
from tests.archive.fake_archive import (
    article,
    fake_engine,
    fake_pipeline,
    outputs,
    run,
    write_archive,
)
from tests.fakes import FakeTranslator

ROOT = Path(__file__).parents[2]
ALL = {"formats": list(Format), "renders": {Format.HTML: to_html}}
pytest.importorskip("docx", reason="Word documents need the extra `office`")


def lines_of(folder, name="articles.jsonl"):
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


@pytest.fixture
def archive(tmp_path):
    """Articles, some of them copies, and items that are none."""
    path = tmp_path / "in"
    path.mkdir()
    write_archive(path / "a.jsonl", 20)
    (path / "b.txt").write_text(article(3) + "\nBình luận (12)\n", "utf-8")
    (path / "c.txt").write_text(article(5).replace("công bố kế hoạch năm", "nêu kế hoạch năm"))
    (path / "d.txt").write_bytes(b"\xff\x00\xff")
    (path / "e.txt").write_text("  \n")
    (path / "f.jsonl").write_text('{"id": "z", "text": "Le ministre est venu hier soir ici."}\n{\n')
    return path


def test_every_item_has_its_line_in_the_order_of_the_inputs(archive, tmp_path):
    outcome = run([archive], tmp_path / "out")
    lines = lines_of(tmp_path / "out")
    ids = [f"bai-{n}" for n in range(20)] + ["b.txt", "c.txt", "d.txt", "e.txt", "z", "f.jsonl:2"]
    assert [line["id"] for line in lines] == ids
    errors = {line["id"]: line["error"]["type"] for line in lines if line["state"] == "failed"}
    assert errors == {
        "d.txt": "wrong-encoding",
        "e.txt": "article-empty",
        "z": "language-not-supported",
        "f.jsonl:2": "bad-json",
    }
    assert [line["id"] for line in lines_of(tmp_path / "out", "errors.jsonl")] == list(errors)
    assert (outcome.tally.done, outcome.tally.failed) == (22, Counter(errors.values()))
    assert outcome.is_complete


def test_a_copy_names_its_first_and_accounts_for_its_own_lines(archive, tmp_path):
    seen = tmp_path / "seen"
    run([archive], tmp_path / "out", engine=fake_engine(seen=seen))
    lines = {line["id"]: line for line in lines_of(tmp_path / "out")}
    first, copy, near = lines["bai-3"], lines["b.txt"], lines["c.txt"]
    assert copy["duplicate_of"] == "bai-3"
    assert copy["result"]["blocks"] == first["result"]["blocks"]
    assert [removal["text"] for removal in copy["result"]["removed"]] == ["Bình luận (12)"]
    assert first["result"]["removed"] == []
    assert near["near_duplicate_of"]["id"] == "bai-5"
    assert "duplicate_of" not in near
    assert len(seen.read_text("utf-8").splitlines()) == 21  # the copy was not translated


def test_of_a_near_copy_only_what_differs_is_translated(tmp_path):
    first = article(1) + "\nNgười dân đồng tình với kế hoạch này. Xã giao ban quản lý thực hiện.\n"
    for name, text in (("a", first), ("b", first.replace("8 mục", "9 mục"))):
        (tmp_path / f"{name}.txt").write_text(text)
    translator = FakeTranslator()
    engine = fake_engine(pipeline=fake_pipeline(translator))
    run([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "out", engine=engine)
    one, two = lines_of(tmp_path / "out")
    assert two["near_duplicate_of"]["id"] == "a.txt"
    rungs = [segment["rung"] for block in two["result"]["blocks"] for segment in block["segments"]]
    assert rungs.count("memory") == len(rungs) - 1
    assert "9 MỤC" in two["result"]["text"]
    assert two["result"]["text"].replace("9 MỤC", "8 MỤC") == one["result"]["text"]
    asked = [text for call in translator.asked for text in call]
    assert sum("Người dân đồng tình" in text for text in asked) == 1


def test_a_near_copy_of_what_failed_is_translated_by_itself(tmp_path):
    (tmp_path / "a.txt").write_text(article(1))
    (tmp_path / "b.txt").write_text(article(1).replace("8 mục", "9 mục"))
    whole = fake_engine()

    def fail_first(request, abandoned):
        if "8 mục" in request.text:
            raise ArticleEmpty
        return whole.run(request, abandoned)

    engine = replace(whole, run=fail_first)
    outcome = run([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "out", engine=engine)
    assert (outcome.tally.done, outcome.tally.failed) == (1, Counter({"article-empty": 1}))


def test_a_near_copy_waits_for_the_first(tmp_path):
    (tmp_path / "a.txt").write_text(article(1))
    (tmp_path / "b.txt").write_text(article(1).replace("8 mục", "9 mục"))
    quick = fake_engine()
    order = []

    def slow_first(request, abandoned):
        time.sleep(0.5 if "8 mục" in request.text else 0.0)
        order.append("first" if "8 mục" in request.text else "near")
        return quick.run(request, abandoned)

    run([tmp_path], tmp_path / "out", engine=replace(quick, run=slow_first), threads=2)
    assert order == ["first", "near"]


def test_meta_comes_back_with_the_result(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": article(1), "tags": ["x"], "n": 0}))
    run([tmp_path / "a.jsonl"], tmp_path / "out")
    assert lines_of(tmp_path / "out")[0]["meta"] == {"tags": ["x"], "n": 0}


def test_two_runs_write_the_same_bytes_in_every_format(archive, tmp_path):
    run([archive], tmp_path / "one", **ALL, threads=1)
    run([archive], tmp_path / "two", **ALL, threads=6, engine=fake_engine(seconds=0.01))
    one, two = outputs(tmp_path / "one"), outputs(tmp_path / "two")
    assert one == two
    assert {name.split("/")[0] for name in one} == {
        "articles.jsonl", "errors.jsonl", "json", "text", "html", "docx"
    }  # fmt: skip


def test_a_stopped_run_is_a_beginning_of_the_full_one_and_goes_on(tmp_path):
    write_archive(tmp_path / "a.jsonl", 40)
    run([tmp_path / "a.jsonl"], tmp_path / "full")
    full = (tmp_path / "full" / "articles.jsonl").read_bytes()

    stop = threading.Event()
    seen = tmp_path / "seen"

    engine = fake_engine(seconds=0.2, seen=seen)
    folder = tmp_path / "part"
    stopping = threading.Thread(
        target=lambda: (_wait_for_lines(folder / "articles.jsonl", 5), stop.set())
    )
    stopping.start()
    outcome = run([tmp_path / "a.jsonl"], folder, engine=engine, stop=stop)
    stopping.join()
    part = (folder / "articles.jsonl").read_bytes()
    assert not outcome.is_complete
    assert 5 <= part.count(b"\n") < 40
    assert full.startswith(part)

    again = run([tmp_path / "a.jsonl"], folder, engine=fake_engine(seen=seen), resume=True)
    assert again.is_complete
    assert again.finished == 40 - part.count(b"\n")
    assert (folder / "articles.jsonl").read_bytes() == full
    assert len(seen.read_text("utf-8").splitlines()) == 40  # stopped cleanly: nothing done twice


def _wait_for_lines(path, count, seconds=60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if path.exists() and path.read_bytes().count(b"\n") >= count:
            return
        time.sleep(0.02)


def test_killed_runs_go_on_and_nothing_is_lost_or_done_twice(tmp_path):
    write_archive(tmp_path / "a.jsonl", 60)
    run([tmp_path / "a.jsonl"], tmp_path / "full")
    seen, kills = tmp_path / "seen", 2
    command = [
        sys.executable, "-m", "tests.archive.fake_archive", str(tmp_path / "a.jsonl"),
        str(tmp_path / "part"), "--resume", "--seen", str(seen), "--seconds",
    ]  # fmt: skip
    for kill in range(kills):
        process = subprocess.Popen([*command, "0.1"], cwd=ROOT, stdout=subprocess.DEVNULL)
        _wait_for_lines(tmp_path / "part" / "articles.jsonl", 5 + 10 * kill)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    last = subprocess.run([*command, "0"], cwd=ROOT, capture_output=True, check=True, text=True)
    assert json.loads(last.stdout)["is_complete"]
    assert outputs(tmp_path / "part") == outputs(tmp_path / "full")
    # Each kill loses no more than what was in work, leased ahead or not yet written.
    assert len(seen.read_text("utf-8").splitlines()) <= 60 + kills * 8


def test_a_torn_last_line_is_mended(tmp_path):
    write_archive(tmp_path / "a.jsonl", 6)
    run([tmp_path / "a.jsonl"], tmp_path / "out")
    path = tmp_path / "out" / "articles.jsonl"
    whole = path.read_bytes()
    for torn in (whole + whole[:100], whole[:-50], b""):
        path.write_bytes(torn)
        assert run([tmp_path / "a.jsonl"], tmp_path / "out", resume=True).is_complete
        assert path.read_bytes() == whole


def test_a_format_asked_for_later_is_written_without_translating_again(archive, tmp_path):
    run([archive], tmp_path / "out")
    seen = tmp_path / "seen"
    run([archive], tmp_path / "out", **ALL, resume=True, engine=fake_engine(seen=seen))
    run([archive], tmp_path / "once", **ALL)
    assert not seen.exists()
    assert outputs(tmp_path / "out") == outputs(tmp_path / "once")


def test_lines_added_at_the_end_are_translated_by_resume(tmp_path):
    write_archive(tmp_path / "a.jsonl", 5)
    run([tmp_path / "a.jsonl"], tmp_path / "out")
    write_archive(tmp_path / "a.jsonl", 8)
    outcome = run([tmp_path / "a.jsonl"], tmp_path / "out", resume=True)
    assert (outcome.finished, outcome.tally.done) == (3, 8)
    assert [line["id"] for line in lines_of(tmp_path / "out")] == [f"bai-{n}" for n in range(8)]


def test_failed_articles_are_tried_again_on_request(tmp_path):
    write_archive(tmp_path / "a.jsonl", 6)

    def broken(text):
        if "số 3" in text:
            raise RuntimeError
        return text.upper()

    engine = fake_engine(pipeline=fake_pipeline(FakeTranslator(broken)))
    first = run([tmp_path / "a.jsonl"], tmp_path / "out", engine=engine)
    assert first.tally.failed == {"internal": 1}
    again = run([tmp_path / "a.jsonl"], tmp_path / "out", resume=True, retry_failed=True)
    assert (again.tally.done, again.tally.failed) == (6, Counter())
    run([tmp_path / "a.jsonl"], tmp_path / "full")
    assert outputs(tmp_path / "out") == outputs(tmp_path / "full")


# What is refused


def test_a_folder_with_a_run_needs_resume(tmp_path):
    write_archive(tmp_path / "a.jsonl", 2)
    run([tmp_path / "a.jsonl"], tmp_path / "out")
    with pytest.raises(RunMismatch, match="--resume"):
        run([tmp_path / "a.jsonl"], tmp_path / "out")


def test_outputs_of_something_else_are_not_touched(tmp_path):
    write_archive(tmp_path / "a.jsonl", 2)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "articles.jsonl").write_text("mine")
    with pytest.raises(RunMismatch, match="something else"):
        run([tmp_path / "a.jsonl"], tmp_path / "out")
    assert outputs(tmp_path / "out") == {"articles.jsonl": b"mine"}


@pytest.mark.parametrize(
    "changes", [{"options": {"target_language": "vi"}}, {"engine": {"model": "other"}}]
)
def test_a_run_is_resumed_as_it_was_begun(tmp_path, changes):
    write_archive(tmp_path / "a.jsonl", 2)
    run([tmp_path / "a.jsonl"], tmp_path / "out", options={"target_language": "en"})
    given = {"options": {"target_language": "en"}, **changes}
    given |= {"engine": fake_engine(**given["engine"])} if "engine" in given else {}
    with pytest.raises(RunMismatch, match="was begun with"):
        run([tmp_path / "a.jsonl"], tmp_path / "out", resume=True, **given)


@pytest.mark.parametrize("change", ["text", "order", "fewer"])
def test_changed_inputs_are_named(tmp_path, change):
    path = tmp_path / "a.jsonl"
    write_archive(path, 6)
    run([path], tmp_path / "out")
    before = outputs(tmp_path / "out")
    lines = path.read_text("utf-8").splitlines()
    if change == "text":
        lines[3] = lines[3].replace("giáo dục", "y tế")
    elif change == "order":
        lines[3], lines[4] = lines[4], lines[3]
    else:
        del lines[4:]
    path.write_text("\n".join(lines), "utf-8")
    words = r"6 items then, 4 now" if change == "fewer" else r"a\.jsonl:4 is not what item 4 was"
    with pytest.raises(RunMismatch, match=words):
        run([path], tmp_path / "out", resume=True)
    assert outputs(tmp_path / "out") == before


def test_two_processes_do_not_work_in_one_folder(tmp_path):
    write_archive(tmp_path / "a.jsonl", 2)
    run([tmp_path / "a.jsonl"], tmp_path / "out")
    other = folder_module.Folder(tmp_path / "out", resume=True)
    try:
        with pytest.raises(RunMismatch, match="at work"):
            run([tmp_path / "a.jsonl"], tmp_path / "out", resume=True)
    finally:
        other.close()


def test_a_mistyped_input_leaves_no_folder(tmp_path):
    write_archive(tmp_path / "a.jsonl", 2)
    with pytest.raises(ArchiveNotReadable, match="none"):
        run([tmp_path / "a.jsonl", tmp_path / "none.txt"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_written_is_named(tmp_path):
    write_archive(tmp_path / "a.jsonl", 2)
    (tmp_path / "file").write_text("x")
    (tmp_path / "locked").mkdir(mode=0o500)
    # Root may write anywhere but in /proc.
    places = [tmp_path / "file", tmp_path / "file" / "out", Path("/proc/songngu")]
    if os.geteuid() != 0:
        places.append(tmp_path / "locked" / "out")
    for place in places:
        with pytest.raises(OutputNotWritable, match=str(place)):
            run([tmp_path / "a.jsonl"], place)


def test_a_disk_that_is_full_ends_the_run_and_nothing_is_lost(tmp_path, monkeypatch):
    write_archive(tmp_path / "a.jsonl", 10)
    pwrite, left = os.pwrite, [20_000]

    def limited(file, raw, at):
        if "articles" in str(Path(f"/proc/self/fd/{file}").readlink()):
            left[0] -= len(raw)
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
        return pwrite(file, raw, at)

    monkeypatch.setattr(os, "pwrite", limited)
    with pytest.raises(OutputNotWritable, match=r"full.*--resume"):
        run([tmp_path / "a.jsonl"], tmp_path / "out")
    monkeypatch.setattr(os, "pwrite", pwrite)
    assert run([tmp_path / "a.jsonl"], tmp_path / "out", resume=True).tally.done == 10
    run([tmp_path / "a.jsonl"], tmp_path / "full")
    assert outputs(tmp_path / "out") == outputs(tmp_path / "full")


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 12 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if not made or made.returncode != 0:
        pytest.skip("no right to mount a file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_small_real_disk_fills_up_and_is_made_room_on(tmp_path, small_disk):
    write_archive(tmp_path / "a.jsonl", 60)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(3_700_000))
    with pytest.raises(OutputNotWritable, match="full"):
        run([tmp_path / "a.jsonl"], small_disk / "out")
    ballast.unlink()
    assert run([tmp_path / "a.jsonl"], small_disk / "out", resume=True).tally.done == 60
    run([tmp_path / "a.jsonl"], tmp_path / "full")
    assert outputs(small_disk / "out") == outputs(tmp_path / "full")
