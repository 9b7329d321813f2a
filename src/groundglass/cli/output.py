"""What every command shares: tables, JSON, progress and errors in words.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 ended by Ctrl-C, 143 ended by SIGTERM.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

import click
from msgspec import Struct, field

from groundglass.errors import GroundglassError, UsageError

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
TERMINATED = 143

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
)


class Table(Struct, frozen=True):
    """Rows of text under column names; `numbers` are the columns that are set flush right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[str] = field(default_factory=frozenset)


class Group(click.Group):
    """The root of the commands: every error leaves as one sentence with its hint, never as a traceback."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(["--debug"], is_flag=True, expose_value=False, callback=_keep_debug, is_eager=True,
                         help="Show the traceback of an unexpected error.")
        )  # fmt: skip

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.parent is not None:
            return super().invoke(ctx)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a terminal that lacks a letter gets its code instead
                stream.reconfigure(errors="backslashreplace")
        with _ending_on_sigterm():
            try:
                return super().invoke(ctx)
            except GroundglassError as err:
                complain(err)
                ctx.exit(WRONG_USAGE if isinstance(err, UsageError) else FAILED)
            except KeyboardInterrupt:
                click.echo("Stopped.", err=True)
                ctx.exit(INTERRUPTED)
            except BrokenPipeError:
                _silence_stdout()
                ctx.exit(FAILED)
            except (click.ClickException, click.Abort, click.exceptions.Exit):
                raise
            except Exception as err:  # noqa: BLE001 - the last border: a photographer never sees a traceback
                if ctx.meta.get(_DEBUG):
                    traceback.print_exc()
                click.echo(
                    f"Error: Something unexpected happened: {type(err).__name__}: {_one_line(err)}. "
                    "Run it with “groundglass --debug …” for the traceback and report it.",
                    err=True,
                )
                ctx.exit(FAILED)


_DEBUG = "groundglass.debug"


def _keep_debug(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta[_DEBUG] = value


def _one_line(err: Exception) -> str:
    return " ".join(str(err).split()).rstrip(".") or "no further words"


def complain(err: GroundglassError, about: str = "") -> None:
    """Tell an error on stderr: one sentence, and the hint."""
    click.echo(f"Error: {about + ': ' if about else ''}{err}", err=True)


def warn(err: GroundglassError) -> None:
    """Tell on stderr what will stop the shoot, before it does."""
    click.echo(f"Warning: {err}", err=True)


def emit(document: object, *, as_json: bool, table: Table | None = None, text: str = "") -> None:
    """Print a result on stdout: one JSON document, or a table followed by a text.

    The table is drawn by rich on a terminal and is plain aligned text in a pipe.
    """
    if as_json:
        click.echo(json.dumps(document, allow_nan=False))
        return
    if table is not None:
        if is_terminal():
            _draw(table)
        else:
            click.echo(_plain(table))
    if text:
        click.echo(text)


def is_terminal() -> bool:
    """Tell whether a person reads stdout."""
    return sys.stdout.isatty()


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that takes how much is done; draws a bar on stderr if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def _draw(table: Table) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=box.SIMPLE_HEAD)
    for column in table.columns:
        drawn.add_column(column, justify="right" if column in table.numbers else "left")
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))  # Text: a name may hold [brackets]
    Console(highlight=False).print(drawn)


def _plain(table: Table) -> str:
    lines: Sequence[Sequence[str]] = (table.columns, *table.rows)
    widths = [max(len(line[i]) for line in lines) for i in range(len(table.columns))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in table.numbers else cell.ljust(width)
            for column, cell, width in zip(table.columns, line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Let SIGTERM unwind the command, so that it closes what it opened."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        sys.exit(TERMINATED)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # not the main thread: whoever owns it decides
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _silence_stdout() -> None:
    """Keep the interpreter from writing the rest into the broken pipe at its end."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())
    os.close(sink)
