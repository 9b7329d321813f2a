"""Drives a camera through python-gphoto2 and prints what happened as JSON; run as a process of its own.

Arguments: address, control port.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from typing import Any

import gphoto2 as gp

from gphoto2_body import Body, Control


def main(address: str, control_port: int) -> dict[str, Any]:
    """Do a bit of everything."""
    do = Control(control_port).do
    body = Body(address)
    camera = body.camera

    def events(until: int, count: int = 1, timeout_s: float = 20.0) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        deadline = time.monotonic() + timeout_s
        while sum(kind == until for kind, _ in found) < count:
            assert time.monotonic() < deadline, found
            kind, about = camera.wait_for_event(20)
            if kind != gp.GP_EVENT_TIMEOUT:
                named = f"{about.folder}/{about.name}" if kind == gp.GP_EVENT_FILE_ADDED else str(about)
                found.append((kind, named))
        return found

    def files_of_a_shot(count: int) -> list[str]:
        body.drain()
        camera.trigger_capture()
        found = events(gp.GP_EVENT_FILE_ADDED, count)
        if not any(kind == gp.GP_EVENT_CAPTURE_COMPLETE for kind, _ in found):
            events(gp.GP_EVENT_CAPTURE_COMPLETE)
        return [named for kind, named in found if kind == gp.GP_EVENT_FILE_ADDED]

    def whole(named: str) -> str:
        folder, name = named.rsplit("/", 1)
        file = camera.file_get(folder or "/", name, gp.GP_FILE_TYPE_NORMAL)
        return hashlib.sha256(bytes(file.get_data_and_size())).hexdigest()

    def in_blocks(named: str) -> str:
        folder, name = named.rsplit("/", 1)
        size = camera.file_get_info(folder, name).file.size
        block, digest, at = bytearray(1 << 20), hashlib.sha256(), 0
        while at < size:
            got = camera.file_read(folder, name, gp.GP_FILE_TYPE_NORMAL, at, block)
            digest.update(memoryview(block)[:got])
            at += got
        return digest.hexdigest()

    told: dict[str, Any] = {}
    names = ("iso", "f-number", "shutterspeed2", "shutterspeed", "exposurecompensation", "whitebalance")
    names += ("imagequality", "imagesize", "focusmode", "capturemode", "exposuremetermode", "expprogram")
    told["choices"] = {name: body.choices(name) for name in names}
    told["read_only_in_manual"] = {name: body.is_read_only(name) for name in names}
    body.put("expprogram", "A")
    body.drain()  # libgphoto2 believes for 2 s what it knew, unless it hears that something has changed
    told["read_only_in_aperture_priority"] = {name: body.is_read_only(name) for name in names}
    body.put("f-number", "f/2.8")
    body.drain()
    told["metered_shutter"] = body.get("shutterspeed2")
    body.put("expprogram", "M")
    body.drain()
    body.put("shutterspeed2", "1/60")
    body.put("f-number", "f/5.6")

    body.drain()
    do(do="dial", setting="iso", value="800")
    told["dial"] = [about for _, about in events(gp.GP_EVENT_UNKNOWN)]
    told["iso"] = body.get("iso")

    body.put("imagequality", "NEF+Fine")
    body.put("capturetarget", "Memory card")
    told["card"] = files_of_a_shot(2)
    told["card_hashes"] = [in_blocks(named) for named in told["card"]]
    body.put("capturetarget", "Internal RAM")
    told["ram"] = files_of_a_shot(2)
    told["ram_hashes"] = [whole(named) for named in told["ram"]]
    body.put("imagequality", "JPEG Fine")
    body.drain()
    do(do="shutter")
    told["body"] = [named for kind, named in events(gp.GP_EVENT_FILE_ADDED) if kind == gp.GP_EVENT_FILE_ADDED]
    events(gp.GP_EVENT_CAPTURE_COMPLETE)

    told["frames"] = []
    for _ in range(5):
        preview = camera.capture_preview()  # its bytes die with it
        frame = bytes(preview.get_data_and_size())
        told["frames"].append(frame[:2] == b"\xff\xd8" and frame[-2:] == b"\xff\xd9")
    body.put("manualfocusdrive", -300.0)
    told["focus_m"] = do(do="state")["focus_m"]
    try:
        body.put("manualfocusdrive", -32767.0)
    except gp.GPhoto2Error as err:
        told["end_stop"] = err.code
    body.put("autofocusdrive", 1)
    told["autofocus_m"] = do(do="state")["focus_m"]
    body.put("viewfinder", 0)

    body.drain()
    body.put("bulb", 1)
    told["bulb_is_open"] = do(do="state")["is_exposing"]
    body.put("bulb", 0)
    told["bulb"] = [named for kind, named in events(gp.GP_EVENT_FILE_ADDED) if kind == gp.GP_EVENT_FILE_ADDED]
    events(gp.GP_EVENT_CAPTURE_COMPLETE)
    body.put(
        "shutterspeed2", "1/60"
    )  # the switch leaves the shutter at bulb, where a release would wait for ever
    told["made"] = do(do="state")["files"]
    camera.exit()
    return told


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))  # noqa: T201
