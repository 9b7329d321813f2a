"""The settings of one body: read, set, read back, and read again when the body says that they changed."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from groundglass.camera import messages as msg
from groundglass.camera.dialects import habits
from groundglass.camera.dialects.capture_target import card_choice
from groundglass.camera.dialects.settings import (
    AUTO_ISO,
    AUTO_ISO_SWITCH,
    SETTING_OF_WIDGET,
    WIDGETS,
    best,
    choice_of,
    hides_its_choices,
    setting_of,
    with_automatic,
)
from groundglass.camera.driver import Driver, read_if_there
from groundglass.camera.looks import Looks
from groundglass.camera.widget import Widget, WidgetKind
from groundglass.errors import (
    CameraBusyError,
    CameraError,
    CameraLostError,
    SettingRefusedError,
    UnsupportedError,
)
from groundglass.model.setting import Setting, SettingId

_log = logging.getLogger(__name__)

_LOOKS_AFTER_MODE = 4
# libgphoto2 believes for 1 s what it read (process.py). An event ends that, but not one that comes over a
# network link while an operation runs (2.5.34, ptpip.c); so what has changed is read once more after that.
_BELIEVED_S = 1.2
_PAUSE_S = 0.010  # between two looks at a body that has not settled yet
_IN_THIS_MODE = "It may not be possible in the camera's present mode."
_TELLING = (CameraBusyError, UnsupportedError)  # refusals whose hint says what can be done
_STATUS_EVERY_S = 10.0  # battery and frames left: not every body announces them
_STATUS = (SettingId.BATTERY, SettingId.SHOTS_LEFT)
_EXPOSURE_EVERY_S = 3.0  # on bodies that announce no change
_EXPOSURE = (SettingId.SHUTTER, SettingId.APERTURE, SettingId.ISO, SettingId.EXPOSURE_COMPENSATION)

_A_FEW = 3  # events: in a burst out of a memory each may be a picture

_CHANGED = re.compile(r'PTP Property ([0-9a-f]+) changed(?:, "([^"]*)" to)?')


class Dials:
    """What can be set on an open body. Part of the worker's loop: the same thread, the same driver."""

    def __init__(
        self,
        driver: Driver,
        send: Callable[[msg.FromWorker], None],
        looks: Looks,
    ) -> None:
        self._driver = driver
        self._send = send
        self._looks = looks
        self._maker = ""
        self.names: frozenset[str] = frozenset()
        self._settings: dict[SettingId, Setting] = {}
        self._dirty: set[SettingId] = set()
        self._again: dict[SettingId, float] = {}  # what to read once more, and when
        self._status_at = 0.0
        self._exposure_at = 0.0

    def __getitem__(self, setting_id: SettingId) -> Setting | None:
        return self._settings.get(setting_id)

    @property
    def all(self) -> tuple[Setting, ...]:
        return tuple(self._settings.values())

    def read_all(self, maker: str) -> None:
        """Read a body that was just opened, and set what is set at every connect."""
        self._maker = maker
        self.names = self._driver.widget_names()
        for setting_id in SettingId:
            self.read(setting_id)
        for name, value in habits.SET_AT_CONNECT.items():
            # Sony's `autofocus` is a button of the body.
            if name in self.names and value in self._driver.read_widget(name).choices:
                self._driver.write_widget(name, value)
        # libgphoto2 keeps this one in a file of its own, not in the camera: it has to be set each time.
        target = self._settings.get(SettingId.CAPTURE_TARGET)
        card = card_choice(target) if target else None
        if card is not None and target is not None and card != target.current:
            self.write(target.widget, card.raw)
            self.read(SettingId.CAPTURE_TARGET)
        self._set_clock()

    @property
    def setting_limit_s(self) -> float | None:
        """How long this body may be silent while something is set; None: as any other."""
        return habits.SETTING_LIMIT_S.get(self._maker)

    def read_status_soon(self) -> None:
        """Read battery and frames left at the next turn of the loop; room on the cards waits for its time."""
        self._dirty.update(one for one in _STATUS if one in self._settings and self._settings[one].widget)

    def _set_clock(self) -> None:
        """Give the body the computer's time, so that pictures of several bodies sort."""
        name = next((one for one in habits.CLOCKS if one in self.names), None)
        if name is None:
            return
        try:
            clock = self._driver.read_widget(name)
            if clock.kind is not WidgetKind.DATE or clock.read_only or clock.value is None:
                return
            if abs(int(clock.value) - time.time()) > habits.CLOCK_TOLERANCE_S:
                self._driver.write_widget(name, str(round(time.time())))
        except CameraLostError:
            raise
        except CameraError as err:
            _log.info("The camera's clock could not be set: %s", err)

    def read(self, setting_id: SettingId) -> Setting | None:
        """Read a setting again; None if the body does not have it now."""
        widget = best(setting_id, self._candidates(setting_id))
        if widget is None and setting_id is SettingId.SHOTS_LEFT:
            widget = self._room()
        if widget is None:
            return None
        setting = setting_of(setting_id, widget)
        before = self._settings.get(setting_id)
        if hides_its_choices(setting_id, widget) and before is not None and len(before.choices) > 1:
            choices = before.choices
            setting = replace(setting, choices=choices, read_only=widget.read_only, reason="")
        if setting_id is SettingId.ISO and AUTO_ISO_SWITCH[0] in self.names:
            switch = read_if_there(self._driver, AUTO_ISO_SWITCH[0])
            setting = with_automatic(setting, switch) if switch is not None else setting
        self._settings[setting_id] = setting
        return setting

    def _room(self) -> Widget | None:
        """Return the frames left as the cards tell them, of a body that has no such setting."""
        left = max((one for one in self.card_rooms() or () if one is not None), default=None)
        return None if left is None else Widget("", WidgetKind.TEXT, str(left), read_only=True)

    def card_rooms(self) -> tuple[int | None, ...] | None:
        """Return how many more frames each card has room for, as Driver.card_rooms; None: it is not known."""
        if self._maker not in habits.TELLS_ROOM:
            return None
        try:
            return self._driver.card_rooms()
        except CameraLostError:
            raise
        except CameraError as err:
            _log.info("The cards do not tell their room: %s", err)
            return None

    def _candidates(self, setting_id: SettingId) -> Iterator[Widget]:
        for name in WIDGETS[setting_id]:
            if name not in self.names:
                continue
            widget = read_if_there(self._driver, name)
            if widget is not None:
                yield widget

    def set(self, request: msg.Set) -> Setting:
        before = self._settings.get(request.setting_id)
        if before is None:
            raise UnsupportedError(
                f"This camera has no {request.setting_id.words} to set over the cable.",
                "Set it on the body.",
            )
        # libgphoto2 keeps a property's read-only flag for 1 s unless the camera's events are taken first.
        self._looks.listen()
        refusal: CameraError | None = None
        try:
            self._write_setting(before, request.raw)
        except CameraLostError:
            raise
        except CameraError as err:
            refusal = err
            _log.info("Setting %s to %s failed: %s", before.widget, request.raw, err)
        kept = self.read(request.setting_id) if refusal else self._settled(request)
        kept = kept or before
        if kept.current is None or not _same(kept.current.raw, request.raw):
            self._send(msg.SettingsChanged((kept,)))
            wanted = choice_of(request.setting_id, request.raw).label
            raise SettingRefusedError(
                f"The camera kept {request.setting_id.words} at {kept.label} instead of {wanted}.",
                refusal.hint if isinstance(refusal, _TELLING) else _IN_THIS_MODE,
            ) from refusal
        self._send(msg.SettingsChanged((kept,)))
        if request.setting_id is SettingId.WHITE_BALANCE and SettingId.COLOR_TEMPERATURE in self._settings:
            # Some bodies take one only in that white balance.
            self._dirty.add(SettingId.COLOR_TEMPERATURE)
            self._again[SettingId.COLOR_TEMPERATURE] = time.monotonic() + _BELIEVED_S
            self.reread()
        if request.setting_id is SettingId.EXPOSURE_MODE:
            # Which settings are free depends on it; some bodies tell so a little later.
            for _ in range(_LOOKS_AFTER_MODE):
                time.sleep(_PAUSE_S)
                self._looks.drain()
            self._dirty.update(self._settings)
            self._again.update(dict.fromkeys(self._settings, time.monotonic() + _BELIEVED_S))
            self.reread()
        return kept

    def _write_setting(self, before: Setting, raw: str) -> None:
        name, on, off = AUTO_ISO_SWITCH
        has_switch = before.id is SettingId.ISO and name in self.names
        if has_switch and raw == AUTO_ISO:
            self.write(name, on)
            return
        was_automatic = has_switch and before.current is not None and before.current.raw == AUTO_ISO
        if was_automatic:
            self.write(name, off)
        try:
            self.write(before.widget, habits.text_to_send(self._maker, before.widget, raw))
        except CameraLostError:
            raise
        except CameraError:
            if was_automatic:
                self.write(name, on)  # as it stood
            raise

    def write(self, name: str, raw: str) -> None:
        other, texts = habits.SET_THROUGH.get(name, ("", {}))
        if other in self.names:
            name, raw = other, texts.get(raw, raw)
        self._driver.write_widget(name, raw)

    def _settled(self, request: msg.Set) -> Setting | None:
        """Read a setting that was set, as soon as the body has taken it over."""
        deadline = time.monotonic() + habits.SETTLING_S.get(self._maker, 0.0)
        while True:
            if self._maker in habits.SETTLING_S:
                self._looks.drain(_A_FEW)
            kept = self.read(request.setting_id)
            current = kept.current if kept else None
            is_taken = current is not None and _same(current.raw, request.raw)
            if is_taken or time.monotonic() >= deadline:
                return kept
            time.sleep(_PAUSE_S)

    def reread(self, *, is_at_rest: bool = False) -> None:
        now = time.monotonic()
        if now - self._status_at > _STATUS_EVERY_S:
            self._status_at = now
            self._dirty.update(one for one in _STATUS if one in self._settings)
        if (
            is_at_rest
            and self._maker in habits.TELLS_NO_CHANGE
            and now - self._exposure_at > _EXPOSURE_EVERY_S
        ):
            self._exposure_at = now
            self._dirty.update(one for one in _EXPOSURE if one in self._settings)
        for due in [one for one, at in self._again.items() if at <= now]:
            del self._again[due]
            self._dirty.add(due)
        if not self._dirty:
            return
        changed = []
        for setting_id in sorted(self._dirty):
            before = self._settings.get(setting_id)
            after = self.read(setting_id)
            if after is not None and after != before:
                changed.append(after)
        self._dirty.clear()
        if changed:
            self._send(msg.SettingsChanged(tuple(changed)))

    def note_change(self, text: str) -> None:
        match = _CHANGED.search(text)
        if match is None:
            return
        for name in (match[2], match[1][-4:]):  # a property without a name comes with zeros in front
            setting_id = SETTING_OF_WIDGET.get(name or "")
            if setting_id is not None:
                changed = {setting_id}
                # A mode dial changes what else may be set.
                if setting_id is SettingId.EXPOSURE_MODE:
                    changed.update(self._settings)
                self._dirty.update(changed)
                self._again.update(dict.fromkeys(changed, time.monotonic() + _BELIEVED_S))
                return


def _same(kept: str, wanted: str) -> bool:
    if kept == wanted:
        return True
    try:
        return abs(float(kept) - float(wanted)) < 1e-6
    except ValueError:
        return False
