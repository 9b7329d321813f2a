"""Prints as JSON what libgphoto2 offers of a camera; a process of its own, its only argument an address."""

from __future__ import annotations

import json
import sys
from typing import Any

import gphoto2 as gp

from gphoto2_body import Body, choices_of

_LISTS = (gp.GP_WIDGET_RADIO, gp.GP_WIDGET_MENU)


def main(address: str) -> dict[str, dict[str, Any]]:
    """Read every setting that has a value."""
    camera = Body(address).camera
    told: dict[str, dict[str, Any]] = {}
    names = camera.list_config()
    for place in range(names.count()):
        name = names.get_name(place)
        try:
            widget = camera.get_single_config(name)
        except gp.GPhoto2Error:
            continue
        kind = widget.get_type()
        told[name] = {"value": widget.get_value(), "read_only": bool(widget.get_readonly())}
        if kind in _LISTS:
            told[name]["choices"] = choices_of(widget)
        elif kind == gp.GP_WIDGET_RANGE:
            told[name]["range"] = widget.get_range()
    camera.exit()
    return told


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))  # noqa: T201
