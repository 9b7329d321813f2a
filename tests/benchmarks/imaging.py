"""Measure the imaging layer, each figure beside its limit.

    .venv/bin/python tests/benchmarks/imaging.py [--quick]

Milliseconds: the median by the clock, the fastest run, and the median of this process's processor time.
On a busy machine the clock runs ahead: then the fastest run and the processor's time tell more. Where both
threads work, the processor's time is up to twice the clock's.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_TESTS))
sys.path.insert(0, str(_TESTS.parent / "src"))

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import simplejpeg  # noqa: E402

from dng_samples import BAYERS, X_TRANS, dng, dng_with_preview  # noqa: E402
from groundglass.desktop.clipping_stripes import mark_clipping  # noqa: E402
from groundglass.imaging.color import ADOBE_RGB, DISPLAY_P3, SRGB, color_table, convert, through_table  # noqa: E402
from groundglass.imaging.decode import PictureSource, decode_jpeg, load_picture, load_preview  # noqa: E402
from groundglass.imaging.exposure_tools import clipping, spot_meter  # noqa: E402
from groundglass.imaging.false_color import false_color  # noqa: E402
from groundglass.imaging.flicker import find_flicker  # noqa: E402
from groundglass.imaging.focus import focus_peaking, focus_score  # noqa: E402
from groundglass.imaging.headroom import headroom, stops_below_saturation  # noqa: E402
from groundglass.imaging.histogram import rgb_histogram  # noqa: E402
from groundglass.imaging.overlay import Area, paint  # noqa: E402
from groundglass.imaging.photosites import RawChannel, RawHistogram, count_sites  # noqa: E402
from groundglass.imaging.raw import raw_histogram  # noqa: E402
from groundglass.imaging.scopes import rgb_parade, waveform  # noqa: E402
from jpeg_samples import scene, with_extras  # noqa: E402

_PEAKING_INK = (60, 220, 60)
_SIZES = {"24 MP": (6000, 4000, 280), "45 MP": (8192, 5464, 430), "61 MP": (9504, 6336, 520)}


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    clock_ms: float
    fastest_ms: float
    processor_ms: float
    limit_ms: float | None


def measured(name: str, work: Callable[[], object], limit_ms: float | None, runs: int) -> Figure:
    work()
    clock, processor = [], []
    for _ in range(runs):
        at, used = time.perf_counter(), time.process_time()
        work()
        clock.append((time.perf_counter() - at) * 1000)
        processor.append((time.process_time() - used) * 1000)
    return Figure(name, statistics.median(clock), min(clock), statistics.median(processor), limit_ms)


def detailed(width: int, height: int) -> np.ndarray:
    """Return a picture with the detail of a photograph: soft colours and fine grain, BGR."""
    noise = np.random.default_rng(1).integers(0, 24, (512, 512, 3), dtype=np.uint8)
    tiled = np.tile(noise, (-(-height // 512), -(-width // 512), 1))[:height, :width]
    return np.asarray(cv2.addWeighted(scene(width, height), 0.9, tiled, 1.0, 0), np.uint8)


def live(figures: list[Figure], width: int, height: int, runs: int, whole_ms: float) -> None:
    """Measure the tools on a live frame; together they must fit the time of a frame on two cores."""
    data = simplejpeg.encode_jpeg(detailed(width, height), 85, colorspace="BGR", colorsubsampling="422")
    image = decode_jpeg(data)
    shown, mask, buffer = image.copy(), np.empty((height, width), np.uint8), np.empty_like(image)
    area = Area(0.4, 0.4, 0.6, 0.6)
    large = width * height / (1024 * 680)
    table, room = color_table(SRGB, DISPLAY_P3), np.empty((height, width), np.intp)
    assert table is not None

    def everything() -> None:
        frame = decode_jpeg(data, buffer=buffer)
        clipping(rgb_histogram(frame))
        marks = focus_peaking(frame, out=mask)
        mark_clipping(frame)
        paint(frame, marks, _PEAKING_INK)

    size = f"{width}x{height}"
    small_only = 4.0 if large == 1 else None
    works: tuple[tuple[str, Callable[[], object], float | None], ...] = (
        ("decode, zebra, peaking, histogram", everything, whole_ms),
        ("decode", lambda: decode_jpeg(data, buffer=buffer), None),
        ("exact histogram", lambda: rgb_histogram(image), None),
        ("zebra, painted", lambda: mark_clipping(shown), None),
        ("peaking", lambda: focus_peaking(image, out=mask), None),
        ("peaking painted", lambda: paint(shown, mask, _PEAKING_INK), None),
        ("false colour", lambda: false_color(image, out=shown), None),
        ("waveform", lambda: waveform(image), small_only),
        ("RGB parade", lambda: rgb_parade(image), small_only),
        ("focus score, a fifth each way", lambda: focus_score(image, area), None),
        ("spot meter, a fifth each way", lambda: spot_meter(image, area), None),
        ("to a monitor that is not sRGB, by a table", lambda: through_table(image, table, room), None),
        ("the same, computed", lambda: convert(image, SRGB, DISPLAY_P3), None),
    )
    figures += [measured(f"{size} {name}", work, limit, runs) for name, work, limit in works]


def small_things(figures: list[Figure], runs: int) -> None:
    """Measure what costs nothing beside a frame."""
    times = [at / 30 for at in range(75)]
    means = [100 + 5 * np.sin(at) for at in range(75)]
    figures.append(measured("flicker, 75 frames", lambda: find_flicker(times, means), None, runs))


def sensor(figures: list[Figure], runs: int) -> None:
    """Measure the RAW histogram of 45 MP, 14 bits, after unpacking; and of a file."""
    random = np.random.default_rng(1)
    whole = np.clip(random.normal(3000, 1500, (5484, 8256)), 0, 16383).astype(np.uint16)
    visible = whole[10:5474, 32:8224]
    bayer, x_trans = np.array(((0, 1), (3, 2)), np.uint8), np.array(X_TRANS, np.uint8)
    works = (
        ("Bayer", bayer, 16383, 45.0),
        ("Bayer, 16 bits", bayer, 65535, None),
        ("X-Trans", x_trans, 16383, None),
    )
    for name, sites, white, limit in works:
        figures.append(
            measured(
                f"45 MP RAW histogram, {name}",
                lambda sites=sites, white=white: count_sites(visible, sites, white),
                limit,
                runs,
            )
        )
    counts = count_sites(visible, bayer, 16383)
    channels = tuple(RawChannel(str(at), one, 512, 16383, 16383) for at, one in counts.items())
    counted = RawHistogram(channels, 8192, 5464)
    figures.append(measured("headroom of four channels", lambda: headroom(counted), None, runs))
    stops = lambda: [stops_below_saturation(one) for one in channels]  # noqa: E731
    figures.append(measured("stops of four channels", stops, None, runs))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.dng"
        path.write_bytes(dng(visible, BAYERS["RGGB"], white=16383))
        figures.append(
            measured("45 MP DNG, not packed: file -> histogram", lambda: raw_histogram(path), None, 3)
        )


def stills(figures: list[Figure], is_quick: bool) -> None:
    """Measure JPEG files up to pixels that fit a screen of 2560."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (width, height, limit) in list(_SIZES.items())[: 1 if is_quick else None]:
            image = detailed(width, height)
            data = simplejpeg.encode_jpeg(image, 92, colorspace="BGR", colorsubsampling="422")
            preview = np.asarray(cv2.resize(image, (1620, 1620 * height // width)), np.uint8)
            # A thumbnail of EXIF stays below 64 KB; the larger preview stands behind the picture.
            small = simplejpeg.encode_jpeg(cv2.resize(preview, (640, 427)), 70, colorspace="BGR")
            path = Path(folder) / f"{width}.jpg"
            path.write_bytes(with_extras(data, 1, small))
            mb = f"{len(data) / 1e6:.0f} MB"
            figures.append(
                measured(
                    f"{name} JPEG ({mb}) -> 2560 px", lambda path=path: load_picture(path, 2560), limit, 3
                )
            )
            figures.append(
                measured(f"{name} JPEG: preview inside", lambda path=path: load_preview(path), 60, 3)
            )
            if name == "24 MP":
                whole = load_picture(path).image
                figures.append(
                    measured("24 MP exact histogram", lambda whole=whole: rgb_histogram(whole), None, 3)
                )
    previews(figures)
    shown = np.random.default_rng(1).integers(0, 256, (1700, 2560, 4), dtype=np.uint8)
    buffer = np.empty_like(shown)
    adobe = lambda: convert(shown, ADOBE_RGB, SRGB, buffer)  # noqa: E731
    figures.append(measured("2560x1700 Adobe RGB -> sRGB", adobe, None, 3))
    figures.append(measured("2560x1700 sRGB -> sRGB", lambda: convert(shown, SRGB, SRGB, buffer), 1, 3))


def previews(figures: list[Figure]) -> None:
    """Measure RAW files up to the pixels of the preview that they carry, for a screen of 2560."""
    values = np.full((4024, 6048), 2000, np.uint16)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.dng"
        for name, size, limit in (("1440 px", (1440, 958), 25.0), ("full-size", (6048, 4024), 180.0)):
            jpeg = simplejpeg.encode_jpeg(detailed(*size), 88, colorspace="BGR", colorsubsampling="422")
            path.write_bytes(dng_with_preview(values, jpeg, size))
            shown = load_picture(path, 2560)
            assert shown.source is PictureSource.RAW_PREVIEW
            assert shown.image.shape[1] >= min(size[0], 2560)
            figures.append(
                measured(f"24 MP RAW: {name} preview -> screen", lambda: load_picture(path, 2560), limit, 7)
            )


def verdict(one: Figure) -> str:
    if one.limit_ms is None:
        return ""
    if one.clock_ms <= one.limit_ms:
        return "kept"
    return "kept by the fastest" if one.fastest_ms <= one.limit_ms else "MISSED"


def table(figures: list[Figure]) -> str:
    lines = ["| job | median | fastest | processor | limit | |", "|---|---|---|---|---|---|"]
    for one in figures:
        limit = "-" if one.limit_ms is None else f"{one.limit_ms:.3g}"
        figure = f"{one.clock_ms:.1f} | {one.fastest_ms:.1f} | {one.processor_ms:.1f}"
        lines.append(f"| {one.name} | {figure} | {limit} | {verdict(one)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs, no file above 24 MP")
    options = parser.parse_args()
    runs = 5 if options.quick else 21
    figures: list[Figure] = []
    live(figures, 1024, 680, runs, 1000 / 60)
    live(figures, 1920, 1280, runs, 1000 / 30)
    small_things(figures, runs)
    sensor(figures, 3 if options.quick else 7)
    stills(figures, options.quick)
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}; milliseconds\n"
    )
    print(table(figures))


if __name__ == "__main__":
    main()
