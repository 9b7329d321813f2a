"""What libgphoto2 presents, before a dialect understands it: settings and events."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from groundglass.model.camera import RemoteFile


class WidgetKind(StrEnum):
    """The form that a camera gives a setting; it may change while the camera runs."""

    TEXT = "TEXT"
    RANGE = "RANGE"
    TOGGLE = "TOGGLE"
    RADIO = "RADIO"
    MENU = "MENU"
    BUTTON = "BUTTON"
    DATE = "DATE"
    SECTION = "SECTION"


class Widget(Struct, frozen=True):
    """One node of a camera's configuration tree, with the camera's own texts."""

    name: str
    kind: WidgetKind
    value: str | None  # None: the camera names no current value
    choices: tuple[str, ...] = ()
    range: tuple[float, float, float] | None = None  # low, high, step
    read_only: bool = False
    label: str = ""
    path: str = ""  # as in `gphoto2 --list-all-config`, where it is known


class CameraEvent(Struct, frozen=True):
    """Something that the camera reports by itself: a file, begin or end of an exposure, or a text."""

    file: RemoteFile | None = None
    is_begun: bool = False
    is_complete: bool = False
    text: str = ""
