"""Vendored files are the ones that were checked in on purpose."""

import hashlib
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "service" / "web" / "static" / "vendor"


def test_vendored_files_match_their_checksums():
    pinned = [line.split() for line in (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines()]
    assert {name for _, name in pinned} == {
        path.name for path in VENDOR.iterdir() if path.suffix in (".js", ".css")
    }
    for digest, name in pinned:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name
