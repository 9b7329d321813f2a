"""What the system says about a disk, in a photographer's words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from groundglass.errors import DiskFailedError, DiskFullError, NameRefusedError, SessionError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_GONE = {
    *(errno.ENOENT, errno.ENOTDIR, errno.ESTALE, errno.ENODEV, errno.ENXIO),
    # What a network mount answers after its server went away.
    *(errno.ENOTCONN, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ETIMEDOUT, errno.ECONNRESET),
}
_REFUSED_NAMES = {errno.ENAMETOOLONG, errno.EILSEQ}


def disk_error(tried: str, path: Path, err: OSError, *, is_naming: bool = False) -> SessionError:
    """Say what was tried on a disk and why it failed.

    is_naming: a name was being made, so “invalid” speaks of its characters.
    """
    if err.errno in _FULL:
        if _is_out_of_files(path):
            return DiskFullError(
                f"The disk can hold no more files: could not {tried} “{path}”.",
                "Delete or move small files, or go on in a session on another disk.",
            )
        return DiskFullError(
            f"The disk is full: could not {tried} “{path}”.",
            "Make room, or go on in a session on another disk.",
        )
    if err.errno in _FORBIDDEN:
        return DiskFailedError(
            f"Could not {tried} “{path}”: it is not writable or not readable.",
            "Choose another folder, or change its permissions.",
        )
    if err.errno == errno.EROFS:
        return DiskFailedError(
            f"Could not {tried} “{path}”: the disk is read-only.",
            "Check its switch; after a fault the system protects a disk this way. Use another disk.",
        )
    if err.errno in _GONE:
        return DiskFailedError(
            f"Could not {tried} “{path}”: it is not there.", "Check that the disk is still connected."
        )
    if err.errno in _REFUSED_NAMES or (is_naming and err.errno == errno.EINVAL):
        return NameRefusedError(
            f"Could not {tried} “{path}”: the disk does not take such a name.",
            "Choose a shorter naming template with plain letters.",
        )
    if err.errno in (errno.EEXIST, errno.EISDIR):
        return SessionError(
            f"Could not {tried} “{path}”: something else has that name.", "Choose another one."
        )
    reason = os.strerror(err.errno) if err.errno else str(err)
    return DiskFailedError(f"Could not {tried} “{path}”: {reason}.", "Check the disk.")


def _is_out_of_files(path: Path) -> bool:
    """Tell whether bytes are free but no names: a disk of many small files."""
    for place in (path, *path.parents):
        try:
            found = os.statvfs(place)
        except OSError:
            continue
        return found.f_files > 0 and found.f_favail == 0 and found.f_bavail > 0
    return False
