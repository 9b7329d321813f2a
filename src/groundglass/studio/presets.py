"""Exposures with a name: "flash", "ambient"; kept among the preferences, as they would be typed."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from groundglass.errors import GroundglassError, NoCameraError, UsageError
from groundglass.model.setting import Setting, SettingId
from groundglass.studio.history import History

if TYPE_CHECKING:
    from groundglass.studio.studio import Studio

# In the order in which they are set: a mode and a white balance decide what the others may be.
_HELD = (
    SettingId.WHITE_BALANCE,
    SettingId.COLOR_TEMPERATURE,
    SettingId.SHUTTER,
    SettingId.APERTURE,
    SettingId.ISO,
    SettingId.EXPOSURE_COMPENSATION,
)


class Presets:
    """Any thread may call; what asks the camera gives a Future."""

    def __init__(self, studio: Studio, history: History) -> None:
        self._studio, self._history = studio, history
        self._jobs = ThreadPoolExecutor(max_workers=1, thread_name_prefix="presets")

    @property
    def all(self) -> dict[str, str]:
        """Return the presets: name and settings, in the order in which they were saved."""
        return dict(self._studio.chosen.now.presets)

    def save(self, name: str) -> Future[None]:
        """Keep the exposure that is set now under a name; the Future ends when it is written.

        Raises UsageError without a name, NoCameraError without a camera. If it cannot be written it holds
        until the program ends, and the Future fails with SessionError.
        """
        name = name.strip()
        if not name:
            raise UsageError("A preset needs a name.", "Write one, as flash or ambient.")
        status = self._studio.status
        settings = [one for wanted in _HELD if (one := status.setting(wanted)) is not None and _can_keep(one)]
        if not settings:
            raise NoCameraError("There is no exposure to keep.", "Connect a camera first.")
        words = "; ".join(f"{one.id.value}={one.label}" for one in settings)
        return self._keep(self.all | {name: words})

    def remove(self, name: str) -> Future[None]:
        """Forget a preset, which can be taken back until another session is opened.

        Raises UsageError if there is none of this name. The Future is as in `save`.
        """
        words, place = self._words(name), list(self.all).index(name)
        self._history.note(partial(self._bring_back, name, words, place))
        return self._keep({one: words for one, words in self.all.items() if one != name})

    def apply(self, name: str) -> Future[tuple[str, ...]]:
        """Set what a preset holds; the Future gives a sentence for each value that did not come about."""
        return self._jobs.submit(self._apply, name)

    def close(self) -> None:
        self._jobs.shutdown()

    def _bring_back(self, name: str, words: str, place: int) -> Future[str] | None:
        """Bring a forgotten preset back to its place; None: there is a new one of its name."""
        if name in self.all:
            return None
        presets = list(self.all.items())
        presets.insert(place, (name, words))
        back: Future[str] = Future()

        def tell(written: Future[None]) -> None:
            if (error := written.exception()) is not None:
                back.set_exception(error)
            else:
                back.set_result(f"Back: preset “{name}”")

        self._keep(dict(presets)).add_done_callback(tell)
        return back

    def _apply(self, name: str) -> tuple[str, ...]:
        failed = []
        for text in self._words(name).split(";"):
            setting, _, value = text.strip().partition("=")
            try:
                self._set(SettingId(setting), value)
            except ValueError:
                failed.append(f"There is no setting “{setting}”.")
            except NoCameraError:
                raise
            except GroundglassError as err:
                failed.append(err.message)
        return tuple(failed)

    def _set(self, setting_id: SettingId, value: str) -> None:
        now = self._studio.status.setting(setting_id)
        if now is None or now.label != value:
            # However long the camera is busy: its client ends what it asks, and a lost camera ends it too.
            self._studio.set(setting_id, value, keeps_exposure=False).result()

    def _words(self, name: str) -> str:
        if name not in self.all:
            known = ", ".join(self.all) or "none yet"
            raise UsageError(f"There is no preset “{name}”.", f"There are: {known}.")
        return self.all[name]

    def _keep(self, presets: dict[str, str]) -> Future[None]:
        return self._studio.chosen.change(presets=tuple(presets.items()))


def _can_keep(setting: Setting) -> bool:
    return setting.current is not None and not setting.read_only
