"""What the camera's side and the studio do for one file, without a camera."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from groundglass.model.shot import Shot
from groundglass.session.commit import Arrival
from groundglass.session.disk import Disk
from groundglass.session.disk_errors import disk_error
from groundglass.session.store import SessionStore

NOON = datetime(2026, 3, 4, 12, tzinfo=timezone(timedelta(hours=2)))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def arrive(store: SessionStore, name: str, content: bytes, number: int | None = None, **more: Any) -> Arrival:
    """Put a file into incoming/ as the camera's side does, and begin its shot."""
    if number is None:
        number = store.begin_shot(NOON, camera="Nikon Z 6", serial="0600")
    incoming = store.incoming / f"77-{number:06}-{name}"
    incoming.write_bytes(content)
    return Arrival(incoming, number, name, sha256(content), len(content), **more)


def commit(store: SessionStore, arrival: Arrival) -> Shot:
    return store.commit(
        arrival.incoming,
        number=arrival.number,
        original=arrival.original,
        sha256=arrival.sha256,
        size_bytes=arrival.size_bytes,
        card_path=arrival.card_path,
        card_modified_at=arrival.card_modified_at,
    )


def shoot(store: SessionStore, name: str, content: bytes, number: int | None = None, **more: Any) -> Shot:
    return commit(store, arrive(store, name, content, number, **more))


class Refusing(Disk):
    """A disk whose operations fail with a system's error while they are named here."""

    def __init__(self) -> None:
        self.refused: dict[str, int] = {}
        self.only_below: Path | None = None

    def _ask(self, name: str, path: Path) -> None:
        code = self.refused.get(name, self.refused.get("everything", 0))
        if code and (self.only_below is None or path.is_relative_to(self.only_below)):
            is_naming = name in ("reserve", "make_folder")
            raise disk_error(name, path, OSError(code, os.strerror(code)), is_naming=is_naming)


def _refusable(name: str) -> Any:
    def run(self: Refusing, path: Path, *others: Any, **options: Any) -> Any:
        self._ask(name, others[0] if name in ("copy", "rename_exclusive", "replace") else path)
        return getattr(Disk, name)(self, path, *others, **options)

    return run


for _name in (
    *("make_folder", "append", "sync", "sync_folder", "copy", "rename_exclusive", "reserve", "replace"),
    *("read", "size", "list", "sizes", "digest", "free_bytes", "free_files"),
):
    setattr(Refusing, _name, _refusable(_name))

FULL, READ_ONLY, GONE, BROKEN = errno.ENOSPC, errno.EROFS, errno.ENOTCONN, errno.EIO
