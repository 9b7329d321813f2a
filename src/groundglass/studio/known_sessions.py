"""Every session that was opened on this computer, by the window or a command: asked whose a picture is.

A small file for each, so two programs at once do not lose each other's. No start follows them.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from contextlib import suppress
from pathlib import Path

from groundglass.studio.whole_file import write_json

_log = logging.getLogger(__name__)

_MOST = 200


class KnownSessions:
    """Any thread; blocks on the disk."""

    def __init__(self, folder: Path) -> None:
        """folder: where the notes lie; it is made with the first."""
        self._folder = folder

    def note(self, session: Path) -> None:
        """Know this session from now on, and forget the one that was not opened for longest if they are many.

        session: absolute.  Where that cannot be written it is only logged.
        """
        name = hashlib.sha256(os.fsencode(session)).hexdigest()[:32]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_json(self._folder / f"{name}.json", {"session": str(session)})
            for old in self._notes()[_MOST:]:
                old.unlink(missing_ok=True)
        except (OSError, ValueError) as err:  # a name that is no text, too
            _log.warning("The session %s could not be noted: %s", session, err)

    def all(self) -> tuple[Path, ...]:
        """Return the sessions, the one that was opened last first; some may be gone."""
        found = []
        for note in self._notes():
            with suppress(OSError, ValueError, TypeError, KeyError):
                found.append(Path(json.loads(note.read_text(encoding="utf-8"))["session"]))
        return tuple(found)

    def _notes(self) -> list[Path]:
        noted = []
        with suppress(OSError):
            for one in self._folder.glob("*.json"):
                with suppress(OSError):  # another program forgot it just now
                    noted.append((one.stat().st_mtime_ns, one))
        return [one for _, one in sorted(noted, reverse=True)]
