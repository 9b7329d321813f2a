from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from groundglass.desktop.live_aim import power_of
from groundglass.desktop.main_window import MainWindow
from groundglass.errors import CameraError, UnsupportedError
from groundglass.model.camera import CameraState, Capability, LiveZoom
from scripted_desk import ScriptedDesk, live_frame, status

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
POWERS = (1.0, 5.0, 10.0)
LIVE = replace(status(CameraState.LIVE), is_live_wanted=True)
AIMING = replace(
    LIVE,
    capabilities=LIVE.capabilities | Capability.AF_POINT | Capability.LIVE_ZOOM,
    live_zoom=LiveZoom(POWERS),
)


class Bench:
    """A window with a live picture, and hands."""

    def __init__(self, window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> None:
        self.window, self.desk, self.qtbot = window, desk, qtbot
        self.picture = window.picture
        self._number = 0

    def begin(self, now: Any) -> None:
        self.desk.say(now)
        self.qtbot.waitUntil(lambda: self.window.viewing.shows_live)
        self.frame()

    def frame(self) -> None:
        shown = self.window.viewing.frames_shown
        self._number += 1
        self.desk.live.push(live_frame(self._number, level=118))
        self.qtbot.waitUntil(lambda: self.window.viewing.frames_shown > shown)

    def say(self, now: Any) -> None:
        self.desk.say(now)
        self.qtbot.waitUntil(lambda: self.window.status == now)

    def asked(self, name: str) -> list[tuple[Any, ...]]:
        return [one[1:] for one in self.desk.asked if one[0] == name]

    def answer(self, result: Any) -> None:
        count = len(self.desk.asked)
        self.desk.futures[-1].set_result(result)
        self.qtbot.waitUntil(lambda: not self.window.aim.is_busy or len(self.desk.asked) > count)

    def click(self, across: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        at = QPoint(self.picture.width() // 2 + across, self.picture.height() // 2)
        self.qtbot.mouseClick(self.picture, Qt.MouseButton.LeftButton, modifier, at)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.picture, key, modifier)


@pytest.fixture
def bench(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot) -> Bench:
    return Bench(window, desk, qtbot)


def test_a_click_with_ctrl_focuses_there(bench: Bench) -> None:
    bench.begin(AIMING)

    bench.click(0, CTRL)

    assert bench.asked("focus_at") == [(pytest.approx(0.5, abs=0.01), pytest.approx(0.5, abs=0.01))]
    assert bench.window.light_judging.spot is None


def test_a_key_focuses_at_the_spot(bench: Bench) -> None:
    bench.begin(AIMING)
    bench.click(120)
    spot = bench.window.light_judging.spot

    bench.press(Qt.Key.Key_F, CTRL | SHIFT)

    assert bench.asked("focus_at") == [spot]


def test_a_body_that_takes_no_focus_point_is_told(bench: Bench) -> None:
    bench.begin(LIVE)

    bench.click(0, CTRL)

    assert bench.asked("focus_at") == []
    assert "no focus point" in str(bench.window.banner.error)


def test_a_shot_is_not_focused(bench: Bench) -> None:
    bench.begin(AIMING)
    bench.window.viewing.show_nothing()

    bench.press(Qt.Key.Key_F, CTRL | SHIFT)
    bench.click(0, CTRL)

    assert bench.asked("focus_at") == []


def test_corners_stand_where_the_body_focuses(bench: Bench) -> None:
    bench.begin(AIMING)
    assert bench.picture.focus is None

    bench.say(replace(AIMING, focus_point=(0.3, 0.6)))

    assert bench.picture.focus is not None
    left, top, right, bottom = bench.picture.focus
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx((0.3, 0.6))
    bench.window.viewing.show_nothing()
    assert bench.picture.focus is None


def test_z_goes_closer_by_the_body_and_says_so(bench: Bench) -> None:
    bench.begin(AIMING)

    bench.press(Qt.Key.Key_Z)
    assert bench.asked("zoom_live") == [(5.0, 0.5, 0.5)]
    zoomed = LiveZoom(POWERS, 5.0)
    bench.answer(zoomed)
    bench.say(replace(AIMING, live_zoom=zoomed))
    bench.frame()

    assert bench.picture.magnified == "5\N{MULTIPLICATION SIGN} by the camera"
    bench.press(Qt.Key.Key_Z)
    bench.answer(LiveZoom(POWERS, 10.0))
    bench.say(replace(AIMING, live_zoom=LiveZoom(POWERS, 10.0)))
    bench.press(Qt.Key.Key_Z)
    assert [one[0] for one in bench.asked("zoom_live")] == [5.0, 10.0, 1.0]
    bench.answer(LiveZoom(POWERS))
    bench.say(AIMING)
    bench.frame()
    assert bench.picture.magnified == ""


def test_the_body_magnifies_around_its_focus_point_where_no_spot_is(bench: Bench) -> None:
    bench.begin(AIMING)
    bench.say(replace(AIMING, focus_point=(0.3, 0.6)))

    bench.press(Qt.Key.Key_Z)

    assert bench.asked("zoom_live") == [(5.0, 0.3, 0.6)]


def test_z_goes_closer_here_where_the_body_can_not_and_says_so(bench: Bench) -> None:
    bench.begin(LIVE)

    bench.press(Qt.Key.Key_Z)
    bench.frame()

    assert bench.asked("zoom_live") == []
    assert bench.picture.magnified == "2\N{MULTIPLICATION SIGN} digital"


def test_a_body_that_refuses_to_magnify_is_told_and_the_picture_is_magnified_here(bench: Bench) -> None:
    bench.begin(AIMING)

    bench.press(Qt.Key.Key_Z)
    bench.desk.futures[-1].set_exception(UnsupportedError("It does not.", "Do it on the body."))
    bench.qtbot.waitUntil(lambda: bench.window.banner.error is not None)
    bench.frame()
    bench.press(Qt.Key.Key_Z)

    assert bench.picture.magnified == "2\N{MULTIPLICATION SIGN} digital"
    assert len(bench.asked("zoom_live")) == 1


def test_a_body_that_was_busy_is_asked_again(bench: Bench) -> None:
    bench.begin(AIMING)
    bench.press(Qt.Key.Key_Z)
    bench.desk.futures[-1].set_exception(CameraError("The camera is busy.", "Try again."))
    bench.qtbot.waitUntil(lambda: bench.window.banner.error is not None)

    bench.press(Qt.Key.Key_Z)

    assert [one[0] for one in bench.asked("zoom_live")] == [5.0, 10.0]


def test_wishes_that_come_while_one_is_under_way_become_one(bench: Bench) -> None:
    bench.begin(AIMING)

    for _ in range(5):
        bench.press(Qt.Key.Key_Z)
    assert len(bench.asked("zoom_live")) == 1
    bench.answer(LiveZoom(POWERS, 5.0))

    assert [one[0] for one in bench.asked("zoom_live")] == [5.0, 10.0]


def test_the_spot_stays_on_the_subject_while_the_body_magnifies(bench: Bench) -> None:
    bench.begin(AIMING)
    bench.click(120)
    spot = bench.window.light_judging.spot
    assert spot is not None

    bench.press(Qt.Key.Key_Z)
    assert bench.asked("zoom_live") == [(5.0, *spot)]
    zoomed = LiveZoom(POWERS, 5.0, *spot)
    bench.answer(zoomed)
    bench.say(replace(AIMING, live_zoom=zoomed))
    assert bench.window.light_judging.spot == pytest.approx((0.5, 0.5))
    bench.frame()
    bench.click(0, CTRL)

    assert bench.asked("focus_at") == [(pytest.approx(spot[0], abs=0.01), pytest.approx(spot[1], abs=0.01))]
    bench.say(AIMING)
    assert bench.window.light_judging.spot == pytest.approx(spot)


def test_the_magnified_part_is_moved_by_the_keys_of_the_spot(bench: Bench) -> None:
    zoomed = replace(AIMING, live_zoom=LiveZoom(POWERS, 5.0))
    bench.begin(AIMING)
    bench.press(Qt.Key.Key_Z)
    bench.answer(zoomed.live_zoom)
    bench.say(zoomed)

    bench.press(Qt.Key.Key_Right, ALT)

    assert bench.asked("zoom_live")[-1] == (5.0, pytest.approx(0.55), pytest.approx(0.5))


def test_a_live_view_that_begins_anew_is_whole_again(bench: Bench) -> None:
    zoomed = replace(AIMING, live_zoom=LiveZoom(POWERS, 5.0))
    bench.begin(AIMING)
    bench.press(Qt.Key.Key_Z)
    bench.answer(zoomed.live_zoom)
    bench.say(zoomed)

    bench.say(AIMING)

    assert bench.picture.scale == 0


@pytest.mark.parametrize(
    ("powers", "expected"),
    [
        ((1.0, 5.0, 10.0), (1.0, 5.0, 10.0)),
        ((1.0, 5.9, 11.8), (1.0, 5.9, 11.8)),
        ((1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 12.0), (1.0, 3.0, 12.0)),
        ((1.0, 6.0), (1.0, 6.0, 6.0)),
        ((1.0,), (1.0, 1.0, 1.0)),
    ],
)
def test_three_steps_are_chosen_of_what_a_body_has(
    powers: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    assert tuple(power_of(LiveZoom(powers), step) for step in (0, 1, 2)) == expected
