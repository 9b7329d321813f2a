from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop import client_window, framing_tools
from groundglass.desktop.arranging import on_screen
from groundglass.desktop.client_window import ClientShows
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.picture_tools import Peaking, Scope
from groundglass.desktop.theme import DARK
from groundglass.desktop.turning import Turn
from groundglass.desktop.widgets.grid import Framing, Grid
from groundglass.desktop.widgets.overlay import Blend, Layer, Look
from groundglass.session.record import Layout
from groundglass.studio.events import SessionOpened
from patience import PATIENCE_S
from scripted_desk import ScriptedDesk, shot, status


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ScriptedDesk]:
    session = tmp_path / "look"
    Layout(session).hidden.mkdir(parents=True)
    desk = ScriptedDesk(session)
    yield desk
    desk.chosen.close()


def _window(desk: ScriptedDesk, qtbot: QtBot) -> MainWindow:
    window = MainWindow(desk, DARK)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.arranging.place_window()
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def _file(session: Path | None) -> dict[str, Any]:
    assert session is not None
    found: dict[str, Any] = json.loads(Layout(session).window.read_text())
    return found


def test_a_window_comes_back_as_it_was_left(app: QApplication, qtbot: QtBot, desk: ScriptedDesk) -> None:
    first = _window(desk, qtbot)
    keys = (Qt.Key.Key_C, Qt.Key.Key_P, Qt.Key.Key_P, Qt.Key.Key_G, Qt.Key.Key_H, Qt.Key.Key_Tab)
    for key in keys:
        qtbot.keyClick(first.picture, key)
    for key in (Qt.Key.Key_H, Qt.Key.Key_L, Qt.Key.Key_M, Qt.Key.Key_I):
        qtbot.keyClick(first.picture, key, Qt.KeyboardModifier.ShiftModifier)
    for _ in range(3):
        qtbot.keyClick(first.picture, Qt.Key.Key_Comma)
    first.side.section("Filter").set_folded(True)
    first.side.section("Camera").set_folded(False)
    first.setGeometry(40, 50, 1000, 700)
    first.sizing.use({"film": 100, "table": 200, "left": 260, "right": 300})
    first.framing.use_look(Look(0.25, 1.5, 0.1, 0.9, Blend.SCREEN))
    raw, scope = first.panel.shows_raw, first.light_judging.scope
    first.close()

    again = _window(desk, qtbot)

    assert (again.tools.clipping, again.tools.peaking) == (True, Peaking.STRONG)
    assert again.panel.histogram.is_logarithmic
    assert (again.panel.shows_raw, again.light_judging.scope) == (raw, scope)
    assert again.picture.framing.grid is Grid.NONE.following
    assert again.picture.framing.turn == Turn(0, True, -0.3)
    assert again.framing.look == Look(0.25, 1.5, 0.1, 0.9, Blend.SCREEN)
    assert again.last_frame.is_wanted
    assert again.sizing.now == {"film": 100, "table": 200, "left": 260, "right": 300}
    assert again.framing._section.framing == again.picture.framing
    assert set(again.side.folded_titles()) == {"Next frames", "Framing", "Filter"}
    assert not again.has_panels
    assert not again.panel.isVisible()
    assert again.geometry().size().toTuple() == (1000, 700)
    again.close()


class _Screen(NamedTuple):
    title: str

    def name(self) -> str:
        return self.title

    def geometry(self) -> QRect:
        return QRect(2000, 0, 900, 600)


def test_the_clients_window_comes_back_on_its_screen_and_not_while_that_is_away(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = [app.primaryScreen(), _Screen("left"), _Screen("right")]
    monkeypatch.setattr(client_window, "screens", lambda: screens)
    first = _window(desk, qtbot)
    first.client.show(ClientShows.HISTOGRAM, "right")
    first.close()
    assert first.client.picture is None

    again = _window(desk, qtbot)
    assert (
        again.client.kept == _file(desk.session_path)["client"] == {"shows": "histogram", "screen": "right"}
    )
    assert again.client.picture is not None
    again.close()
    right = screens.pop()
    away = _window(desk, qtbot)

    assert away.client.picture is None
    away.close()
    screens.append(right)
    back = _window(desk, qtbot)
    assert back.client.shows is ClientShows.HISTOGRAM
    back.client.show(ClientShows.NOTHING)
    back.close()
    assert _file(desk.session_path)["client"] == {"shows": "nothing", "screen": ""}


def test_the_clients_window_never_fills_the_screen_of_the_photographers(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.session_path is not None
    own = _Screen("left")
    monkeypatch.setattr(client_window, "screens", lambda: [own, _Screen("right")])
    monkeypatch.setattr(QGuiApplication, "screenAt", lambda _point: own)
    told = {"version": 1, "client": {"shows": "picture", "screen": "left"}}
    Layout(desk.session_path).window.write_text(json.dumps(told))

    window = _window(desk, qtbot)

    assert window.client.picture is None
    window.close()


def test_another_session_brings_its_own_layout_and_a_new_one_keeps_this(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk, tmp_path: Path
) -> None:
    other, new = tmp_path / "portraits", tmp_path / "new"
    for one in (other, new):
        Layout(one).hidden.mkdir(parents=True)
    Layout(other).window.write_text(json.dumps({"version": 1, "scope": "waveform", "panels": False}))
    window = _window(desk, qtbot)
    qtbot.keyClick(window.picture, Qt.Key.Key_C)

    desk.session_path = other
    desk.announce(SessionOpened(str(other)))
    qtbot.waitUntil(lambda: window.light_judging.scope is Scope.WAVEFORM)
    assert not window.has_panels
    desk.session_path = new
    desk.announce(SessionOpened(str(new)))
    qtbot.waitUntil(lambda: window.session.path == new)
    window.close()

    assert _file(tmp_path / "look")["tools"]["clipping"]
    assert _file(new)["scope"] == "waveform"
    assert not _file(new)["panels"]


def test_a_session_that_is_slow_to_come_does_not_get_the_layout_of_the_one_before(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk, tmp_path: Path
) -> None:
    other, may_end = tmp_path / "portraits", threading.Event()
    Layout(other).hidden.mkdir(parents=True)
    Layout(other).window.write_text(json.dumps({"version": 1, "scope": "waveform"}))
    window = _window(desk, qtbot)
    window.arranging._background.run("slow", lambda: may_end.wait(PATIENCE_S), lambda _: None)
    _go_to(desk, other)
    qtbot.waitUntil(lambda: window.session.path == other)
    qtbot.keyClick(window.picture, Qt.Key.Key_C)
    window.arranging.keep()  # is written first, as the newest
    may_end.set()

    qtbot.waitUntil(lambda: window.light_judging.scope is Scope.WAVEFORM)
    window.close()
    assert _file(tmp_path / "look")["scope"] == Scope.HISTOGRAM.value


def _go_to(desk: ScriptedDesk, session: Path) -> None:
    desk.session_path = session
    desk.announce(SessionOpened(str(session)))


def test_a_new_session_keeps_the_grid_and_lets_go_of_what_belongs_to_the_picture_before(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk, tmp_path: Path
) -> None:
    look, new, layout = tmp_path / "look", tmp_path / "new", tmp_path / "cover.png"
    Layout(new).hidden.mkdir(parents=True)
    cv2.imwrite(str(layout), np.full((40, 60, 3), 200, np.uint8))
    window = _window(desk, qtbot)
    framed = Framing(Grid.THIRDS, aspect="4:5", turn=Turn(1, True, -2.5))
    window.framing._use(framed)
    laid = Look(0.25, 1.5, 0.1, 0.9, Blend.SCREEN)
    window.framing.use_look(laid)
    window.framing.lay_over(layout)
    qtbot.waitUntil(lambda: window.framing.laid is not None)

    _go_to(desk, new)

    qtbot.waitUntil(lambda: window.picture.framing == Framing(Grid.THIRDS))
    assert window.framing._section.framing == Framing(Grid.THIRDS)
    assert (window.framing.laid, window.framing.look) == (None, Look())
    _go_to(desk, look)
    qtbot.waitUntil(lambda: window.framing.laid == (layout, False))
    assert replace(window.picture.framing, ghost=None) == framed
    assert window.framing.look == laid
    window.close()


def test_a_day_begins_level(app: QApplication, qtbot: QtBot, desk: ScriptedDesk, tmp_path: Path) -> None:
    window = _window(desk, qtbot)
    window.framing._use(Framing(Grid.THIRDS, turn=Turn(0, False, 3.0)))
    window.close()
    desk.session_path = tmp_path / "tomorrow"
    Layout(desk.session_path).hidden.mkdir(parents=True)

    window = _window(desk, qtbot)

    assert window.picture.framing == Framing(Grid.THIRDS)
    window.close()


def test_a_frame_that_was_laid_over_comes_back_with_its_session_wherever_that_was_moved(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk, tmp_path: Path
) -> None:
    session, moved = tmp_path / "look", tmp_path / "moved"
    cv2.imwrite(str(session / "look_0001.jpg"), np.full((40, 60, 3), 90, np.uint8))
    desk.shots = (shot(1, "look_0001.jpg"),)
    window = _window(desk, qtbot)
    qtbot.waitUntil(lambda: window.film.newest is not None)
    window.framing.lay_last_over()
    qtbot.waitUntil(lambda: window.framing.laid is not None)
    window.close()
    session.rename(moved)
    desk.session_path = moved

    window = _window(desk, qtbot)

    qtbot.waitUntil(lambda: window.framing.laid == (moved / "look_0001.jpg", True))
    window.close()


def test_a_layout_that_is_gone_is_passed_over_without_a_word(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk, caplog: pytest.LogCaptureFixture
) -> None:
    assert desk.session_path is not None
    told = {"version": 1, "laid_picture": {"path": "/nowhere/cover.png", "frame": False}}
    Layout(desk.session_path).window.write_text(json.dumps(told))

    with caplog.at_level(logging.INFO):
        window = _window(desk, qtbot)
        qtbot.waitUntil(lambda: "is not laid over again" in caplog.text)

    assert window.framing.laid is None
    assert window.banner.error is None
    window.close()
    # Its disk may be back tomorrow.
    assert json.loads(Layout(desk.session_path).window.read_text())["laid_picture"] == told["laid_picture"]


def test_a_layout_that_is_read_too_late_is_not_laid_over_the_next_session(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout, is_read, may_end = tmp_path / "cover.png", threading.Event(), threading.Event()
    cv2.imwrite(str(layout), np.full((40, 60, 3), 90, np.uint8))
    read = framing_tools.read_layer

    def read_slowly(path: Path) -> Layer:
        is_read.set()
        assert may_end.wait(PATIENCE_S)
        return read(path)

    monkeypatch.setattr(framing_tools, "read_layer", read_slowly)
    window = _window(desk, qtbot)
    window.framing.lay_over(layout)
    assert is_read.wait(PATIENCE_S)

    window.framing.lay_nothing()  # as another session does
    may_end.set()
    window.framing._background.close()
    QApplication.processEvents()

    assert window.framing.laid is None
    assert window.picture.framing.ghost is None
    window.close()


def test_what_changed_is_written_while_the_window_is_open(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk
) -> None:
    window = _window(desk, qtbot)
    qtbot.keyClick(window.picture, Qt.Key.Key_C)

    window.arranging.keep()

    assert desk.session_path is not None
    qtbot.waitUntil(Layout(desk.session_path).window.exists)
    assert _file(desk.session_path)["tools"]["clipping"]
    window.close()


_FRAMING = {"grid": "thirds", "columns": 4, "rows": 2, "aspect": "whole", "mirrored": False, "turns": 0}


def test_the_framing_of_an_older_version_is_taken_over_and_is_not_levelled(
    app: QApplication, qtbot: QtBot, desk: ScriptedDesk
) -> None:
    assert desk.session_path is not None
    Layout(desk.session_path).window.write_text(json.dumps({"version": 1, "framing": _FRAMING}))

    window = _window(desk, qtbot)

    assert window.picture.framing == Framing(Grid.THIRDS, 4, 2)
    window.close()


@pytest.mark.parametrize(
    "entry",
    [
        {"place": {"at": "here"}},
        {"place": 7},
        {"panels": "yes"},
        {"folded": 3},
        {"tools": {"clipping": True}},
        {"tools": None},
        {"scope": "oscilloscope"},
        {"raw_histogram": "x"},
        {"framing": {**_FRAMING, "columns": 9999}},
        {"framing": {**_FRAMING, "level": 46.0}},
        {"framing": {**_FRAMING, "level": float("nan")}},
        {"framing": {**_FRAMING, "level": "steep"}},
        {"laid_picture": {"path": "cover.png"}},
        {"laid_picture": 7},
        {"client": 7},
        {"client": {"shows": "all", "screen": ""}},
    ],
)
def test_an_entry_that_makes_no_sense_is_passed_over_and_the_others_hold(
    app: QApplication,
    qtbot: QtBot,
    desk: ScriptedDesk,
    entry: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert desk.session_path is not None
    Layout(desk.session_path).window.write_text(json.dumps({"version": 1, "logarithmic": True, **entry}))

    with caplog.at_level(logging.WARNING):
        window = _window(desk, qtbot)

    assert "passed over" in caplog.text
    assert window.panel.histogram.is_logarithmic
    assert window.has_panels
    assert window.width() == 1280
    desk.say(status())
    window.close()


_MAIN, _SECOND = QRect(0, 0, 1920, 1040), QRect(1920, 0, 2560, 1440)


@pytest.mark.parametrize(
    ("wanted", "screens", "place"),
    [
        (QRect(100, 100, 1280, 800), [_MAIN], QRect(100, 100, 1280, 800)),
        (QRect(2400, 100, 1280, 800), [_MAIN, _SECOND], QRect(2400, 100, 1280, 800)),
        (QRect(2400, 100, 1280, 800), [_MAIN], QRect(320, 120, 1280, 800)),  # that monitor is gone
        (QRect(1850, 100, 1280, 800), [_MAIN], QRect(320, 120, 1280, 800)),  # a strip is too little
        (QRect(100, -300, 1280, 800), [_MAIN], QRect(320, 120, 1280, 800)),  # nothing to take hold of
        (QRect(2400, 100, 2500, 1400), [_MAIN], QRect(12, 36, 1896, 968)),
    ],
)
def test_a_window_is_put_where_it_can_be_seen(wanted: QRect, screens: list[QRect], place: QRect) -> None:
    assert on_screen(wanted, screens) == place
