"""What the photographer has chosen: flag before environment before file before default.

The file is JSON, one entry a preference. Only what was changed by hand stands in it, so a better default
reaches everybody; entries that this version does not know stay as they are, with the file's version.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

import platformdirs
from msgspec import Struct
from msgspec.structs import fields, replace

from groundglass.errors import SessionError, UsageError
from groundglass.model.places import CardPolicy
from groundglass.studio.whole_file import write_json

_log = logging.getLogger(__name__)

VERSION = 2
_APP = "groundglass"
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")

FOLDERS = frozenset(("sessions_folder", "backup"))  # preferences that should name a folder that is there

Words = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]

# One change at a time in this process: each reads the file, changes its own entries and writes it.
_lock = threading.Lock()


class ThemeName(StrEnum):
    """How light the window is."""

    DARK = "dark"
    MID = "mid"
    LIGHT = "light"


class Preferences(Struct, frozen=True):
    """Every preference with its default; an environment variable GROUNDGLASS_<NAME> overrides the file."""

    camera: str = ""  # address, serial number or part of the model; empty: the only one
    session: str = ""  # folder; empty: a new one for the day in the sessions folder
    sessions_folder: str = ""  # where new sessions go; empty: Groundglass in the pictures folder
    recent_sessions: Words = ()  # folders, the last one first
    template: str = ""  # naming template; empty: the store's own
    backup: str = ""  # folder of the second copy; empty: none
    card_policy: CardPolicy = CardPolicy.KEEP
    copyright: str = ""  # these five go into the sidecar of every next frame
    creator: str = ""
    keywords: str = ""  # with commas between them
    job: str = ""
    lens: str = ""  # without electronics, as Helios 44-2 58 mm f/2
    autofocus: bool = True  # before each release, where body and lens are set to it
    theme: ThemeName = ThemeName.DARK
    sounds: bool = False  # a short tone for stored and for failed
    keys: Pairs = ()  # action of the window and its key, where that differs from the window's own table
    presets: Pairs = ()  # name and settings, as shutter=1/125; aperture=f/8


class PreferencesFile(Struct, frozen=True):
    """What stands in a file: its entries as they are, whether this version knows them or not."""

    entries: dict[str, Any]
    version: int = VERSION


def _log_only(complaint: SessionError) -> None:
    _log.warning("%s", complaint)


def load(
    path: Path | None = None,
    environment: Mapping[str, str] | None = None,
    complain: Callable[[SessionError], None] = _log_only,
) -> Preferences:
    """Read the preferences; a broken file counts as empty and is left where it is.

    complain: told of a broken file, and of each value that makes no sense and is passed over.
    """
    path = path or default_path()
    environment = os.environ if environment is None else environment
    chosen: dict[str, Any] = {}
    try:
        entries = _read(path).entries
    except SessionError as err:
        complain(SessionError(err.message, "The defaults hold until it is mended, or moved away."))
        entries = {}
    for one in fields(Preferences):
        variable = f"GROUNDGLASS_{one.name.upper()}"
        for source, told in ((str(path), entries.get(one.name)), (variable, environment.get(variable))):
            if told in (None, ""):
                continue
            try:
                chosen[one.name] = understood(one.name, told)
            except UsageError as err:
                complain(SessionError(f"Passed over in {source}: {err.message}", err.hint))
    return replace(Preferences(), **chosen)


def change(changes: Mapping[str, Any], path: Path | None = None) -> None:
    """Write these preferences into the file, whole or not at all; all others in it stay.

    Raises UsageError for a name or value that makes no sense, SessionError if the file is broken, which
    is then left alone, or cannot be written. Any thread; blocks on the disk.
    """
    path = path or default_path()
    told = {name: _as_json(understood(name, value)) for name, value in changes.items()}
    defaults = Preferences()
    with _lock:
        file = _read(path)
        entries = {**file.entries, **told}
        for name in told:
            if entries[name] == _as_json(getattr(defaults, name)):
                del entries[name]
        _write(path, PreferencesFile(entries, max(file.version, VERSION)))


def understood(name: str, told: object) -> Any:
    """Return a preference's value from JSON, a text or itself; raises UsageError."""
    kind = _KINDS.get(name)
    if kind is None:
        raise UsageError(f"There is no preference “{name}”.", f"There are {', '.join(_KINDS)}.")
    try:
        return _READERS[kind](told) if kind in _READERS else kind(str(told).strip().lower())
    except (TypeError, ValueError, AttributeError) as err:
        wanted = _WANTED.get(kind) or f"one of {', '.join(kind)}"
        raise UsageError(f"“{told}” is no value of the preference {name}.", f"It takes {wanted}.") from err


def is_whole_path(folder: str) -> bool:
    """Tell whether a folder is the same wherever the program is started; `~` is the home."""
    return Path(folder).expanduser().is_absolute()


def make_folder(folder: str) -> None:
    """Make a preferred folder if only the last part of its path is missing; blocks on the disk.

    Raises SessionError if it is not there then: a disk that is away is not begun anew on the one beneath.
    """
    path = Path(folder).expanduser()
    try:
        if not path.is_dir():
            path.mkdir()
    except FileNotFoundError as err:
        raise SessionError(
            f"The folder “{path}” is not there.", "Connect its disk, or choose another folder."
        ) from err
    except FileExistsError as err:
        raise SessionError(f"“{path}” is not a folder.", "Choose another one.") from err
    except OSError as err:
        raise SessionError(
            f"The folder “{path}” is not there, and cannot be made: {err.strerror or err}.",
            "Connect its disk, or choose another folder.",
        ) from err


def names() -> tuple[str, ...]:
    """Return the names of all preferences, in the order of a day's work."""
    return tuple(_KINDS)


def default_path() -> Path:
    return Path(platformdirs.user_config_path(_APP)) / "preferences.json"


def driver_settings_path() -> Path:
    """Return the folder in which libgphoto2 keeps a folder for each body."""
    return Path(platformdirs.user_state_path(_APP)) / "libgphoto2"


def default_session(day: str, chosen: Preferences | None = None) -> Path:
    """Return the session folder that is used when none was chosen."""
    return sessions_folder(chosen) / day


def sessions_folder(chosen: Preferences | None = None) -> Path:
    """Return the folder in which new sessions begin."""
    if chosen is not None and chosen.sessions_folder:
        return Path(chosen.sessions_folder).expanduser()
    return Path(platformdirs.user_pictures_path()) / "Groundglass"


def _read(path: Path) -> PreferencesFile:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        entries = dict(document.items())
        return PreferencesFile(entries, int(entries.pop("version", VERSION)))
    except FileNotFoundError:
        return PreferencesFile({})
    except (OSError, ValueError, TypeError, AttributeError) as err:
        raise SessionError(
            f"The preferences in {path} cannot be read and are left alone: {err}.",
            "Mend the file, or move it away to begin anew.",
        ) from err


def _write(path: Path, file: PreferencesFile) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, {"version": file.version, **file.entries})
    except OSError as err:
        raise SessionError(
            f"The preferences could not be saved: {err.strerror or err}.", f"Check the folder {path.parent}."
        ) from err


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError(told)
    return told.strip()


def _truth(told: object) -> bool:
    if isinstance(told, bool):
        return told
    word = str(told).strip().lower()
    if word not in _TRUE + _FALSE:
        raise ValueError(told)
    return word in _TRUE


def _words(told: object) -> Words:
    if isinstance(told, str):
        return tuple(one.strip() for one in told.split(os.pathsep) if one.strip())
    return tuple(_text(one) for one in told)  # type: ignore[attr-defined]  # anything else raises TypeError


def _pairs(told: object) -> Pairs:
    document = json.loads(told or "{}") if isinstance(told, str) else dict(told)  # type: ignore[call-overload]  # raises TypeError
    return tuple((_text(one), _text(other)) for one, other in document.items())


_READERS: dict[Any, Any] = {
    str: _text,
    bool: _truth,
    Words: _words,
    Pairs: _pairs,
}
_WANTED: dict[Any, str] = {
    str: "text",
    bool: "yes or no",
    Words: "a list of texts",
    Pairs: "names with texts",
}
_KINDS: dict[str, Any] = get_type_hints(Preferences)
