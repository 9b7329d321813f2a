"""The desktop's session ends while pictures are on their way."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop import logging_out
from groundglass.desktop.main_window import MainWindow
from groundglass.model.camera import CameraState
from groundglass.studio.studio import Studio
from scripted_desk import ScriptedDesk
from virtual_camera import VirtualCamera

_LEFT = "DSC_0001.NEF is on its way from the camera: 40%."
_SIGNAL = SIGNAL("commitDataRequest(QSessionManager&)")


class SessionEnd:
    """A session manager's end of the conversation; Qt's own cannot be made."""

    def __init__(self, *, may_ask: bool) -> None:
        self._may_ask = may_ask
        self.done: list[str] = []

    def allowsInteraction(self) -> bool:
        return self._may_ask

    def release(self) -> None:
        self.done.append("release")

    def cancel(self) -> None:
        self.done.append("cancel")


def test_logging_out_is_held_off_once_and_what_would_be_left_is_told(
    window: MainWindow, desk: ScriptedDesk
) -> None:
    desk.left = (_LEFT,)
    end = SessionEnd(may_ask=True)

    logging_out.mind(end, window, desk)

    assert end.done == ["release", "cancel"]
    assert window.isVisible()
    assert window.banner.error is not None
    assert _LEFT in window.banner.error.message


def test_logging_out_a_second_time_ends_the_program(window: MainWindow, desk: ScriptedDesk) -> None:
    desk.left = (_LEFT,)
    logging_out.mind(SessionEnd(may_ask=True), window, desk)
    again = SessionEnd(may_ask=True)

    logging_out.mind(again, window, desk)

    assert again.done == []
    assert not window.isVisible()


def test_where_nobody_may_be_asked_the_picture_is_finished(window: MainWindow, desk: ScriptedDesk) -> None:
    desk.left = (_LEFT,)
    end = SessionEnd(may_ask=False)

    logging_out.mind(end, window, desk)

    assert [one[0] for one in desk.asked if one[0] == "finish_pictures"] == ["finish_pictures"]
    assert end.done == []
    assert window.isVisible()  # another program may still hold the end off


def test_with_nothing_under_way_logging_out_goes_on(window: MainWindow, desk: ScriptedDesk) -> None:
    end = SessionEnd(may_ask=True)

    logging_out.mind(end, window, desk)

    assert end.done == []
    assert window.isVisible()


def test_the_end_of_the_session_is_minded_while_the_window_runs(
    app: QApplication, window: MainWindow, desk: ScriptedDesk
) -> None:
    before = app.receivers(_SIGNAL)

    with logging_out.minded(app, window, desk):
        minded = app.receivers(_SIGNAL)

    assert minded == before + 1
    assert app.receivers(_SIGNAL) == before


def test_a_picture_in_transfer_is_stored_before_the_session_ends(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    studio = Studio(tmp_path / "driver")
    try:
        with VirtualCamera("--megapixels", "4") as camera:
            studio.open_session(tmp_path / "S")
            studio.connect(camera.address).result(30)
            qtbot.waitUntil(lambda: studio.status.state is CameraState.READY, timeout=30_000)
            camera.do("fault", kind="slow", operation="GetPartialObject", bytes_per_second=400_000)
            camera.do("shutter")
            qtbot.waitUntil(lambda: studio.status.state is CameraState.TRANSFERRING, timeout=30_000)

            logging_out.mind(SessionEnd(may_ask=False), window, studio)  # type: ignore[arg-type]

            made = [one["sha256"] for one in camera.state()["files"]]
        stored = [file.sha256 for shot in studio.shots for file in shot.files]
    finally:
        studio.close()

    assert stored == made
