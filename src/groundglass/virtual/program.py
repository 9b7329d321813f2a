"""The virtual camera as a process: put together, announced, run until it is told to end."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import cv2
from msgspec import Struct

from groundglass.virtual import ptp
from groundglass.virtual.body import Body
from groundglass.virtual.canon import Canon
from groundglass.virtual.card import Card
from groundglass.virtual.control import Control
from groundglass.virtual.darkroom import Darkroom
from groundglass.virtual.faults import Faults
from groundglass.virtual.film import Film
from groundglass.virtual.fuji import Fuji
from groundglass.virtual.nikon import Nikon
from groundglass.virtual.photos import Photos
from groundglass.virtual.ptpip import Server
from groundglass.virtual.seat import Seat
from groundglass.virtual.sony import Sony
from groundglass.virtual.usb import UsbServer

BRANDS: dict[str, type[Body]] = {"canon": Canon, "fuji": Fuji, "nikon": Nikon, "sony": Sony}
STILL_SIZES = {4: (2464, 1640), 12: (4256, 2832), 24: (6048, 4024), 45: (8208, 5472)}


class Options(Struct, frozen=True):
    """How the camera is started."""

    brand: str = "nikon"
    port: int = 0
    usb_port: int | None = None  # where the USB bridge finds it; 0: a free one, None: no USB
    seed: int = 1
    photos: Path | None = None
    live_rate: float = 60.0
    live_size: tuple[int, int] = (1024, 680)
    megapixels: int = 24
    as_json: bool = False
    until_stdin_closes: bool = False
    is_verbose: bool = False


def run(options: Options, out: TextIO | None = None) -> None:
    """Run a camera until SIGTERM, Ctrl-C or, if asked for, the end of the standard input."""
    if options.is_verbose:
        logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    else:
        logging.getLogger("groundglass").addHandler(logging.NullHandler())
    cv2.setNumThreads(1)
    with _told_to_end() as ended, _camera(options) as camera:
        print(camera.announcement(as_json=options.as_json), file=out or sys.stdout, flush=True)
        _wait(ended, watch_stdin=options.until_stdin_closes)


class VirtualCamera:
    """A running camera: its body, its port, its control port."""

    def __init__(self, options: Options) -> None:
        with contextlib.ExitStack() as made:
            film = Film()
            made.callback(film.close)
            still_size = STILL_SIZES[options.megapixels]
            maker: Darkroom | Photos
            if options.photos is None:
                maker = Darkroom(film, options.seed, still_size, options.live_size)
            else:
                maker = Photos(film, options.photos, options.live_size)
            made.callback(maker.close)
            faults = Faults()
            body = BRANDS[options.brand]
            self.body = body(
                maker,
                Card(spelling=body.spelling),
                faults,
                body.serial_format.format(6_000_000 + options.seed),
                options.live_rate,
                sizes=_spelled_sizes(still_size),
                live_size=options.live_size,
            )
            made.callback(self.body.close)
            self.seat = Seat(self.body)
            self.body.push = self.seat.tell
            self.server = Server(self.seat, self.body, faults, options.port, self._count, self.body.name)
            made.callback(self.server.close)
            self.usb: UsbServer | None = None
            if options.usb_port is not None:
                takes_data = frozenset(ptp.operation_code(name) for name in self.body.takes_data)
                self.usb = UsbServer(self.seat, self.body, faults, options.usb_port, self._count, takes_data)
                made.callback(self.usb.close)
            self.control = Control(self.body, self.seat)
            made.callback(self.control.close)
            self._made = made.pop_all()

    def _count(self, code: int) -> None:
        self.body.heard[self.body.operation_name(code)] += 1

    def start(self) -> None:
        """Switch on and open the ports."""
        self.body.start()
        self.server.start()
        if self.usb is not None:
            self.usb.start()
        self.control.start()

    def close(self) -> None:
        """Close the ports and switch off."""
        self._made.close()

    def announcement(self, *, as_json: bool) -> str:
        """Return the line that tells where the camera is."""
        address = f"ptpip:127.0.0.1:{self.server.port}:{self.server.port}"
        if as_json:
            told = {"address": address, "control": self.control.port, "serial": self.body.serial}
            if self.usb is not None:
                vendor, product = self.body.usb_id
                told["usb"] = {"vendor": f"{vendor:04x}", "product": f"{product:04x}", "port": self.usb.port}
            return json.dumps(told)
        return (
            f"{self.body.name} is on at {address}, control port {self.control.port}. Ctrl-C switches it off."
        )


def _spelled_sizes(full: tuple[int, int]) -> tuple[tuple[str, str], ...]:
    width, height = full
    sizes = ((width, height), (width * 3 // 4, height * 3 // 4), (width // 2, height // 2))
    return tuple(
        (f"{wide - wide % 2}x{high - high % 2}", name)
        for (wide, high), name in zip(sizes, ("large", "medium", "small"), strict=True)
    )


@contextlib.contextmanager
def _camera(options: Options) -> Iterator[VirtualCamera]:
    camera = VirtualCamera(options)
    try:
        camera.start()
        yield camera
    finally:
        camera.close()


@contextlib.contextmanager
def _told_to_end() -> Iterator[int]:
    """Turn SIGTERM and Ctrl-C into a readable file descriptor."""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("the camera runs on the main thread")

    def end(_number: int, _frame: object) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(writable, b".")

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield readable
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(readable)
        os.close(writable)


def _wait(ended: int, *, watch_stdin: bool) -> None:
    watched = [ended]
    if watch_stdin:
        watched.append(0)
    while True:
        ready, _, _ = select.select(watched, [], [])
        if ended in ready:
            return
        if 0 in ready and not os.read(0, 4096):
            return
