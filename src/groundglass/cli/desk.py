"""What the commands share that drive a camera: a connected studio, and a quiet end."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from groundglass.cli.output import warn
from groundglass.cli.sessions import patiently
from groundglass.errors import CameraError, NoCameraError, SessionError, UsageError
from groundglass.model.words import counted

if TYPE_CHECKING:
    from groundglass.cli.options import Keeping
    from groundglass.model.setting import Choice, Setting, SettingId
    from groundglass.model.shot import Shot
    from groundglass.studio.events import Event, Listener
    from groundglass.studio.studio import Studio

_CONNECT_S = 30.0


@contextmanager
def connected(
    camera: str | None,
    *,
    keeping: Keeping | None = None,
    lens: str | None = None,
    listener: Listener | None = None,
) -> Iterator[Studio]:
    """Give a studio with its camera connected; raises CameraError, SessionError or UsageError.

    keeping: opens the session that it names; None: none is opened.
    listener: hears every event from before the connection, so also what the camera warns of at once.
    """
    from groundglass.model.shot import ManualLens
    from groundglass.studio import preferences
    from groundglass.studio.compose import build_studio

    manual_lens = ManualLens.parse(lens) if lens is not None else None
    chosen = preferences.load(complain=warn)
    wanted = camera or chosen.camera or None
    studio = build_studio()
    try:
        studio.use_lens(manual_lens)
        if keeping is not None:
            backup = Path(chosen.backup).expanduser() if chosen.backup else None
            studio.use_backup(keeping.backup or backup)
            _choose_card_policy(studio, keeping.card_policy, chosen.card_policy)
            folder = session_folder(keeping.session)
            was_there = patiently(folder, partial(_open_session, studio, folder, keeping.template))
            # A slip of the pen, perhaps, or a disk that is away.
            if keeping.session is not None and not was_there:
                click.echo(f"The folder {folder.absolute().parent} was not there and was made.", err=True)
            studio.sessions.note(opened_folder(studio))
            for sentence in studio.recovered:
                click.echo(sentence, err=True)
        if listener is not None:
            studio.subscribe(listener)
        studio.connect(wanted).result()
        _wait_until_connected(studio, wanted)
        yield studio
    finally:
        studio.close()


def _open_session(studio: Studio, folder: Path, template: str | None) -> bool:
    """Open it; tell whether the folder that it lies in was there before."""
    was_there = folder.absolute().parent.is_dir()
    studio.open_session(folder, template)
    return was_there


def say_kept(studio: Studio) -> None:
    """Tell quietly which card's copies should have gone and did not."""
    card = studio.card
    for sentence in card.kept:
        click.echo(sentence, err=True)
    if card.due:
        waits = "file stays" if card.due == 1 else "files stay"
        click.echo(f"{card.due} {waits} on the card until the backup and the camera are there.", err=True)


def lacking_copies(studio: Studio) -> SessionError | None:
    """Return how many second copies are lacking now, and why; None: none is, or there are to be none."""
    status = studio.backup
    if status is None or not status.pending_files:
        return None
    return SessionError(
        f"{counted(status.pending_files, 'file has', 'files have')} no backup yet.",
        status.message or "They are copied when this session is open again.",
    )


def tell_lacking(lacking: SessionError | None, backup: Path | None) -> None:
    """Fail with what the backup of the flag lacks; of the preferred one, warn."""
    if lacking is None:
        return
    if backup is not None:
        raise lacking
    warn(lacking)


def _choose_card_policy(studio: Studio, flag: str | None, preferred: str) -> None:
    """Obey the flag, or fail; of a preference that cannot be obeyed now it is told that all are kept."""
    from groundglass.model.places import CardPolicy

    if flag is not None:
        studio.use_card_policy(CardPolicy.parse(flag))
        return
    try:
        studio.use_card_policy(CardPolicy.parse(preferred))
    except UsageError as err:
        click.echo(f"{err.message} They are kept.", err=True)


def session_folder(session: Path | None) -> Path:
    """Return the folder to shoot into: the flag, the preferences, or the day's own."""
    from groundglass.studio import preferences

    chosen = preferences.load()
    if session is None and not chosen.session:
        return preferences.default_session(date.today().isoformat(), chosen)
    return (session or Path(chosen.session)).expanduser()


def opened_folder(studio: Studio) -> Path:
    """Return where the session lies that `connected` opened."""
    folder = studio.session_path
    assert folder is not None
    return folder


def _wait_until_connected(studio: Studio, wanted: str | None) -> None:
    deadline = time.monotonic() + _CONNECT_S
    settled = threading.Event()
    unsubscribe = studio.subscribe(lambda _event: settled.set())
    try:
        while not studio.status.state.is_connected:
            error = studio.connection_error
            if error is not None:
                raise error
            if time.monotonic() > deadline:
                raise NoCameraError(
                    f"The camera {wanted or ''} did not answer for {_CONNECT_S:.0f} s.".replace("  ", " "),
                    "Check the cable and that it is switched on.",
                )
            settled.wait(0.05)
            settled.clear()
    finally:
        unsubscribe()


@contextmanager
def until_stopped() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C and SIGTERM set, where being stopped is the ordinary end."""
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def setting_id(name: str) -> SettingId:
    """Return the setting of this name; raises UsageError with the names that there are."""
    from groundglass.model.setting import SettingId

    found = SettingId.named(name)
    if found is None:
        names = ", ".join(one.value for one in SettingId)
        raise UsageError(f"There is no setting “{name}”.", f"Settings are {names}.")
    return found


def assignments(texts: tuple[str, ...]) -> list[tuple[SettingId, str]]:
    """Read NAME=VALUE texts; raises UsageError."""
    pairs = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not value.strip():
            raise UsageError(f"“{text}” is not NAME=VALUE.", "Write it as shutter=1/125 or iso=400.")
        pairs.append((setting_id(name), value.strip()))
    return pairs


def apply(studio: Studio, wanted: list[tuple[SettingId, str]]) -> list[Setting]:
    """Set one after the other; raises UsageError or CameraError at the first that fails."""
    return [studio.set(one, value).result() for one, value in wanted]


def known(studio: Studio, wanted: SettingId) -> Setting:
    """Return a setting of the connected camera; raises CameraError if it has none of that name."""
    setting = studio.status.setting(wanted)
    if setting is None:
        offered = ", ".join(one.id.value for one in studio.status.settings)
        raise CameraError(f"This camera has no {wanted.words}.", f"It has {offered}.")
    return setting


def choice_document(choice: Choice | None) -> dict[str, Any] | None:
    if choice is None:
        return None
    special = choice.special
    return {
        "raw": choice.raw,
        "label": choice.label,
        "value": choice.number,
        "special": special.value if special else None,
    }


def setting_document(setting: Setting) -> dict[str, Any]:
    span = setting.range
    return {
        "widget": setting.widget,
        "read_only": setting.read_only,
        "current": choice_document(setting.current),
        "choices": [choice_document(one) for one in setting.choices],
        "range": {"low": span.low, "high": span.high, "step": span.step} if span else None,
    }


def shot_document(shot: Shot, folder: Path, trigger_to_stored_s: float | None) -> dict[str, Any]:
    return {
        "number": shot.number,
        "files": [
            {
                "path": str(folder / one.path),
                "size_bytes": one.size_bytes,
                "sha256": one.sha256,
                "role": one.role.value,
            }
            for one in shot.files
        ],
        "trigger_to_stored_s": None if trigger_to_stored_s is None else round(trigger_to_stored_s, 4),
    }


class StatusWords:
    """Says what a connected camera's status has to say, once each time; for any thread."""

    def __init__(self) -> None:
        self._last = ""

    def note(self, event: Event) -> None:
        """Take any event of the studio."""
        from groundglass.studio.events import StatusChanged

        if isinstance(event, StatusChanged):
            before, self._last = self._last, event.status.message if event.status.state.is_connected else ""
            if self._last and self._last != before:
                click.echo(self._last, err=True)
