"""`groundglass bench`: how fast this camera, cable, computer and disk are together, and what limits."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from groundglass.cli import desk, options
from groundglass.cli.output import FAILED, Table, emit, json_option, warn

if TYPE_CHECKING:
    from groundglass.model.shot import Shot
    from groundglass.studio.bench import Bench

_NOT_MEASURED = "\N{EN DASH}"


@click.command()
@options.camera_option
@options.session_option
@click.option(
    "-n",
    "--count",
    "--releases",
    "releases",
    type=click.IntRange(1, 50),
    default=3,
    show_default=True,
    help="Frames to shoot.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, 600),
    default=5.0,
    show_default=True,
    help="Seconds of live view; 0 leaves it out.",
)
@json_option
@click.pass_context
def bench(
    ctx: click.Context,
    camera: str | None,
    session: Path | None,
    releases: int,
    seconds: float,
    as_json: bool,
) -> None:
    """Measure live view, release, transfer, screen and disk with your own camera, and say what limits.

    The test frames are removed again: from this computer, and from the camera's card if each is still the
    very file that was shot. If another picture comes meanwhile, all of them are kept.
    """
    from groundglass.camera.bus import Computer
    from groundglass.errors import SessionError
    from groundglass.session.disk_errors import disk_error
    from groundglass.studio.bench import has_others, left_on_card, measure, own_session
    from groundglass.studio.doctor import nearest_folder

    disk = nearest_folder(desk.session_folder(session))
    try:
        scratch = Path(tempfile.mkdtemp(dir=disk, prefix="groundglass-bench-"))
    except OSError as err:
        raise disk_error("write into", disk, err) from err
    released: list[Shot] = []
    try:
        with desk.connected(camera) as studio:
            with own_session(studio, scratch, released):
                info = studio.status.info
                link_mbit = Computer().speed_mbit(info.address) if info else None
                model = info.model if info else ""
                result = measure(studio, released, releases=releases, live_s=seconds, link_mbit=link_mbit)
            left = left_on_card(studio, released)
    finally:
        if has_others(scratch, released):
            where = f"All of them are kept, in “{scratch / 'bench'}”."
            warn(SessionError("More pictures came than were asked for.", where))
        else:
            shutil.rmtree(scratch, ignore_errors=True)
    emit(
        _document(model, result, left),
        as_json=as_json,
        table=Table(("Part", "Measured"), _rows(result)),
        text="\n".join(["", *result.verdicts, *result.missing, *([left] if left else [])]),
    )
    if result.missing:
        ctx.exit(FAILED)


def _rows(result: Bench) -> tuple[tuple[str, str], ...]:
    live, screen, shots = result.live, result.screen, result.shots
    speed, disk = result.transfer_bytes_s, result.disk.bytes_per_second
    lag_s = statistics.median(one.to_camera_s for one in shots) if shots else None
    stored_s = statistics.median(one.stored_s for one in shots) if shots else None
    return (
        (
            "Live view",
            f"{live.fps:.1f} frames/s, {live.width} x {live.height}, {live.age_median_ms:.0f} ms old"
            if live
            else _NOT_MEASURED,
        ),
        ("Release to first byte", _seconds(lag_s)),
        ("Transfer", f"{speed / 1e6:.1f} MB/s" if speed is not None else _NOT_MEASURED),
        ("Release to stored", _seconds(stored_s)),
        ("Stored to first picture", _seconds(screen.preview_s if screen else None)),
        (
            "Stored to whole picture",
            f"{_seconds(screen.whole_s)}, {screen.megapixels:.0f} MP" if screen else _NOT_MEASURED,
        ),
        ("Disk", f"{disk / 1e6:.0f} MB/s written and synced" if disk is not None else _NOT_MEASURED),
        ("USB link", f"{result.link_mbit:g} Mbit/s" if result.link_mbit is not None else _NOT_MEASURED),
    )


def _seconds(seconds: float | None) -> str:
    return _NOT_MEASURED if seconds is None else f"{seconds:.2f} s"


def _document(model: str, result: Bench, left: str) -> dict[str, Any]:
    live, speed, disk = result.live, result.transfer_bytes_s, result.disk.bytes_per_second
    return {
        "model": model,
        "live": asdict(live) if live else None,
        "shots": [asdict(one) for one in result.shots],
        "transfer_bytes_per_second": None if speed is None else round(speed),
        "screen": asdict(result.screen) if result.screen else None,
        "disk_bytes_per_second": None if disk is None else round(disk),
        "link_mbit": result.link_mbit,
        "verdicts": list(result.verdicts),
        "missing": list(result.missing),
        "left_on_card": left,
    }
