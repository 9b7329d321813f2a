"""The section "Camera": the seldom settings, the focus drive, kept exposures and presets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from groundglass.desktop.actions import ActionId
from groundglass.desktop.bridge import Bridge
from groundglass.desktop.desk import Desk
from groundglass.desktop.dial_setting import DialSetting
from groundglass.desktop.part import Deeds, Part
from groundglass.desktop.widgets.camera_section import CameraSection
from groundglass.desktop.widgets.exposure_panel import ExposurePanel
from groundglass.errors import GroundglassError, SettingRefusedError
from groundglass.model.camera import CameraStatus, Capability


class CameraHandling(Part):
    """Passes on what the section asks for. User-interface thread."""

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        section: CameraSection,
        exposure: ExposurePanel,
        setter: DialSetting,
        bring: Callable[[QWidget], None],
        say_gone: Callable[[str], None],
        tell: Callable[[GroundglassError], None],
        parent: QObject,
    ) -> None:
        """bring: shows a part of the section, whatever hides it.  say_gone: says what can be taken back."""
        super().__init__(parent)
        self._desk, self._bridge, self._tell = desk, bridge, tell
        self._section, self._exposure, self._bring = section, exposure, bring
        self._say_gone = say_gone
        for dial in section.dials.values():
            setter.serve(dial)
        section.focus_wanted.connect(lambda step: self._watch(desk.drive_focus(step)))
        section.autofocus.turned.connect(lambda is_on: self._watch(desk.chosen.change(autofocus=is_on)))
        section.keep.turned.connect(self._keep_exposure)
        section.save_wanted.connect(self._save)
        section.forget_wanted.connect(self._forget)
        section.reached.connect(bring)
        section.preset_wanted.connect(self._apply)
        self._unsubscribe = desk.chosen.subscribe(lambda _now: bridge.call(self._show_chosen))
        self._show_chosen()
        self._show_kept(desk.keeps_exposure)

    def deeds(self) -> Deeds:
        return {
            ActionId.KEEP_EXPOSURE: lambda: self._keep_exposure(not self._desk.keeps_exposure),
            ActionId.PRESETS: self._go_to_presets,
            ActionId.AUTOFOCUS: lambda: self._watch(self._desk.autofocus()),
            ActionId.FOCUS_NEARER: lambda: self._watch(self._desk.drive_focus(-1)),
            ActionId.FOCUS_FARTHER: lambda: self._watch(self._desk.drive_focus(1)),
        }

    def show_status(self, status: CameraStatus) -> None:
        is_there = status.state.is_connected
        for setting_id, dial in self._section.dials.items():
            dial.show_setting(status.setting(setting_id) if is_there else None)
        for button in (*self._section.presets.values(), self._section.save):
            button.setEnabled(is_there)
        self._section.show_focus(is_there, Capability.FOCUS_DRIVE in status.capabilities)

    def close(self) -> None:
        self._unsubscribe()

    def _keep_exposure(self, keeps: bool) -> None:
        self._desk.keep_exposure(keeps)
        self._show_kept(keeps)

    def _show_kept(self, keeps: bool) -> None:
        self._section.keep.show_on(keeps)
        self._exposure.show_linked(keeps)

    def _save(self, name: str) -> None:
        try:
            self._watch(self._desk.presets.save(name))
        except GroundglassError as error:
            self._tell(error)
        self._section.show_presets(self._desk.presets.all)

    def _forget(self, name: str) -> None:
        self._watch(self._desk.presets.remove(name))
        self._section.show_presets(self._desk.presets.all)
        self._say_gone(f"Preset “{name}” is forgotten")

    def _apply(self, name: str) -> None:
        def told(failed: tuple[str, ...]) -> None:
            if failed:
                self._tell(SettingRefusedError(" ".join(failed), f"The rest of “{name}” is set."))

        self._bridge.watch(self._desk.presets.apply(name), told, self._tell)

    def _go_to_presets(self) -> None:
        """Give the keys to the name, whatever is there already: what is typed next never fires."""
        self._bring(self._section.name)
        self._section.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_chosen(self) -> None:
        self._section.autofocus.show_on(self._desk.chosen.now.autofocus)
        if list(self._section.presets) != list(self._desk.presets.all):
            self._section.show_presets(self._desk.presets.all)

    def _watch(self, future: Any) -> None:
        self._bridge.watch(future, failed=self._tell)
