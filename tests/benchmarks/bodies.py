"""Measure settings and dials of each virtual brand over the network and over USB, beside their limits.

    .venv/bin/python tests/benchmarks/bodies.py [--brand nikon]... [--cable ptpip]...

Prints medians. The bodies run on the same machine, so a busy machine shows in all figures.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from groundglass.camera.dialects.settings import WIDGETS
from groundglass.errors import CameraError
from groundglass.model.camera import CameraState
from groundglass.model.setting import SettingId
from groundglass.studio.studio import Studio
from patience import until
from usb_bridge import CanNotBuildError, UsbBus
from virtual_camera import VirtualCamera

BRANDS = ("nikon", "canon", "sony", "fuji")
CABLES = ("ptpip", "usb")
_RUNS = 15
_PATIENCE_S = 30.0
_ISOS = ("200", "400", "800", "1600")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brand", action="append", choices=BRANDS)
    parser.add_argument("--cable", action="append", choices=CABLES)
    options = parser.parse_args()
    print(
        "brand   cable   set -> read back, ms (limit 150)   dial -> studio, ms (100)   all settings, ms (60)"
    )
    for brand in options.brand or BRANDS:
        for cable in options.cable or CABLES:
            with tempfile.TemporaryDirectory() as folder:
                try:
                    sets, dials, reads = _measure(brand, cable, Path(folder))
                except CanNotBuildError as err:
                    print(f"{brand:6}  {cable:6}  {err}")
                    continue
            print(f"{brand:6}  {cable:6}  {sets:30}   {dials:24}   {reads}", flush=True)


def _measure(brand: str, cable: str, folder: Path) -> tuple[str, str, str]:
    usb = ["--usb-port", "0"] if cable == "usb" else []
    with VirtualCamera("--brand", brand, "--megapixels", "4", *usb) as camera:
        address = camera.address
        reads = _read_all(camera) if cable == "ptpip" else "as over the network"
        if cable == "usb":
            bus = UsbBus(folder / "bus")
            os.environ.update(bus.environment())
            address = bus.plug(camera)
        studio = Studio(folder / "driver")
        try:
            studio.open_session(folder / "session")
            studio.connect(address).result(_PATIENCE_S)
            until(lambda: studio.status.state is CameraState.READY)
            return _median(_sets(studio)), _median(_dials(camera, studio)), reads
        finally:
            studio.close()


def _sets(studio: Studio) -> list[float]:
    taken = []
    for run in range(_RUNS):
        begun = time.monotonic()
        studio.set(SettingId.ISO, _ISOS[run % len(_ISOS)]).result(_PATIENCE_S)
        taken.append(time.monotonic() - begun)
    return taken


def _dials(camera: VirtualCamera, studio: Studio) -> list[float]:
    taken = []
    for run in range(_RUNS):
        value = _ISOS[run % len(_ISOS)]
        until(lambda wanted=value: _iso(studio) != f"ISO {wanted}" or None, every_s=0.001)
        begun = time.monotonic()
        camera.do("dial", setting="iso", value=value)
        until(lambda wanted=value: _iso(studio) == f"ISO {wanted}", every_s=0.001)
        taken.append(time.monotonic() - begun)
        time.sleep(0.3)  # between two turns, as a hand needs
    return taken


def _iso(studio: Studio) -> str:
    setting = studio.status.setting(SettingId.ISO)
    return setting.label if setting else ""


def _read_all(camera: VirtualCamera) -> str:
    """Read every setting in this process; tell the time and what the body was asked for."""
    from groundglass.camera.gphoto import GphotoCamera

    driver = GphotoCamera()
    driver.open(camera.address)
    try:
        names = driver.widget_names()
        wanted = [name for widgets in WIDGETS.values() for name in widgets if name in names]
        before = sum(camera.state()["operations"].values())
        begun = time.monotonic()
        for name in wanted:
            with contextlib.suppress(CameraError):  # bodies list properties that their mode does not have
                driver.read_widget(name)
        took_s = time.monotonic() - begun
        asked = sum(camera.state()["operations"].values()) - before
    finally:
        driver.close()
    return f"{took_s * 1000:.1f} ({len(wanted)} settings, {asked} round trips)"


def _median(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f} (most {max(seconds) * 1000:.0f})"


if __name__ == "__main__":
    main()
