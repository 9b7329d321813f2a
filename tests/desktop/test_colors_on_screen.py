from __future__ import annotations

import io
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from groundglass.desktop import monitor
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.monitor import LiveColors
from groundglass.desktop.picture_scaler import FittedPicture, PictureScaler
from groundglass.desktop.theme import DARK
from groundglass.desktop.turning import Turn
from groundglass.desktop.widgets.grid import Framing
from groundglass.desktop.widgets.picture_place import fitted_place
from groundglass.imaging.color import ADOBE_RGB, DISPLAY_P3, SRGB, Profile, convert
from groundglass.studio.events import ShotStored
from jpeg_samples import with_extras
from scripted_desk import ScriptedDesk, ScriptedFrames, live_frame, shot

# The corners of a stored picture, and where each EXIF orientation puts the first of them: upright, top left
# is where the stored picture's red corner belongs. Rows of (x, y), 0 or 1.
RED_CORNER = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}
BLUE_CORNER = {1: (1, 0), 2: (0, 0), 3: (0, 1), 4: (1, 1), 5: (0, 1), 6: (1, 1), 7: (1, 0), 8: (0, 0)}


def _flat(color: tuple[int, int, int], profile: Profile | None) -> bytes:
    file = io.BytesIO()
    options = {"icc_profile": profile.icc} if profile else {}
    Image.new("RGB", (96, 64), color).save(file, "JPEG", quality=100, subsampling=0, **options)
    return file.getvalue()


def _shown(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    desk.announce(ShotStored(shot(1, path.name), is_complete=True))
    qtbot.waitUntil(lambda: window.picture.has_picture)


def _middle(window: MainWindow) -> QColor:
    picture = window.picture
    return picture.grab().toImage().pixelColor(picture.width() // 2, picture.height() // 2)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (None, (200, 100, 60)),
        (SRGB, (200, 100, 60)),
        # Computed by hand from the primaries that the standards name.
        (ADOBE_RGB, (227, 100, 55)),
        (DISPLAY_P3, (215, 93, 47)),
    ],
    ids=["none", "sRGB", "Adobe RGB", "Display P3"],
)
def test_a_picture_is_shown_in_the_colours_of_its_profile(
    window: MainWindow,
    desk: ScriptedDesk,
    qtbot: QtBot,
    tmp_path: Path,
    profile: Profile | None,
    expected: tuple[int, int, int],
) -> None:
    _shown(window, desk, qtbot, tmp_path / "1.jpg", _flat((200, 100, 60), profile))

    color = _middle(window)

    assert (color.red(), color.green(), color.blue()) == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("turn", [Turn(), Turn(1), Turn(degrees=10.0)])
def test_the_closer_look_has_the_monitors_colours_and_leaves_the_surround_its_grey(
    window: MainWindow,
    desk: ScriptedDesk,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    turn: Turn,
) -> None:
    monkeypatch.setattr(monitor, "monitor_profile", lambda: DISPLAY_P3)
    _shown(window, desk, qtbot, tmp_path / "1.jpg", _flat((200, 100, 60), SRGB))
    window.picture.show_framing(Framing(turn=turn))

    window.picture.set_scale(2)
    qtbot.waitUntil(lambda: window.picture._zoomed._made is not None)

    color = _middle(window)
    assert (color.red(), color.green(), color.blue()) == pytest.approx((187, 105, 69), abs=2)
    beside = window.picture.grab().toImage().pixelColor(window.picture.width() // 2, 120)
    assert beside.name() == DARK.surround


def test_clipping_is_counted_in_the_files_own_values(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    # A green of Adobe RGB that no sRGB monitor has: clipped on screen, not in the file.
    _shown(window, desk, qtbot, tmp_path / "1.jpg", _flat((40, 240, 40), ADOBE_RGB))

    assert window.panel.histogram.clipped_text() == ("0.0 %", "0.0 %")


def test_a_wide_monitor_gets_its_own_colours(
    window: MainWindow,
    desk: ScriptedDesk,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(monitor, "monitor_profile", lambda: DISPLAY_P3)

    _shown(window, desk, qtbot, tmp_path / "1.jpg", _flat((200, 100, 60), SRGB))

    color = _middle(window)
    assert (color.red(), color.green(), color.blue()) == pytest.approx((187, 105, 69), abs=2)


def test_live_frames_on_a_wide_monitor_have_the_same_colours_before_and_by_the_table(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, "monitor_profile", lambda: DISPLAY_P3)
    frame = np.random.default_rng(2).integers(0, 256, (60, 90, 4), dtype=np.uint8)
    expected = convert(frame, SRGB, DISPLAY_P3)
    colors = LiveColors()

    first = colors.convert(frame)
    qtbot.waitUntil(lambda: colors.has_table, timeout=20_000)
    second = colors.convert(frame)
    colors.close()

    assert np.array_equal(first, expected)
    assert np.array_equal(second, expected)


def test_a_monitor_of_srgb_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "monitor_profile", lambda: SRGB)
    frame = np.zeros((6, 9, 4), np.uint8)
    colors = LiveColors()

    assert colors.convert(frame) is frame
    assert not colors.has_table
    assert not any(one.name == "colour-table" for one in threading.enumerate())
    colors.close()


def test_the_live_picture_is_in_the_monitors_colours_and_judged_in_its_own(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, "monitor_profile", lambda: DISPLAY_P3)
    frames = ScriptedFrames()
    scaler = PictureScaler(frames, lambda: None)
    scaler.fit(96, 64)
    scaler.show_live()
    frame = live_frame(1)
    frame.image[...] = (60, 100, 200, 255)
    frames.push(frame)
    found: list[FittedPicture] = []

    def is_fitted() -> bool:
        found.extend(one for one in [scaler.take()] if one is not None)
        return bool(found)

    qtbot.waitUntil(is_fitted, timeout=20_000)
    scaler.close()

    blue, green, red = found[0].image[32, 48, :3]
    assert (red, green, blue) == pytest.approx((187, 105, 69), abs=2)
    assert tuple(frame.image[0, 0]) == (60, 100, 200, 255)


def test_without_an_x_server_no_profile_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)

    assert monitor.x11_profile() is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_stands_upright_in_the_window(
    window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path, orientation: int
) -> None:
    stored = np.full((240, 360, 3), 128, np.uint8)
    stored[:120, :180] = (250, 20, 20)
    stored[:120, 180:] = (20, 20, 250)
    file = io.BytesIO()
    Image.fromarray(stored).save(file, "JPEG", quality=95)

    _shown(window, desk, qtbot, tmp_path / "1.jpg", with_extras(file.getvalue(), orientation))

    picture = window.picture
    image = picture.grab().toImage()
    size = QSize(360, 240) if orientation < 5 else QSize(240, 360)
    place = fitted_place(size, picture.device_size)
    for corner, name in ((RED_CORNER, "red"), (BLUE_CORNER, "blue")):
        x, y = corner[orientation]
        at_x = place.left() + place.width() * (1 + 2 * x) // 4
        at_y = place.top() + place.height() * (1 + 2 * y) // 4
        color = image.pixelColor(at_x, at_y)
        assert getattr(color, name)() > 180, (orientation, name)
        assert color.green() < 90
