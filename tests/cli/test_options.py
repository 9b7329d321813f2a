"""The folders that a command is given."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from groundglass.cli.options import backup_option, session_option
from patience import PATIENCE_S


@click.command()
@session_option
@backup_option
def _command(session: Path | None, backup: Path | None) -> None:
    click.echo(f"{session} {backup}")


def test_a_file_is_no_session_and_a_backup_has_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    no_session = CliRunner().invoke(_command, ("--session", str(tmp_path / "file")))
    no_backup = CliRunner().invoke(_command, ("--backup", str(tmp_path / "gone")))
    both = CliRunner().invoke(_command, ("--session", str(tmp_path / "new"), "--backup", str(tmp_path)))

    assert (no_session.exit_code, "is a file" in no_session.output) == (2, True)
    assert (no_backup.exit_code, "does not exist" in no_backup.output) == (2, True)
    assert both.output == f"{tmp_path / 'new'} {tmp_path}\n"


def test_one_whose_disk_does_not_answer_holds_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, stat = threading.Event(), os.stat

    def hang(path: object, *more: object, **others: object) -> object:
        if isinstance(path, str) and path.startswith(str(tmp_path)):
            answers.wait(PATIENCE_S)
        return stat(path, *more, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", hang)
    given = ("--session", str(tmp_path / "S"), "--backup", str(tmp_path / "B"))

    done = CliRunner().invoke(_command, given)

    assert not answers.is_set()
    assert done.output == f"{tmp_path / 'S'} {tmp_path / 'B'}\n"
    answers.set()
