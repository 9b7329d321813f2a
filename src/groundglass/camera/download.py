"""Bring a file from the camera to the disk: hashed while it is read, synced before it is told."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from groundglass.camera import messages as msg
from groundglass.camera.driver import Driver
from groundglass.errors import CameraError, DiskFailedError, DiskFullError, SessionError
from groundglass.model.camera import RemoteFile
from groundglass.model.shot import FileRole

_log = logging.getLogger(__name__)

_PROGRESS_EVERY_S = 0.03
_LONGEST_NAME = 100
_SLOWEST_DISK = 1_000_000.0  # bytes a second; a slow one takes all at once and then its time
_SYNC_LIMIT_S = 15.0  # beyond that
_END_OF_JPEG = b"\xff\xd9"
# Some network mounts cannot sync a folder at all.
_NO_FOLDER_SYNC = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)
_TAIL_BYTES = 64 * 1024  # some makers write a little behind the end


class Downloads:
    """The files of one worker, each under a name of its own."""

    def __init__(self, driver: Driver, send: Callable[[msg.FromWorker], None]) -> None:
        self._driver = driver
        self._send = send
        self._count = 0

    def fetch(
        self,
        file: RemoteFile,
        incoming: Path,
        release_id: int | None,
        announced_at: float,
        *,
        waiting: int | None = None,
        is_card_unseen: bool = False,
        is_fetched: bool = False,
    ) -> msg.FileArrived:
        """Write a file to the incoming folder, hashing on the way, and sync it.

        waiting: how many files wait behind it, to be told.  is_card_unseen: the body may keep a copy on a
        card that it does not show.
        While it is written its name ends in `.part`. Raises CameraError, DiskFullError, DiskFailedError.
        """
        file = self._driver.describe(file)
        size = file.size_bytes
        self._count += 1
        final = incoming / f"{os.getpid()}-{self._count:06}-{_harmless(file.name)}"
        part = final.with_name(final.name + ".part")
        digest = hashlib.sha256()
        done = 0
        told_at = 0.0
        tail = b""
        try:
            with part.open("xb", buffering=0) as out:

                def write(block: memoryview) -> None:
                    nonlocal done, told_at, tail
                    digest.update(block)
                    view = block
                    while view:
                        view = view[out.write(view) :]
                    done += len(block)
                    if file.is_in_ram:
                        tail = (tail + bytes(block[-_TAIL_BYTES:]))[-_TAIL_BYTES:]
                    if time.monotonic() - told_at > _PROGRESS_EVERY_S:
                        told_at = time.monotonic()
                        self._send(msg.Progress(file.name, done, size or done, waiting))

                self._driver.read_file(file, size, write)
                self._send(msg.Syncing(_SYNC_LIMIT_S + done / _SLOWEST_DISK))
                os.fsync(out.fileno())
                self._send(msg.Syncing(_SYNC_LIMIT_S))
            part.rename(final)
            try:
                _sync_folder(incoming)  # only then does the name outlive a power cut
            except OSError as err:
                if not file.is_in_ram:
                    raise
                _log.warning("%s is stored, but its name may not outlive a power cut: %s", final.name, err)
        except CameraError:
            if not file.is_in_ram:
                _remove(part)  # it will be fetched again
            raise
        except OSError as err:
            if not file.is_in_ram:
                for one in (part, final):
                    _remove(one)  # the card has it whole, and the disk may lack the room
            raise _not_written(file, err) from err
        return msg.FileArrived(
            path=str(final),
            name=file.name,
            folder=file.folder,
            size_bytes=done,
            sha256=digest.hexdigest(),
            release_id=release_id,
            announced_at=announced_at,
            modified_s=file.modified_s,
            stays_on_card=None if is_card_unseen else not file.is_in_ram,
            is_fetched=is_fetched,
            # What comes out of the memory cannot be asked for again, nor compared with a size.
            lacks_end=file.is_in_ram and FileRole.of(file.name) is FileRole.JPEG and _END_OF_JPEG not in tail,
        )


def _harmless(name: str) -> str:
    """Return a camera's name for a file as one that every disk takes and that leaves no folder."""
    return (
        re.sub(r"[^A-Za-z0-9._ -]", "_", name.replace("\\", "/").rpartition("/")[2])[-_LONGEST_NAME:] or "_"
    )


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as err:
        if err.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def _remove(part: Path) -> None:
    """Remove what was written of a file; on a disk that fails it stays, and the next open sets it aside."""
    try:
        part.unlink(missing_ok=True)
    except OSError as err:
        _log.info("%s stays: %s", part.name, err)


def _not_written(file: RemoteFile, err: OSError) -> SessionError:
    """Say why a picture is not on the disk, and where it is."""
    kept = "It is lost" if file.is_in_ram else "It is on the card, and fetched when {}"
    stored = f"{file.name} was not stored"
    if err.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            f"The session's disk is full, so {stored}.",
            f"{kept.format('there is room for two shots')}. Make room, or open a session on another disk.",
        )
    if err.errno == errno.EROFS:
        said, again = "The session's disk has become read-only", "it can be written again"
    elif err.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ESTALE, errno.ENOTCONN):
        said, again = "The session's folder is not there any more", "it is back"
    else:
        said = f"The session's disk fails ({os.strerror(err.errno) if err.errno else err})"
        again = "it works again"
    return DiskFailedError(f"{said}, so {stored}.", f"{kept.format(again)}. Or use another disk.")
