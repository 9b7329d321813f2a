"""`groundglass histogram`: exact counts of picture files."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from groundglass.cli.output import FAILED, Table, complain, emit, is_terminal, json_option, progress
from groundglass.errors import GroundglassError, ImageError

if TYPE_CHECKING:
    from groundglass.imaging.histogram import Histogram
    from groundglass.imaging.photosites import RawHistogram

_COLORS = ("red", "green", "blue")
_CHANNELS = (*_COLORS, "luma")
_BARS = " ▁▂▃▄▅▆▇█"
_COLUMNS = 32


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--clip-share",
    type=click.FloatRange(0, 50, min_open=True),
    default=0.1,
    show_default=True,
    metavar="PERCENT",
    help="How much of a channel may saturate before it counts as clipped.",
)
@click.option(
    "--floor",
    "floor_ev",
    type=click.FloatRange(1, 16),
    default=8.0,
    show_default=True,
    metavar="EV",
    help="Stops below saturation under which light counts as lost.",
)
@json_option
@click.pass_context
def histogram(
    ctx: click.Context, files: tuple[Path, ...], clip_share: float, floor_ev: float, as_json: bool
) -> None:
    """Count every value in JPEG and RAW files: red, green, blue, luma, and the sensor's own.

    Of a RAW it tells the headroom too: how many stops more exposure there was room for.
    """
    documents = []
    with progress("Counting", len(files)) as show:
        for done, path in enumerate(files, 1):
            try:
                documents.append(_measure(path, clip_share / 100, floor_ev))
            except GroundglassError as err:
                documents.append({"path": str(path), "error": err.message, "hint": err.hint})
                complain(err)
            show(done)
    if as_json:
        emit({"files": documents}, as_json=True)
    else:
        for document in documents:
            if "error" not in document:
                _tell(document)
    if any("error" in one for one in documents):
        ctx.exit(FAILED)


def _measure(path: Path, clip_share: float, floor_ev: float) -> dict[str, Any]:
    from groundglass.imaging.decode import PictureSource, load_picture
    from groundglass.imaging.histogram import rgb_histogram
    from groundglass.imaging.raw import raw_histogram

    picture = load_picture(path)
    counts = rgb_histogram(picture.image)
    document = {
        "path": str(path),
        "width": picture.full_width,
        "height": picture.full_height,
        # A RAW has no red, green and blue of its own: these are its preview's, or a development's.
        "source": str(picture.source),
        "note": picture.note,
        "profile": {"name": picture.profile.name, "assumed": picture.profile.is_assumed},
        "histogram": {name: getattr(counts, name).tolist() for name in _CHANNELS},
        "mean": {name: round(counts.mean(name), 3) for name in _CHANNELS},
        "clipped": _clipped(counts),
    }
    if picture.source is not PictureSource.JPEG:
        try:
            document["raw"] = _raw(raw_histogram(path), clip_share, floor_ev)
        except ImageError as err:
            document["raw"] = None
            document["raw_error"] = str(err)
    return document


def _clipped(counts: Histogram) -> dict[str, dict[str, float]]:
    from groundglass.imaging.exposure_tools import clipping

    clipped = clipping(counts)
    return {
        "shadows": dict(zip(_COLORS, clipped.shadows, strict=True)),
        "highlights": dict(zip(_COLORS, clipped.highlights, strict=True)),
    }


def _raw(counted: RawHistogram, clip_share: float, floor_ev: float) -> dict[str, Any]:
    from groundglass.imaging.headroom import headroom, stops_below_saturation

    room = headroom(counted, clip_share=clip_share, floor_ev=floor_ev)
    channels = {}
    for one, light in zip(counted.channels, room.channels, strict=True):
        present = one.counts.nonzero()[0]
        stops = stops_below_saturation(one)
        channels[one.name] = {
            "pixels": one.pixels,
            "black": one.black,
            "white": one.white,
            "saturates_at": one.saturates_at,
            "mean_above_black": round(one.mean_above_black, 3),
            "saturated": one.saturated_share,
            "below_floor": light.below_floor_share,
            "headroom_ev": _number(light.headroom_ev),
            "stops_below_saturation": {
                "step_ev": stops.step_ev,
                "counts": stops.counts.tolist(),
                "saturated": stops.saturated,
                "below": stops.below,
            },
            "counts": one.counts[: int(present[-1]) + 1].tolist() if len(present) else [],
        }
    return {
        "width": counted.width,
        "height": counted.height,
        "headroom": {
            "ev": _number(room.ev),
            "channel": room.channel,
            "words": room.words,
            "estimated": room.is_estimate,
            "clip_share": clip_share,
            "floor_ev": floor_ev,
        },
        "channels": channels,
    }


def _number(ev: float) -> float | None:
    """Return stops rounded for JSON, which knows no infinity."""
    return round(ev, 3) if math.isfinite(ev) else None


def _tell(document: dict[str, Any]) -> None:
    origin = f", {document['note']}" if document["note"] else ""
    click.echo(f"{document['path']}  {document['width']} x {document['height']}{origin}")
    clipped = document["clipped"]
    rows = tuple(
        (
            name,
            f"{document['mean'][name]:.1f}",
            _percent(clipped["shadows"].get(name)),
            _percent(clipped["highlights"].get(name)),
            *((_bars(document["histogram"][name]),) if is_terminal() else ()),
        )
        for name in _CHANNELS
    )
    headings = ("Channel", "Mean", "Black", "White", *(("0 to 255",) if is_terminal() else ()))
    emit(None, as_json=False, table=Table(headings, rows, frozenset(headings[1:4])))
    if raw := document.get("raw"):
        _tell_raw(raw)
    elif "raw_error" in document:
        click.echo(f"Sensor values: none. {document['raw_error']}")


def _tell_raw(raw: dict[str, Any]) -> None:
    rows = tuple(
        (
            name,
            f"{one['mean_above_black']:.1f}",
            str(one["black"]),
            str(min(one["white"], one["saturates_at"])),
            _percent(one["saturated"]),
            _percent(one["below_floor"]),
            "" if one["headroom_ev"] is None else f"{one['headroom_ev']:+.2f} EV",
        )
        for name, one in raw["channels"].items()
    )
    floor = f"Below -{raw['headroom']['floor_ev']:g} EV"
    headings = ("Sensor", "Mean above black", "Black level", "Full at", "Saturated", floor, "Headroom")
    emit(None, as_json=False, table=Table(headings, rows, frozenset(headings[1:])))
    click.echo(f"Headroom: {raw['headroom']['words']}.")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.2f} %"


def _bars(counts: list[int]) -> str:
    step = len(counts) // _COLUMNS
    sums = [sum(counts[i : i + step]) for i in range(0, len(counts), step)]
    # Square roots: small counts at the ends, the ones that matter, stay visible.
    top = max(sums) ** 0.5 or 1.0
    return "".join(_BARS[-(-int(one**0.5 / top * 1000) * 8 // 1000) if one else 0] for one in sums)
