"""`groundglass focus`."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import click

from groundglass.cli import desk, options
from groundglass.cli.output import emit, json_option
from groundglass.errors import CaptureError, UsageError

if TYPE_CHECKING:
    from groundglass.studio.studio import Studio

_FIRST_FRAME_S = 10.0


@click.command()
@options.camera_option
@click.option(
    "--at", metavar="X,Y", help="Focus there: 0,0 is the upper left corner of the frame, 1,1 the lower right."
)
@click.option("--auto", is_flag=True, help="Focus once, where the camera's focus point is.")
@click.option(
    "--step",
    "steps",
    type=click.IntRange(-3, 3),
    multiple=True,
    help="Move the focus: -3 to -1 nearer, 1 to 3 farther, in three sizes; may be given again.",
)
@json_option
def focus(camera: str | None, at: str | None, auto: bool, steps: tuple[int, ...], as_json: bool) -> None:
    """Focus the lens: by itself, at a point of the frame, or step by step."""
    if sum((at is not None, auto, bool(steps))) != 1 or 0 in steps:
        raise UsageError("Say how to focus.", "Give one of --at X,Y, --auto or --step -3 … 3.")
    place = None if at is None else _place(at)
    with desk.connected(camera) as studio:
        _show_live(studio)
        if place is not None:
            studio.focus_at(*place).result()
            across, down = studio.status.focus_point or place
            said = f"Focused at {across:.2f},{down:.2f}."
        elif auto:
            studio.autofocus().result()
            said = "Focused."
        else:
            for step in steps:
                studio.drive_focus(step).result()
            said = "The focus has moved " + ", ".join(_words(step) for step in steps) + "."
        point = studio.status.focus_point
        studio.stop_live().exception()
    document: dict[str, Any] = {
        "focused": not steps,
        "point": list(point) if point else None,
        "steps": list(steps),
    }
    emit(document, as_json=as_json, text=said)


def _place(text: str) -> tuple[float, float]:
    match = re.fullmatch(r"\s*([01]?\.?\d+|[01]\.)\s*[,;\s]\s*([01]?\.?\d+|[01]\.)\s*", text)
    place = (float(match[1]), float(match[2])) if match else (-1.0, -1.0)
    if not all(0 <= share <= 1 for share in place):
        raise UsageError(
            f"“{text}” is no place in the frame.", "Write it as 0.3,0.6: from the left, from the top."
        )
    return place


def _words(step: int) -> str:
    size = ("a little", "some way", "a long way")[abs(step) - 1]
    return f"{size} {'nearer' if step < 0 else 'farther'}"


def _show_live(studio: Studio) -> None:
    """Start the live view and wait for it: most bodies move a focus point or their lens only in it."""
    studio.start_live().result()
    deadline = time.monotonic() + _FIRST_FRAME_S
    while studio.live.latest() is None:
        if time.monotonic() > deadline or not studio.status.is_live_wanted:
            raise CaptureError(
                "The camera gave no live picture.", "Check its mode, its lens cap and its display."
            )
        time.sleep(0.01)
