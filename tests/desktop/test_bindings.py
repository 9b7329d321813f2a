from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[2] / "src"


def test_no_source_is_read_when_the_window_is_loaded_behind_the_bindings() -> None:
    program = """
import linecache
from groundglass.desktop.bindings import load_bindings
load_bindings()
from groundglass.desktop.main_window import MainWindow
print(*(one for one in linecache.cache if "groundglass" in one))
"""

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(_SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == []
