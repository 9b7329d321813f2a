"""The words over the picture when it is not live, or when there is none."""

from __future__ import annotations

from groundglass.desktop.actions import ActionId
from groundglass.desktop.keys import Keys
from groundglass.desktop.widgets.picture_words import Notice
from groundglass.model.camera import CameraState, CameraStatus


def is_waiting(status: CameraStatus) -> bool:
    """Tell whether there is no camera and has been none: looking for one counts as waiting, too."""
    return status.info is None and status.state in (CameraState.ABSENT, CameraState.CONNECTING)


def live_notice(status: CameraStatus, had_frame: bool) -> Notice:
    """Return the words over a live picture that is not live now: what it is, what is being done."""
    match status.state:
        case CameraState.EXPOSING:
            return Notice("Exposing")
        case CameraState.TRANSFERRING:
            share = f"{status.transfer.share * 100:.0f} %" if status.transfer else ""
            return Notice("Transferring", share)
        case CameraState.UNRESPONSIVE:
            doing = "The camera does not answer. Connecting to it again."
        case CameraState.LOST | CameraState.ABSENT:
            doing = "The connection is lost. Waiting for the camera."
        case CameraState.CONNECTING:
            doing = "Connecting to the camera."
        case _:
            doing = "Waiting for the camera's next frame."
    return Notice("Not live" if had_frame else "Live view", status.message or doing)


def ready_notice(status: CameraStatus, keys: Keys, *, has_session: bool = True) -> Notice | None:
    """Return the words where there is no picture at all; None where the empty state speaks.

    has_session: one is open, so that a picture has a place to go to.
    """
    if is_waiting(status):
        return None
    match status.state:
        case state if state.is_connected:
            if not has_session:
                new, opened = map(keys.label, (ActionId.NEW_SESSION, ActionId.OPEN_SESSION))
                words = f"Pictures need a session to go to: {new} begins one, {opened} opens one."
                return Notice("No session", words)
            live, release, shown = map(keys.label, (ActionId.LIVE, ActionId.RELEASE, ActionId.HELP))
            words = f"{live} starts the live view, {release} releases the shutter, {shown} shows all keys."
            return Notice("Ready", words)
        case CameraState.CONNECTING:
            return Notice("Connecting", status.message)
    return Notice("No connection", status.message or "Waiting for the camera.")
