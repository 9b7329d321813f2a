"""Sessions as the commands open and read them: a wait for the disk is told, and Ctrl-C ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from groundglass.studio.jobs import aside

if TYPE_CHECKING:
    from groundglass.session.store import SessionStore, SessionView

T = TypeVar("T")

_SILENT_S = 2.0


def patiently(folder: Path, work: Callable[[], T]) -> T:
    """Do what touches a session's disk, and say so if that takes long: it may not answer at all."""
    # Not on this thread, which Python's own signals could not reach in a disk that hangs.
    done = aside("session", work)
    try:
        return done.result(_SILENT_S)
    except TimeoutError:
        if done.done():
            raise
    click.echo(f"Still waiting for the disk of the session {folder}. Ctrl-C ends the wait.", err=True)
    return done.result()


def read_session(folder: Path) -> SessionView:
    """Read what a session holds; raises SessionError."""
    from groundglass.session.store import SessionStore

    return patiently(folder, lambda: SessionStore.read(folder))


@contextmanager
def opened_session(folder: Path) -> Iterator[SessionStore]:
    """Open a session to change it; raises SessionError."""
    from groundglass.session.store import SessionStore

    with closing(patiently(folder, lambda: SessionStore.open(folder))) as store:
        yield store
