"""A real PostgreSQL server for tests, started from the installed binaries."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

_ACCOUNT = "postgres"  # the server refuses to run as root


@dataclass(frozen=True)
class Server:
    """A server on a unix socket in its own folder."""

    socket: Path

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """A fresh database; yields its address."""
        name = f"t{uuid.uuid4().hex}"
        with self._administer() as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"postgresql://{_ACCOUNT}@/{name}?host={self.socket}"
        finally:
            with self._administer() as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _administer(self) -> psycopg.Connection:
        return psycopg.connect(f"host={self.socket} user={_ACCOUNT}", autocommit=True)


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, of the newest version installed."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found = shutil.which("initdb")
    return max(folders, default=Path(found).parent if found else None)


@contextlib.contextmanager
def postgresql_server(*options: str) -> Iterator[Server]:
    """Start a server with `options` such as `fsync=off`; it and its data are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="songngu-pg-", dir="/tmp"))  # short: a socket's path
    root = os.geteuid() == 0
    who = {"user": _ACCOUNT, "group": _ACCOUNT, "extra_groups": []} if root else {}
    if root:
        shutil.chown(folder, _ACCOUNT, _ACCOUNT)
    home, data = binaries(), folder / "data"
    assert home is not None
    try:
        subprocess.run(
            [home / "initdb", "-D", data, "-U", _ACCOUNT, "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd=folder,
            **who,
        )
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={folder}",
            "max_connections=200",
            *options,
        ]
        arguments = " ".join(f"-c {setting}" for setting in settings)
        control = [home / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run(
            [*control, "-o", arguments, "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **who,
        )
        try:
            yield Server(folder)
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"],
                check=False,
                stdout=subprocess.DEVNULL,
                cwd=folder,
                **who,
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
