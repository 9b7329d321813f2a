"""The trees of real cameras, read from the shared folder where it is present."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

import pytest

from groundglass.camera.dialects.settings import Understanding, understand
from groundglass.camera.dump import read_dump, to_english
from groundglass.model.setting import Setting, SettingId

_FOLDER = Path(__file__).resolve().parents[3] / "shared" / "camera-configs"
_FILES = sorted(_FOLDER.glob("*.txt"))
_EXPOSURE = (SettingId.SHUTTER, SettingId.APERTURE, SettingId.ISO)

pytestmark = pytest.mark.skipif(not _FILES, reason="the recorded camera trees are not here")


def _read(path: Path) -> Understanding:
    text = path.read_bytes().decode("utf-8", "replace")
    return understand(read_dump(text).widgets, to_english())


def _setting(understanding: Understanding, setting_id: SettingId) -> Setting | None:
    return next((one for one in understanding.settings if one.id is setting_id), None)


def _of(name: str, setting_id: SettingId) -> Setting:
    setting = _setting(_read(_FOLDER / f"{name}.txt"), setting_id)
    assert setting is not None
    return setting


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_shutter_aperture_and_iso_are_found_wherever_the_tree_has_them(path: Path) -> None:
    understood = _read(path)
    # A name alone, as a cut log has it, says nothing of values.
    text = path.read_bytes().decode("utf-8", "replace")
    described = set(re.findall(r"^\s*(/main/\S+)\s*\n\s*(?:Label|Type):", text, re.MULTILINE))
    named = {
        SettingId.SHUTTER: ("/main/capturesettings/shutterspeed", "/main/capturesettings/shutterspeed2"),
        SettingId.APERTURE: ("/main/capturesettings/f-number", "/main/capturesettings/aperture"),
        SettingId.ISO: ("/main/imgsettings/iso",),
    }

    for setting_id, paths in named.items():
        if described.intersection(paths):
            assert _setting(understood, setting_id) is not None, setting_id


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_choices_in_the_cameras_order_rise_or_fall_by_whole_steps(path: Path) -> None:
    understood = _read(path)

    for setting_id in (SettingId.SHUTTER, SettingId.APERTURE):
        setting = _setting(understood, setting_id)
        in_order = sorted(setting.choices, key=lambda one: one.position) if setting else []
        numbers = [one.number for one in in_order if one.number is not None]
        pairs = list(itertools.pairwise(numbers))
        assert all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs), setting


def test_less_than_half_a_percent_of_the_choices_is_not_recognised() -> None:
    counted: Counter[str] = Counter()
    for path in _FILES:
        understood = _read(path)
        for setting_id in _EXPOSURE:
            setting = _setting(understood, setting_id)
            for choice in setting.choices if setting else ():
                counted["all"] += 1
                counted["lost"] += choice.value is None and not choice.label.startswith("Unknown value")

    assert counted["all"] > 5000
    assert counted["lost"] / counted["all"] < 0.005


@pytest.mark.parametrize(
    ("camera", "setting_id", "raw", "label"),
    [
        ("nikon-z6", SettingId.SHUTTER, "1/6400", "1/6400"),
        ("nikon-z6", SettingId.SHUTTER, "x 200", "X-sync"),
        ("nikon-coolpix-a", SettingId.SHUTTER, "0.0166s", "1/60"),
        ("nikon-d3300", SettingId.SHUTTER, "65535/65533", "Time"),
        ("canon-eos-r6-2", SettingId.SHUTTER, "10.3", "10 s"),
        ("canon-eos-r6-2", SettingId.SHUTTER, "0.3", "0.3 s"),
        ("canon-eos-r6-2", SettingId.IMAGE_FORMAT, "cRAW + Large Fine JPEG", "cRAW + JPEG large fine"),
        ("canon-powershot-a640", SettingId.SHUTTER, '3"2', "3.2 s"),
        ("fuji-xt4", SettingId.SHUTTER, "2m", "2 min"),
        ("fuji-xt4", SettingId.ISO, "-3", "Auto ISO 3"),
        ("fuji-xt4", SettingId.EXPOSURE_COMPENSATION, "-4.667", "-4 2/3 EV"),
        ("sony-a7m4", SettingId.SHUTTER, "4/10", "0.4 s"),
        ("sony-a7m4", SettingId.IMAGE_FORMAT, "RAW+JPEG (X.Fine)", "RAW + JPEG extra fine"),
        ("sony-a7r3a", SettingId.ISO, "100 Multi Frame Noise Reduction", "ISO 100, multi-frame NR"),
        (
            "sony-a7mr2",
            SettingId.ISO,
            "Rauschunterdrückung bei Auto ISO Mehr Bild",
            "Auto ISO, multi-frame NR",
        ),
        ("canon-eos-m100", SettingId.FOCUS_MODE, "Einzel AF", "AF-S"),
        ("olympus-e-m1-mark-iii", SettingId.SHUTTER, "Composite", "Composite"),
        ("nikon-d5000", SettingId.EXPOSURE_COMPENSATION, "-4666", "-4 2/3 EV"),
    ],
)
def test_known_spellings_get_their_labels(camera: str, setting_id: SettingId, raw: str, label: str) -> None:
    choices = _of(camera, setting_id).choices

    assert [one.label for one in choices if one.raw == raw][:1] == [label]


def test_a_lens_without_electronics_is_a_state() -> None:
    aperture = _of("fuji-xt4", SettingId.APERTURE)

    assert aperture.current is None
    assert "no lens" in aperture.reason


def test_of_two_widgets_with_one_name_the_one_with_choices_is_taken() -> None:
    assert len(_of("sony-a7c", SettingId.ISO).choices) > 20


def test_a_switch_with_the_name_of_a_number_is_no_number() -> None:
    compensation = _setting(_read(_FOLDER / "nikon-d200.txt"), SettingId.EXPOSURE_COMPENSATION)

    assert compensation is None or all(one.number is not None for one in compensation.choices)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_each_number_is_one_that_a_camera_can_have(path: Path) -> None:
    possible = {
        SettingId.SHUTTER: (1 / 180_000, 3600),
        SettingId.APERTURE: (0.7, 128),
        SettingId.ISO: (6, 3_280_000),
        SettingId.EXPOSURE_COMPENSATION: (-10, 10),
        SettingId.COLOR_TEMPERATURE: (1000, 100_000),
    }
    understood = _read(path)

    for setting_id, (lowest, highest) in possible.items():
        setting = _setting(understood, setting_id)
        if setting is None:
            continue
        said = (*setting.choices, *([setting.current] if setting.current else []))
        odd = [one for one in said if one.number is not None and not lowest <= one.number <= highest]
        assert odd == [], setting_id


def test_a_number_without_a_name_is_not_taken_for_what_it_is_elsewhere() -> None:
    for name in ("nikon-d90", "canon-g9", "om-system-om-1"):
        assert _setting(_read(_FOLDER / f"{name}.txt"), SettingId.COLOR_TEMPERATURE) is None
