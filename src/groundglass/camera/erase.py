"""Delete one file from a card, and only if it is the very file that was stored."""

from __future__ import annotations

import hashlib

from groundglass.camera import messages as msg
from groundglass.camera.driver import Driver
from groundglass.errors import CardFileGoneError, OtherCardFileError
from groundglass.model.camera import RemoteFile

_CARD_STEP_S = 2.0  # FAT, the file system of cards, keeps times in such steps


def erase(driver: Driver, request: msg.Erase, serial: str) -> bool:
    """Compare body, size, time and first bytes, then delete; return False if the file is gone already.

    serial: of the body that is open.  Raises OtherCardFileError, with nothing deleted, or CameraError.
    """
    wanted = request.file
    if not serial or serial != request.serial:
        raise _other(wanted, "it was made by another body")
    try:
        found = driver.describe(RemoteFile(wanted.folder, wanted.name))
        if found.size_bytes != wanted.size_bytes:
            raise _other(wanted, "its size differs")
        if not wanted.modified_s or abs(found.modified_s - wanted.modified_s) > _CARD_STEP_S:
            raise _other(wanted, "its time differs")
        # libgphoto2 remembers sizes and times; bytes it reads anew, and the card may have been changed.
        head = driver.read_head(wanted, request.head_bytes)
        if hashlib.sha256(head).hexdigest() != request.head_sha256:
            raise _other(wanted, "its content differs")
        driver.delete(wanted)
    except CardFileGoneError:
        return False
    return True


def _other(file: RemoteFile, why: str) -> OtherCardFileError:
    return OtherCardFileError(
        f"{file.name} on the card is not the one that was stored: {why}.", "It stays on the card."
    )
