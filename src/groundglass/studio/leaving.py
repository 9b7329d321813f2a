"""What would be left if the program ended now, in a photographer's words."""

from __future__ import annotations

from msgspec import Struct

from groundglass.model.camera import CameraState, CameraStatus
from groundglass.model.words import counted

_BULB = "The shutter is open: end the exposure, or quit now, which ends it too."


class Leaving(Struct, frozen=True):
    """What is under way and what waits, at one moment."""

    camera: CameraStatus
    backlog: int = 0  # files on the card that are still to be fetched
    arrived: int = 0  # files that came and are being stored
    refused: int = 0  # files that the disk refused, in the incoming folder
    backup: int = 0  # files without a second copy
    lacks_room: bool = False  # files stayed on the card because the disk was full, or failed
    due: int = 0  # files that are to be deleted from the card
    is_fetching: bool = False  # the backlog goes on by itself
    is_backing_up: bool = False  # and so does the second copy
    is_clearing: bool = False  # and so do the card's copies


class Remaining(Struct, frozen=True):
    """What would be left, in sentences, the most urgent first: what ends by itself, and what does not."""

    under_way: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()  # for room, for a disk, or for the camera: the next start takes it up

    @property
    def sentences(self) -> tuple[str, ...]:
        return (*self.under_way, *self.waits)


def remaining(left: Leaving) -> Remaining:
    """Tell what would be left; no sentence if nothing would be."""
    told = (
        (_camera(left.camera), True),
        (_told(left.arrived, "picture is being stored", "pictures are being stored"), True),
        (
            _told(left.refused, "picture waits", "pictures wait",
                  "in the incoming folder for the disk; the next start tries again"), False,
        ),
        (
            _told(left.backlog, "picture is", "pictures are",
                  "still on the card; the next start fetches them"), left.is_fetching,
        ),
        (_NO_ROOM if left.lacks_room else "", False),
        (
            _told(left.backup, "file has", "files have",
                  "no backup yet; the next start goes on with it"), left.is_backing_up,
        ),
        (
            _told(left.due, "file is", "files are",
                  "still to be deleted from the card; that too waits"), left.is_clearing,
        ),
    )  # fmt: skip
    return Remaining(
        tuple(words for words, ends in told if words and ends),
        tuple(words for words, ends in told if words and not ends),
    )


_NO_ROOM = "What the disk did not take is still on the card; the next start fetches it."


def _camera(status: CameraStatus) -> str:
    if status.state is CameraState.EXPOSING:
        return _BULB if status.is_at_bulb else "The camera is exposing."
    if status.state is not CameraState.TRANSFERRING:
        return ""
    transfer = status.transfer
    if transfer is None:
        return "A picture is on its way from the camera."
    now = f"{transfer.name} is on its way from the camera: {transfer.share * 100:.0f} %."
    behind = _told(transfer.waiting or 0, "more waits", "more wait", "behind it")
    return f"{now} {behind}".rstrip()


def _told(count: int, one: str, more: str, rest: str = "") -> str:
    return f"{counted(count, one, more)} {rest}".rstrip() + "." if count else ""
