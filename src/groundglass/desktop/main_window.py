"""The window at work: it makes its parts, tells each what the studio says, and gives their keys to hands.

Longer than most modules: it names every part, once, with all that the part is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
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
from groundglass.desktop.dial_setting import DialSetting
from groundglass.desktop.distance import Distance
from groundglass.desktop.exporting import Exporting
from groundglass.desktop.exposing import Exposing
from groundglass.desktop.filtering import Filtering
from groundglass.desktop.following import Following
from groundglass.desktop.framing_tools import FramingTools
from groundglass.desktop.freezing import Freezing
from groundglass.desktop.going_live import GoingLive
from groundglass.desktop.holding import Holding
from groundglass.desktop.keys import Keys
from groundglass.desktop.keywording import Keywording
from groundglass.desktop.last_frame import LastFrame
from groundglass.desktop.leaving import Leaving
from groundglass.desktop.levelling import Levelling
from groundglass.desktop.light_judging import LightJudging
from groundglass.desktop.live_aim import LiveAim
from groundglass.desktop.log_window import LogKeeping
from groundglass.desktop.outside import Outside
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.picture_tools import PictureTools
from groundglass.desktop.preferring import Preferring
from groundglass.desktop.raw_headroom import RawHeadroom
from groundglass.desktop.raw_judging import RawJudging
from groundglass.desktop.reviewing import Reviewing
from groundglass.desktop.running_out import RunningOut
from groundglass.desktop.selecting import Selecting
from groundglass.desktop.session_film import SessionFilm
from groundglass.desktop.session_keeping import SessionKeeping
from groundglass.desktop.shutter import Shutter
from groundglass.desktop.sizing import Sizing
from groundglass.desktop.sounds import Sounds
from groundglass.desktop.table_view import TableView
from groundglass.desktop.telling import Telling
from groundglass.desktop.theme import Theme
from groundglass.desktop.tool_choosing import ToolChoosing
from groundglass.desktop.trashing import Trashing
from groundglass.desktop.undoing import Undoing
from groundglass.desktop.viewing import Viewing
from groundglass.desktop.white_picking import WhitePicking
from groundglass.desktop.widgets.camera_section import CameraSection
from groundglass.desktop.widgets.copies_section import CopiesSection
from groundglass.desktop.widgets.details_section import DetailsSection
from groundglass.desktop.widgets.fields import Field
from groundglass.desktop.widgets.filter_section import FilterSection
from groundglass.desktop.widgets.framing_section import FramingSection
from groundglass.desktop.widgets.hint import Hint
from groundglass.desktop.widgets.keywords_section import KeywordsSection
from groundglass.desktop.widgets.next_frames_section import NextFramesSection
from groundglass.desktop.widgets.picture_chip import PictureChip
from groundglass.desktop.widgets.session_section import SessionSection
from groundglass.desktop.widgets.trash_section import TrashSection
from groundglass.desktop.window_layout import WindowLayout
from groundglass.errors import GroundglassError, SessionError
from groundglass.model.camera import CameraStatus
from groundglass.model.shot import Shot
from groundglass.studio.events import Event, StatusChanged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_ABOVE_CAPTION_PX = 64


class MainWindow(WindowLayout):
    """Holds no logic about the camera: every state is the studio's, every wish goes to the studio."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        theme = replace(theme)  # this window's own: it may become another
        super().__init__(theme)
        self.theme = theme
        self._desk = desk
        self._status = CameraStatus()
        self._is_closed = False
        self.bridge = Bridge(self)
        self.bridge.listen(desk.subscribe)  # first: what happens from here on is told behind what is read
        self.keys = Keys(self)
        self.shutter = Shutter(desk, self.bridge, self)
        self.telling = Telling(
            desk,
            self.bridge,
            self.banner,
            self.empty,
            lambda: self._status,
            self.shutter.fire,
            self.start_virtual_camera,
            self._choose_folder,
            self,
        )
        tell = self.telling.answer
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
        self.tooling = ToolChoosing(self.viewing, self.picture, self.panel, self.legend, self)
        self.undoing = Undoing(
            desk, self.bridge, PictureChip(theme, self.picture, above_px=_ABOVE_CAPTION_PX), self.keys, tell
        )
        setter = DialSetting(desk, self.bridge, self.banner, tell, self)
        setter.done.connect(self.give_keys_back)
        self.exposing = Exposing(self.panel.exposure, setter, self.bring_panels, self)
        self.going_live = GoingLive(
            desk, self.bridge, self.viewing, self.panel, self.empty, self.banner, tell, self
        )
        self.aim = LiveAim(desk, self.bridge, tell)
        self.light_judging = LightJudging(
            self.viewing, self.picture, self.panel, self.spot_readout, self.tooling.change, self.aim, self
        )
        self.raw_judging = RawJudging(
            self.headroom, self.panel, self.exposing.set_alone, self.keys, tell, self
        )
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
        self.keeping = SessionKeeping(
            desk,
            self.bridge,
            section,
            next_frames,
            theme,
            tell,
            self.telling.answer_with,
            self.telling.offer_folder,
            self.banner.take_back,
            self,
        )
        framing_section = FramingSection(theme)
        self.framing = FramingTools(
            self.bridge,
            self.picture,
            framing_section,
            lambda: self.film.newest,
            lambda: self.session.path,
            tell,
        )
        self.levelling = Levelling(
            self.viewing,
            self.picture,
            framing_section,
            Hint(theme, self.picture),
            self.keys,
            self._uncover,
            tell,
        )
        self.freezing = Freezing(self.viewing, self.picture, self.frozen_chip, self.keys, tell)
        self.last_frame = LastFrame(
            self.bridge, self.film, lambda: self.session.path, self.viewing, self.inset
        )
        self.distance = Distance(self.large_values)
        self.side.add("Camera", camera := CameraSection(theme), margin_px=0)
        self.handling = CameraHandling(
            desk,
            self.bridge,
            camera,
            self.panel.exposure,
            setter,
            partial(self.bring_section, "Camera"),
            self.undoing.say_gone,
            tell,
            self,
        )
        camera.done.connect(self.give_keys_back)
        self.preferring = Preferring(desk, self.bridge, theme, self.keys, tell, self)
        self.side.add("Framing", framing_section)
        self.filter = FilterSection(theme)
        self.side.add("Filter", self.filter)
        self.comparing = Comparing(
            self.bridge, self.film, self.filmstrip, self.compare, lambda: self.session.path, tell
        )
        self.holding = Holding(self.filmstrip, self.viewing, self.keys)
        self.filtering = Filtering(self.bridge, self.film, self.filter, self.viewing)
        self.filtering.hidden_changed.connect(self.holding.show_hidden)
        self.selecting = Selecting(self.filmstrip, self.viewing)
        self.table = TableView(self.light_table, self.filmstrip, self.viewing, self.comparing.end)
        self.sizing = Sizing(
            self.film, self.filmstrip, self.light_table, self.panel, self.side, self.filter, self
        )
        self.reviewing = Reviewing(
            desk, self.film, self.filmstrip, self.viewing, tell, lambda: self.comparing.shot
        )
        self.outside = Outside(
            self.viewing, lambda: self.session.path, tell, (self.picture, self.filmstrip), self.keys
        )
        self.exporting = Exporting(
            desk,
            self.bridge,
            self.film,
            self.filmstrip,
            self.status_line,
            self.banner,
            lambda: self.session.path,
            lambda: theme,
            self,
        )
        keywords = KeywordsSection(theme)
        self.side.add("Keywords", keywords)
        self.keywording = Keywording(
            desk,
            self.film,
            self.filmstrip,
            self.viewing,
            keywords,
            partial(self.bring_section, "Keywords"),
            self.reviewing.shots,
            tell,
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
            self.banner,
            self.reviewing.shots,
            lambda: self.session.path,
            self.undoing.say_gone,
            tell,
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
            self._uncover,
            tell,
        )
        self.panel.exposure.pick.clicked.connect(self.white.pick)
        self.sounds = Sounds(lambda: desk.chosen.now.sounds, self)
        self.logging = LogKeeping(desk, self.bridge, lambda: theme, self)
        self.leaving = Leaving(desk, self.banner, self.close, self.exporting.leaving, self)
        self.parts: tuple[Part, ...] = (
            self.exposing,
            self.tooling,
            self.glance,
            self.white,
            self.raw_judging,
            self.aim,
            self.light_judging,
            self.client,
            self.comparing,
            self.levelling,
            self.selecting,  # before the table: Esc takes back what is selected on it, then closes it
            self.table,
            self.sizing,
            self.holding,
            self.keeping,
            self.handling,
            self.framing,
            self.freezing,
            self.last_frame,
            self.distance,
            self.preferring,
            self.reviewing,
            self.keywording,
            self.trashing,
            self.undoing,
            Detailing(desk, self.bridge, self.film, self.viewing, self.details, lambda: self.session.path),
            self.filtering,
            self.outside,
            self.exporting,
            self.logging,
            self.leaving,
            self.sounds,
            RunningOut(self.banner, self),
        )
        self.side.fold(("Next frames", "Camera", "Framing"))  # once a job, at most
        self.arranging = Arranging(desk, self.bridge, self, framing_section)
        self.session.loaded.connect(self.arranging.follow)
        self.session.loaded.connect(self.reviewing.fetch)
        self.following = Following(
            self.session,
            self.film,
            self.filmstrip,
            self.light_table,
            self.viewing,
            self.picture,
            self.headroom,
            self.comparing,
            self.holding,
            self,
        )
        self.parts = (*self.parts, self.arranging, self.following, self.going_live, self.telling)
        self.show_parts()
        self._add_keys()
        self._connect_parts()
        self._show_status(desk.status)
        self.arranging.begin()
        self.session.start()
        self.picture.setFocus()

    @property
    def status(self) -> CameraStatus:
        return self._status

    @property
    def tools(self) -> PictureTools:
        return self.tooling.tools

    def use_tools(self, tools: PictureTools) -> None:
        """Paint these into the picture from now on."""
        self.tooling.use(tools)

    def start_virtual_camera(self) -> None:
        """Start the virtual camera and, as soon as it is there, its live picture."""
        self.going_live.start_virtual_camera()

    def start_live_when_ready(self) -> None:
        """Start the live view as soon as a camera is connected."""
        self.going_live.start_when_ready()

    def tell_passed_over(self, preferences: Sequence[SessionError]) -> None:
        """Say which preferences make no sense."""
        self.telling.tell_passed_over(preferences)

    def tell_mended(self, sentences: Sequence[str]) -> None:
        """Say what was found and mended when the session was opened."""
        self.telling.tell_mended(sentences)

    def offer_folder(self, error: SessionError) -> None:
        """Say why no picture can be stored, and offer to choose another folder."""
        self.telling.offer_folder(error)

    def await_session(self, opening: Future[Path]) -> None:
        """Open on a session that is not open yet, and say so if its disk does not answer."""
        self.tell_mended(self._desk.recovered)  # it was opened before anyone listened, perhaps
        self.keeping.watch_opening(opening, failed=self.telling.tell)

    def give_keys_back(self) -> None:
        """Give the keys to what is looked at: a compared picture, the light table, or the picture."""
        below = self.light_table if self.light_table.isVisible() else self.picture
        looked_at = self.comparing.framed_pane or below
        looked_at.setFocus(Qt.FocusReason.OtherFocusReason)

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
        self.panel.release.pressed.connect(self.shutter.press_button)
        self.panel.release.released.connect(self.shutter.let_go)
        self.panel.release.clicked.connect(self.shutter.click_button)
        self.viewing.problem.connect(self.telling.answer)
        self.headroom.said.connect(self.panel.headroom.say)
        self.filmstrip.done.connect(self.give_keys_back)
        for field in self.side.findChildren(Field):
            field.done.connect(self.give_keys_back)
        self.shutter.failed.connect(self.telling.answer)
        self.shutter.progressed.connect(self._show_exposure)
        self.session.facts_changed.connect(self.glance.show_facts)
        self.session.loaded.connect(lambda: self.viewing.show_session(self.session.path is not None))
        self.client.screen_lost.connect(self._tell_lost_screen)
        self.picture.framed.connect(self.client.show_framing)
        self.picture.turn_changed.connect(self.comparing.turn)
        self.comparing.ended.connect(self.give_keys_back)
        self.freezing.held.connect(self.light_judging.hold)
        self.picture.turn_changed.connect(self.last_frame.turn)

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
        deeds: Deeds = {
            ActionId.RELEASE: self.shutter.press_key,
            ActionId.PICTURE_ONLY: self.toggle_picture_only,
            ActionId.PANELS: self.toggle_panels,
            ActionId.NEXT_CONTROL: self.focusNextChild,
            ActionId.PREVIOUS_CONTROL: self.focusPreviousChild,
            ActionId.BACK: self._go_back,
            ActionId.HELP: self.toggle_help,
            ActionId.QUIT: self.close,
        }
        for part in self.parts:
            deeds |= part.deeds()
        return deeds

    # ---- what the studio says

    def _take_event(self, event: Event) -> None:
        for part in self.parts:
            part.take_event(event)
        if isinstance(event, StatusChanged):
            self._show_status(event.status)

    def _show_status(self, status: CameraStatus) -> None:
        self._status = status
        self.panel.release.setEnabled(status.state.is_connected)
        self.film.follow_transfer(status.transfer)
        self.shutter.show_status(status)
        self.viewing.show_status(status)
        for part in self.parts:
            part.show_status(status)
        self._show_title(status)

    def _show_title(self, status: CameraStatus) -> None:
        """Say in the title what is connected, or what is being done about it."""
        model = status.info.model if status.info else ""
        words = status.message or model
        self.setWindowTitle(f"{words} \N{EN DASH} Groundglass" if words else "Groundglass")

    def _show_exposure(self, share: float | None, words: str) -> None:
        self.panel.release.show_exposure(share)
        self.panel.release.say(words)
        self.picture.show_exposure(share)

    def _thumbnail_of(self, shot: Shot) -> NDArray[np.uint8] | None:
        known = self.film.known_thumbnail(shot.number)
        return known.largest if known is not None else None

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
            self.following.go_on()
        self.give_keys_back()

    def _uncover(self) -> bool:
        """Take off what lies over the picture; tell whether anything did."""
        was_compared = self.comparing.end()
        return self.table.end() or was_compared

    def _choose_folder(self, error: SessionError) -> None:
        self.keeping.ask_instead(lambda: self.telling.offer_again(error))  # the reason stands again

    def _tell_lost_screen(self) -> None:
        key = self.keys.label(ActionId.CLIENT_WINDOW)
        self.telling.tell(
            GroundglassError("The client's screen is gone, and its window with it.", f"{key} opens it here.")
        )


def _without_argument(deed: Callable[[], object]) -> Callable[..., None]:
    """Drop the `checked` that Qt sends with `triggered`."""

    def do(*_: object) -> None:
        deed()

    return do
