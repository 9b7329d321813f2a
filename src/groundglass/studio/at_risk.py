"""Pictures that have no second place while they come: what became of one, and when none is to be made."""

from __future__ import annotations

from groundglass.camera.dialects.capture_target import is_in_memory_only, passes_memory
from groundglass.errors import DiskFullError, PictureLostError
from groundglass.model.setting import Setting

# Before the first shot of a session nobody knows how large they are: a raw file and a JPEG of most bodies.
_ONE_SHOT_BYTES = 100_000_000


def nowhere_to_go(
    target: Setting | None, *, is_disk_out: bool, frames_left: int | None, free_bytes: int | None
) -> DiskFullError | None:
    """Return why nothing is released: a picture in memory only needs a disk. None: it has a place.

    is_disk_out: it did not take the last pictures, or cannot be written.  frames_left, free_bytes: as last
    looked; None: not known.
    """
    is_full = frames_left == 0
    if frames_left is None and free_bytes is not None:
        is_full = free_bytes < _ONE_SHOT_BYTES
    if not is_in_memory_only(target) or not (is_disk_out or is_full):
        return None
    why = "takes no picture" if is_disk_out else "has no room for a picture"
    return DiskFullError(
        f"The session's disk {why}, and the camera keeps none: it was not released.",
        "Look after the disk, open a session on another one, or let the camera keep pictures on its card.",
    )


def picture_at_risk(target: Setting | None) -> PictureLostError | None:
    """Return what to tell of it; None if it is on a card that the next connection looks at.

    target: where the camera put its pictures.
    """
    if not passes_memory(target):
        return None
    if is_in_memory_only(target):
        return PictureLostError(
            "A picture was in the camera's memory only when the connection was lost. "
            "It is lost, unless it still arrives.",
            "Take it again. With a capture target that keeps it on the card, this cannot happen.",
        )
    return PictureLostError(
        "A picture was on its way from the camera's memory when the connection was lost. "
        "If it does not arrive now, the cable does not bring it again.",
        "It is on the camera's card: copy it from there with a card reader.",
    )
