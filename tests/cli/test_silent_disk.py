"""Commands on a session whose disk does not answer."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundglass.session.store import SessionStore
from program import command, home
from silent_disk import SilentSession

_LIMIT_S = 60.0


@contextmanager
def _waiting(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Give the program once it has said that it waits for a disk."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command(*arguments), env=home(folder), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True
    ) as program:
        try:
            assert program.stderr is not None
            said = program.stderr.readline()
            assert (
                said == f"Still waiting for the disk of the session {folder / 'far'}. Ctrl-C ends the wait.\n"
            )
            yield program
        finally:
            program.kill()


def test_a_command_goes_on_once_the_disk_answers(tmp_path: Path) -> None:
    SessionStore.open(tmp_path / "far").close()
    silent = SilentSession(tmp_path / "far")

    with _waiting(tmp_path, "session", "name", str(tmp_path / "far"), "--subject", "hat") as program:
        silent.answer()
        _, said = program.communicate(timeout=_LIMIT_S)

    assert program.returncode == 0, said
    assert SessionStore.read(tmp_path / "far").subject == "hat"


@pytest.mark.parametrize(
    "arguments", [("session", "name", "{}", "--subject", "hat"), ("shoot", "--session", "{}")]
)
def test_ctrl_c_ends_the_wait(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    SessionStore.open(tmp_path / "far").close()
    SilentSession(tmp_path / "far")

    with _waiting(tmp_path, *(one.format(tmp_path / "far") for one in arguments)) as program:
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=_LIMIT_S)

    assert (program.returncode, said) == (130, "Stopped.\n")
