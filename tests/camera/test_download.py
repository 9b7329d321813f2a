"""Names that a camera reports, and what becomes of them on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from groundglass.camera.download import Downloads
from groundglass.camera.driver import Driver
from groundglass.model.camera import RemoteFile

_PICTURE = b"a picture"


class _Body:
    """A body with one picture, whatever it is called."""

    def describe(self, file: RemoteFile) -> RemoteFile:
        return RemoteFile(file.folder, file.name, len(_PICTURE))

    def read_file(self, _file: RemoteFile, _size: int, write: Callable[[memoryview], None]) -> None:
        write(memoryview(_PICTURE))


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
