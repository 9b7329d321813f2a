"""The desktop as a whole: Qt is started, the window opened, and everything ended again."""

from __future__ import annotations

import gc
import importlib
import locale
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QSize, QSocketNotifier, QTimer
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QApplication

from groundglass.desktop import logging_out
from groundglass.desktop.arranging import room_on
from groundglass.desktop.desk import Desk
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.memory import return_large_blocks
from groundglass.desktop.theme import DARK, THEMES, Theme, body_font, palette, style_sheet
from groundglass.errors import SessionError, UsageError
from groundglass.priority import give_way

# 100 MP at 4 bytes are 400 MB; Qt stops at 256 MB unless told otherwise.
_IMAGE_LIMIT_MB = 2048
_WINDOW_PX = (1600, 1000)
_PAINTED_MS = 50
_PATIENCE_S = 0.2  # for the session, before the window comes without it: a large one is open in less
# Between two jobs OpenCV's threads ask for the next one over and over, for longer than a live frame has any:
# a quarter of all its processor (2026-11). Asleep they are woken in time. It reads this when it is loaded.
_SPINNING = ("OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER", "OPENCV_THREAD_POOL_ACTIVE_WAIT_MAIN")
# What the first picture needs beside the window: numpy, OpenCV, LibRaw and exiv2, 0.3 s of processor. Loaded
# later, when frames come, exiv2 alone stopped every thread for 40 ms.
_FOR_PICTURES = (
    "groundglass.studio.live_frame",
    "groundglass.imaging.thumbnail",
    "groundglass.imaging.raw_light",
    "groundglass.imaging.clipped",
    "exiv2",
    "numpy.fft",
    "groundglass.desktop.reading",
    "groundglass.desktop.tool_paint",
    "groundglass.desktop.widgets.histogram_raster",
)


def open_desktop(
    *,
    demo: bool,
    camera: str | None = None,
    session: Path | None = None,
    template: str | None = None,
    backup: Path | None = None,
    photos: Path | None = None,
) -> int:
    """Open the window on a camera and a session of its own; return the exit code.

    demo: on a virtual camera with its live picture; photos: what that camera shoots, else its own scene.
    session: by default the preferred one, else the one that was open last today, else a new one for the day.
    One that cannot be opened is told in the window, which asks for another; one whose disk does not answer
    is told there too, and opened if it answers after all. Raises TemplateError before there is a window.
    """
    _require_screen()
    from groundglass.studio import preferences
    from groundglass.studio.compose import build_studio

    passed_over: list[SessionError] = []
    chosen = preferences.load(complain=passed_over.append)
    is_first = not demo and session is None and not preferences.default_path().exists()
    studio = build_studio()
    root = logging.getLogger("groundglass")
    root.addHandler(studio.log)
    root.setLevel(min(root.getEffectiveLevel(), logging.INFO))
    try:
        studio.guard_sleep()
        preferred = Path(chosen.backup).expanduser() if chosen.backup and not demo else None
        second = backup or preferred  # a demo's frames are no reason to fill that disk
        studio.use_backup(second)
        if second is not None:
            studio.use_card_policy(chosen.card_policy)
        opening: Future[Path] | None = None
        if demo:
            studio.sessions.is_remembered = False
            session = session or preferences.default_session("demo", chosen)
        if session is not None:
            opening = studio.sessions.open_or_begin(session, template)
        elif not is_first:
            opening = studio.sessions.go_on(template)
        refused: SessionError | None = None
        try:
            if opening is not None and wait([opening], _PATIENCE_S).done:
                opening.result()
                opening = None
        except SessionError as err:
            refused, opening = err, None
        if demo:
            options = ("--photos", str(photos)) if photos is not None else ()
            studio.connect(camera, virtual_options=options)
        else:
            studio.connect(camera or chosen.camera or None)
        return run(
            studio,
            start_live=demo,
            passed_over=passed_over,
            mended=studio.recovered,
            refused=refused,
            opening=opening,
            is_first=is_first,
        )
    finally:
        studio.close()
        root.removeHandler(studio.log)


def run(
    desk: Desk,
    *,
    start_virtual: bool = False,
    start_live: bool = False,
    passed_over: Sequence[SessionError] = (),
    mended: Sequence[str] = (),
    refused: SessionError | None = None,
    opening: Future[Path] | None = None,
    is_first: bool = False,
) -> int:
    """Open the window and run until it is closed, Ctrl-C or SIGTERM; return the exit code.

    start_virtual: start the virtual camera, and its live view.
    start_live: start the live view as soon as a camera is there.
    passed_over: which preferences make no sense, so that their defaults hold.
    mended: what was found and done when the session was opened, in sentences.
    refused: why it was not opened.
    opening: it is not open yet.
    is_first: nothing was ever chosen here, so ask where the sessions go.
    Main thread. The caller built the studio and closes it afterwards.
    """
    theme = THEMES[desk.chosen.now.theme]
    app = application(theme)
    window = MainWindow(desk, theme)
    # Without this Qt takes two thirds of the screen at most.
    window.resize(QSize(*_WINDOW_PX).boundedTo(room_on(app.primaryScreen().availableSize())))
    window.arranging.place_window()
    if start_virtual:
        window.start_virtual_camera()
    elif start_live:
        window.start_live_when_ready()
    window.tell_passed_over(passed_over)
    window.tell_mended(mended)
    if refused is not None:
        window.offer_folder(refused)
    if opening is not None:
        window.await_session(opening)
    window.show()
    window.activateWindow()  # a screen without a window manager gives the keys to nobody else
    if is_first:
        window.keeping.ask_for_name(is_first=True)
    with settling(window), _quit_by_signal(window), logging_out.minded(app, window, desk):
        code = app.exec()
    window.close()
    return code


def _require_screen() -> None:
    """Raise UsageError where Qt would end the process."""
    places = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(one) for one in places):
        raise UsageError(
            "There is no screen for the window here.",
            "Start it on the desktop, or shoot with the commands: groundglass --help.",
        )


def application(theme: Theme = DARK) -> QApplication:
    """Return the one application of this process, dressed."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        app = running
    else:
        return_large_blocks()
        for name in _SPINNING:
            os.environ.setdefault(name, "0")
        QCoreApplication.setApplicationName("Groundglass")
        app = QApplication(["groundglass"])
        # Qt has just set the C library to the desktop's language, where a float may read 2,8 and May Mai.
        for category in (locale.LC_NUMERIC, locale.LC_TIME):
            locale.setlocale(category, "C")
        QLocale.setDefault(QLocale.c())
        QImageReader.setAllocationLimit(_IMAGE_LIMIT_MB)
    app.setStyle("Fusion")
    app.setFont(body_font())
    app.setPalette(palette(theme))
    app.setStyleSheet(style_sheet(theme))
    return app


@contextmanager
def settling(window: MainWindow) -> Iterator[None]:
    """Do behind a painted window what it need not wait for. Main thread; it ends what it began.

    What pictures need is loaded on a thread of its own. Then, and after each session that is loaded,
    Python's search for cycles is kept away from all that stays: going through modules, window and shots
    stopped every thread for 29 to 59 ms (2026-11), and nothing of it is rubbish.
    """

    def load() -> None:
        give_way()
        for name in _FOR_PICTURES:
            importlib.import_module(name)
        gc.freeze()

    loader = threading.Thread(target=load, name="loading", daemon=True)
    start = QTimer(singleShot=True, interval=_PAINTED_MS)
    start.timeout.connect(loader.start)
    start.start()
    window.session.loaded.connect(gc.freeze)
    try:
        yield
    finally:
        start.stop()
        if loader.ident is not None:
            loader.join()
        window.session.loaded.disconnect(gc.freeze)
        gc.unfreeze()


@contextmanager
def _quit_by_signal(window: MainWindow) -> Iterator[None]:
    """Close the window on Ctrl-C and SIGTERM.

    Python runs its signal handlers between two of its own instructions only, and Qt's loop has none: so
    the signal's number wakes the loop through a socket.
    """
    read, write = socket.socketpair()
    read.setblocking(False)
    write.setblocking(False)
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    old_wakeup = signal.set_wakeup_fd(write.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(read.fileno(), QSocketNotifier.Type.Read)

    def end() -> None:
        if any(number in before for number in read.recv(64)):
            window.leave()

    notifier.activated.connect(end)
    try:
        yield
    finally:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(old_wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        read.close()
        write.close()
