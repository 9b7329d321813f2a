"""Where the camera keeps what it has recorded: one nameless temporary file.

Pictures share their unchanged parts, and a part's place is used again when the last picture that holds it
is gone. The file vanishes with the process, however that ends.
"""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from collections.abc import Sequence

from msgspec import Struct


class Strip:
    """A piece of film: immutable bytes in the file."""

    __slots__ = ("__weakref__", "_film", "_offset", "size_bytes")

    def __init__(self, film: Film, offset: int, size_bytes: int) -> None:
        self._film = film
        self._offset = offset
        self.size_bytes = size_bytes

    def read(self, start: int, size: int) -> bytes:
        """Return the bytes from start, at most size of them."""
        return self._film.read(self._offset + start, min(size, self.size_bytes - start))


class Film:
    """The file and its free places."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="groundglass-film-")  # noqa: SIM115
        self._lock = threading.Lock()
        self._end = 0
        self._free: list[tuple[int, int]] = []  # size, offset

    def write(self, data: bytes | memoryview) -> Strip:
        """Record some bytes."""
        size = len(data)
        offset, room = self._place(size)
        written = 0
        view = memoryview(data)
        while written < size:
            written += os.pwrite(self._file.fileno(), view[written:], offset + written)
        strip = Strip(self, offset, size)
        weakref.finalize(strip, self._release, offset, room).atexit = False
        return strip

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes of the file."""
        return os.pread(self._file.fileno(), size, offset)

    def close(self) -> None:
        """Throw the film away."""
        self._file.close()

    def _place(self, size: int) -> tuple[int, int]:
        with self._lock:
            fitting = [place for place in list(self._free) if size <= place[0] <= size + size // 2 + 4096]
            if fitting:
                place = min(fitting)
                self._free.remove(place)
                return place[1], place[0]
            offset = self._end
            self._end += size
            return offset, size

    def _release(self, offset: int, room: int) -> None:
        # Runs wherever a strip dies, perhaps inside _place: it must not wait for the lock.
        self._free.append((room, offset))


class Recording(Struct, frozen=True):
    """A file's bytes, in parts."""

    parts: tuple[bytes | Strip, ...]

    @property
    def size_bytes(self) -> int:
        """How long the whole is."""
        return sum(_length(part) for part in self.parts)

    def read(self, start: int = 0, size: int | None = None) -> bytes:
        """Return the bytes from start, at most size of them."""
        wanted = self.size_bytes - start if size is None else size
        found: list[bytes] = []
        for part in self.parts:
            length = _length(part)
            if start < length and wanted > 0:
                piece = part[start : start + wanted] if isinstance(part, bytes) else part.read(start, wanted)
                found.append(piece)
                wanted -= len(piece)
            start = max(0, start - length)
        return b"".join(found)


def recorded(film: Film, parts: Sequence[bytes]) -> Recording:
    """Put some bytes on film."""
    return Recording(tuple(film.write(part) for part in parts))


def _length(part: bytes | Strip) -> int:
    return len(part) if isinstance(part, bytes) else part.size_bytes
