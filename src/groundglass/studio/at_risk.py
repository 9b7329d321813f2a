"""What became of a picture that was on its way when the camera went away, in a photographer's words."""

from __future__ import annotations

from groundglass.camera.dialects.capture_target import is_in_memory_only, passes_memory
from groundglass.errors import PictureLostError
from groundglass.model.setting import Setting


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
            "Take it again. With a capture target that keeps it on the card, this can not happen.",
        )
    return PictureLostError(
        "A picture was on its way from the camera's memory when the connection was lost. "
        "If it does not arrive now, the cable does not bring it again.",
        "It is on the camera's card: copy it from there with a card reader.",
    )
