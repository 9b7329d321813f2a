from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from groundglass.desktop import app as desktop
from groundglass.desktop.main_window import MainWindow
from groundglass.errors import NoSessionError, SessionHeldError
from groundglass.model.naming import DEFAULT_TEMPLATE
from groundglass.model.places import CardPolicy
from groundglass.session.journal import line
from groundglass.session.record import VERSION
from groundglass.session.store import SessionStore
from groundglass.studio import preferences
from scripted_desk import ScriptedDesk
from silent_disk import SilentSession

_SOURCE = Path(__file__).resolve().parents[2] / "src"


def _when_open(app: QApplication, work: Callable[[MainWindow], object]) -> None:
    """Do something with the window once it is on screen."""
    timer = QTimer(app)

    def look() -> None:
        # Windows of earlier tests may still wait for their end, unseen.
        for window in app.topLevelWidgets():
            if isinstance(window, MainWindow) and window.isVisible():
                timer.stop()
                work(window)

    timer.timeout.connect(look)
    timer.start(10)


def test_the_first_window_leaves_room_for_its_frame_and_title(app: QApplication, desk: ScriptedDesk) -> None:
    sizes: list[QSize] = []
    _when_open(app, lambda window: (sizes.append(window.size()), window.close()))

    desktop.run(desk)

    assert sizes[0].height() <= app.primaryScreen().availableSize().height() - 60


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_window_and_gives_the_handlers_back(
    app: QApplication, desk: ScriptedDesk, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    _when_open(app, lambda _: os.kill(os.getpid(), number))

    code = desktop.run(desk)

    assert code == 0
    assert signal.getsignal(number) is before
    assert desk.listeners == []


def test_closing_the_window_ends_the_program(app: QApplication, desk: ScriptedDesk) -> None:
    _when_open(app, lambda window: window.close())

    assert desktop.run(desk) == 0


def test_what_was_mended_at_open_is_said(app: QApplication, desk: ScriptedDesk) -> None:
    told: list[str] = []

    def look(window: MainWindow) -> None:
        told.append(str(window.banner.error))
        window.close()

    _when_open(app, look)

    desktop.run(desk, mended=("Finished storing after the last session was cut short: S_0007.",))

    assert told == ["Finished storing after the last session was cut short: S_0007. Nothing was deleted."]


def test_the_demo_starts_its_camera(app: QApplication, desk: ScriptedDesk) -> None:
    _when_open(app, lambda _: os.kill(os.getpid(), signal.SIGTERM))

    desktop.run(desk, start_virtual=True)

    assert desk.asked == [("start_virtual_camera",)]


def test_numbers_and_months_are_written_the_same_under_a_foreign_desktop() -> None:
    code = """
import locale
from groundglass.desktop import app
app.application()
print(*(locale.setlocale(one) for one in (locale.LC_CTYPE, locale.LC_NUMERIC, locale.LC_TIME)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(_SOURCE), "LC_ALL": "C.utf8"},
        capture_output=True,
        text=True,
        check=True,
    )

    desktops, *ours = done.stdout.split()
    assert desktops.lower() in ("c.utf8", "c.utf-8")
    assert ours == ["C", "C"]


def test_what_pictures_need_is_loaded_after_the_first_paint(tmp_path: Path) -> None:
    heavy = ("numpy", "cv2", "rawpy", "exiv2", "PIL", "simplejpeg")
    program = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from groundglass.desktop import app as desktop
from groundglass.desktop.main_window import MainWindow
from groundglass.studio.studio import Studio

def look():
    window = app.activeWindow()
    if window is None:
        QTimer.singleShot(1, look)
        return
    window.grab()
    print(*[name for name in sys.argv[2:] if name in sys.modules])
    QTimer.singleShot(300, window.leave)

app = desktop.application()
studio = Studio(Path(sys.argv[1]) / "driver")
studio.open_session(Path(sys.argv[1]) / "job")
QTimer.singleShot(0, look)
desktop.run(studio)
studio.close()
print(*[name for name in sys.argv[2:] if name not in sys.modules])
"""

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), *heavy],
        env={**os.environ, "PYTHONPATH": str(_SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )

    at_first_paint, missing_later = done.stdout.splitlines()
    assert at_first_paint.split() == []
    assert missing_later.split() == ["PIL"]  # for few pictures


def test_the_search_for_cycles_spares_the_window_while_it_is_open(
    app: QApplication, desk: ScriptedDesk
) -> None:
    spared: list[int] = []

    def look(window: MainWindow) -> None:
        if gc.get_freeze_count() == 0:
            _when_open(app, look)
            return
        spared.append(gc.get_freeze_count())
        window.close()

    _when_open(app, look)
    desktop.run(desk)

    assert spared[0] > 10_000
    assert gc.get_freeze_count() == 0


def test_a_large_picture_that_is_freed_goes_back_to_the_system() -> None:
    code = """
import numpy as np
from groundglass.desktop.memory import return_large_blocks
print(return_large_blocks())
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
np.ones(40_000_000, np.uint8)  # by itself the library would keep blocks of this size from now on
before = resident()
blocks = [np.ones(8_000_000, np.uint8) for _ in range(8)]
last = np.ones(100_000, np.uint8)
del blocks
print(resident() - before < 8_000_000)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "True"]


# ---- the program as it is started, on this computer's real studio


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_PICTURES_DIR", str(tmp_path / "Pictures"))
    return tmp_path


def test_the_first_start_asks_where_the_pictures_go_and_makes_nothing_before(
    app: QApplication, qtbot: QtBot, home: Path
) -> None:
    seen: list[object] = []

    def answer(window: MainWindow) -> None:
        new = window.keeping.new
        assert new is not None
        seen.append((new.isVisible(), new.is_first, window._desk.session_path, (home / "jobs").exists()))
        new.folder.setText(str(home / "jobs"))
        new.name.setText("look")
        new.begin.click()
        _when(lambda: window._desk.session_path is not None, window.close)

    _when_open(app, answer)

    assert desktop.open_desktop(demo=False, camera="virtual-none") == 0

    assert seen == [(True, True, None, False)]
    assert (home / "jobs" / "look" / ".groundglass").is_dir()


def test_the_second_start_asks_nothing_and_begins_the_day_in_that_folder(
    app: QApplication, qtbot: QtBot, home: Path
) -> None:
    preferences.change({"sessions_folder": str(home / "jobs")})
    seen: list[object] = []

    def look(window: MainWindow) -> None:
        path = window._desk.session_path
        seen.append((window.keeping.new, path.parent if path else None))
        window.close()

    _when_open(app, look)
    desktop.open_desktop(demo=False, camera="virtual-none")

    assert seen == [(None, home / "jobs")]


def test_a_start_goes_on_with_the_session_that_was_open_today_unless_another_is_preferred(
    app: QApplication, qtbot: QtBot, home: Path
) -> None:
    preferences.change({"sessions_folder": str(home / "jobs")})
    seen: list[Path | None] = []

    def begin(window: MainWindow) -> None:
        window._desk.sessions.begin("Lookbook")
        _when(lambda: window._desk.session_path == home / "jobs" / "Lookbook", window.close)

    def look(window: MainWindow) -> None:
        seen.append(window._desk.session_path)
        window.close()

    _when_open(app, begin)
    desktop.open_desktop(demo=False, camera="virtual-none")
    _when_open(app, look)
    desktop.open_desktop(demo=False, camera="virtual-none")
    preferences.change({"session": str(home / "always")})
    _when_open(app, look)
    desktop.open_desktop(demo=False, camera="virtual-none")

    assert seen == [home / "jobs" / "Lookbook", home / "always"]


def test_preferences_that_make_no_sense_are_told(app: QApplication, qtbot: QtBot, home: Path) -> None:
    preferences.change({"sessions_folder": str(home / "jobs"), "creator": "Bo"})
    file = preferences.default_path()
    file.write_text(file.read_text().replace('"Bo"', '1, "theme": "pink"'))
    told: list[str] = []

    def look(window: MainWindow) -> None:
        told.extend(one.message for one in window.banner.errors if one.message.startswith("Passed over"))
        window.close()

    _when_open(app, look)
    desktop.open_desktop(demo=False, camera="virtual-none")

    assert [one.rpartition(" ")[2] for one in told] == ["theme.", "creator."]  # the last is read first


def test_a_demo_leaves_the_next_start_and_the_second_copy_alone(
    app: QApplication, qtbot: QtBot, home: Path
) -> None:
    (home / "second").mkdir()
    preferences.change({"sessions_folder": str(home / "jobs"), "backup": str(home / "second")})
    seen: list[object] = []

    def begin(window: MainWindow) -> None:
        window._desk.sessions.begin("Trial")
        # The open session is known before the list of recent ones is.
        _when(lambda: window._desk.sessions.recent[:1] == (home / "jobs" / "Trial",), lambda: look(window))

    def look(window: MainWindow) -> None:
        desk = window._desk
        seen.append((desk.session_path, desk.sessions.recent, desk.copies().backup is not None))
        window.close()

    _when_open(app, begin)
    desktop.open_desktop(demo=True, camera="virtual-none")
    _when_open(app, look)
    desktop.open_desktop(demo=False, camera="virtual-none")

    trial, demo = home / "jobs" / "Trial", home / "jobs" / "demo"
    day = home / "jobs" / date.today().isoformat()
    assert seen == [(trial, (trial, demo), False), (day, (day,), True)]


def test_the_folder_that_the_dialog_stands_in_does_not_become_a_session(
    app: QApplication, qtbot: QtBot, home: Path
) -> None:
    preferences.change({"sessions_folder": str(home / "jobs")})
    seen: list[object] = []

    def look(window: MainWindow) -> None:
        path = window._desk.session_path
        window.keeping.ask_for_folder()
        assert window.keeping.chooser is not None
        window.keeping.chooser.accept()

        def told() -> None:
            seen.append((window.banner.action_button.text(), window._desk.session_path == path))
            window.close()

        _when(lambda: isinstance(window.banner.error, NoSessionError), told)

    _when_open(app, look)
    desktop.open_desktop(demo=False, camera="virtual-none")

    assert seen == [("Begin one here", True)]
    assert not SessionStore.is_at(home / "jobs")


def test_a_start_uses_the_second_copy_and_what_becomes_of_the_card_as_preferred(
    app: QApplication, qtbot: QtBot, home: Path
) -> None:
    (home / "second").mkdir()
    preferences.change({"backup": "~/second", "card_policy": "delete-after-backup"})
    seen: list[object] = []

    def look(window: MainWindow) -> None:
        copies = window._desk.copies()
        seen.append((copies.card.policy, copies.backup is not None))
        _when((home / "second").joinpath(date.today().isoformat()).exists, window.close)

    _when_open(app, look)
    desktop.open_desktop(demo=False, camera="virtual-none")

    assert seen == [(CardPolicy.DELETE_AFTER_BACKUP, True)]


def test_a_session_that_can_not_be_opened_is_told_in_the_window_which_asks_for_another(
    app: QApplication, qtbot: QtBot, home: Path
) -> None:
    preferences.change({"sessions_folder": str(home / "jobs")})
    job = home / "job"
    SessionStore.open(job).close()
    newer = {"do": "session", "version": VERSION + 1, "template": DEFAULT_TEMPLATE}
    (job / ".groundglass/journal.jsonl").write_bytes(line(newer))
    seen: list[object] = []

    def look(window: MainWindow) -> None:
        error = window.banner.error
        assert error is not None
        seen.append((error.message, window.banner.action_button.text(), window.banner.isVisible()))
        window.banner.action_button.click()
        chooser = window.keeping.chooser
        assert chooser is not None
        chooser.reject()
        seen.append(window.banner.error is error)
        window.banner.action_button.click()
        window.keeping.chooser.fileSelected.emit(str(home / "other"))
        window.keeping.chooser.close()
        _when(lambda: isinstance(window.banner.error, NoSessionError), window.banner.action_button.click)
        _when(lambda: window.session.path == home / "other", window.close)

    _when_open(app, look)
    assert desktop.open_desktop(demo=False, camera="virtual-none", session=job) == 0

    assert seen == [
        ("This session was written by a newer Groundglass.", "Choose a folder", True),
        True,
    ]


def test_a_session_that_is_open_elsewhere_is_told_in_the_window(
    app: QApplication, qtbot: QtBot, home: Path
) -> None:
    preferences.change({"sessions_folder": str(home / "jobs")})
    told: list[object] = []

    def look(window: MainWindow) -> None:
        told.append((type(window.banner.error), window.banner.action_button.text()))
        window.close()

    _when_open(app, look)
    with closing(SessionStore.open(home / "job")):
        desktop.open_desktop(demo=True, camera="virtual-none", session=home / "job")

    assert told == [(SessionHeldError, "Choose a folder")]


def test_a_session_whose_disk_does_not_answer_holds_up_no_window_and_is_opened_when_it_does(
    app: QApplication, qtbot: QtBot, home: Path
) -> None:
    preferences.change({"sessions_folder": str(home / "jobs")})
    SessionStore.open(home / "jobs" / "far").close()
    preferences.change({"recent_sessions": [str(home / "jobs" / "far")]})
    silent = SilentSession(home / "jobs" / "far")
    seen: list[object] = []

    def look(window: MainWindow) -> None:
        seen.append((window.banner.error, window._desk.session_path))
        _when(lambda: window.banner.error, lambda: answer(window))

    def answer(window: MainWindow) -> None:
        seen.append((str(window.banner.error), window.banner.action_button.text()))
        window.banner.action_button.click()
        chooser = window.keeping.chooser
        assert chooser is not None
        silent.answer()
        _when(lambda: window.session.path, lambda: (chooser.reject(), end(window)))

    def end(window: MainWindow) -> None:
        seen.append((window.session.path, window.banner.error, window.keeping._section.name.text))
        window.close()

    _when_open(app, look)
    assert desktop.open_desktop(demo=False, camera="virtual-none") == 0

    assert seen == [
        (None, None),
        (
            "The disk of the session ~/jobs/far does not answer. "
            "It is opened as soon as it does, unless you choose another.",
            "Choose a folder",
        ),
        (home / "jobs" / "far", None, "far"),
    ]


@pytest.mark.parametrize("is_demo", [False, True])
def test_another_session_is_chosen_while_a_disk_does_not_answer(
    app: QApplication, qtbot: QtBot, home: Path, is_demo: bool
) -> None:
    preferences.change({"sessions_folder": str(home / "jobs")})
    SessionStore.open(home / "near").close()
    silent = SilentSession(home / "far")
    seen: list[object] = []

    def choose(window: MainWindow) -> None:
        window.banner.action_button.click()
        chooser = window.keeping.chooser
        assert chooser is not None
        chooser.fileSelected.emit(str(home / "near"))
        chooser.close()
        _when(lambda: window.session.path, lambda: answer(window))

    def answer(window: MainWindow) -> None:
        silent.answer()
        journal = home / "far" / ".groundglass" / "journal.jsonl"
        _when(journal.exists, lambda: QTimer.singleShot(300, window, lambda: end(window)))

    def end(window: MainWindow) -> None:
        seen.append((window.session.path, window.banner.error))
        window.close()

    _when_open(app, lambda window: _when(lambda: window.banner.error, lambda: choose(window)))
    assert desktop.open_desktop(demo=is_demo, camera="virtual-none", session=home / "far") == 0

    assert seen == [(home / "near", None)]


def _when(claim: Callable[[], object], work: Callable[[], object]) -> None:
    """Do something as soon as a claim holds."""
    timer = QTimer(QApplication.instance())

    def look() -> None:
        if claim():
            timer.stop()
            work()

    timer.timeout.connect(look)
    timer.start(10)
