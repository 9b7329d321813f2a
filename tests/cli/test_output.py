from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from groundglass.cli import output
from groundglass.cli.output import Group, Table, emit, json_option
from groundglass.errors import CameraLostError, TemplateError


@click.group(cls=Group)
def program() -> None:
    """Stand for the program."""


@program.command()
@click.argument("kind")
def fail(kind: str) -> None:
    errors = {
        "ours": CameraLostError("The camera is gone.", "Check the cable."),
        "usage": TemplateError("No counter.", "Add one."),
        "unexpected": RuntimeError("two\nlines"),
        "interrupt": KeyboardInterrupt(),
        "pipe": BrokenPipeError(),
    }
    raise errors[kind]


@program.command()
@json_option
def rows(as_json: bool) -> None:
    table = Table(("Name", "Size"), (("[b]x[/b]", "1"), ("longer é", "1000")), frozenset(("Size",)))
    emit({"rows": 2}, as_json=as_json, table=table, text="Two rows.")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["fail", "ours"], 1, "Error: The camera is gone. Check the cable.\n"),
        (["fail", "usage"], 2, "Error: No counter. Add one.\n"),
        (["fail", "interrupt"], 130, "Stopped.\n"),
    ],
)
def test_an_error_is_one_sentence_with_its_hint_on_stderr(
    arguments: list[str], code: int, words: str
) -> None:
    result = CliRunner().invoke(program, arguments)

    assert (result.exit_code, result.stderr, result.stdout) == (code, words, "")


@pytest.mark.parametrize("arguments", [["fail"], ["none"], ["rows", "--wrong"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    result = CliRunner().invoke(program, arguments)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error:" in result.stderr


def test_the_unexpected_has_no_traceback_unless_asked_for() -> None:
    quiet = CliRunner().invoke(program, ["fail", "unexpected"])
    loud = CliRunner().invoke(program, ["--debug", "fail", "unexpected"])

    assert quiet.exit_code == loud.exit_code == 1
    assert "Traceback" not in quiet.stderr
    assert quiet.stderr.count("\n") == 1
    assert "RuntimeError: two lines." in quiet.stderr
    assert "--debug" in quiet.stderr
    assert "Traceback" in loud.stderr


def test_a_pipe_gets_plain_aligned_text() -> None:
    result = CliRunner().invoke(program, ["rows"])

    assert result.stdout == "Name      Size\n[b]x[/b]     1\nlonger é  1000\nTwo rows.\n"


def test_json_is_one_document_and_nothing_else() -> None:
    result = CliRunner().invoke(program, ["rows", "--json"])

    assert json.loads(result.stdout) == {"rows": 2}
    assert result.stderr == ""


def test_a_terminal_gets_a_drawn_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "is_terminal", lambda: True)

    result = CliRunner().invoke(program, ["rows"])

    assert "─" in result.stdout
    assert "[b]x[/b]" in result.stdout


def test_progress_is_silent_in_a_pipe() -> None:
    runner = CliRunner()
    with runner.isolation() as (_out, err, _both), output.progress("Reading", 3) as show:
        show(1)

    assert err.getvalue() == b""


PROGRAM = """
import sys, time, click
from pathlib import Path
from groundglass.cli.output import Group
@click.group(cls=Group)
def program(): pass
@program.command()
def wait():
    try:
        print("waiting", flush=True)
        time.sleep(60)
    finally:
        Path(sys.argv[2]).write_text("closed")
@program.command()
def flood():
    while True:
        print("x" * 1000)
program(sys.argv[1:2])
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_command_cleanly(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with start("wait", str(tmp_path / "end")) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"waiting\n"
        child.send_signal(number)
        _, told = child.communicate(timeout=20)

    assert child.returncode == code
    assert (tmp_path / "end").read_text() == "closed"
    assert b"Traceback" not in told


def test_a_closed_pipe_is_no_error_to_tell() -> None:
    with start("flood") as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr is not None
        told = child.stderr.read()

    assert told == b""


def start(*arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


@pytest.mark.parametrize("module", ["output", "histogram", "session"])
def test_a_command_loads_nothing_heavy_before_it_runs(module: str) -> None:
    heavy = "numpy cv2 rawpy exiv2 PIL rich simplejpeg PySide6 gphoto2"
    script = (
        f"import sys; import groundglass.cli.{module};"
        f"print([one for one in '{heavy}'.split() if one in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )

    assert loaded.stdout == "[]\n"
