"""Names that a camera reports, and what becomes of them on the disk."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import cast

import pytest

from groundglass.camera.download import Downloads
from groundglass.camera.driver import Driver
from groundglass.errors import DiskFailedError
from groundglass.model.camera import RemoteFile

_PICTURE = b"a picture"


class _Body:
    """A body with one picture, whatever it is called."""

    def __init__(self, picture: bytes = _PICTURE) -> None:
        self._picture = picture

    def describe(self, file: RemoteFile) -> RemoteFile:
        return RemoteFile(file.folder, file.name, len(self._picture))

    def read_file(self, _file: RemoteFile, _size: int, write: Callable[[memoryview], None]) -> None:
        write(memoryview(self._picture))


@pytest.mark.parametrize(
    "name",
    ["../../x.jpg", "..", "/etc/x.jpg", "..\\..\\x.jpg", "a\0b.jpg", "x" * 400 + ".jpg", "ü\n.jpg", "."],
)
def test_a_file_arrives_in_the_incoming_folder_whatever_its_name(name: str, tmp_path: Path) -> None:
    incoming = tmp_path / "S" / "incoming"
    incoming.mkdir(parents=True)
    downloads = Downloads(cast("Driver", _Body()), lambda _message: None)

    arrived = downloads.fetch(RemoteFile("/card", name), incoming, None, 0.0)

    assert Path(arrived.path).parent == incoming
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [Path(arrived.path)]
    assert Path(arrived.path).read_bytes() == _PICTURE


@pytest.mark.parametrize(
    ("folder", "code", "is_kept"),
    [
        ("/card", errno.EINVAL, True),  # a mount that has no sync for folders
        ("/card", errno.EIO, False),  # it is fetched again
        ("/", errno.EIO, True),  # out of the memory it comes once
    ],
)
def test_a_folder_that_can_not_be_synced_costs_no_picture_and_leaves_no_copies(
    folder: str, code: int, is_kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def fail_for_folders(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(code, os.strerror(code))
        sync(handle)

    monkeypatch.setattr(os, "fsync", fail_for_folders)
    downloads = Downloads(cast("Driver", _Body()), lambda _message: None)

    with nullcontext() if is_kept else pytest.raises(DiskFailedError, match="is on the card"):
        downloads.fetch(RemoteFile(folder, "a.nef"), tmp_path, None, 0.0)

    assert [one.read_bytes() for one in tmp_path.iterdir()] == ([_PICTURE] if is_kept else [])


@pytest.mark.parametrize(
    ("folder", "name", "picture", "lacks_end"),
    [
        ("/", "capt0000.jpg", b"\xff\xd8 half" + bytes(100_000), True),
        ("/", "capt0000.jpg", b"\xff\xd8 whole \xff\xd9", False),
        ("/", "capt0000.jpg", b"\xff\xd8 whole \xff\xd9" + bytes(10_000), False),
        ("/", "capt0000.nef", b"raw", False),
        ("/card", "DSC_0001.JPG", b"\xff\xd8 half", False),  # its size is known and compared
    ],
)
def test_a_jpeg_out_of_the_memory_that_does_not_end_is_noticed(
    folder: str, name: str, picture: bytes, lacks_end: bool, tmp_path: Path
) -> None:
    downloads = Downloads(cast("Driver", _Body(picture)), lambda _message: None)

    arrived = downloads.fetch(RemoteFile(folder, name), tmp_path, None, 0.0)

    assert arrived.lacks_end is lacks_end
    assert Path(arrived.path).read_bytes() == picture
