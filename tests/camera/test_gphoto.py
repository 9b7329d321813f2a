"""What must not end the process, tried in a process of its own: gphoto2 stays out of the tests' own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from virtual_camera import environment

_TEXT = """
import ctypes
import sys
import gphoto2 as gp
from gphoto2 import _widget
from groundglass.camera.gphoto import _text_value

library = ctypes.CDLL(_widget.__file__)
widget = ctypes.c_void_p()
assert library.gp_widget_new(getattr(gp, sys.argv[1]), b"F-Number", ctypes.byref(widget)) == 0
print(_text_value(widget.value))
library.gp_widget_set_value(widget, b"f/4")
print(_text_value(widget.value))
"""
_STDIN = """
import os
from groundglass.camera.gphoto import _reopen_stdin

os.close(0)
_reopen_stdin()
os.fstat(0)
print("open")
"""
# libgphoto2 makes this time of the date 00000000T000000.
_DATE = """
import gphoto2 as gp
from groundglass.camera.gphoto import _described
from groundglass.model.camera import RemoteFile

info = gp.CameraFileInfo().file
info.fields = gp.GP_FILE_INFO_MTIME
info.mtime = -62169984000
print(_described(RemoteFile("/store", "DSC_0001.JPG"), info).modified_s)
"""


def _run(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (done.returncode, done.stderr)
    return done.stdout


@pytest.mark.parametrize("kind", ["GP_WIDGET_TEXT", "GP_WIDGET_RADIO", "GP_WIDGET_MENU"])
def test_a_setting_without_a_value_is_no_crash(kind: str) -> None:
    assert _run(_TEXT, kind) == "None\nf/4\n"


def test_the_standard_input_is_open_again_after_the_library_closed_it() -> None:
    assert _run(_STDIN) == "open\n"


def test_a_date_of_zeros_is_no_date() -> None:
    assert _run(_DATE) == "0.0\n"


_REFUSAL = """
import sys
import gphoto2 as gp
from groundglass.camera.gphoto import camera_error

error = camera_error(sys.argv[1], gp.GP_ERROR_CAMERA_ERROR, (sys.argv[2],))
print(error.message, error.hint)
"""


@pytest.mark.parametrize(
    ("action", "text", "said"),
    [
        (
            "move the focus nearer",
            "Nikon manual focus at limit.",
            "The lens is at its nearest point. Move the focus the other way.",
        ),
        (
            "move the focus farther",
            "Nikon manual focus at limit.",
            "The lens is at its farthest point. Move the focus the other way.",
        ),
        (
            "move the focus nearer",
            "Nikon manual focus works only in LiveView mode.",
            "The focus moves only while the live view runs. Start the live view first.",
        ),
    ],
)
def test_what_stops_the_focus_is_told(action: str, text: str, said: str) -> None:
    assert _run(_REFUSAL, action, text) == f"{said}\n"


_HELD = """
import sys
import gphoto2 as gp
sys.platform = sys.argv[1]
from groundglass.camera.gphoto import camera_error

print(camera_error("connect", gp.GP_ERROR_IO_USB_CLAIM).hint)
"""


@pytest.mark.parametrize(("system", "how"), [("linux", "gio mount"), ("darwin", "killall")])
def test_a_held_camera_is_freed_by_the_means_of_this_system_alone(system: str, how: str) -> None:
    hint = _run(_HELD, system).strip()

    assert how in hint
    assert sum(one in hint for one in ("gio mount", "killall")) == 1
    assert "`" not in hint
    assert len(hint) <= 70
