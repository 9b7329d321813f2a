"""How the window was laid out for a session: one small file in the session, one for sessions without theirs.

Both are JSON with a version. What cannot be read, or comes from a newer version, counts as not there and is
left alone; nothing here may ever stop a shoot.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundglass.session.disk import Disk
from groundglass.session.record import Layout
from groundglass.studio.whole_file import write_json

_log = logging.getLogger(__name__)

VERSION = 1
Arrangement = Mapping[str, Any]


def load(session: Path | None, last: Path) -> tuple[Arrangement, bool]:
    """Return the session's arrangement, else the last one that was used, and whether it is the session's own.

    last: the file of the last one. The arrangement is empty if there is none. Touches the disk.
    """
    own = _read(Layout(session).window) if session is not None else None
    return (own, True) if own is not None else (_read(last) or {}, False)


def save(arrangement: Arrangement, session: Path | None, last: Path) -> None:
    """Keep an arrangement for the session and as the last one used; what fails is logged."""
    if session is not None and Disk().is_folder(Layout(session).hidden):
        _write(Layout(session).window, arrangement)
    try:
        last.parent.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        _log.info("%s cannot be made: %s", last.parent, err)
    else:
        _write(last, arrangement)


def _read(path: Path) -> Arrangement | None:
    try:
        document = dict(json.loads(path.read_text(encoding="utf-8")).items())
        version = int(document.pop("version", VERSION))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError) as err:
        _log.warning("The window's layout in %s cannot be read and is passed over: %s", path, err)
        return None
    if version > VERSION:
        _log.warning("The window's layout in %s is of a newer version and is passed over", path)
        return None
    return document


def _write(path: Path, arrangement: Arrangement) -> None:
    try:
        if _is_newer(path):
            return
        write_json(path, {"version": VERSION, **arrangement})
    except OSError as err:
        _log.info("The window's layout could not be kept in %s: %s", path, err)


def _is_newer(path: Path) -> bool:
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["version"]) > VERSION
    except (OSError, ValueError, TypeError, KeyError):
        return False
