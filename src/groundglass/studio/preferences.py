"""What the photographer has chosen: flag before environment before file before default."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import platformdirs

from groundglass.errors import SessionError

_log = logging.getLogger(__name__)

VERSION = 1
_APP = "groundglass"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Every preference with its default; an environment variable GROUNDGLASS_<NAME> overrides the file."""

    camera: str = ""  # address, serial number or part of the model; empty: the only one
    session: str = ""  # folder; empty: a new one for the day in the pictures folder
    backup: str = ""  # folder of the second copy; empty: none
    card_policy: str = ""  # keep or delete-after-backup; empty: keep
    template: str = ""  # naming template; empty: the store's own


def load(path: Path | None = None) -> Preferences:
    """Read the preferences; a broken file counts as empty and is left where it is."""
    path = path or default_path()
    known: dict[str, str] = {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        names = {one.name for one in fields(Preferences)}
        known = {name: str(value) for name, value in document.items() if name in names}
    except FileNotFoundError:
        _log.debug("No preferences at %s yet", path)
    except (OSError, ValueError, AttributeError) as err:
        _log.warning("The preferences in %s can not be read and are left alone: %s", path, err)
    for one in fields(Preferences):
        given = os.environ.get(f"GROUNDGLASS_{one.name.upper()}")
        if given is not None:
            known[one.name] = given
    return replace(Preferences(), **known)


def save(preferences: Preferences, path: Path | None = None) -> None:
    """Write the preferences: whole, or not at all. Raises SessionError."""
    path = path or default_path()
    document = {"version": VERSION, **asdict(preferences)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=path.name, delete=False, encoding="utf-8"
        ) as out:
            json.dump(document, out, indent=2)
            out.flush()
            os.fsync(out.fileno())
        Path(out.name).replace(path)
    except OSError as err:
        raise SessionError(
            f"The preferences could not be saved: {err.strerror or err}.", f"Check the folder {path.parent}."
        ) from err


def default_path() -> Path:
    return Path(platformdirs.user_config_path(_APP)) / "preferences.json"


def driver_settings_path() -> Path:
    """Return the folder in which libgphoto2 keeps a folder for each body."""
    return Path(platformdirs.user_state_path(_APP)) / "libgphoto2"


def default_session(day: str) -> Path:
    """Return the session folder that is used when none was chosen."""
    return Path(platformdirs.user_pictures_path()) / "Groundglass" / day
