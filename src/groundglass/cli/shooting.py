"""`groundglass shoot` and `watch`."""

from __future__ import annotations

import contextlib
import queue
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from groundglass.cli import desk, options
from groundglass.cli.output import complain, emit, json_option, progress, warn
from groundglass.errors import GroundglassError, UsageError
from groundglass.model.words import size_words

if TYPE_CHECKING:
    from concurrent.futures import Future

    from groundglass.model.shot import Shot
    from groundglass.studio.events import Event
    from groundglass.studio.studio import Studio

_LOOK_S = 0.1
_FINISH_S = 30.0
_PREFERRED_COPIES_S = 10.0  # as long as the program's end would wait for them
_QUIET_S = 1.0  # without a further frame, a burst has been transferred


@click.command()
@options.camera_option
@options.keeping_options
@options.lens_option
@click.option(
    "-n", "--count", type=click.IntRange(1, 100_000), default=1, show_default=True, help="Shots to take."
)
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Change a setting first, as “set” does."
)
@click.option(
    "--bulb", "bulb_s", type=click.FloatRange(0.1, 3600), help="Hold the shutter open for so many seconds."
)
@click.option(
    "--hold",
    "hold_s",
    type=click.FloatRange(0.1, 60),
    help="Hold the button for so many seconds: in a continuous drive the camera fires on.",
)
@click.option(
    "--autofocus/--no-autofocus",
    default=None,
    help="Focus before each release, if body and lens are set to autofocus; by default as is preferred.",
)
@json_option
def shoot(
    camera: str | None,
    keeping: options.Keeping,
    lens: str | None,
    count: int,
    settings: tuple[str, ...],
    bulb_s: float | None,
    hold_s: float | None,
    autofocus: bool | None,
    as_json: bool,
) -> None:
    """Release the camera and store the pictures in a session."""
    from groundglass.studio.events import Problem, ShotStored, Warned

    if hold_s is not None and (bulb_s is not None or count != 1):
        raise UsageError("A held button goes with neither --count nor --bulb.", "Give --hold alone.")
    wanted = desk.assignments(settings)
    shots: list[dict[str, Any]] = []
    stored_s: dict[int, float | None] = {}
    held: dict[int, Shot] = {}
    said: set[int] = set()
    problems: list[GroundglassError] = []
    words = desk.StatusWords()

    def note(event: Event) -> None:
        words.note(event)
        if isinstance(event, ShotStored):
            stored_s[event.shot.number] = event.trigger_to_stored_s
            held[event.shot.number] = event.shot
        elif isinstance(event, Problem):
            problems.append(event.error)
        elif isinstance(event, Warned):
            warn(event.error)

    with desk.connected(camera, keeping=keeping, lens=lens, listener=note) as studio:
        folder = desk.opened_folder(studio)

        def say_until(last: int) -> None:
            for number in sorted(one for one in tuple(held) if one <= last and one not in said):
                said.add(number)
                shots.append(desk.shot_document(held[number], folder, stored_s.get(number)))
                if not as_json:
                    _say_files(shots[-1])

        desk.apply(studio, wanted)
        if bulb_s is None:
            _refuse_bulb(studio)
        try:
            if hold_s is not None:
                _hold_button(studio, hold_s, with_autofocus=autofocus)
                count = 0
            with progress("Shooting", count) as advance:
                for done in range(count):
                    if bulb_s is None:
                        shot = studio.release(with_autofocus=autofocus).result()
                    else:
                        opened = studio.start_bulb()
                        with _ended_by(studio.end_bulb):
                            _hold(bulb_s, opened)
                        shot = studio.end_bulb().result()
                    held[shot.number] = shot
                    say_until(shot.number)  # what a burst gave beside the first frame of each release too
                    advance(done + 1)
            if hold_s is None and _fires_bursts(studio):
                _wait_for_quiet(studio)
        except (KeyboardInterrupt, SystemExit):
            studio.finish_pictures(_FINISH_S)
            raise
        finally:
            say_until(max(tuple(held), default=0))
        if keeping.backup is not None or studio.card.due:
            studio.finish_storing()
        elif studio.backup is not None:
            studio.finish_storing(_PREFERRED_COPIES_S)
        lacking = desk.lacking_copies(studio)
        desk.say_kept(studio)
    # None of them cost a picture: a shot that fails ends the command with its own error.
    for problem in problems:
        complain(problem)
    if as_json:
        emit({"session": str(folder), "shots": shots}, as_json=True)
    desk.tell_lacking(lacking, keeping.backup)


def _refuse_bulb(studio: Studio) -> None:
    if studio.status.is_at_bulb:
        raise UsageError(
            "The shutter is set to Bulb.",
            "Say how long, as --bulb 30, or choose a time, as --set shutter=1/125.",
        )


def _hold_button(studio: Studio, seconds: float, *, with_autofocus: bool | None) -> None:
    """Hold the button for some seconds, and wait until every frame is stored."""
    first = studio.hold_shutter(with_autofocus=with_autofocus)
    with _ended_by(studio.let_go):
        _hold(seconds, first)
    studio.let_go().result()
    first.result()
    _wait_for_quiet(studio)


def _fires_bursts(studio: Studio) -> bool:
    from groundglass.model.setting import SettingId

    frames = studio.status.setting(SettingId.BURST_COUNT)
    return frames is not None and frames.label != "1"


def _wait_for_quiet(studio: Studio) -> None:
    """Wait until every frame of a burst is stored."""
    from groundglass.model.camera import CameraState

    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < _QUIET_S:
        if studio.status.state in (CameraState.EXPOSING, CameraState.TRANSFERRING):
            quiet_since = time.monotonic()
        time.sleep(_LOOK_S)
    studio.finish_storing()


@contextlib.contextmanager
def _ended_by(let_go: Callable[[], Future[Any]]) -> Iterator[None]:
    """Let the button go where Ctrl-C ends the wait, too; what it gave is stored."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        with contextlib.suppress(TimeoutError):  # a dark frame as long as the exposure
            let_go().result(_FINISH_S)
        raise


def _hold(seconds: float, pressed: Future[Shot]) -> None:
    """Wait so long; raises what kept the camera from releasing as soon as that is known."""
    end = time.monotonic() + seconds
    while (left_s := end - time.monotonic()) > 0:
        if pressed.done():
            pressed.result()
        time.sleep(min(left_s, _LOOK_S))


@click.command()
@options.camera_option
@options.keeping_options
@options.lens_option
@click.option("-n", "--count", type=click.IntRange(1), help="End after so many shots.")
@json_option
def watch(
    camera: str | None,
    keeping: options.Keeping,
    lens: str | None,
    count: int | None,
    as_json: bool,
) -> None:
    """Store everything that is shot on the camera, until Ctrl-C."""
    from groundglass.studio.events import Problem, ProblemSolved, ShotStored, Warned

    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    shots: list[dict[str, Any]] = []
    words = desk.StatusWords()
    with (
        desk.connected(camera, keeping=keeping, lens=lens, listener=events.put) as studio,
        desk.until_stopped() as stopped,
    ):
        folder = desk.opened_folder(studio)
        studio.guard_sleep()
        info = studio.status.info
        click.echo(f"Watching {info.model if info else 'the camera'}. Ctrl-C ends.", err=True)
        while not stopped.is_set() and (count is None or len(shots) < count):
            try:
                event = events.get(timeout=_LOOK_S)
            except queue.Empty:
                continue
            words.note(event)
            if isinstance(event, ShotStored) and event.is_complete:
                shots.append(desk.shot_document(event.shot, folder, event.trigger_to_stored_s))
                if not as_json:
                    _say_files(shots[-1])
            elif isinstance(event, Problem):
                complain(event.error)
            elif isinstance(event, Warned):
                warn(event.error)
            elif isinstance(event, ProblemSolved):
                back = "The session's disk takes pictures again." if event.of_disk else "The camera is back."
                click.echo(back, err=True)
        for sentence in studio.leaving().sentences:
            click.echo(sentence, err=True)
        if studio.card.due:
            studio.finish_storing()
        desk.say_kept(studio)
    if as_json:
        emit({"session": str(folder), "shots": shots}, as_json=True)


def _say_files(shot: dict[str, Any]) -> None:
    for file in shot["files"]:
        click.echo(f"{file['path']}  {size_words(file['size_bytes'])}")
    sys.stdout.flush()
