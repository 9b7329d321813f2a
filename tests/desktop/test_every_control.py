"""A walk over everything that can be opened: names, the way of the Tab key, and contrast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from groundglass.desktop.app import application
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import THEMES
from groundglass.desktop.widgets.dial import Dial
from groundglass.desktop.widgets.lines import Words, WrappedWords
from groundglass.errors import CaptureError
from groundglass.model.camera import CameraState
from groundglass.model.review import ColorLabel, ReviewChange
from groundglass.studio.events import ShotStored, TrashChanged
from scripted_desk import ScriptedDesk, live_frame, shot, status

_LEAST_CONTRAST = 4.5
_WITH_TEXT = (QAbstractButton, QLabel, QLineEdit, QComboBox, QTabBar, Dial, Words, WrappedWords)
# Qt's own dialogs are the desktop's, and what scrolls a view is no control of its own.
_NOT_OURS = ("QFileDialog", "qt_scrollarea_viewport", "qt_scrollarea_vcontainer", "qt_scrollarea_hcontainer")

Opener = Callable[[MainWindow], QWidget]


@pytest.fixture(autouse=True)
def _dark_again() -> Iterator[None]:
    yield
    application()


@pytest.fixture
def busy(window: MainWindow, desk: ScriptedDesk, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Give a window in which as much as possible is shown: every section open, a session, a live picture."""
    desk.presets.all.update(flash="shutter=1/125", ambient="shutter=1/8")
    window.resize(1600, 2600)
    desk.say(replace(status(CameraState.LIVE), is_live_wanted=True))
    desk.live.push(live_frame())
    grey = cv2.imencode(".jpg", np.full((200, 300, 3), 90, np.uint8))[1].tobytes()
    for number in (1, 2):
        (tmp_path / f"{number}.jpg").write_bytes(grey)
        desk.announce(ShotStored(shot(number, f"{number}.jpg"), is_complete=True))
    desk.reviews.change((1,), ReviewChange(rating=3, label=ColorLabel.RED, add_keywords=("coat",)))
    desk.announce(TrashChanged(2))
    window.side.fold(())
    window.handling._show_chosen()
    qtbot.waitUntil(lambda: window.picture.has_picture and len(window.film.shots) == 2)
    qtbot.waitUntil(lambda: bool(window.status_line.disk.text))
    return window


def _main(window: MainWindow) -> QWidget:
    return window


def _banner(window: MainWindow) -> QWidget:
    window.banner.tell(
        CaptureError("Autofocus found nothing.", "Aim at an edge."), "Release again", window.close
    )
    return window.banner


def _preferences(window: MainWindow) -> QWidget:
    window.preferring.open()
    assert window.preferring.page is not None
    return window.preferring.page


def _keys(window: MainWindow) -> QWidget:
    page = _preferences(window)
    assert window.preferring.page is not None
    window.preferring.page.pages.setCurrentIndex(1)
    return page


def _log(window: MainWindow) -> QWidget:
    window.logging.open()
    assert window.logging.page is not None
    return window.logging.page


def _export(window: MainWindow) -> QWidget:
    window.exporting.ask()
    assert window.exporting.dialog is not None
    window.exporting.dialog.sheet.setChecked(True)
    return window.exporting.dialog


def _new_session(window: MainWindow) -> QWidget:
    window.keeping.ask_for_name(is_first=True)
    every = QApplication.topLevelWidgets()
    return next(one for one in every if one.windowTitle() == "Begin a session" and one.isVisible())


def _light_table(window: MainWindow) -> QWidget:
    window.table.toggle()
    return window


def _compare(window: MainWindow) -> QWidget:
    window.filmstrip.selectAll()
    window.comparing.toggle()
    return window


_OPENERS: tuple[Opener, ...] = (
    _main,
    _banner,
    _preferences,
    _keys,
    _log,
    _export,
    _new_session,
    _light_table,
    _compare,
)


def _controls(root: QWidget) -> list[QWidget]:
    """Return what the Tab key should reach in an open window."""
    every = [root, *root.findChildren(QWidget)]
    return [
        one
        for one in every
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isEnabled()
        and one.isVisible()
        and one.window() is root.window()
        and one.objectName() not in _NOT_OURS
        and one.focusProxy() is None
    ]


def _spoken(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{widget.accessibleName() or widget.objectName()}”"


@pytest.mark.parametrize("opener", _OPENERS, ids=lambda one: one.__name__.strip("_"))
def test_every_control_has_a_name_and_tab_reaches_it(busy: MainWindow, qtbot: QtBot, opener: Opener) -> None:
    root = opener(busy)
    controls = _controls(root)
    assert controls

    reached = set()
    one = root.window()
    for _ in range(2000):
        one = one.nextInFocusChain()
        if one is root.window():
            break
        reached.add(one)

    assert [_spoken(one) for one in controls if not one.accessibleName()] == []
    assert [_spoken(one) for one in controls if one not in reached] == []


@pytest.mark.parametrize("opener", _OPENERS, ids=lambda one: one.__name__.strip("_"))
def test_the_keys_that_go_round_visit_every_control(busy: MainWindow, qtbot: QtBot, opener: Opener) -> None:
    root = opener(busy)
    window = root.window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    controls = _controls(root)
    controls[0].setFocus()

    visited = set()
    for _ in range(3 * len(_controls(window)) + 10):
        visited.add(QApplication.focusWidget())
        window.focusNextChild()

    assert [_spoken(one) for one in controls if one not in visited] == []


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("opener", _OPENERS, ids=lambda one: one.__name__.strip("_"))
def test_every_text_can_be_read(busy: MainWindow, qtbot: QtBot, opener: Opener, theme: object) -> None:
    root = opener(busy)
    busy.preferring.wear(theme)  # type: ignore[arg-type]
    qtbot.wait(20)
    pixels = _pixels(root.window())

    faint = {}
    for one in [root, *root.findChildren(QWidget)]:
        is_whole = one.visibleRegion().boundingRect() == one.rect()  # and not at the edge of what is scrolled
        if isinstance(one, _WITH_TEXT) and is_whole and one.window() is root.window() and _text(one):
            contrast = _contrast_in(pixels, one)
            if contrast < _LEAST_CONTRAST:
                faint[_spoken(one)] = round(contrast, 2)

    assert faint == {}


def _text(widget: QWidget) -> str:
    if isinstance(widget, QLineEdit):
        return widget.text() or widget.placeholderText()
    if isinstance(widget, Dial):
        return widget.shown
    if isinstance(widget, Words | WrappedWords):
        return widget.text
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QTabBar):
        return widget.tabText(0)
    if isinstance(widget, QAbstractButton | QLabel):
        return widget.text()
    return ""


def _pixels(window: QWidget) -> NDArray[np.uint8]:
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)[:, :, 2::-1].copy()


def _contrast_in(pixels: NDArray[np.uint8], widget: QWidget) -> float:
    """Return the contrast of a widget's ground to what stands out from it most, without its frame."""
    at = widget.mapTo(widget.window(), QPoint(0, 0))
    margin = 2
    part = pixels[
        max(at.y() + margin, 0) : at.y() + widget.height() - margin,
        max(at.x() + margin, 0) : at.x() + widget.width() - margin,
    ].reshape(-1, 3)
    if not len(part):
        return 21.0  # scrolled out of sight
    counts = Counter(map(tuple, part.tolist()))
    ground = _luminance(np.array(counts.most_common(1)[0][0]))
    seen = _luminance(np.array(list(counts)))
    contrasts = (np.maximum(seen, ground) + 0.05) / (np.minimum(seen, ground) + 0.05)
    return float(contrasts.max())


def _luminance(colors: NDArray[np.int64]) -> NDArray[np.float64]:
    share = colors / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ (0.2126, 0.7152, 0.0722))


def test_the_empty_state_has_names_and_can_be_read(window: MainWindow, qtbot: QtBot) -> None:
    controls = _controls(window.empty)

    assert controls
    assert [_spoken(one) for one in controls if not one.accessibleName()] == []


def test_no_view_takes_the_keys_without_a_name(busy: MainWindow) -> None:
    views = [
        one for one in busy.findChildren(QAbstractScrollArea) if one.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]

    assert views
    assert [_spoken(one) for one in views if not one.accessibleName()] == []
