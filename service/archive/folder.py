"""The output folder of a run: whose it is, whether it can be written, and who writes it now."""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.archive.writers import ERRORS, LINES
from service.archive.writers.files import write_atomically
from service.errors import OutputNotWritable, RunMismatch

STATE = ".songngu"
# A run stops before its disk has less room than this: the database then still closes in order.
MIN_FREE_BYTES = 8 * 1024 * 1024


class Folder:
    """The folder and, below `.songngu`, what a later run needs to go on; locked while open."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        """Make and lock the folder.

        Raises OutputNotWritable; RunMismatch where another process works in it, where it holds a
        run and `resume` is false, and where it holds outputs that are of no run.
        """
        self.path, self.state = path, path / STATE
        with writing(path):
            if path.exists() and not path.is_dir():
                message = f"The output {path} is a file; name a folder."
                raise OutputNotWritable(message)
            self.is_new = not (self.state / "run.json").exists()
            self._refuse_others(resume=resume)
            self.state.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            message = f"Another songngu batch is at work in {path}."
            raise RunMismatch(message) from error

    def _refuse_others(self, *, resume: bool) -> None:
        if not self.is_new and not resume:
            message = (
                f"{self.path} holds a run already. Go on with it by --resume, or name another "
                "output folder."
            )
            raise RunMismatch(message)
        strange = [name for name in (LINES, ERRORS) if (self.path / name).exists()]
        if self.is_new and strange:
            message = f"{self.path} holds {strange[0]} of something else; name another folder."
            raise RunMismatch(message)

    @property
    def store_url(self) -> str:
        """The address of the run's own database."""
        return f"sqlite:///{(self.state / 'run.db').absolute()}"

    def claim(self, facts: Mapping[str, Any]) -> None:
        """Write down what this run is; raises RunMismatch where it was begun as something else."""
        if self.is_new:
            self.write("run.json", facts)
            return
        begun = self.read("run.json")
        for name, value in facts.items():
            if begun.get(name) != json.loads(json.dumps(value)):
                was = json.dumps(begun.get(name), ensure_ascii=False)
                now = json.dumps(value, ensure_ascii=False)
                message = (
                    f"The run in {self.path} was begun with {name} = {was}, not {now}. "
                    "Resume it as it was begun, or name another output folder."
                )
                raise RunMismatch(message)

    def read(self, name: str) -> dict[str, Any]:
        """A file of the run; empty where there is none that can be read."""
        try:
            found = json.loads((self.state / name).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, name: str, value: Mapping[str, Any]) -> None:
        """Write a file of the run, whole or not at all; raises OutputNotWritable."""
        with writing(self.path):
            write_atomically(self.state / name, json.dumps(value, ensure_ascii=False, indent=1))

    def check_room(self) -> None:
        """Raise OutputNotWritable where the disk is nearly full."""
        if shutil.disk_usage(self.state).free < MIN_FREE_BYTES:
            raise OutputNotWritable(full(self.path))

    def close(self) -> None:
        """Let others work in the folder."""
        os.close(self._lock)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What the system says to a write, as OutputNotWritable."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutputNotWritable(full(path)) from error
        message = f"Cannot write to {path}: {error.strerror or type(error).__name__}."
        raise OutputNotWritable(message) from error


def full(path: Path) -> str:
    """What is said of a full disk."""
    return (
        f"The disk that holds {path} is full. What is finished is safe; make room and go on "
        "with --resume."
    )
