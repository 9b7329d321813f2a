"""What went wrong, in the banner: with one thing to do about it, until it is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject

from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.notices import is_waiting
from groundglass.desktop.part import Part
from groundglass.desktop.widgets.banner import Banner
from groundglass.desktop.widgets.empty_state import EmptyState
from groundglass.errors import (
    CameraError,
    CameraHeldError,
    CaptureError,
    CardFullError,
    DiskFailedError,
    DiskFullError,
    GroundglassError,
    NoCameraError,
    NoOpenSessionError,
    NoSessionError,
    PictureLostError,
    SessionError,
    SettingRefusedError,
    UnsupportedError,
)
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.studio.events import (
    Event,
    Problem,
    ProblemSolved,
    SessionOpened,
    ShotStored,
    SupplyChanged,
    Warned,
)

_SUPPLIES = 8
_FOLDERS = 8


class Telling(Part):
    """Chooses how an error is told. User-interface thread.

    status: of the camera, now.  The other three are what the banner offers: another release, the virtual
    camera, and another folder for the pictures, with the error that asks for it.
    """

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        banner: Banner,
        empty: EmptyState,
        status: Callable[[], CameraStatus],
        release: Callable[[], None],
        start_virtual_camera: Callable[[], None],
        choose_folder: Callable[[SessionError], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._banner, self._empty = desk, bridge, banner, empty
        self._status, self._release = status, release
        self._start_virtual_camera, self._choose_folder = start_virtual_camera, choose_folder
        self._wants_folder: tuple[SessionError, ...] = ()  # why no picture can be stored, until one is opened
        self._mended: SessionError | None = None  # what was found in the session before
        self._card_full: tuple[CardFullError, datetime] | None = None  # and when it was told
        self._supplies: list[GroundglassError] = []  # of what runs out; `running_out` takes them back
        self._is_live = False

    def take_event(self, event: Event) -> None:
        match event:
            case SessionOpened():
                for told in self._banner.errors:
                    is_over = told is self._mended or any(told is one for one in self._wants_folder)
                    if is_over or isinstance(told, NoSessionError):
                        self._banner.take_back(told)
                self._wants_folder = ()
                self.tell_mended(self._desk.recovered)
            case Warned() if event.about is not None:
                self._supplies = [*self._supplies[-_SUPPLIES:], event.error]
                self._tell_of_supply(event.error)
            case SupplyChanged() if event.error is not None:
                self._supplies = [*self._supplies[-_SUPPLIES:], event.error]
            case Problem() | Warned() if isinstance(event.error, DiskFullError | DiskFailedError):
                self.offer_folder(event.error)
            case Problem() | Warned():
                self.tell(event.error)
            case ProblemSolved():
                self._take_back_if(lambda error: _is_over(event, error))
            case ShotStored() if self._card_full is not None and event.shot.taken_at > self._card_full[1]:
                self._banner.take_back(self._card_full[0])
                self._card_full = None

    def show_status(self, status: CameraStatus) -> None:
        was_live, self._is_live = self._is_live, status.state is CameraState.LIVE
        if self._is_live and not was_live:  # a body that refused its live picture shows it again
            self._take_back_if(lambda error: _is_over(ProblemSolved(), error) or _is_live_refused(error))

    def answer(self, error: GroundglassError) -> None:
        """Show why a wish was refused; what is wrong otherwise comes back when that goes."""
        self.tell(error, is_small=True)

    def tell(self, error: GroundglassError, *, is_small: bool = False) -> None:
        """Show an error in the banner, with one thing to do about it where there is one.

        is_small: nothing is wrong that lasts.
        """
        status = self._status()
        is_small = is_small or _is_of_one_release(error)
        if error in self._banner.errors and (is_small or self._banner.keeps(error)):
            return  # of a release: the studio has told it already, with what to do
        if isinstance(error, CardFullError):
            self._card_full = error, datetime.now().astimezone()
        if isinstance(error, CameraHeldError):
            self._banner.tell(error, "Free the camera", self._free_camera)
            return
        if isinstance(error, SessionError) and self._desk.session_path is None:
            is_known = isinstance(error, NoOpenSessionError)
            why = [one for one in self._wants_folder if one in self._banner.errors] if is_known else []
            self.offer_folder(why[-1] if why else error)
            return
        if self._empty.isVisible() and str(error) == status.message:
            return  # the empty state says it already
        if self._empty.isVisible():
            self._empty.show_starting(False)
            self._banner.tell(error, is_small=is_small)  # the button to begin is there already
        elif isinstance(error, NoCameraError) and is_waiting(status):
            self._banner.tell(error, "Start the virtual camera", self._start_virtual_camera)
        elif isinstance(error, CaptureError) and status.state.is_connected:
            self._banner.tell(error, "Release again", self._release, is_small=is_small)
        else:
            self._banner.tell(error, is_small=is_small)

    def answer_with(
        self, error: GroundglassError, words: str = "", act: Callable[[], None] | None = None
    ) -> None:
        """Show as `answer` does, with what its teller offers to do about it."""
        self._banner.tell(error, words, act, is_small=True)

    def tell_passed_over(self, preferences: Sequence[SessionError]) -> None:
        """Say which preferences make no sense, one after the other."""
        for error in reversed(preferences):
            self._banner.tell(error)

    def tell_mended(self, sentences: Sequence[str]) -> None:
        """Say what was found and mended when the session was opened."""
        if sentences:
            self._mended = SessionError(" ".join(sentences), "Nothing was deleted.")
            self._banner.tell(self._mended)

    def offer_folder(self, error: SessionError) -> None:
        """Say why no picture can be stored, and offer to choose another folder."""
        self._wants_folder = (*self._wants_folder[-_FOLDERS:], error)
        self._banner.tell(error, "Choose a folder", lambda: self._choose_folder(error))

    def offer_again(self, error: SessionError) -> None:
        """Offer it again, unless another session was opened meanwhile."""
        if any(error is one for one in self._wants_folder):
            self.offer_folder(error)

    def _tell_of_supply(self, error: GroundglassError) -> None:
        if isinstance(error, DiskFullError):
            self.offer_folder(error)
        else:
            self.tell(error)

    def _take_back_if(self, is_over: Callable[[GroundglassError], bool]) -> None:
        for error in self._banner.errors:
            if error not in self._supplies and is_over(error):
                self._banner.take_back(error)

    def _free_camera(self) -> None:
        """Make the other program let go; the camera connects by itself then, and the banner goes."""
        self._bridge.watch(self._desk.free_camera(), failed=self.tell)


def _is_of_one_release(error: GroundglassError) -> bool:
    """Tell whether a release gave no picture for a reason that the next one may not have."""
    return isinstance(error, CaptureError) and not isinstance(error, PictureLostError | CardFullError)


def _is_live_refused(error: GroundglassError) -> bool:
    return isinstance(error, UnsupportedError) and not isinstance(error, SettingRefusedError)


def _is_over(solved: ProblemSolved, error: GroundglassError) -> bool:
    """Tell whether an error was about the disk, or the connection, that works again."""
    if solved.of_disk:
        return isinstance(error, DiskFullError | DiskFailedError)
    others = (SettingRefusedError, CaptureError, UnsupportedError)
    return isinstance(error, CameraError) and not isinstance(error, others)
