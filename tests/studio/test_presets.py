"""Presets and equivalent exposures on the virtual camera."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from groundglass.errors import NoCameraError, UsageError
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.studio.chosen import Chosen
from groundglass.studio.studio import Studio
from virtual_camera import VirtualCamera

_PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    yield studio
    studio.close()


@pytest.fixture
def desk(studio: Studio, camera: VirtualCamera) -> Studio:
    changed = threading.Condition()

    def note(_event: object) -> None:
        with changed:
            changed.notify_all()

    studio.subscribe(note)
    studio.connect(camera.address).result()
    with changed:
        assert changed.wait_for(lambda: studio.status.state.is_connected, _PATIENCE_S)
    for setting, value in ((SettingId.SHUTTER, "1/125"), (SettingId.APERTURE, "f/8"), (SettingId.ISO, "400")):
        studio.set(setting, value).result(_PATIENCE_S)
    return studio


def _labels(camera: VirtualCamera) -> list[str]:
    settings = camera.state()["settings"]
    return [settings["shutter"]["label"], f"f/{settings['aperture']:g}", f"ISO {settings['iso']:.0f}"]


def test_a_preset_brings_its_exposure_back(desk: Studio, camera: VirtualCamera) -> None:
    desk.presets.save("ambient")
    for setting, value in ((SettingId.SHUTTER, "1/60"), (SettingId.APERTURE, "f/4"), (SettingId.ISO, "100")):
        desk.set(setting, value).result(_PATIENCE_S)

    failed = desk.presets.apply("ambient").result(_PATIENCE_S)

    assert failed == ()
    assert _labels(camera) == ["1/125", "f/8", "ISO 400"]


def test_a_preset_outlives_the_program_and_can_be_forgotten(desk: Studio) -> None:
    desk.presets.save("flash").result(_PATIENCE_S)

    again = Chosen(desk.chosen.path)
    assert [name for name, _ in again.now.presets] == ["flash"]
    again.close()

    desk.presets.remove("flash").result(_PATIENCE_S)
    again = Chosen(desk.chosen.path)
    assert again.now.presets == ()
    again.close()


def test_a_forgotten_preset_comes_back_to_its_place_unless_there_is_a_new_one(desk: Studio) -> None:
    for name in ("flash", "ambient", "rim"):
        desk.presets.save(name)
    before = desk.presets.all
    desk.presets.remove("ambient")

    assert desk.undo().result(_PATIENCE_S) == "Back: preset “ambient”"
    assert list(desk.presets.all.items()) == list(before.items())
    desk.presets.remove("ambient")
    desk.presets.save("ambient")

    with pytest.raises(UsageError, match="nothing to take back"):
        desk.undo().result(_PATIENCE_S)


def test_what_this_camera_can_not_do_is_told_and_the_rest_is_set(desk: Studio, camera: VirtualCamera) -> None:
    desk.chosen.change(presets=(("odd", "shutter=1/60; aperture=wide; tilt=3"),))

    failed = desk.presets.apply("odd").result(_PATIENCE_S)

    assert len(failed) == 2
    assert _labels(camera)[0] == "1/60"


def test_a_preset_waits_as_long_as_the_camera_is_busy(
    desk: Studio, camera: VirtualCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.presets.save("ambient")
    for setting, value in ((SettingId.SHUTTER, "1/60"), (SettingId.ISO, "100")):
        desk.set(setting, value).result(_PATIENCE_S)
    ask = desk.set

    class Slow(Future[Setting]):
        """Outlasts whoever does not wait to the end."""

        def result(self, timeout: float | None = None) -> Setting:
            if timeout is not None:
                raise TimeoutError
            return super().result(_PATIENCE_S)

    def ask_slowly(setting_id: SettingId, wanted: Choice | str, *, keeps_exposure: bool | None) -> Slow:
        slow = Slow()
        asked = ask(setting_id, wanted, keeps_exposure=keeps_exposure)
        asked.add_done_callback(lambda done: slow.set_result(done.result()))
        return slow

    monkeypatch.setattr(desk, "set", ask_slowly)

    assert desk.presets.apply("ambient").result(_PATIENCE_S) == ()
    assert _labels(camera) == ["1/125", "f/8", "ISO 400"]


def test_without_a_camera_there_is_nothing_to_keep(studio: Studio) -> None:
    with pytest.raises(NoCameraError):
        studio.presets.save("flash")
    with pytest.raises(UsageError):
        studio.presets.apply("flash").result()


def test_a_kept_exposure_opens_the_aperture_for_a_faster_shutter(desk: Studio, camera: VirtualCamera) -> None:
    desk.keep_exposure(True)

    kept = desk.set(SettingId.SHUTTER, "1/500").result(_PATIENCE_S)

    assert kept.label == "1/500"
    assert _labels(camera) == ["1/500", "f/4", "ISO 400"]


def test_at_the_end_of_the_dials_the_exposure_stays_as_it_was(desk: Studio, camera: VirtualCamera) -> None:
    sensitivity = desk.status.setting(SettingId.ISO)
    assert sensitivity is not None
    desk.set(SettingId.ISO, sensitivity.choices[-1]).result(_PATIENCE_S)
    before = _labels(camera)
    desk.keep_exposure(True)

    with pytest.raises(UsageError, match="Nothing can make up"):
        desk.set(SettingId.SHUTTER, "1/8000").result(_PATIENCE_S)

    assert _labels(camera) == before
