"""Let every operation of a short shoot fail, in every way, on the virtual camera of each brand.

    .venv/bin/python tests/benchmarks/every_operation.py [--brand nikon] [--stride 1] [--long] [--ram]

A second or two for each operation and way of failing: some hours for all, minutes with --stride 20. --long
adds failures that cost a deadline of 4 to 30 s each; --ram lets the camera keep pictures in its memory only.
Prints how often each failed; ends with 1 if a frame was lost, doubled, changed, or lost without a word.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from brand_faults import BRANDS, FAULTS, LONG_FAULTS, count, settle
from virtual_camera import VirtualCamera


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brand", choices=BRANDS, action="append")
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--ram", action="store_true")
    options = parser.parse_args()
    logging.disable()  # each failure would be told
    faults = {**FAULTS, **LONG_FAULTS} if options.long else FAULTS
    begun, runs, failed = time.monotonic(), 0, 0
    for brand in options.brand or BRANDS:
        for turn, (name, fault) in enumerate(faults.items()):
            tried = 0
            with VirtualCamera("--megapixels", "4", "--brand", brand) as camera:
                target = "ram" if options.ram else "card"
                camera.do("card", shots_left=100_000)
                first = 1 + turn % options.stride
                for place, told in count(camera, fault, target=target, first=first, stride=options.stride):
                    tried += 1
                    if isinstance(told, AssertionError):
                        failed += 1
                        print(f"{brand}, {name} at {place}: {str(told)[:400]}", flush=True)
                        settle(camera)
            runs += tried
            print(f"{brand:6} {name:15} {tried:5} times", flush=True)
    print(f"{runs} shoots in {(time.monotonic() - begun) / 60:.0f} min, {failed} with a fault of ours")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
