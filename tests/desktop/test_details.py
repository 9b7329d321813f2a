from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.pictures import whole_picture
from groundglass.desktop.seen_pictures import SeenPictures
from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.details_section import DetailsSection
from groundglass.desktop.widgets.lines import Words, WrappedWords
from groundglass.errors import ImageError
from groundglass.imaging.details import read_details
from groundglass.model.camera import CameraState
from groundglass.model.details import CaptureDetails
from groundglass.studio.events import SessionOpened
from scripted_desk import ScriptedDesk, shot, status

needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")

SAID = (
    "-ExposureTime=1/160", "-FNumber=5.6", "-ISO=400", "-ExposureCompensation=0.667", "-FocalLength=50",
    "-LensModel=NIKKOR 50 mm f/1.8", "-DateTimeOriginal=2026:11:25 10:11:12", "-Model=Nikon Z 6II",
)  # fmt: skip


def _picture(path: Path, *said: str, size: tuple[int, int] = (900, 600)) -> Path:
    cv2.imwrite(str(path), np.full((size[1], size[0], 3), 120, np.uint8))
    if said:
        subprocess.run(["exiftool", "-q", "-overwrite_original", *said, str(path)], check=True)
    return path


@needs_exiftool
def test_the_details_are_read_as_photographers_write_them(tmp_path: Path) -> None:
    found = read_details(_picture(tmp_path / "a.jpg", *SAID))

    assert found.shutter is not None
    assert found.aperture is not None
    assert found.iso is not None
    assert found.compensation is not None
    labels = (found.shutter.label, found.aperture.label, found.iso.label, found.compensation.label)
    assert labels == ("1/160", "f/5.6", "ISO 400", "+2/3 EV")
    assert (found.lens, found.focal_label, found.camera) == ("NIKKOR 50 mm f/1.8", "50 mm", "Nikon Z 6II")
    assert found.taken_at == "2026-11-25 10:11:12"


def test_a_picture_without_exif_tells_nothing(tmp_path: Path) -> None:
    assert read_details(_picture(tmp_path / "a.jpg")) == CaptureDetails()


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\xff\xd8\xff"])
def test_a_broken_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)

    with pytest.raises(ImageError):
        read_details(tmp_path / "a.jpg")


@needs_exiftool
def test_the_panel_tells_of_the_shown_picture(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _picture(tmp_path / "S_0001.jpg")
    _picture(tmp_path / "S_0002.jpg", *SAID)
    desk.shots = (shot(1, "S_0001.jpg"), shot(2, "S_0002.jpg", "S_0002.nef"))

    desk.announce(SessionOpened(str(tmp_path)))

    qtbot.waitUntil(lambda: window.details.told("Shutter") == "1/160")
    assert window.details.told("ISO") == "400"
    taken = next(one for one in window.details.findChildren(Words) if one.accessibleName() == "Taken")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", taken.shown)
    assert re.fullmatch(rf"{taken.shown}:\d\d", taken.toolTip())
    assert window.details.told("Files") == "S_0002.jpg, S_0002.nef"
    assert window.details.told("Lives on") == "disk"
    window.filmstrip.choose_row(0)
    qtbot.waitUntil(lambda: window.details.told("Files") == "S_0001.jpg")
    assert window.details.told("Shutter") == "\N{EN DASH}"
    assert "1/160" not in window.picture.caption


@needs_exiftool
def test_its_exposure_stands_under_a_picture_and_under_each_that_is_compared(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    _picture(tmp_path / "S_0001.jpg", "-ExposureTime=1/30", "-ISO=800")
    _picture(tmp_path / "S_0002.jpg", *SAID)
    desk.shots = (shot(1, "S_0001.jpg"), shot(2, "S_0002.jpg"))
    desk.announce(SessionOpened(str(tmp_path)))

    qtbot.waitUntil(lambda: "1/160 f/5.6 ISO 400" in window.picture.caption)
    qtbot.keyClick(window.picture, Qt.Key.Key_B)

    panes = window.compare.panes
    qtbot.waitUntil(lambda: panes[0].caption == "S_0001   1/30 ISO 800")
    qtbot.waitUntil(lambda: panes[1].caption == "S_0002   1/160 f/5.6 ISO 400")
    desk.say(status(CameraState.LIVE, is_live_wanted=True))
    qtbot.waitUntil(lambda: window.viewing.shows_live)
    assert window.picture.caption == ""


def test_seen_pictures_are_bounded_by_their_bytes(tmp_path: Path) -> None:
    paths = [_picture(tmp_path / f"{name}.jpg", size=(100, 100)) for name in "abc"]
    seen = SeenPictures(most_bytes=2 * 40_000)
    seen.keep(paths[0], whole_picture(paths[0]))
    seen.keep(paths[1], whole_picture(paths[1]))
    seen.get(paths[0])

    seen.keep(paths[2], whole_picture(paths[2]))

    assert [path in seen for path in paths] == [True, False, True]


def test_a_neighbour_is_read_ahead_and_a_seen_picture_is_there_at_once(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in (1, 2, 3):
        _picture(tmp_path / f"S_{number:04}.jpg")
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in (1, 2, 3))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: window.viewing.knows(tmp_path / "S_0002.jpg"))
    assert not window.viewing.knows(tmp_path / "S_0001.jpg")

    window.filmstrip.choose_row(1)

    qtbot.waitUntil(lambda: window.viewing.knows(tmp_path / "S_0001.jpg"))


def test_a_picture_deleted_under_the_window_is_told_and_forgotten(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    for number in (1, 2):
        _picture(tmp_path / f"S_{number:04}.jpg")
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in (1, 2))
    desk.announce(SessionOpened(str(tmp_path)))
    qtbot.waitUntil(lambda: window.viewing.knows(tmp_path / "S_0001.jpg"))
    (tmp_path / "S_0001.jpg").unlink()

    window.filmstrip.choose_row(0)

    qtbot.waitUntil(lambda: window.banner.error is not None)
    assert not window.viewing.knows(tmp_path / "S_0001.jpg")
    assert not window.picture.has_picture


def test_a_vanished_session_folder_leaves_the_window_at_work(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "S"
    folder.mkdir()
    for number in (1, 2):
        _picture(folder / f"S_{number:04}.jpg")
    desk.session_path = folder
    desk.shots = tuple(shot(number, f"S_{number:04}.jpg") for number in (1, 2))
    desk.announce(SessionOpened(str(folder)))
    qtbot.waitUntil(lambda: window.picture.has_picture)
    shutil.rmtree(folder)

    window.filmstrip.choose_row(0)
    qtbot.waitUntil(lambda: window.banner.error is not None)
    window.comparing.toggle()
    qtbot.waitUntil(lambda: window.compare.panes[0].notice is not None)


@pytest.mark.parametrize("name", ["p.jpg", "n" * 100 + ".jpg"])
def test_a_picture_of_one_pixel_and_a_long_name_can_be_looked_at(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    _picture(tmp_path / name, size=(1, 1))
    desk.shots = (shot(1, name),)
    desk.announce(SessionOpened(str(tmp_path)))

    qtbot.waitUntil(lambda: window.picture.has_picture)
    for scale in (1, 2, 0):
        window.picture.set_scale(scale)
        assert not window.picture.grab().isNull()


def test_a_long_lens_keeps_its_f_number(app: object, qtbot: QtBot) -> None:
    section = DetailsSection(DARK)
    qtbot.addWidget(section)
    section.resize(216, section.sizeHint().height())
    section.show()
    lens = "NIKKOR Z 24-120mm f/4 S VR"

    section.show_details({"Lens": lens})

    shown = next(one for one in section.findChildren(WrappedWords) if one.accessibleName() == "Lens").shown
    assert shown == lens
    assert section.told("Lens") == lens
