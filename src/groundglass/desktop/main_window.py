"""The window at work: it renders what the studio says and passes on what hands and keys ask for.

Longer than most modules: every event and every key ends here, in a few lines each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence

from groundglass.desktop.actions import ACTIONS, ActionId
from groundglass.desktop.arranging import Arranging
from groundglass.desktop.at_a_glance import AtAGlance
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.camera_handling import CameraHandling
from groundglass.desktop.client_window import ClientWindow
from groundglass.desktop.comparing import Comparing
from groundglass.desktop.desk import Desk
from groundglass.desktop.detailing import Detailing
from groundglass.desktop.distance import Distance
from groundglass.desktop.exporting import Exporting
from groundglass.desktop.filtering import Filtering
from groundglass.desktop.framing_tools import FramingTools
from groundglass.desktop.freezing import Freezing
from groundglass.desktop.holding import Holding
from groundglass.desktop.keys import Keys
from groundglass.desktop.keywording import Keywording
from groundglass.desktop.last_frame import LastFrame
from groundglass.desktop.leaving import Leaving
from groundglass.desktop.levelling import Levelling
from groundglass.desktop.light_judging import LightJudging
from groundglass.desktop.live_aim import LiveAim
from groundglass.desktop.log_window import LogKeeping
from groundglass.desktop.notices import is_waiting
from groundglass.desktop.outside import Outside
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.picture_tools import PictureTools
from groundglass.desktop.preferring import Preferring
from groundglass.desktop.raw_headroom import RawHeadroom
from groundglass.desktop.raw_judging import RawJudging
from groundglass.desktop.reviewing import Reviewing
from groundglass.desktop.running_out import RunningOut
from groundglass.desktop.session_film import SessionFilm
from groundglass.desktop.session_keeping import SessionKeeping
from groundglass.desktop.shutter import Shutter
from groundglass.desktop.sizing import Sizing
from groundglass.desktop.sounds import Sounds
from groundglass.desktop.table_view import TableView
from groundglass.desktop.theme import Theme
from groundglass.desktop.trashing import Trashing
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.white_picking import WhitePicking
from groundglass.desktop.widgets.camera_section import CameraSection
from groundglass.desktop.widgets.copies_section import CopiesSection
from groundglass.desktop.widgets.details_section import DetailsSection
from groundglass.desktop.widgets.filter_section import FilterSection
from groundglass.desktop.widgets.framing_section import FramingSection
from groundglass.desktop.widgets.hint import Hint
from groundglass.desktop.widgets.keywords_section import KeywordsSection
from groundglass.desktop.widgets.next_frames_section import NextFramesSection
from groundglass.desktop.widgets.picture_view import PictureView
from groundglass.desktop.widgets.session_section import SessionSection
from groundglass.desktop.widgets.trash_section import TrashSection
from groundglass.desktop.window_layout import WindowLayout
from groundglass.errors import (
    CameraError,
    CameraHeldError,
    CaptureError,
    DiskFailedError,
    DiskFullError,
    GroundglassError,
    NoCameraError,
    SessionError,
    SettingRefusedError,
    UnsupportedError,
    UsageError,
)
from groundglass.model.camera import CameraState, CameraStatus
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.model.shot import Shot
from groundglass.studio.events import (
    Event,
    Problem,
    ProblemSolved,
    SessionOpened,
    ShotStored,
    StatusChanged,
    Warned,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class MainWindow(WindowLayout):
    """Holds no logic about the camera: every state is the studio's, every wish goes to the studio."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        theme = replace(theme)  # this window's own: it may become another
        super().__init__(theme)
        self.theme = theme
        self._desk = desk
        self._status = CameraStatus()
        self._starts_live = False
        self._tools = PictureTools()
        self._is_closed = False
        self._wants_folder: SessionError | None = None  # why no picture can be stored, as it was told last
        self.bridge = Bridge(self)
        self.keys = Keys(self)
        self.viewing = Viewing(
            desk.live,
            self.bridge,
            self.picture,
            self.panel.histogram,
            self,
            self.keys,
            sketch=self._thumbnail_of,
        )
        self.headroom = RawHeadroom(self.bridge, self)
        self.aim = LiveAim(desk, self.bridge, self._tell)
        self.light_judging = LightJudging(
            self.viewing, self.picture, self.panel, self.spot_readout, self._change_tools, self.aim, self
        )
        self.raw_judging = RawJudging(self.headroom, self.panel, self._set, self.keys, self)
        self.shutter = Shutter(desk, self.bridge, self)
        self.session = SessionFilm(desk, self.bridge, self.film, self.filmstrip.devicePixelRatioF, self)
        self.client = ClientWindow(
            desk.live, self.bridge, self.viewing, lambda: self.session.path, lambda: theme, self
        )
        section, next_frames = SessionSection(theme), NextFramesSection(theme)
        self.side.add("Session", section)
        copies = CopiesSection(theme)
        self.side.add("Copies", copies)
        self.glance = AtAGlance(desk, self.bridge, self.status_line, self.transfer_bar, copies, self)
        self.side.add("Next frames", next_frames)
        self.keeping = SessionKeeping(desk, self.bridge, section, next_frames, theme, self._tell, self)
        framing_section = FramingSection(theme)
        self.framing = FramingTools(
            self.bridge,
            self.picture,
            framing_section,
            lambda: self.film.newest,
            lambda: self.session.path,
            self._tell,
        )
        self.levelling = Levelling(
            self.viewing, self.picture, framing_section, Hint(theme, self.picture), self.keys, self._tell
        )
        self.freezing = Freezing(self.viewing, self.picture, self.frozen_chip, self.keys)
        self.last_frame = LastFrame(
            self.bridge, self.film, lambda: self.session.path, self.viewing, self.inset
        )
        self.distance = Distance(theme, self.picture)
        self.side.add("Camera", camera := CameraSection(theme), margin_px=0)
        self.handling = CameraHandling(desk, self.bridge, camera, self.panel.exposure, self._tell, self)
        self.preferring = Preferring(desk, self.bridge, theme, self.keys, self._tell, self)
        self.side.add("Framing", framing_section)
        self.filter = FilterSection(theme)
        self.side.add("Filter", self.filter)
        self.comparing = Comparing(
            self.bridge, self.film, self.filmstrip, self.compare, lambda: self.session.path, self._tell
        )
        self.holding = Holding(self.filmstrip, self.viewing, self.keys)
        self.table = TableView(self.light_table, self.filmstrip)
        self.sizing = Sizing(
            self.film, self.filmstrip, self.light_table, self.panel, self.side, self.filter, self
        )
        self.reviewing = Reviewing(
            desk, self.film, self.filmstrip, self.viewing, self._tell, lambda: self.comparing.shot
        )
        self.outside = Outside(
            self.viewing, lambda: self.session.path, self._tell, (self.picture, self.filmstrip), self.keys
        )
        self.exporting = Exporting(
            desk, self.bridge, self.film, self.filmstrip, lambda: self.session.path, lambda: theme, self
        )
        keywords = KeywordsSection(theme)
        self.side.add("Keywords", keywords)
        self.keywording = Keywording(
            desk,
            self.film,
            self.filmstrip,
            self.viewing,
            keywords,
            self.side,
            self.reviewing.shots,
            self._tell,
        )
        self.details = DetailsSection(theme)
        self.side.add("Capture details", self.details)
        self.trash = TrashSection(theme)
        self.side.add("Trash", self.trash)
        self.trashing = Trashing(
            desk,
            self.bridge,
            self.film,
            self.filmstrip,
            self.viewing,
            self.trash,
            self.reviewing.shots,
            self._tell_with,
        )
        self.white = WhitePicking(
            desk,
            self.bridge,
            self.viewing,
            self.light_judging,
            self.picture,
            Hint(theme, self.picture),
            lambda: self.session.path,
            self.keys,
            self._tell,
        )
        self.panel.exposure.pick.clicked.connect(self.white.pick)
        self.sounds = Sounds(lambda: desk.chosen.now.sounds, self)
        self.logging = LogKeeping(desk, self.bridge, lambda: theme, self)
        self.leaving = Leaving(desk, self.banner, self.close, self)
        self.parts: tuple[Part, ...] = (
            self.glance,
            self.white,
            self.raw_judging,
            self.aim,
            self.light_judging,
            self.client,
            self.comparing,
            self.table,
            self.sizing,
            self.holding,
            self.keeping,
            self.handling,
            self.framing,
            self.levelling,
            self.freezing,
            self.last_frame,
            self.distance,
            self.preferring,
            self.reviewing,
            self.keywording,
            self.trashing,
            Detailing(desk, self.bridge, self.film, self.viewing, self.details, lambda: self.session.path),
            Filtering(self.bridge, self.film, self.filmstrip, self.filter),
            self.outside,
            self.exporting,
            self.logging,
            self.leaving,
            self.sounds,
            RunningOut(self.banner, self),
        )
        self.side.fold(("Next frames", "Camera", "Framing"))  # once a job, at most
        self.arranging = Arranging(desk, self.bridge, self, framing_section)
        self.parts = (*self.parts, self.arranging)
        self.show_parts()
        self._add_keys()
        self._connect_parts()
        self.bridge.listen(desk.subscribe)
        self._show_status(desk.status)
        self.arranging.begin()
        self.session.start()
        self.picture.setFocus()

    @property
    def status(self) -> CameraStatus:
        return self._status

    @property
    def tools(self) -> PictureTools:
        return self._tools

    def use_tools(self, tools: PictureTools) -> None:
        """Paint these into the picture from now on."""
        self._use(tools)

    def start_virtual_camera(self) -> None:
        """Start the virtual camera and, as soon as it is there, its live picture."""
        self.banner.dismiss()
        self.empty.show_starting(True)
        self._starts_live = True
        self.bridge.watch(self._desk.start_virtual_camera(), failed=self._virtual_camera_failed)

    def start_live_when_ready(self) -> None:
        """Start the live view as soon as a camera is connected."""
        self._starts_live = True
        self._show_status(self._status)

    def tell_mended(self, sentences: Sequence[str]) -> None:
        """Say what was found and mended when the session was opened."""
        if sentences:
            self.banner.tell(SessionError(" ".join(sentences), "Nothing was deleted."))

    def offer_folder(self, error: SessionError) -> None:
        """Say why no picture can be stored, and offer to choose another folder."""
        self._wants_folder = error
        self.banner.tell(error, "Choose a folder", lambda: self.keeping.ask_instead(error))

    def leave(self) -> None:
        """Close without asking; what is on its way is finished by the studio's own close."""
        self.leaving.answer()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._is_closed and not self.leaving.may_go():
            event.ignore()
            return
        if not self._is_closed:
            self._is_closed = True
            self.shutter.let_go()
            self.bridge.close()
            self.viewing.close()
            self.headroom.close()
            self.session.close()
            for part in self.parts:
                part.close()
        super().closeEvent(event)

    # ---- wiring

    def _connect_parts(self) -> None:
        self.bridge.happened.connect(self._take_event)
        self.panel.exposure.wanted.connect(self._set)
        self.panel.live.clicked.connect(self._toggle_live)
        self.panel.release.pressed.connect(self.shutter.press_button)
        self.panel.release.released.connect(self.shutter.let_go)
        self.panel.release.clicked.connect(self.shutter.click_button)
        self.panel.histogram.clipping_clicked.connect(self._toggle_clipping)
        self.empty.virtual_wanted.connect(self.start_virtual_camera)
        self.filmstrip.chosen.connect(self._show_shot)
        self.viewing.problem.connect(self._tell)
        self.viewing.changed.connect(self._show_what_is_shown)
        self.picture.zoom_changed.connect(self._show_legend)
        self.headroom.said.connect(self.panel.headroom.say)
        self.shutter.failed.connect(self._tell)
        self.shutter.progressed.connect(self._show_exposure)
        self.session.loaded.connect(self.arranging.follow)
        self.session.loaded.connect(self.reviewing.fetch)
        self.session.loaded.connect(self._show_newest_if_followed)
        self.session.facts_changed.connect(self.glance.show_facts)
        self.comparing.chosen.connect(self._show_framed)
        self.light_table.chosen.connect(self._show_shot)
        self.holding.released.connect(self._show_newest)
        self.client.screen_lost.connect(self._tell_lost_screen)

    def _add_keys(self) -> None:
        deeds = self._deeds()
        for one in ACTIONS:
            key = QAction(one.words, self)
            key.setObjectName(one.id.value)
            key.setAutoRepeat(one.repeats)
            key.triggered.connect(_without_argument(deeds[one.id]))
            self.addAction(key)
        self._use_keys()
        self.keys.changed.connect(self._use_keys)

    def _use_keys(self) -> None:
        """Give every action the key that it has now, and name it wherever it is named."""
        for key in self.actions():
            key.setShortcut(QKeySequence(self.keys.key(ActionId(key.objectName()))))
        self.help.show_keys(self.keys)
        self.panel.exposure.show_keys(self.keys)
        self.keys.name_all(self)

    def _deeds(self) -> Deeds:
        """Return what each action does."""
        desk = self._desk
        deeds: Deeds = {
            ActionId.RELEASE: self.shutter.press_key,
            ActionId.LIVE: self._toggle_live,
            ActionId.AUTOFOCUS: lambda: self._watch(desk.autofocus()),
            ActionId.FOCUS_NEARER: lambda: self._watch(desk.drive_focus(-1)),
            ActionId.FOCUS_FARTHER: lambda: self._watch(desk.drive_focus(1)),
            ActionId.PREVIOUS: lambda: self._step(-1),
            ActionId.NEXT: lambda: self._step(1),
            ActionId.PREVIOUS_ALWAYS: lambda: self._step(-1),
            ActionId.NEXT_ALWAYS: lambda: self._step(1),
            ActionId.NEWEST: self._show_newest,
            ActionId.ZOOM: lambda: self._zoomed().cycle_zoom(),
            ActionId.ZOOM_IN: lambda: self._zoomed().zoom(1),
            ActionId.ZOOM_OUT: lambda: self._zoomed().zoom(-1),
            ActionId.CLIPPING: self._toggle_clipping,
            ActionId.PEAKING: self._step_peaking,
            ActionId.FALSE_COLOR: self._toggle_false_color,
            ActionId.HISTOGRAM_SCALE: self._toggle_histogram_scale,
            ActionId.PICTURE_ONLY: self.toggle_picture_only,
            ActionId.PANELS: self.toggle_panels,
            ActionId.NEXT_CONTROL: self.focusNextChild,
            ActionId.PREVIOUS_CONTROL: self.focusPreviousChild,
            ActionId.BACK: self._go_back,
            ActionId.HELP: self.toggle_help,
            ActionId.QUIT: self.close,
        }
        for dial in self.panel.exposure.dials():
            deeds[ActionId(dial.setting_id.value)] = dial.take_key
        for part in self.parts:
            deeds |= part.deeds()
        return deeds

    # ---- what the studio says

    def _take_event(self, event: Event) -> None:
        for part in self.parts:
            part.take_event(event)
        match event:
            case StatusChanged():
                self._show_status(event.status)
            case ShotStored():
                self.session.put(event.shot, is_complete=event.is_complete)
                if self._is_shown(event.shot):
                    self._show_shot(event.shot)  # one more file of it: the RAW behind its JPEG
                self._show_newest_if_followed()
            case SessionOpened():
                self.session.fetch()
                if self._wants_folder is not None and self.banner.error is self._wants_folder:
                    self.banner.dismiss()
            case Problem() | Warned() if isinstance(event.error, DiskFullError | DiskFailedError):
                self.offer_folder(event.error)
            case Problem() | Warned():
                self._tell(event.error)
            case ProblemSolved():
                if self.banner.error is not None and _is_over(event, self.banner.error):
                    self.banner.dismiss()

    def _show_status(self, status: CameraStatus) -> None:
        before, self._status = self._status, status
        self.panel.exposure.show_status(status)
        self.panel.live.show_live(status.is_live_wanted, status.state.is_connected)
        self.panel.live.setEnabled(status.state.is_connected or status.is_live_wanted)
        self.panel.release.setEnabled(status.state.is_connected)
        self.film.show_transfer(status.transfer)
        self.shutter.show_status(status)
        self.viewing.show_status(status)
        for part in self.parts:
            part.show_status(status)
        if before.is_live_wanted and self.viewing.is_empty:
            self._show_newest_if_followed()
        self._show_title(status)
        self._show_empty()
        if status.info != before.info:
            self.session.fetch_facts()
        if self._starts_live and status.state is CameraState.READY:
            self._starts_live = False
            self._watch(self._desk.start_live())

    def _show_title(self, status: CameraStatus) -> None:
        """Say in the title what is connected, or what is being done about it."""
        model = status.info.model if status.info else ""
        words = status.message or model
        self.setWindowTitle(f"{words} \N{EN DASH} Groundglass" if words else "Groundglass")

    def _show_exposure(self, share: float | None, words: str) -> None:
        self.panel.release.show_exposure(share)
        self.panel.release.say(words)
        self.picture.show_exposure(share)

    def _show_empty(self) -> None:
        self.empty.setVisible(is_waiting(self._status) and self.viewing.is_empty)
        self.empty.say(self._status.message)
        if self._status.state.is_connected:
            self.empty.show_starting(False)

    # ---- what is shown

    def _show_shot(self, shot: Shot) -> None:
        if self.session.path is not None:
            self.viewing.show_shot(self.session.path, shot)
            self.viewing.read_ahead(self.session.path, self.film.neighbours(shot))
            self.headroom.show(self.session.path, self.viewing.shot)

    def _thumbnail_of(self, shot: Shot) -> NDArray[np.uint8] | None:
        known = self.film.known_thumbnail(shot.number)
        return known.largest if known is not None else None

    def _is_shown(self, shot: Shot) -> bool:
        return self.viewing.shot is not None and self.viewing.shot.number == shot.number

    def _show_newest_if_followed(self) -> None:
        """Show a picture that has just come, unless the live picture or an older one is held."""
        newest = self.film.newest
        is_free = self.filmstrip.follows and not self.holding.is_held and not self.comparing.shots
        if newest is not None and is_free and not self.viewing.shows_live:
            self.filmstrip.select(newest)
            self._show_shot(newest)

    def _show_what_is_shown(self) -> None:
        self.filmstrip.select(self.viewing.shot)
        if self.viewing.shows_live:
            self.filmstrip.follow()
        self.headroom.show(self.session.path, self.viewing.shot)
        self._show_empty()
        self._show_legend()

    def _step(self, by: int) -> None:
        if self.comparing.shots:
            self.comparing.step(by)
        else:
            self.filmstrip.step(by)

    def _zoomed(self) -> PictureView | Comparing:
        return self.comparing if self.comparing.shots else self.picture

    def _show_newest(self) -> None:
        """Choose the newest picture, and follow from now on."""
        self.comparing.end()
        self.holding.release()
        self.filmstrip.choose_row(len(self.film.shots) - 1)

    def _show_framed(self, shot: Shot) -> None:
        """Show the picture in the frame of the comparison below it, with its histogram."""
        self.filmstrip.select(shot)
        self._show_shot(shot)

    def _show_live_or_newest(self) -> None:
        if self._status.is_live_wanted:
            self.viewing.show_live()
        else:
            self.filmstrip.follow()
            self._show_newest_if_followed()

    def _go_back(self) -> None:
        """Leave what lies on top, one thing at a time, down to the live picture."""
        if self.help.isVisible():
            self.toggle_help()
        elif self.banner.error is not None:
            self.banner.dismiss()
        elif any(part.go_back() for part in self.parts):
            pass
        elif self.picture.scale:
            self.picture.set_zoomed(False)
        elif self.is_picture_only:
            self.toggle_picture_only()
        elif not self.viewing.shows_live:
            self._show_live_or_newest()
        self.picture.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what hands and keys ask for

    def _set(self, setting_id: SettingId, wanted: Choice | str) -> None:
        def kept(setting: Setting) -> None:
            self.panel.exposure.settle(setting_id, setting)
            if isinstance(self.banner.error, (SettingRefusedError, UsageError)):
                self.banner.dismiss()

        def refused(error: GroundglassError) -> None:
            self.panel.exposure.settle(setting_id, None)
            self._tell(error)

        self.bridge.watch(self._desk.set(setting_id, wanted), kept, refused)

    def _free_camera(self) -> None:
        """Make the other program let go; the camera connects by itself then, and the banner goes."""
        self._watch(self._desk.free_camera())

    def _toggle_live(self) -> None:
        if not self._status.is_live_wanted:
            self._watch(self._desk.start_live())
        elif not self.viewing.shows_live:
            self.viewing.show_live()
        else:
            self._watch(self._desk.stop_live())

    def _toggle_clipping(self) -> None:
        self._use(replace(self._tools, clipping=not self._tools.clipping))

    def _step_peaking(self) -> None:
        self._use(replace(self._tools, peaking=self._tools.peaking.following))

    def _toggle_false_color(self) -> None:
        self._use(replace(self._tools, false_color=not self._tools.false_color))

    def _change_tools(self, change: Callable[[PictureTools], PictureTools]) -> None:
        self._use(change(self._tools))

    def _use(self, tools: PictureTools) -> None:
        self._tools = tools
        self.panel.histogram.set_thresholds(tools.low, tools.high)
        self.panel.histogram.show_clipping_marked(tools.clipping)
        self.viewing.show_tools(tools)
        self._show_legend()

    def _show_legend(self) -> None:
        """Explain the false colours while they are to be seen."""
        wears_them = self._tools.false_color and not self.viewing.is_empty and not self.picture.is_zoomed
        self.legend.set_shown(wears_them)

    def _toggle_histogram_scale(self) -> None:
        self.panel.set_logarithmic(not self.panel.histogram.is_logarithmic)

    def _watch(self, future: Future[Any]) -> None:
        self.bridge.watch(future, failed=self._tell)

    # ---- trouble

    def _tell(self, error: GroundglassError) -> None:
        """Show an error in the banner, with one thing to do about it where there is one."""
        if error is self.banner.error:
            return  # of a release: the studio has told it already, with what to do
        if isinstance(error, CameraHeldError):
            self.banner.tell(error, "Free the camera", self._free_camera)
            return
        if isinstance(error, SessionError) and self._desk.session_path is None:
            self.offer_folder(error)
            return
        if self.empty.isVisible() and str(error) == self._status.message:
            return  # the empty state says it already
        if self.empty.isVisible():
            self.empty.show_starting(False)
            self.banner.tell(error)  # the button to begin is there already
        elif isinstance(error, NoCameraError) and is_waiting(self._status):
            self.banner.tell(error, "Start the virtual camera", self.start_virtual_camera)
        elif isinstance(error, CaptureError) and self._status.state.is_connected:
            self.banner.tell(error, "Release again", self.shutter.fire)
        else:
            self.banner.tell(error)

    def _tell_lost_screen(self) -> None:
        key = self.keys.label(ActionId.CLIENT_WINDOW)
        self._tell(
            GroundglassError("The client's screen is gone, and its window with it.", f"{key} opens it here.")
        )

    def _tell_with(
        self, error: GroundglassError, words: str = "", act: Callable[[], None] | None = None
    ) -> None:
        self.banner.tell(error, words, act)

    def _virtual_camera_failed(self, error: GroundglassError) -> None:
        self._starts_live = False
        self.empty.show_starting(False)
        self.banner.tell(error)


def _is_over(solved: ProblemSolved, error: GroundglassError) -> bool:
    """Tell whether an error was about the disk, or the connection, that works again."""
    if solved.of_disk:
        return isinstance(error, DiskFullError | DiskFailedError)
    others = (SettingRefusedError, CaptureError, UnsupportedError)
    return isinstance(error, CameraError) and not isinstance(error, others)


def _without_argument(deed: Callable[[], object]) -> Callable[..., None]:
    """Drop the `checked` that Qt sends with `triggered`."""

    def do(*_: object) -> None:
        deed()

    return do
