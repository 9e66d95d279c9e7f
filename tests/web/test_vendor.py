"""Vendored files are the ones that were checked in on purpose."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "service/web/static/vendor", ROOT / "tests/web/vendor")


@pytest.mark.parametrize("folder", FOLDERS, ids=("served", "tests"))
def test_vendored_files_match_their_checksums(folder):
    pinned = [line.split() for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()]
    assert {name for _, name in pinned} == {
        path.name for path in folder.iterdir() if path.suffix in (".js", ".css")
    }
    for digest, name in pinned:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
