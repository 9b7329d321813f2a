"""What the photographer sets on the camera; what belongs together is set together, or not at all."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import cast

from groundglass.camera import messages as msg
from groundglass.errors import GroundglassError, UsageError
from groundglass.model.equivalent import TRIANGLE, compensate
from groundglass.model.matching import find_choice
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.studio import white
from groundglass.studio.connection import Connection, no_camera, refused


class Settings:
    """Any thread may call; what takes two settings waits for the camera on a thread of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pairs = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pairs")
        self.keeps_exposure = False  # shutter, aperture and ISO make up for each other

    def set(
        self, setting_id: SettingId, wanted: Choice | str, *, keeps_exposure: bool | None
    ) -> Future[Setting]:
        """Set one setting, and another that makes up for it if that is asked for; see Studio.set."""
        status = self._connection.status
        try:
            setting = status.setting(setting_id)
            if isinstance(wanted, str):
                if setting is None:
                    raise self._unknown(setting_id)
                wanted = find_choice(setting, wanted)
            keeps = self.keeps_exposure if keeps_exposure is None else keeps_exposure
            if keeps and setting is not None and setting_id in TRIANGLE:
                settings = {one.id: one for one in status.settings}
                other, compensation = compensate(settings, setting_id, wanted)
                return self._pairs.submit(self._set_both, setting, wanted, other, compensation)
        except GroundglassError as err:
            return refused(err)
        return cast("Future[Setting]", self._connection.ask(msg.Set(setting_id, wanted.raw)))

    def use_kelvin(self, kelvin: float) -> Future[Setting]:
        """Balance the pictures for this temperature, or the nearest that the body offers."""
        try:
            white.check(self._connection.status)
        except GroundglassError as err:
            return refused(err)
        return self._pairs.submit(self._use_kelvin, kelvin)

    def close(self) -> None:
        self._pairs.shutdown()

    # ---- the thread of its own

    def _set_both(self, turned: Setting, wanted: Choice, other: SettingId, compensation: Choice) -> Setting:
        """Set a value and the one that makes up for it; if that is refused, the first goes back."""
        kept = self._set_now(turned.id, wanted)
        try:
            self._set_now(other, compensation)
        except GroundglassError:
            if turned.current is not None:
                self._set_now(turned.id, turned.current)
            raise
        return kept

    def _use_kelvin(self, kelvin: float) -> Setting:
        """Set the mode and its temperature; if that is refused, the mode goes back.

        Some bodies tell only in that mode what they take.
        """
        balance = self._connection.status.setting(SettingId.WHITE_BALANCE)
        mode = white.kelvin_mode(self._connection.status)
        if mode is not None:
            self._set_now(SettingId.WHITE_BALANCE, mode)
        try:
            temperature = self._connection.status.setting(SettingId.COLOR_TEMPERATURE)
            if temperature is None:
                raise self._unknown(SettingId.COLOR_TEMPERATURE)
            return self._set_now(SettingId.COLOR_TEMPERATURE, white.nearest(temperature, kelvin))
        except GroundglassError:
            if mode is not None and balance is not None and balance.current is not None:
                self._set_now(SettingId.WHITE_BALANCE, balance.current)
            raise

    def _set_now(self, setting_id: SettingId, choice: Choice) -> Setting:
        return cast("Setting", self._connection.ask(msg.Set(setting_id, choice.raw)).result())

    def _unknown(self, setting_id: SettingId) -> GroundglassError:
        status = self._connection.status
        if not status.state.is_connected:
            return no_camera()
        offered = ", ".join(one.id.value for one in status.settings if not one.id.is_status)
        return UsageError(f"This camera has no {setting_id.words}.", f"It has {offered}.")
