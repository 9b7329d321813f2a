"""The journal of a session: append-only JSON lines, each with its checksum.

A line is `{"crc":"<crc32 of the rest>",<the entry>}`. Nothing is ever rewritten: a line that a crash tore
is sealed with a line end, and a further entry says so; damage that a repair has looked at is noted likewise.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from groundglass.errors import SessionError
from groundglass.session.disk import Disk

Entry = Mapping[str, Any]

_HEAD = b'{"crc":"'
_PART_BYTES = 1 << 20
_BODY = len(_HEAD) + 8 + len(b'",')  # where the entry starts in a line


class JournalText(Struct, frozen=True):
    """What a journal says, and where it is damaged."""

    entries: tuple[Entry, ...]
    corrupt_lines: tuple[int, ...] = ()  # counted from 1; torn lines that were sealed are not among them
    is_torn: bool = False  # the last line has no end: the program stopped while it wrote


class Journal:
    """The journal at a path. Not locked here: its owner calls from one thread at a time."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path = path
        self._disk = disk
        self._may_be_torn = True
        self._unsynced = b""
        self._doubtful = b""  # appended, but a sync failed: the disk may have dropped it

    def read(self) -> JournalText:
        """Read every entry that is whole; damage is reported, not raised."""
        entries: list[Entry] = []
        return replace(self.scan(entries.extend), entries=tuple(entries))

    def scan(self, take: Callable[[Sequence[Entry]], object]) -> JournalText:
        """Read as `read` does, but hand the entries over, some thousands at a time, and keep none of them.

        All those of 20,000 shots at once leave 20 MB of holes behind when they go (2026-11).
        """
        data = self._disk.read(self.path)
        text = scan(data, take)
        last_line_end = data.rfind(b"\n", 0, -1)
        self._may_be_torn = not data.endswith(b"\n") or _bodies([data[last_line_end + 1 : -1]]) == [None]
        return text

    def append(self, *entries: Entry, is_synced: bool = True) -> None:
        """Add entries in one write; they are on the disk when this returns, if `is_synced`."""
        data = self._doubtful + b"".join(map(line, entries))
        if self._may_be_torn:
            self._seal()
        self._may_be_torn = True
        self._disk.append(self.path, data)
        self._unsynced += data
        self._doubtful = b""
        self._may_be_torn = False
        if is_synced:
            self.sync()

    def sync(self) -> None:
        """Wait until all that was added is on the disk.

        Systems drop what a failed sync could not write and report the next one as good, so after a failure
        the same lines are added once more. All entries may be told twice.
        """
        try:
            self._disk.sync(self.path)
        except SessionError:
            self._doubtful += self._unsynced
            self._unsynced = b""
            raise
        self._unsynced = b""

    def seal(self) -> None:
        """End a torn last line, durably; does nothing to a whole journal."""
        if self._may_be_torn and self._seal():
            self.sync()
        self._may_be_torn = False

    def _seal(self) -> bool:
        """End a last line that was torn and note it as known: what follows starts on a line of its own."""
        present = self._disk.read(self.path)
        *lines, rest = present.split(b"\n")
        last = rest or (lines[-1] if lines else b"")
        note = line({"do": "sealed"}) if last and _bodies([last]) == [None] else b""
        if rest or note:
            self._disk.append(self.path, (b"\n" if rest else b"") + note)
        return bool(rest or note)


def line(entry: Entry) -> bytes:
    """Write an entry as one line with its checksum; raise ValueError for what JSON cannot hold."""
    body = json.dumps(entry, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()[1:]
    return b'%s%08x",%s\n' % (_HEAD, zlib.crc32(body), body)


def parse(data: bytes) -> JournalText:
    """Read a journal's bytes."""
    entries: list[Entry] = []
    return replace(scan(data, entries.extend), entries=tuple(entries))


def scan(data: bytes, take: Callable[[Sequence[Entry]], object]) -> JournalText:
    """Read a journal's bytes, hand its entries over in parts, and tell of damage alone."""
    corrupt: list[int] = []
    body: bytes | None = b""
    number = 0
    for part in _parts(data):
        bodies = _bodies(part)
        entries = _load([body for body in bodies if body is not None])
        read = iter(entries)
        for body in bodies:
            number += 1
            if body is None:
                corrupt.append(number)
                continue
            entry = next(read)
            before = number - 1
            while entry.get("do") == "sealed" and corrupt and corrupt[-1] == before:
                before = corrupt.pop() - 1
            if entry.get("do") == "noted":
                corrupt = [one for one in corrupt if one not in entry["lines"]]
        take(entries)
    is_torn = not data.endswith(b"\n") and body is None
    return JournalText((), tuple(corrupt[:-1] if is_torn else corrupt), is_torn)


def _parts(data: bytes) -> Iterator[list[bytes]]:
    """Give the lines, a megabyte at a time."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _PART_BYTES) + 1 or len(data)
        *lines, rest = data[start:end].split(b"\n")
        yield [*lines, rest] if rest else lines
        start = end


def _bodies(lines: list[bytes]) -> list[bytes | None]:
    """Return the entry of each line as JSON; None if its checksum is wrong or missing."""
    bodies: list[bytes | None] = []
    for text in lines:
        body = text[_BODY:]
        is_whole = body and text[:_BODY] == b'%s%08x",' % (_HEAD, zlib.crc32(body))
        bodies.append(b"{" + body if is_whole else None)
    return bodies


def _load(bodies: list[bytes]) -> list[Entry]:
    """Read entries whose checksum is right; one that is no JSON all the same comes back empty."""
    loaded: list[Entry] = []
    try:
        # One call for all: 2.5 times as quick as one for each, and 20,000 shots are 100,000 lines.
        loaded = msgspec.json.decode(b"[" + b",".join(bodies) + b"]")
    except ValueError:  # half a surrogate, as in a name that is no UTF-8, is for json alone
        for body in bodies:
            try:
                loaded.append(json.loads(body))
            except ValueError:
                loaded.append({})
    return loaded
