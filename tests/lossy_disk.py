"""A disk that forgets what was not synced when the power is cut.

Beside the real files it keeps what a disk may hold after a cut: for each file the bytes of its last sync,
for each folder the names of its last sync. `survive` writes down one of the states that the standard allows.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counted_disk import CountedDisk
from groundglass.session.disk_errors import disk_error

SURVIVALS = (
    "synced",  # nothing that was not synced
    "names",  # all names, but only synced bytes: files of no length
    "zeros",  # all names and lengths, zeros for bytes that were not synced
    "torn",  # all names, and half of the bytes that were not synced
    "data",  # all bytes, but only synced names
)


class PowerCutError(BaseException):
    """The power is gone: no handler in the program can do anything about it."""


@dataclass(eq=False, slots=True)
class _Node:
    live: bytes = b""
    durable: bytes = b""
    dropped_to: int = 0  # a failed sync: bytes up to here are taken for clean and never written
    names: dict[str, _Node] | None = None  # of a folder
    durable_names: dict[str, _Node] = field(default_factory=dict)


class LossyDisk(CountedDisk):
    """Cuts the power at operation `fail_at`, or lets it fail and drop what a sync could not write.

    drops: an operation that fails leaves what it could not write for clean, as Linux does.
    is_journaled: one sync of a folder brings all names so far to the disk, as on ext4, XFS, APFS; else only
    those of that folder, so that a file which was moved can be found in both places.
    """

    def __init__(
        self,
        root: Path,
        fail_at: int = 0,
        moment: str = "before",
        *,
        is_journaled: bool = True,
        drops: bool = False,
    ) -> None:
        super().__init__(fail_at, moment, fail=self._drop if drops else self._cut)
        self._root = root
        self._drops = drops
        self._is_journaled = is_journaled
        self._top = _taken_in(root)

    def _cut(self, _name: str, _path: Path) -> None:
        raise PowerCutError

    def _drop(self, name: str, path: Path) -> None:
        node = self._node(path)
        if name == "sync" and node is not None:
            node.dropped_to = len(node.live)
        raise disk_error(name, path, OSError(5, os.strerror(5)))

    def arrive(self, incoming: Path, content: bytes) -> None:
        super().arrive(incoming, content)
        folder = self._node(incoming.parent)
        assert folder is not None
        assert folder.names is not None
        # Where syncs fail, the camera's side may have been told a lie as well.
        node = _Node(content, b"" if self._drops else content)
        folder.names[incoming.name] = folder.durable_names[incoming.name] = node

    def effect(self, name: str, path: Path, *others: Any) -> Any:
        result = super().effect(name, path, *others)
        match name:
            case "sync":
                self._sync(self._node(path))
            case "sync_folder":
                self._sync_names(self._node(path))
            case "rename_exclusive" | "replace":
                if result is not False:
                    self._move(path, others[0])
            case "remove":
                self._names(path).pop(path.name, None)
            case "copy":
                self._written(others[0])
            case _:
                self._written(path)
        return result

    def survive(self, folder: Path, how: str) -> None:
        """Write what is left after the cut into a new folder."""
        _write(self._top, folder, how)

    def _node(self, path: Path) -> _Node | None:
        node: _Node | None = self._top
        if not path.is_relative_to(self._root):
            return None
        for part in path.relative_to(self._root).parts:
            node = node.names.get(part) if node is not None and node.names is not None else None
        return node

    def _names(self, path: Path) -> dict[str, _Node]:
        parent = self._node(path.parent)
        return {} if parent is None or parent.names is None else parent.names

    def _written(self, path: Path) -> None:
        if path.is_dir():
            self._names(path).setdefault(path.name, _Node(names={}))
        elif path.exists():
            self._names(path).setdefault(path.name, _Node()).live = path.read_bytes()

    def _sync(self, node: _Node | None) -> None:
        if node is not None:
            written = node.durable[: node.dropped_to].ljust(node.dropped_to, b"\0")
            node.durable = written + node.live[node.dropped_to :]

    def _sync_names(self, node: _Node | None) -> None:
        for one in self._folders(self._top) if self._is_journaled else [node]:
            if one is not None and one.names is not None:
                one.durable_names = dict(one.names)

    def _folders(self, node: _Node) -> list[_Node]:
        found = [node]
        for one in (node.names or {}).values():
            if one.names is not None:
                found += self._folders(one)
        return found

    def _move(self, source: Path, target: Path) -> None:
        node = self._names(source).pop(source.name, None)
        if node is not None:
            self._names(target)[target.name] = node


def _taken_in(path: Path) -> _Node:
    """Take what is there at the begin for synced."""
    if path.is_dir():
        names = {one.name: _taken_in(one) for one in path.iterdir()}
        return _Node(names=names, durable_names=dict(names))
    return _Node(path.read_bytes(), path.read_bytes())


def _write(node: _Node, path: Path, how: str) -> None:
    if node.names is None:
        path.write_bytes(_left_of(node, how))
        return
    path.mkdir(parents=True)
    for name, one in (node.durable_names if how in ("synced", "data") else node.names).items():
        _write(one, path / name, how)


def _left_of(node: _Node, how: str) -> bytes:
    more = max(len(node.live) - len(node.durable), 0)
    match how:
        case "zeros":
            return node.durable + bytes(more)
        case "torn":
            return node.durable + node.live[len(node.durable) :][: more // 2]
        case "data":
            return node.live
    return node.durable
