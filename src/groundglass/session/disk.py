"""The disk operations that a session may use: the one seam where faults are put in by tests.

Each method is one operation with one effect, or is composed of such methods. Foreign errors end here:
every OSError becomes a SessionError (`disk_errors`). Longer than most modules: the seam is worth only as
much as it is whole.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import logging
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from groundglass.errors import SessionError, SessionHeldError
from groundglass.session.disk_errors import disk_error

_log = logging.getLogger(__name__)

_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}

_BLOCK_BYTES = 1 << 20

_RENAME_NOREPLACE = 1  # linux/fs.h
_RENAME_EXCL = 4  # sys/stdio.h of macOS


class Entry(Struct, frozen=True):
    """A name in a folder."""

    name: str
    is_folder: bool
    size_bytes: int


class Disk:
    """A real disk. Every method may be called from any thread, and releases the GIL while it waits."""

    def make_folder(self, path: Path) -> bool:
        """Make one folder; return False if it was there."""
        with _told("make the folder", path, is_naming=True):
            try:
                path.mkdir()
            except FileExistsError:
                if not path.is_dir():
                    raise
                return False
            return True

    def make_folders(self, path: Path, below: Path | None = None) -> None:
        """Make a folder and those above it, durably.

        below: a folder that must be there: a disk that went away is not begun anew on the one beneath.
        """
        if path == below or self.is_folder(path):
            return
        if path.parent != path:
            self.make_folders(path.parent, below)
        if self.make_folder(path):
            self.sync_folder(path.parent)

    def append(self, path: Path, data: bytes) -> None:
        """Add bytes to the end of a file in one write; the file is made if it is not there."""
        with _told("write", path):
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                if os.write(handle, data) != len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            finally:
                os.close(handle)

    def sync(self, path: Path) -> None:
        """Wait until a file's bytes are on the disk."""
        with _told("save", path):
            _sync(path, os.O_RDONLY | os.O_CLOEXEC)

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in a folder are on the disk."""
        with _told("save", path):
            try:
                _sync(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except OSError as err:
                # Some network and FUSE mounts have no sync for folders: their server keeps the names.
                if err.errno not in _UNSUPPORTED:
                    raise

    def move_exclusive(self, source: Path, target: Path) -> bool:
        """Move a file to a name that nobody has; return False, with nothing done, if it is taken.

        A rename that refuses to replace is best: the name appears with the whole file in it, so programs
        that watch the folder never see an empty one. NFS and some FUSE mounts lack it; there an empty
        file made with O_EXCL holds the name for a plain rename. Hard links are no way: exFAT has none.
        """
        moved = self.rename_exclusive(source, target)
        if moved is not None:
            return moved
        if not self.reserve(target):
            return False
        try:
            self.replace(source, target)
        except SessionError:
            if self.size(source) is not None and self.size(target) == 0:
                self.remove(target)
            raise
        return True

    def rename_exclusive(self, source: Path, target: Path) -> bool | None:
        """Rename unless the name is taken (False); None: this system or file system cannot."""
        rename = _exclusive_rename()
        if rename is None:
            return None
        with _told("move a picture to", target):
            if rename(os.fsencode(source), os.fsencode(target)) == 0:
                return True
            code = ctypes.get_errno()
            if code == errno.EEXIST:
                return False
            if code in _UNSUPPORTED:
                return None
            raise OSError(code, os.strerror(code))

    def reserve(self, path: Path) -> bool:
        """Make an empty file under a name that nobody has; return False if it is taken."""
        with _told("reserve the name", path, is_naming=True):
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
            except FileExistsError:
                return False
            os.close(handle)
            return True

    def replace(self, source: Path, target: Path) -> None:
        """Rename over a target that is known to be our own: a placeholder, or the same bytes."""
        with _told("move a picture to", target):
            source.replace(target)

    def remove(self, path: Path) -> None:
        """Remove a file: our own empty placeholder, or what lies in a trash that shall be emptied."""
        with _told("remove", path):
            path.unlink()

    def copy(self, source: Path, scratch: Path, pace: Callable[[], None] = lambda: None) -> str:
        """Copy a file's bytes into a scratch file of ours, made or begun anew; return their sha256.

        pace: called after each megabyte; may wait, or raise to stop.  Not synced.
        """
        digest = hashlib.sha256()
        with _told("write", scratch), scratch.open("wb", buffering=0) as out:
            for block in self.blocks(source):
                digest.update(block)
                rest = block
                while rest:
                    rest = rest[out.write(rest) :]
                pace()
        return digest.hexdigest()

    def blocks(self, path: Path, *, from_disk: bool = False) -> Iterator[memoryview]:
        """Read a file by the megabyte; each block is valid until the next one is asked for.

        from_disk: forget what the system remembers of the file, so that the disk itself is read.
        """
        with _told("read", path), path.open("rb", buffering=0) as file:
            if from_disk and hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            buffer = memoryview(bytearray(_BLOCK_BYTES))
            while size := file.readinto(buffer):
                yield buffer[:size]

    def read(self, path: Path) -> bytes:
        """Read a whole file; b"" if it is not there."""
        with _told("read", path):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                return b""

    def size(self, path: Path) -> int | None:
        """Return a regular file's size in bytes; None if there is no such file."""
        with _told("look at", path):
            try:
                return path.stat().st_size if path.is_file() else None
            except FileNotFoundError:
                return None

    def modified_s(self, path: Path) -> float:
        """Return when a file was last written, in seconds since 1970."""
        with _told("look at", path):
            return path.stat().st_mtime

    def is_protected(self, path: Path) -> bool:
        """Tell whether somebody keeps a file from being written, in a folder where we may write."""
        with _told("look at", path):
            is_locked = not path.stat().st_mode & stat.S_IWUSR
            return self.is_writable(path.parent) and (is_locked or not os.access(path, os.W_OK))

    def copy_permissions(self, source: Path, scratch: Path) -> None:
        """Give a file of ours the permissions of another one, where the disk lets us."""
        try:
            shutil.copymode(source, scratch)
        except OSError as err:
            _log.info("The permissions of “%s” could not be kept: %s", source, err)

    def set_modified(self, path: Path, modified_s: float) -> None:
        """Say when a file of ours was last written, in seconds since 1970, where the disk lets us.

        Some network mounts keep times of their own: that is no fault of a copy.
        """
        try:
            os.utime(path, (modified_s, modified_s))
        except OSError as err:
            _log.info("The time of “%s” could not be set: %s", path, err)

    def exists(self, path: Path | str) -> bool:
        """Tell whether a name is taken, by anything."""
        return os.path.lexists(path)

    def is_folder(self, path: Path) -> bool:
        """Tell whether a folder is there; one on a disk that does not answer is not."""
        try:
            return path.is_dir()
        except OSError:  # what a mount that went away says
            return False

    def is_writable(self, folder: Path) -> bool:
        """Tell whether files can be made in a folder: it is there, and its disk is not read-only."""
        return os.access(folder, os.W_OK | os.X_OK)

    def list(self, folder: Path) -> tuple[Entry, ...]:
        """List a folder, sorted by name; empty if it is not there."""
        with _told("list", folder):
            try:
                with os.scandir(folder) as found:
                    entries = [
                        Entry(one.name, one.is_dir(follow_symlinks=False), _size_of(one)) for one in found
                    ]
            except FileNotFoundError:
                return ()
            return tuple(sorted(entries, key=lambda one: one.name))

    def stamps(self, folder: Path, ending: str) -> dict[str, int]:
        """Return when each file of an ending was last written, in nanoseconds; empty without the folder.

        ending: in lower case, with its dot.  Only these files are looked at closer.
        """
        with _told("list", folder):
            try:
                with os.scandir(folder) as found:
                    return {
                        one.name: stamp
                        for one in found
                        if one.name.lower().endswith(ending) and (stamp := _stamp_of(one)) is not None
                    }
            except FileNotFoundError:
                return {}

    def sizes(self, folder: Path) -> dict[str, int]:
        """Return the sizes of what is in a folder, by name; empty if it is not there.

        As `list`, in half of its time for 40,000 files.
        """
        with _told("list", folder):
            try:
                with os.scandir(folder) as found:
                    return {one.name: _size_of(one) for one in found}
            except FileNotFoundError:
                return {}

    def names(self, folder: Path) -> frozenset[str]:
        """Return the names of what is in a folder, none of it looked at; empty if it is not there."""
        with _told("list", folder):
            try:
                with os.scandir(folder) as found:
                    return frozenset(one.name for one in found)
            except FileNotFoundError:
                return frozenset()

    def digest(self, path: Path) -> str:
        """Return the sha256 of a file in hexadecimal digits."""
        with _told("read", path), path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def free_bytes(self, path: Path) -> int:
        """Return how much room a user has on the disk of a path."""
        with _told("look at", path):
            return shutil.disk_usage(path).free

    def free_files(self, path: Path) -> int | None:
        """Return how many more files the disk of a path can hold; None where there is no such limit."""
        with _told("look at", path):
            found = os.statvfs(path)
            return found.f_favail if found.f_files else None

    def mount_point(self, path: Path) -> Path:
        """Return the folder where the disk of a path begins."""
        with _told("look at", path):
            place = path.resolve(strict=True)
            while place != place.parent and not place.is_mount():
                place = place.parent
            return place

    def lock(self, path: Path, holder: str) -> int:
        """Claim a lock file for this process and return its handle; raise SessionHeldError if it is held.

        The kernel lets go of it when the process ends, however it ends.
        """
        with _told("lock", path):
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(handle, 0)
                os.pwrite(handle, holder.encode(), 0)
            except BlockingIOError:
                by = os.pread(handle, 200, 0).decode(errors="replace").strip()
                os.close(handle)
                raise SessionHeldError(
                    f"The session “{path.parent.parent.name}” is in use by {by or 'another program'}.",
                    "Close it there, or choose another session folder.",
                ) from None
            except OSError:
                os.close(handle)
                raise
            return handle

    def unlock(self, handle: int) -> None:
        """Let go of a lock; its file is emptied, so that a holder's name in it tells of a crash."""
        try:
            os.ftruncate(handle, 0)
        except OSError as err:  # the lock goes all the same; only the next start's word is wrong
            _log.info("The lock file cannot be emptied: %s", err)
        finally:
            os.close(handle)

    def is_locked(self, path: Path) -> bool:
        """Tell whether a process holds a lock file."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            os.close(handle)
        return False


@contextmanager
def _told(tried: str, path: Path, *, is_naming: bool = False) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        raise disk_error(tried, path, err, is_naming=is_naming) from err


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        if sys.platform == "darwin":
            # fsync on macOS leaves the bytes in the drive's own cache.
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
        else:
            os.fsync(handle)
    finally:
        os.close(handle)


def _size_of(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:  # gone between the listing and the look
        return 0


def _stamp_of(entry: os.DirEntry[str]) -> int | None:
    try:
        return entry.stat().st_mtime_ns
    except FileNotFoundError:  # gone between the listing and the look
        return None


@cache
def _exclusive_rename() -> Any:
    """Return the C library's rename that never replaces, as a call of two names; None without one."""
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        found = getattr(library, "renamex_np", None)
        return found and (lambda source, target: found(source, target, ctypes.c_uint(_RENAME_EXCL)))
    found = getattr(library, "renameat2", None)
    here = ctypes.c_int(-100)  # AT_FDCWD; both paths are absolute anyway
    return found and (
        lambda source, target: found(here, source, here, target, ctypes.c_uint(_RENAME_NOREPLACE))
    )
