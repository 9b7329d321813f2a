"""Delete the card's copy of a stored frame, once both other copies are proven.

The order is the promise: the session's file and its backup are read again from their disks and have the
hash that was taken while the frame was read from the camera; the session's journal is on the disk; only then
is the camera asked, and it compares once more. Whatever stops in between leaves the card's copy, or is found
to be done by the next try.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from groundglass.errors import SessionError
from groundglass.model.shot import ShotFile
from groundglass.session.disk import Disk
from groundglass.session.store import SessionStore

_HEAD_BYTES = 64 * 1024  # the time, the settings and the small picture: no two frames share them


class CardCopy(Struct, frozen=True):
    """The copy of a stored file on a camera's card, with all that tells it from any other."""

    file: ShotFile
    serial: str  # of the body
    card_time: float  # as the card tells it, seconds since 1970
    head_sha256: str  # of its first bytes
    head_bytes: int


Erase = Callable[[CardCopy], object]
"""Ask the camera to delete a file if it still is that one; returns too if it is gone. Raises CameraError."""


def clear(
    file: ShotFile,
    store: SessionStore,
    has_backup: Callable[[ShotFile], bool],
    erase: Erase,
    disk: Disk | None = None,
) -> None:
    """Delete the card's copy of one file, and note it; blocks while both copies are read.

    has_backup: reads the second copy again and tells whether it is whole; what it raises is passed on.
    Raises SessionError with the reason if the card's copy has to stay, CameraError if the camera refuses.
    """
    stays = "So the card's copy stays."
    serial, card_time = store.origin(file)
    if not file.card_path or not serial or card_time is None:
        raise SessionError(f"The camera does not tell enough about {file.original} to know it again.", stays)
    head = _head_if_whole(store.path / file.path, file, disk or Disk())
    if head is None:
        raise SessionError(f"{file.path} is not in the session as it was stored.", stays)
    if not has_backup(file):
        raise SessionError(f"{file.path} is not in the backup as it was stored.", stays)
    store.sync()
    erase(CardCopy(file, serial, card_time, hashlib.sha256(head).hexdigest(), len(head)))
    store.note_cleared(file)


def _head_if_whole(path: Path, file: ShotFile, disk: Disk) -> bytes | None:
    """Read a file from its disk; return its first bytes, or None if it is not as it was stored."""
    if disk.size(path) != file.size_bytes:
        return None
    head, digest = b"", hashlib.sha256()
    for block in disk.blocks(path, from_disk=True):
        head = head or bytes(block[:_HEAD_BYTES])
        digest.update(block)
    return head if digest.hexdigest() == file.sha256 else None
