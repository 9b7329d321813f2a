"""A disk that fails at a counted operation, and small jobs at a session for it to fail in."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from groundglass.errors import SessionError
from groundglass.session.disk import Disk, disk_error
from groundglass.session.store import SessionStore

OPERATIONS = (
    *(
        "make_folder",
        "append",
        "copy",
        "sync",
        "sync_folder",
        "rename_exclusive",
        "reserve",
        "replace",
        "remove",
        "lock",
    ),
)
MOMENTS = ("before", "half", "after")


class CountedDisk(Disk):
    """Fails operation `fail_at`, counted from 1: before its effect, after half of it, or after it.

    has_rename: False for a file system that cannot rename without replacing.
    """

    def __init__(
        self,
        fail_at: int = 0,
        moment: str = "before",
        *,
        fail: Callable[[str, Path], None] | None = None,
        is_for_good: bool = False,
        has_rename: bool = True,
    ) -> None:
        self.count = 0
        self._fail_at = fail_at
        self._moment = moment
        self._fail = fail or _raise
        self._is_for_good = is_for_good
        self._has_rename = has_rename

    def run(self, name: str, path: Path, *others: Any) -> Any:
        if name == "rename_exclusive" and not self._has_rename:
            return None
        self.count += 1
        is_hit = self.count == self._fail_at or (self._is_for_good and 0 < self._fail_at < self.count)
        if is_hit and self._moment == "before":
            self._fail(name, path)
        if is_hit and self._moment == "half":
            self._do_half(name, path, *others)
        result = self.effect(name, path, *others)
        if is_hit:
            if name == "lock":
                os.close(result)
            self._fail(name, path)
        return result

    def arrive(self, incoming: Path, content: bytes) -> None:
        """Write a file as the camera's side does: under its name when it is whole and synced."""
        part = incoming.with_name(f"{incoming.name}.part")
        part.write_bytes(content)
        part.rename(incoming)

    def effect(self, name: str, path: Path, *others: Any) -> Any:
        """Do an operation for real."""
        return getattr(Disk, name)(self, path, *others)

    def _do_half(self, name: str, path: Path, *others: Any) -> None:
        """Fail in the middle of an operation that has one: a write is short."""
        if name == "append":
            self.effect(name, path, others[0][: len(others[0]) // 2])
            self._fail(name, path)
        if name == "copy":
            self.effect(name, path, *others)
            os.truncate(others[0], others[0].stat().st_size // 2)
            self._fail(name, others[0])


def _counted(name: str) -> Callable[..., Any]:
    return lambda self, path, *others: self.run(name, path, *others)


for _name in OPERATIONS:
    setattr(CountedDisk, _name, _counted(_name))


def _raise(name: str, path: Path) -> None:
    raise disk_error(name, path, OSError(errno.EIO, os.strerror(errno.EIO)))


def kill(_name: str, _path: Path) -> None:
    """End this process as a power switch does."""
    os.kill(os.getpid(), signal.SIGKILL)


CONTENTS = (b"raw 1" * 900, b"jpeg 1" * 500, b"raw 2" * 800)
FOREIGN = b"not from Groundglass"


def prepare(folder: Path) -> None:
    """Make a session folder in which somebody has taken the second shot's name."""
    folder.mkdir(parents=True)
    (folder / "S_0002.jpg").write_bytes(FOREIGN)


def shoot(folder: Path, disk: CountedDisk, arrived: Path, *, is_patient: bool = False) -> None:
    """Shoot RAW + JPEG and then RAW; what came in is noted beside the session, in `arrived`.

    is_patient: a commit that fails is asked for again, once.
    """
    store = SessionStore.open(folder, "S_{counter:04}", disk=disk)
    try:
        number = _begin(store, is_patient)
        for index, name in enumerate(("DSC_1.NEF", "DSC_1.JPG", "DSC_2.NEF")):
            if index == 2:
                number = _begin(store, is_patient)
            content = CONTENTS[index]
            incoming = store.incoming / f"7-{index:06}-{name}"
            disk.arrive(incoming, content)
            with arrived.open("a") as notes:
                notes.write(f"{index}\n")

            commit = partial(
                store.commit,
                incoming,
                number=number,
                original=name,
                sha256=hashlib.sha256(content).hexdigest(),
                size_bytes=len(content),
            )
            _again(commit, is_patient)
    finally:
        store.close()


def _begin(store: SessionStore, is_patient: bool) -> int:
    numbers: list[int] = []
    _again(lambda: numbers.append(store.begin_shot(datetime(2026, 1, 2, tzinfo=UTC), camera="Z")), is_patient)
    return numbers[-1]


def _again(work: Callable[[], object], is_patient: bool) -> None:
    try:
        work()
    except SessionError:
        if not is_patient:
            raise
        work()


def places_of(folder: Path, content: bytes) -> list[str]:
    """Return every file under a folder that has these bytes, hidden ones included."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.read_bytes() == content
    )
