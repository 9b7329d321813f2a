"""Drives a Canon through python-gphoto2 and prints what happened as JSON; run as a process of its own.

python-gphoto2 closes file descriptor 0 and depends on the locale, so it never runs inside a test.
Arguments: address, control port.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from typing import Any

import gphoto2 as gp


def main(address: str, control_port: int) -> dict[str, Any]:
    """Read the menus in each mode, capture as a plain program does, set the clock, look closer."""
    control = socket.create_connection(("127.0.0.1", control_port), 30)
    replies = control.makefile("rb")

    def do(**message: Any) -> dict[str, Any]:
        control.sendall(json.dumps(message).encode() + b"\n")
        reply: dict[str, Any] = json.loads(replies.readline())
        assert reply["ok"], reply
        return reply

    ports = gp.PortInfoList()
    ports.load()
    models = gp.CameraAbilitiesList()
    models.load()
    camera = gp.Camera()
    camera.set_port_info(ports[ports.lookup_path(address)])
    camera.set_abilities(models[models.lookup_model("PTP/IP Camera")])
    camera.init()

    def choices(name: str) -> list[str]:
        widget = camera.get_single_config(name)
        return [widget.get_choice(place) for place in range(widget.count_choices())]

    def get(name: str) -> Any:
        return camera.get_single_config(name).get_value()

    def put(name: str, value: Any) -> None:
        widget = camera.get_single_config(name)
        widget.set_value(value)
        camera.set_single_config(name, widget)

    def drain() -> list[str]:
        texts = []
        while True:
            kind, about = camera.wait_for_event(1)
            if kind == gp.GP_EVENT_TIMEOUT:
                return texts
            texts.append(str(about))

    told: dict[str, Any] = {}
    names = ("iso", "aperture", "shutterspeed", "exposurecompensation", "whitebalance", "imageformat")
    names += ("focusmode", "drivemode", "meteringmode", "colortemperature", "eosremoterelease")
    told["choices"] = {name: choices(name) for name in names}
    told["status"] = {
        name: get(name) for name in ("serialnumber", "lensname", "availableshots", "batterylevel")
    }
    for mode in ("A", "P", "M"):
        do(do="dial", setting="exposure_mode", value=mode)
        drain()
        told[mode] = {name: choices(name) for name in ("shutterspeed", "aperture")}
    do(do="dial", setting="iso", value="800")
    told["dial"] = [text for text in drain() if "iso" in text]

    put("imageformat", "RAW + L")
    for target in ("Memory card", "Internal RAM"):
        put("capturetarget", target)
        first = camera.capture(gp.GP_CAPTURE_IMAGE)
        found = [f"{first.folder}/{first.name}"]
        deadline = time.monotonic() + 20
        while len(found) < 2:
            assert time.monotonic() < deadline
            kind, about = camera.wait_for_event(20)
            if kind == gp.GP_EVENT_FILE_ADDED:
                found.append(f"{about.folder}/{about.name}")
        told[target] = found
        drain()
    do(do="fault", kind="focus_missed")
    try:
        camera.trigger_capture()
    except gp.GPhoto2Error as err:
        told["missed"] = err.code
    preview = camera.capture_preview()
    frame = bytes(preview.get_data_and_size())
    told["frame"] = frame[:2] == b"\xff\xd8" and frame[-2:] == b"\xff\xd9"
    put("eoszoom", "5")
    put("eoszoomposition", "900,600")
    put("manualfocusdrive", "Near 3")
    told["focus_m"] = do(do="state")["focus_m"]
    put("viewfinder", 0)
    told["is_live"] = do(do="state")["is_live"]
    put("syncdatetimeutc", 1)
    drain()
    told["clock_off_s"] = abs(get("datetimeutc") - time.time())
    camera.exit()
    return told


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))  # noqa: T201
