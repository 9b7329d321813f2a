"""Drives a Canon through python-gphoto2 and prints what happened as JSON; run as a process of its own.

Arguments: address, control port.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import gphoto2 as gp

from gphoto2_body import Body, Control


def main(address: str, control_port: int) -> dict[str, Any]:
    """Read the menus in each mode, capture as a plain program does, set the clock, look closer."""
    do = Control(control_port).do
    body = Body(address)
    camera = body.camera

    told: dict[str, Any] = {}
    names = ("iso", "aperture", "shutterspeed", "exposurecompensation", "whitebalance", "imageformat")
    names += ("focusmode", "drivemode", "meteringmode", "colortemperature", "eosremoterelease")
    told["choices"] = {name: body.choices(name) for name in names}
    told["status"] = {
        name: body.get(name) for name in ("serialnumber", "lensname", "availableshots", "batterylevel")
    }
    for mode in ("A", "P", "M"):
        do(do="dial", setting="exposure_mode", value=mode)
        body.drain()
        told[mode] = {name: body.choices(name) for name in ("shutterspeed", "aperture")}
    do(do="dial", setting="iso", value="800")
    told["dial"] = [text for text in body.drain() if "iso" in text]

    body.put("imageformat", "RAW + L")
    for target in ("Memory card", "Internal RAM"):
        body.put("capturetarget", target)
        first = camera.capture(gp.GP_CAPTURE_IMAGE)
        found = [f"{first.folder}/{first.name}"]
        deadline = time.monotonic() + 20
        while len(found) < 2:
            assert time.monotonic() < deadline
            kind, about = camera.wait_for_event(20)
            if kind == gp.GP_EVENT_FILE_ADDED:
                found.append(f"{about.folder}/{about.name}")
        told[target] = found
        body.drain()
    do(do="fault", kind="focus_missed")
    try:
        camera.trigger_capture()
    except gp.GPhoto2Error as err:
        told["missed"] = err.code
    preview = camera.capture_preview()
    frame = bytes(preview.get_data_and_size())
    told["frame"] = frame[:2] == b"\xff\xd8" and frame[-2:] == b"\xff\xd9"
    body.put("eoszoom", "5")
    body.put("eoszoomposition", "900,600")
    body.put("manualfocusdrive", "Near 3")
    told["focus_m"] = do(do="state")["focus_m"]
    body.put("viewfinder", 0)
    told["is_live"] = do(do="state")["is_live"]
    body.put("syncdatetimeutc", 1)
    body.drain()
    told["clock_off_s"] = abs(body.get("datetimeutc") - time.time())
    camera.exit()
    return told


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))  # noqa: T201
