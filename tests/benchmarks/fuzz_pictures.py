"""Feed damaged pictures to everything that reads them, each batch in a process of its own.

    .venv/bin/python tests/benchmarks/fuzz_pictures.py --cases 10000

A case is made from its number alone, so `--first N --cases 1` repeats it. Fails if a process dies, if a case
takes longer than the limit, or if anything but an ImageError or a whole picture comes out.
"""

from __future__ import annotations

import argparse
import collections
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_TESTS))
sys.path.insert(0, str(_TESTS.parent / "src"))

import numpy as np  # noqa: E402

_CASE_LIMIT_S = 20.0
_BATCH = 500


@lru_cache(maxsize=1)
def sound_pictures() -> tuple[tuple[str, bytes], ...]:
    """Make the pictures that are damaged then."""
    from dng_samples import BAYERS, X_TRANS, dng
    from groundglass.imaging.color import ADOBE_RGB
    from jpeg_samples import RARE_SAMPLING, jpeg, scene, with_extras, with_preview

    values = np.random.default_rng(1).integers(400, 4096, (48, 60))
    thumbnail = jpeg(scene(80, 50))
    return (
        ("jpg", jpeg(scene(96, 64))),
        ("jpg", jpeg(scene(96, 64), progressive=True)),
        ("jpg", jpeg(scene(96, 64), mode="L")),
        ("jpg", jpeg(scene(96, 64), mode="CMYK")),
        ("jpg", jpeg(scene(96, 64), icc_profile=ADOBE_RGB.icc)),
        ("jpg", with_extras(jpeg(scene(96, 64)), 6, thumbnail)),
        ("jpg", with_preview(jpeg(scene(96, 64)), thumbnail)),
        ("jpg", RARE_SAMPLING),
        ("dng", dng(values, BAYERS["RGGB"])),
        ("dng", dng(values, BAYERS["GBRG"], black=(500, 510, 520, 530))),
        ("dng", dng(values, X_TRANS)),
        ("dng", dng(values, None)),
    )


def case(number: int) -> tuple[str, bytes]:
    """Return the suffix and the bytes of a damaged picture."""
    random = np.random.default_rng(number)
    pictures = sound_pictures()
    suffix, sound = pictures[number % len(pictures)]
    data = bytearray(sound)
    # Most of a file is pixels; what a reader trusts stands in the first part.
    reach = len(data) if random.random() < 0.4 else min(len(data), 700)
    for _ in range(int(random.integers(1, 9))):
        at = int(random.integers(0, reach))
        kind = int(random.integers(0, 6))
        if kind == 0:
            data[at : at + 1] = bytes([int(random.integers(0, 256))])
        elif kind == 1:
            data[at : at + 1] = bytes([data[at] ^ 1 << int(random.integers(0, 8))]) if at < len(data) else b""
        elif kind == 2:
            data[at : at + 4] = [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80"][
                int(random.integers(0, 4))
            ]
        elif kind == 3:
            del data[at : at + int(random.integers(1, 40))]
        elif kind == 4:
            data[at:at] = random.bytes(int(random.integers(1, 40)))
        elif random.random() < 0.3:
            del data[at:]
        reach = max(1, min(reach, len(data)))
    return suffix, bytes(data)


def examine(path: Path) -> str:
    """Read a file in every way there is; returns what came out."""
    from groundglass.errors import ImageError
    from groundglass.imaging.color import SRGB, convert
    from groundglass.imaging.decode import load_picture, load_preview
    from groundglass.imaging.headroom import headroom, stops_below_saturation
    from groundglass.imaging.histogram import rgb_histogram
    from groundglass.imaging.raw import raw_histogram
    from groundglass.imaging.thumbnail import small_picture

    def picture() -> None:
        loaded = load_picture(path)
        height, width = loaded.image.shape[:2]
        assert loaded.image.shape == (height, width, 4)
        assert loaded.image.flags.c_contiguous
        assert rgb_histogram(convert(loaded.image, loaded.profile, SRGB)).pixels == width * height

    def sensor() -> None:
        counted = raw_histogram(path)
        assert sum(one.pixels for one in counted.channels) == counted.width * counted.height
        told = headroom(counted)
        assert told.words
        for one in counted.channels:
            assert 0 <= one.black < one.saturates_at <= one.white
            stops = stops_below_saturation(one)
            assert int(stops.counts.sum()) + stops.saturated + stops.below == one.pixels

    outcomes = []
    ways: tuple[Callable[[], object], ...] = (
        picture,
        sensor,
        lambda: load_preview(path),
        lambda: small_picture(path, 64).image,
    )
    for read in ways:
        try:
            read()
            outcomes.append("read")
        except ImageError as err:
            outcomes.append("refused" if err.message and err.hint else "refused without a word")
    return outcomes[0] + " / " + outcomes[1]


def run_batch(first: int, cases: int) -> None:
    """Examine some cases in this process; prints the number of each before it, and what came out."""
    warnings.simplefilter("error")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + cases):
            print(f"case {number}", flush=True)
            suffix, data = case(number)
            path = Path(folder) / f"a.{suffix}"
            path.write_bytes(data)
            begun = time.monotonic()
            outcome = examine(path)
            if time.monotonic() - begun > _CASE_LIMIT_S:
                outcome = "slow"
            print(f"{suffix}: {outcome}", flush=True)


def fuzz(first: int, cases: int, batch: int = _BATCH) -> tuple[collections.Counter[str], list[str]]:
    """Examine cases in processes of their own; returns how often each came out, and what went wrong."""
    outcomes: collections.Counter[str] = collections.Counter()
    troubles: list[str] = []
    at, end = first, first + cases
    while at < end:
        count = min(batch, end - at)
        command = [sys.executable, __file__, "--batch", "--first", str(at), "--cases", str(count)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=60 + count * 2, check=False
            )
            code, out, err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as late:
            code, err = -999, "no end"
            out = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        lines = out.splitlines()
        results = [line for line in lines if not line.startswith("case ")]
        outcomes.update(results)
        if code == 0:
            at += count
            continue
        number = int(next(line for line in reversed(lines) if line.startswith("case "))[5:]) if lines else at
        last = err.strip().splitlines()[-1] if err.strip() else "no word"
        troubles.append(f"case {number}: exit {code}, {last}")
        at = number + 1
    troubles += [
        f"{count} cases: {outcome}"
        for outcome, count in outcomes.items()
        if "slow" in outcome or "without a word" in outcome
    ]
    return outcomes, troubles


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--batch", action="store_true", help="in this process")
    options = parser.parse_args()
    if options.batch:
        run_batch(options.first, options.cases)
        return 0
    begun = time.monotonic()
    outcomes, troubles = fuzz(options.first, options.cases)
    print("picture / sensor")
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:7}  {outcome}")
    print(f"{sum(outcomes.values())} of {options.cases} cases in {time.monotonic() - begun:.0f} s")
    for trouble in troubles:
        print(trouble)
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
