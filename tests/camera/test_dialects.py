"""How brands spell what photographers mean. Texts are of real bodies."""

import pytest

from groundglass.camera import dialects
from groundglass.camera.widget import Widget, WidgetKind
from groundglass.model.setting import SettingId
from groundglass.model.shot import FileRole


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("1/125", "1/125"),
        ("0.0166s", "1/60"),
        ("0.0080s", "1/125"),
        ("0,0100s", "1/100"),
        ("300/10", "30 s"),
        ("1.3s", "1.3 s"),
        ("60m", "60 min"),
        ("bulb", "Bulb"),
        ("Time", "Time"),
        ("429496,7295s", "Bulb"),
        ("x 200", "X-sync"),
        ("Composite", "Composite"),
        ("Unknown value 0077", "Unknown value 0077"),
    ],
)
def test_shutter_speeds_of_all_brands_get_one_label(raw: str, label: str) -> None:
    choice = dialects.choice_of(SettingId.SHUTTER, raw)

    assert (choice.raw, choice.label) == (raw, label)


@pytest.mark.parametrize(
    ("setting_id", "raw", "label"),
    [
        (SettingId.APERTURE, "f/5.6", "f/5.6"),
        (SettingId.APERTURE, "2.8", "f/2.8"),
        (SettingId.APERTURE, "f/0", "No lens"),
        (SettingId.APERTURE, "f/655.34", "No lens"),
        (SettingId.APERTURE, "implicit auto", "Auto"),
        (SettingId.ISO, "100", "ISO 100"),
        (SettingId.ISO, "Auto", "Auto ISO"),
        (SettingId.ISO, "-2", "Auto ISO 2"),
        (SettingId.EXPOSURE_COMPENSATION, "-2.6", "-2 2/3 EV"),
        (SettingId.EXPOSURE_COMPENSATION, "-5000", "-5 EV"),
        (SettingId.IMAGE_FORMAT, "NEF+Fine", "RAW + JPEG fine"),
        (SettingId.IMAGE_FORMAT, "NEF (Raw)", "RAW"),
        (SettingId.IMAGE_FORMAT, "RAW+JPEG (Fine)", "RAW + JPEG fine"),
        (SettingId.IMAGE_FORMAT, "JPEG Basic", "JPEG basic"),
    ],
)
def test_settings_of_all_brands_get_one_label(setting_id: SettingId, raw: str, label: str) -> None:
    assert dialects.choice_of(setting_id, raw).label == label


@pytest.mark.parametrize(
    ("raw", "roles"),
    [
        ("RAW + L", (FileRole.RAW, FileRole.JPEG)),
        ("NEF+Basic", (FileRole.RAW, FileRole.JPEG)),
        ("cRAW", (FileRole.RAW,)),
        ("Large Fine JPEG", (FileRole.JPEG,)),
        ("L", (FileRole.JPEG,)),
    ],
)
def test_the_format_tells_which_files_come(raw: str, roles: tuple[FileRole, ...]) -> None:
    assert dialects.image_roles(raw) == roles


def test_choices_are_sorted_by_value_and_keep_their_place_in_the_cameras_list() -> None:
    widget = Widget("shutterspeed", WidgetKind.RADIO, "bulb", ("bulb", "30", "1/60", "0.5"))

    setting = dialects.setting_of(SettingId.SHUTTER, widget)

    assert [(one.label, one.position) for one in setting.choices] == [
        ("1/60", 2),
        ("0.5 s", 3),
        ("30 s", 1),
        ("Bulb", 0),
    ]
    assert setting.current is not None
    assert setting.current.position == 0


def test_a_widget_without_a_value_is_no_fault() -> None:
    setting = dialects.setting_of(
        SettingId.APERTURE, Widget("f-number", WidgetKind.RADIO, None, ("f/2", "f/4"))
    )

    assert setting.current is None
    assert len(setting.choices) == 2


def test_a_list_of_one_is_held_by_the_mode_dial() -> None:
    setting = dialects.setting_of(
        SettingId.SHUTTER, Widget("shutterspeed", WidgetKind.RADIO, "auto", ("auto",))
    )

    assert setting.read_only
    assert setting.reason


@pytest.mark.parametrize(
    ("drive", "count", "frames"),
    [("Burst", 5.0, 5), ("Continuous Low Speed", 2.0, 2), ("Single Shot", 5.0, 1), ("Burst", None, 1)],
)
def test_a_release_gives_a_burst_in_a_continuous_drive_alone(
    drive: str, count: float | None, frames: int
) -> None:
    driven = dialects.setting_of(
        SettingId.DRIVE, Widget("capturemode", WidgetKind.RADIO, drive, (drive, "x"))
    )
    counted = Widget("burstnumber", WidgetKind.RANGE, str(count), range=(1.0, 100.0, 1.0))
    setting = dialects.setting_of(SettingId.BURST_COUNT, counted) if count is not None else None

    assert dialects.frames_of_release(driven, setting) == frames
    if setting is not None:
        assert [one.label for one in setting.choices] == [str(number) for number in range(1, 101)]
