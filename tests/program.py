"""Run the groundglass program for a test, as it is called by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from virtual_camera import environment

_LIMIT_S = 60.0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "groundglass", *arguments]


def home(folder: Path) -> dict[str, str]:
    """Return an environment in which the program keeps all that it keeps below a folder."""
    names = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    return {**environment(), "HOME": str(folder), **{name: str(folder / name.lower()) for name in names}}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end; a hang fails the test."""
    return subprocess.run(
        command(*arguments),
        env=home(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LIMIT_S,
        check=False,
    )


def run_json(folder: Path, *arguments: str) -> Any:
    """Run it with --json; it must succeed and print one document."""
    done = run(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
