"""Texts as people attach them: noisy, cut, old, and in other languages."""

import pytest

from groundglass.camera.dialects.settings import choice_of, setting_of
from groundglass.camera.dump import read_dump, to_english
from groundglass.camera.widget import Widget, WidgetKind
from groundglass.model.setting import SettingId

_TEXT = """Camera summary:
Model: D50
some noise
/main/imgsettings/iso
Label: ISO Speed
Readonly: 0
Type: RADIO
Current: 400
Choice: 0 200
Choice: 1 400
END
*** Error ***
/main/capturesettings/f-number
\tLabel: F-Number
\tType: RANGE
\tCurrent: 2,8
\tBottom: 0
\tTop: 655,35
\tStep: 0,01
/main/capturesettings/focallength
/main/status/lensname
Label: Lens
Type: TEXT
Current: (null)
/main/capturesettings/shutterspeed
Label: Shutter Speed
Type: RADIO
Current: 1/6"""


def test_widgets_are_found_between_noise_and_at_a_cut_end() -> None:
    dump = read_dump(_TEXT)

    assert dump.model == "D50"
    assert [one.name for one in dump.widgets] == ["iso", "f-number", "lensname", "shutterspeed"]
    assert dump.widgets[0].choices == ("200", "400")
    assert dump.widgets[1].range == (0.0, 655.35, 0.01)
    assert dump.widgets[2].value is None


@pytest.mark.parametrize(
    ("said", "model"),
    [
        ("Detected a 'Canon:EOS 20D (normal mode)'.", "Canon EOS 20D"),
        ("Model       Port\n-----------\nFuji Fujifilm X-T2   usb:001,018", "Fuji Fujifilm X-T2"),
        ("$ gphoto2 --port=usb:001,018 --list-all-config", None),
        ("Label: usb:001,018", None),
    ],
)
def test_the_model_is_known_by_what_stands_before_the_tree(said: str, model: str | None) -> None:
    assert read_dump(f"{said}\n/main/imgsettings/iso\nType: RADIO\nCurrent: 100\n").model == model


def test_a_text_without_a_tree_is_an_empty_dump() -> None:
    assert read_dump("nothing here\n\0\x07/main\n").widgets == ()


def test_windows_line_ends_are_read() -> None:
    assert read_dump(_TEXT.replace("\n", "\r\n")).widgets == read_dump(_TEXT).widgets


def test_other_languages_are_understood() -> None:
    english = to_english()

    assert english("Langzeitbelichtung") == "Bulb"
    assert english("Unbekannter Wert 8005") == "Unknown value 8005"
    assert english("1/125") == "1/125"
    assert choice_of(SettingId.SHUTTER, "Langzeitbelichtung", translate=english).label == "Bulb"


def test_speeds_that_were_cut_are_told_apart_by_their_place() -> None:
    raws = ("0.0001s", "0.0001s", "0.0002s", "0.0002s", "0.0003s")

    choices = setting_of(SettingId.SHUTTER, Widget("shutterspeed", WidgetKind.RADIO, raws[0], raws)).choices

    assert [one.label for one in choices] == ["1/8000", "1/6400", "1/5000", "1/4000", "1/3200"]


def test_a_body_that_steps_by_halves_gets_halves() -> None:
    raws = ("0.0005s", "0.0006s", "0.0010s", "0.0013s", "0.0020s", "0.0028s", "0.0111s")

    choices = setting_of(SettingId.SHUTTER, Widget("shutterspeed", WidgetKind.RADIO, None, raws)).choices

    assert [one.label for one in choices] == ["1/2000", "1/1500", "1/1000", "1/750", "1/500", "1/350", "1/90"]
