"""`groundglass live`: the live view, measured."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from groundglass.cli import desk, options
from groundglass.cli.output import FAILED, complain, emit, is_terminal, json_option
from groundglass.errors import CaptureError, GroundglassError

if TYPE_CHECKING:
    from groundglass.studio.events import Event
    from groundglass.studio.live_frame import LiveFrame
    from groundglass.studio.liveview import LiveFigures

_LOOK_S = 0.1
_FIRST_FRAME_S = 5.0


@click.command()
@options.camera_option
@click.option(
    "--seconds", type=click.FloatRange(0.1, 86_400), help="End after so many seconds; by default at Ctrl-C."
)
@json_option
@click.pass_context
def live(ctx: click.Context, camera: str | None, seconds: float | None, as_json: bool) -> None:
    """Run the live view without a window, and measure it; exit with 1 if it was interrupted."""
    from groundglass.studio.events import Problem

    problems: list[GroundglassError] = []

    def note(event: Event) -> None:
        if isinstance(event, Problem):
            problems.append(event.error)

    with desk.connected(camera) as studio, desk.until_stopped() as stopped:
        studio.subscribe(note)
        studio.start_live().result()
        # Seconds count from the first frame: some bodies raise a mirror before it.
        patience = time.monotonic() + _FIRST_FRAME_S
        while studio.live.latest() is None and time.monotonic() < patience and not stopped.wait(0.01):
            if not studio.status.is_live_wanted:
                break
        end = time.monotonic() + seconds if seconds else None
        while not stopped.is_set() and (end is None or time.monotonic() < end):
            if not studio.status.is_live_wanted:
                break
            if is_terminal() and not as_json:
                click.echo(f"\r{_figures_text(studio.live.figures()):60}", nl=False)
            stopped.wait(_LOOK_S if end is None else max(0.0, min(_LOOK_S, end - time.monotonic())))
        figures, frame = studio.live.figures(), studio.live.latest()
        if studio.status.state.is_connected:
            studio.stop_live().exception()
    if is_terminal() and not as_json:
        click.echo("\r", nl=False)
    if frame is None and problems:
        raise problems[-1]
    if frame is None:
        raise CaptureError(
            "The camera gave no live picture.", "Check its mode, its lens cap and its display."
        )
    emit(_live_document(figures, frame), as_json=as_json, text=_live_text(figures, frame))
    for problem in problems:
        complain(problem)
    if problems:
        ctx.exit(FAILED)


def _figures_text(figures: LiveFigures) -> str:
    return (
        f"{figures.fps:.1f} frames/s, {figures.width} x {figures.height}, "
        f"{figures.age_median_ms:.1f} ms old (99 %: {figures.age_p99_ms:.1f} ms)"
    )


def _live_text(figures: LiveFigures, frame: LiveFrame) -> str:
    names = ("red", "green", "blue")
    clipped = ", ".join(
        f"{name} {low * 100:.1f} % black {high * 100:.1f} % white"
        for name, low, high in zip(names, frame.clipping.shadows, frame.clipping.highlights, strict=True)
    )
    return f"{figures.frames} frames, {_figures_text(figures)}\nClipped: {clipped}"


def _live_document(figures: LiveFigures, frame: LiveFrame) -> dict[str, Any]:
    counts = frame.histogram
    names = ("red", "green", "blue")
    return {
        "frames": figures.frames,
        "broken": figures.broken,
        "fps": round(figures.fps, 2),
        "size": [figures.width, figures.height],
        "frame_age_ms": {"median": round(figures.age_median_ms, 3), "p99": round(figures.age_p99_ms, 3)},
        "histogram": {name: getattr(counts, name).tolist() for name in (*names, "luma")},
        "clipped": {
            "shadows": dict(zip(names, frame.clipping.shadows, strict=True)),
            "highlights": dict(zip(names, frame.clipping.highlights, strict=True)),
        },
    }
