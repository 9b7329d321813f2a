"""Every error that Groundglass raises, each with a hint: what the photographer can do.

GroundglassError
├── UsageError                  a value, name or option that makes no sense
│   └── TemplateError           a naming template that could lose or confuse names
├── CameraError                 the body, its cable or its driver
│   ├── NoCameraError           nothing found, or nothing that matches
│   ├── CameraHeldError         another program has claimed it
│   ├── CameraLostError         it was there and does not answer any more
│   ├── CameraBusyError         it answers, but not now
│   ├── UnsupportedError        this body cannot do it
│   ├── SettingRefusedError     the camera kept another value
│   ├── CardFileGoneError       no file of that name is on the card any more
│   ├── OtherCardFileError      the card has another file of that name
│   └── CaptureError            a release that gave no picture
│       ├── FocusMissedError    autofocus found nothing
│       ├── PictureLostError    it was in the camera's memory, and the camera went away
│       └── CardFullError       no room on the card
├── SessionError                the folder on disk
│   ├── DiskFullError           no room left
│   ├── DiskFailedError         the disk is gone, read-only or broken
│   ├── NameRefusedError        a name that this disk does not take
│   ├── BackupAwayError         the disk of the second copy is not there
│   ├── NoSessionError          none was begun there, or it is gone
│   ├── NoOpenSessionError      none is open
│   ├── SessionHeldError        another program writes to it
│   └── FetchStoppedError       the card was not fetched to its end, as something else was asked for
└── ImageError                  bytes that are no picture, or a broken one

Every one of them can be pickled, so it crosses the pipe from the camera's process unchanged.
"""

from __future__ import annotations


class GroundglassError(Exception):
    """An error with a sentence for the photographer and a hint of what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(GroundglassError):
    """A value, name or option that makes no sense."""


class TemplateError(UsageError):
    """A naming template that could lose or confuse names."""


class CameraError(GroundglassError):
    """The body, its cable or its driver failed."""


class NoCameraError(CameraError):
    """No camera was found, or none or several that match."""


class CameraHeldError(CameraError):
    """Another program has claimed the camera."""


class CameraLostError(CameraError):
    """The camera was there and does not answer any more."""


class CameraBusyError(CameraError):
    """The camera answers, but cannot do it now."""


class UnsupportedError(CameraError):
    """This body cannot do what was asked."""


class SettingRefusedError(CameraError):
    """The camera kept another value than the one that was asked for."""


class CardFileGoneError(CameraError):
    """No file of that name is on the card any more."""


class OtherCardFileError(CameraError):
    """The file on the card is not the one that was meant."""


class CaptureError(CameraError):
    """A release gave no picture."""


class FocusMissedError(CaptureError):
    """Autofocus found nothing, so the shutter stayed closed."""


class PictureLostError(CaptureError):
    """A picture was on its way from the camera's memory when the camera went away."""


class CardFullError(CaptureError):
    """The memory card has no room for another frame."""


class SessionError(GroundglassError):
    """The session folder cannot be used as asked."""


class DiskFullError(SessionError):
    """The disk that holds the session has no room left."""


class DiskFailedError(SessionError):
    """The disk that holds the session is gone, read-only or broken."""


class NameRefusedError(SessionError):
    """The disk does not take such a name."""


class BackupAwayError(SessionError):
    """The disk that holds the second copy is not there."""


class NoSessionError(SessionError):
    """No session was begun in this folder, or it is there no more."""


class NoOpenSessionError(SessionError):
    """No session is open."""

    def __init__(
        self, message: str = "No session is open.", hint: str = "Open a session folder first."
    ) -> None:
        super().__init__(message, hint)


class SessionHeldError(SessionError):
    """Another program writes to this session."""


class FetchStoppedError(SessionError):
    """The card was not fetched to its end, as something else was asked for."""


class ImageError(GroundglassError):
    """The bytes are no picture, or a broken one."""
