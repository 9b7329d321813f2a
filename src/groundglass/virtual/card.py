"""The memory card, and the memory inside the body: folders, files, names and room."""

from __future__ import annotations

import struct
import threading
from typing import Any, ClassVar

from msgspec import Struct

from groundglass.virtual import ptp
from groundglass.virtual.picture import Developed, File, Shot
from groundglass.virtual.ptp import Format, Reply, Response

_FORMATS = {"JPG": Format.JPEG, "DNG": Format.DNG}
_EVERYWHERE = 0xFFFFFFFF
_FIRST_IN_RAM = 0xFFFF0001
_BYTES_A_SHOT = 30_000_000


class Spelling(Struct, frozen=True):
    """How a maker names its folders and files."""

    folder: str  # behind three digits
    file: str  # for str.format, with the number
    raw: str  # the suffix of a RAW


NIKON = Spelling("GGLAB", "DSC_{:04d}", "DNG")


class Card:
    """Everything that the camera has recorded; safe to use from any thread."""

    STORAGE: ClassVar[int] = 0x00010001

    def __init__(self, shots_left: int = 1200, spelling: Spelling = NIKON) -> None:
        self.shots_left = shots_left
        self.is_in = True
        self.spelling = spelling
        self._lock = threading.RLock()
        self._next_handle = 1
        self._next_in_ram = _FIRST_IN_RAM
        self._shots = 0
        self._folders: dict[int, tuple[str, int]] = {}  # handle: name, parent
        self._files: dict[int, File] = {}
        self._made: list[File] = []
        self._dcim = self._add_folder("DCIM", 0)
        self._folder = self._add_folder(f"100{spelling.folder}", self._dcim)

    def next_number(self) -> int:
        """Count a shot; returns its number, from 1."""
        with self._lock:
            self._shots += 1
            if self._shots % 9999 == 1 and self._shots > 1:
                self._folder = self._add_folder(
                    f"{100 + self._shots // 9999}{self.spelling.folder}", self._dcim
                )
            return self._shots

    def store(self, developed: Developed, shot: Shot, *, is_in_ram: bool) -> File:
        """Keep a finished file."""
        with self._lock:
            file_format = _FORMATS.get(developed.suffix, Format.UNDEFINED)
            suffix = self.spelling.raw if developed.suffix == "DNG" else developed.suffix
            name = f"{self.spelling.file.format((shot.number - 1) % 9999 + 1)}.{suffix}"
            taken = shot.taken.strftime("%Y%m%dT%H%M%S")
            if is_in_ram:
                handle, self._next_in_ram = self._next_in_ram, self._next_in_ram + 1
                if self._next_in_ram >= _EVERYWHERE:
                    self._next_in_ram = _FIRST_IN_RAM
                folder, storage, parent = "", 0, 0
            else:
                handle, self._next_handle = self._next_handle, self._next_handle + 1
                folder = f"DCIM/{self._folders[self._folder][0]}"
                storage, parent = self.STORAGE, self._folder
            size_bytes = developed.recording.size_bytes
            file = File(
                handle, name, folder, shot.number, file_format, storage, parent, taken, size_bytes, developed
            )
            self._files[handle] = file
            self._made.append(file)
            return file

    def delete(self, handle: int) -> Response:
        """Throw a file away; the last file of a shot makes room for another one."""
        with self._lock:
            file = self._files.get(handle)
        if file is None:
            return Response.INVALID_OBJECT
        _ = file.sha256
        with self._lock:
            if self._files.pop(handle, None) is None:
                return Response.INVALID_OBJECT
            file.developed = None
            if file.storage and not any(
                other.shot == file.shot for other in self._files.values() if other.storage
            ):
                self.shots_left += 1
            return Response.OK

    def report(self) -> list[dict[str, Any]]:
        """List every file that was ever made, deleted ones too."""
        with self._lock:
            made = list(self._made)
        return [
            {
                "name": file.name,
                "folder": file.folder,
                "shot": file.shot,
                "destination": "card" if file.storage else "ram",
                "size_bytes": file.size_bytes,
                "sha256": file.sha256,
                "deleted": file.developed is None,
            }
            for file in made
        ]

    def file(self, handle: int) -> File | None:
        """Return a file that is still there."""
        with self._lock:
            return self._files.get(handle)

    # As the protocol asks

    def storages(self) -> list[int]:
        """List the cards; an empty slot has no lower half."""
        return [self.STORAGE if self.is_in else self.STORAGE & 0xFFFF0000]

    def storage_info(self, storage: int) -> Reply:
        """Describe the card and its room."""
        if storage != self.STORAGE:
            return Reply(Response.INVALID_STORAGE)
        if not self.is_in:
            return Reply(Response.STORE_NOT_AVAILABLE)
        room = max(0, self.shots_left)
        numbers = struct.pack("<HHHQQI", 4, 3, 2, 64_000_000_000, room * _BYTES_A_SHOT, room)
        return Reply(data=numbers + ptp.pack_string("Virtual SD") + ptp.pack_string("GROUNDGLASS"))

    def handles(self, params: tuple[int, ...]) -> Reply:
        """List what lies in a folder; no folder: everything, all ones: the root."""
        with self._lock:
            parent = params[2] if len(params) > 2 else 0
            everything = [(handle, above) for handle, (_, above) in self._folders.items()]
            everything += [(file.handle, file.parent) for file in self._files.values() if file.storage]
            wanted = 0 if parent == _EVERYWHERE else parent
            found = [handle for handle, above in everything if parent == 0 or above == wanted]
            return Reply(data=ptp.pack_array(found, "<I"))

    def count(self, params: tuple[int, ...]) -> Reply:
        """Count what lies in a folder."""
        listed = self.handles(params).data or b""
        return Reply(params=(len(listed) // 4 - 1,))

    def info(self, handle: int) -> Reply:
        """Describe a file or folder."""
        with self._lock:
            if handle in self._folders:
                name, parent = self._folders[handle]
                return Reply(data=ptp.ObjectInfo(self.STORAGE, Format.FOLDER, 0, name, parent).pack())
            file = self._files.get(handle)
        developed = None if file is None else file.developed
        if file is None or developed is None:
            return Reply(Response.INVALID_OBJECT)
        return Reply(
            data=ptp.ObjectInfo(
                file.storage,
                file.format,
                file.size_bytes,
                file.name,
                file.parent,
                file.taken,
                len(developed.thumbnail),
                (160, 120),
                developed.size,
            ).pack()
        )

    def read(self, handle: int, start: int = 0, size: int | None = None) -> Reply:
        """Return a file, or a part of it."""
        developed = self._developed(handle)
        if developed is None:
            return Reply(Response.INVALID_OBJECT)
        if size == _EVERYWHERE:
            size = None
        data = developed.recording.read(start, size)
        return Reply(data=data, params=() if size is None and not start else (len(data),))

    def thumbnail(self, handle: int) -> Reply:
        """Return a file's small picture."""
        developed = self._developed(handle)
        if developed is None:
            return Reply(Response.INVALID_OBJECT)
        if not developed.thumbnail:
            return Reply(Response.NO_THUMBNAIL)
        return Reply(data=developed.thumbnail)

    def _developed(self, handle: int) -> Developed | None:
        with self._lock:
            file = self._files.get(handle)
            return None if file is None else file.developed

    def _add_folder(self, name: str, parent: int) -> int:
        handle, self._next_handle = self._next_handle, self._next_handle + 1
        self._folders[handle] = (name, parent)
        return handle
