"""Every test of the store runs on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterator

import pytest

from service.store.engine import Store, open_store
from tests.databases import Server, binaries, postgresql_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    if binaries() is None:
        assert not os.environ.get("CI"), "CI must have PostgreSQL"
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with postgresql_server("fsync=off") as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'songngu.db'}"
        return
    with request.getfixturevalue("postgresql").database() as address:
        yield address


@pytest.fixture
def store(store_url) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()
