"""Every way in which libgphoto2 2.5.34 spells a value, for bodies that nobody here has seen."""

from __future__ import annotations

import pytest

from groundglass.camera.dialects.settings import choice_of
from groundglass.model.setting import SettingId


@pytest.mark.parametrize(
    ("raw", "seconds", "label"),
    [
        ("1/125", 1 / 125, "1/125"),
        ("0.0250s", 1 / 40, "1/40"),
        ("0.0080s", 1 / 125, "1/125"),
        ("0,0100s", 1 / 100, "1/100"),
        ("0.0020s", 1 / 500, "1/500"),
        ("0,0166s", 1 / 60, "1/60"),
        ("0.0156s", 1 / 60, "1/60"),
        ("0.0312s", 1 / 30, "1/30"),
        ("0.0222s", 1 / 45, "1/45"),
        ("0.003", 1 / 320, "1/320"),
        ("0.015", 1 / 60, "1/60"),
        ("0.062", 1 / 15, "1/15"),
        ("0.333", 1 / 3, "0.3 s"),
        ("1.3s", 1.3, "1.3 s"),
        ("2m", 120, "2 min"),
        ("60m", 3600, "60 min"),
        ("1/1.3s", 1 / 1.3, "0.8 s"),
        ("1/2.5s", 0.4, "0.4 s"),
        ("4/10", 0.4, "0.4 s"),
        ("300/10", 30, "30 s"),
        ("10/13", 10 / 13, "0.8 s"),
        ("1/12800", 1 / 12800, "1/12800"),
        ("1/1.6", 0.625, "0.6 s"),
        ("20.3", 20, "20 s"),
        ("30", 30, "30 s"),
    ],
)
def test_a_shutter_speed_is_seconds(raw: str, seconds: float, label: str) -> None:
    choice = choice_of(SettingId.SHUTTER, raw)

    assert choice.number == pytest.approx(seconds, rel=0.01)
    assert choice.label == label


@pytest.mark.parametrize(
    ("setting_id", "raws", "special", "label"),
    [
        (SettingId.SHUTTER, ("Bulb", "bulb", "429496.7295s", "429496,7295s", "65535/65535"), "bulb", "Bulb"),
        (SettingId.SHUTTER, ("2147483.8", "2147483.6"), "bulb", "Bulb"),
        (SettingId.SHUTTER, ("Time", "429496.7293s", "65535/65533"), "time", "Time"),
        (SettingId.SHUTTER, ("x 200", "X 250", "x 1/60", "Sync", "429496.7294s"), "x-sync", "X-sync"),
        (SettingId.SHUTTER, ("Composite", "livecomp"), "composite", "Composite"),
        (SettingId.SHUTTER, ("Auto", "auto"), "auto", "Auto"),
        (SettingId.APERTURE, ("implicit auto", "auto"), "auto", "Auto"),
        (SettingId.APERTURE, ("f/0", "0", "f/655.34", "f/655.35"), "none", "No lens"),
        (SettingId.ISO, ("Auto", "Auto ISO", "65535", "16777215", "4294967295"), "auto", "Auto ISO"),
        (SettingId.ISO, ("A3200 (160-3200)", "ISO Auto 3200"), "auto", "Auto ISO to 3200"),
    ],
)
def test_what_is_no_number_is_a_kind_of_its_own(
    setting_id: SettingId, raws: tuple[str, ...], special: str, label: str
) -> None:
    choices = [choice_of(setting_id, raw) for raw in raws]

    assert {one.special for one in choices} == {special}
    assert {one.label for one in choices} == {label}


@pytest.mark.parametrize(
    ("raw", "ev", "label"),
    [
        ("0.333333", 1 / 3, "+1/3 EV"),
        ("-1.666667", -5 / 3, "-1 2/3 EV"),
        ("-0,7", -2 / 3, "-2/3 EV"),
        ("-0.6", -2 / 3, "-2/3 EV"),
        ("-2.6", -8 / 3, "-2 2/3 EV"),
        ("+2 1/2", 2.5, "+2 1/2 EV"),
        ("-4666", -14 / 3, "-4 2/3 EV"),
        ("5000", 5, "+5 EV"),
        ("-5000", -5, "-5 EV"),
        ("0", 0, "0 EV"),
        ("-0", 0, "0 EV"),
    ],
)
def test_compensation_is_in_thirds_or_halves_of_a_stop(raw: str, ev: float, label: str) -> None:
    choice = choice_of(SettingId.EXPOSURE_COMPENSATION, raw)

    assert choice.number == pytest.approx(ev, abs=1e-9)
    assert choice.label == label


@pytest.mark.parametrize(
    ("setting_id", "label", "raws"),
    [
        (SettingId.APERTURE, "f/2.8", ("f/2.8", "2.8")),
        (SettingId.ISO, "ISO 100", ("100",)),
        (SettingId.FOCUS_MODE, "AF-S", ("AF-S", "AF_S", "One Shot", "S-AF", "Single-Servo AF", "Automatic")),
        (SettingId.FOCUS_MODE, "AF-C", ("AF-C", "AF_C", "AI Servo", "C-AF", "Continuous-Servo AF")),
        (SettingId.FOCUS_MODE, "MF", ("Manual", "MF", "MF (fixed)", "MF (selection)")),
        (SettingId.METERING, "Matrix", ("Evaluative", "Multi", "Multi Spot", "ESP")),
        (SettingId.METERING, "Centre-weighted", ("Center Weighted", "Center-weighted", "Center")),
        (SettingId.METERING, "Spot", ("Spot", "Center Spot", "Spot Standard")),
        (SettingId.EXPOSURE_MODE, "A", ("A", "AV", "Av")),
        (SettingId.EXPOSURE_MODE, "S", ("S", "TV", "Tv")),
        (SettingId.DRIVE, "Single", ("Single", "Single Shot", "Single frame")),
        (SettingId.DRIVE, "Continuous", ("Burst", "Continuous", "Continuous Shooting")),
        (
            SettingId.DRIVE,
            "Continuous high",
            ("Continuous high speed", "Continuous Shooting Hi", "Continuous High Speed"),
        ),
        (SettingId.DRIVE, "Continuous high+", ("Continuous Hi+ Speed", "Continuous Shooting Hi+")),
        (SettingId.DRIVE, "Continuous medium", ("Continuous Med Speed", "Continuous Shooting Mid")),
        (
            SettingId.DRIVE,
            "Continuous low",
            ("Continuous low speed", "Continuous Lo Speed", "Continuous Shooting Lo"),
        ),
        (SettingId.DRIVE, "Continuous high, silent", ("Silent HS continuous",)),
        (SettingId.DRIVE, "Self-timer 10 s", ("Timer 10 sec", "Selftimer 10s", "Self Timer 10 Sec.")),
        (
            SettingId.DRIVE,
            "Self-timer 2 s, 3 shots",
            ("Selftimer 2s 3 Pictures", "Continuous Self Timer 3 Img. 2 Sec."),
        ),
        (
            SettingId.DRIVE,
            "Bracket 2/3 EV, 5 shots, continuous",
            ("Bracketing C 0.7 Steps 5 Pictures", "Continuous Bracket 0.7 EV 5 Img."),
        ),
        (
            SettingId.DRIVE,
            "Bracket 1 EV, 3 shots, one by one",
            ("Bracketing S 1.0 Steps 3 Pictures", "Single Bracket 1.0 EV 3 Img."),
        ),
        (SettingId.DRIVE, "White balance bracket high", ("Bracketing WB Hi", "White Balance Bracket Hi")),
        (SettingId.WHITE_BALANCE, "Auto", ("Auto", "Automatic", "AWB")),
        (SettingId.WHITE_BALANCE, "Kelvin", ("Color Temperature", "Choose Color Temperature")),
        (SettingId.WHITE_BALANCE, "Custom 2", ("Manual 2", "Preset Custom 2")),
        (SettingId.WHITE_BALANCE, "Shade", ("Shade", "Shadow")),
        (SettingId.IMAGE_FORMAT, "RAW", ("RAW", "NEF (Raw)", "CRW")),
        (SettingId.IMAGE_FORMAT, "JPEG basic", ("JPEG Basic",)),
        (SettingId.IMAGE_FORMAT, "JPEG fine", ("JPEG Fine", "Fine", "fine")),
        (
            SettingId.IMAGE_FORMAT,
            "RAW + JPEG fine",
            ("NEF+Fine", "RAW + JPEG Fine", "RAW+JPEG (Fine)"),
        ),
        (SettingId.IMAGE_FORMAT, "RAW + JPEG large fine", ("Large Fine JPEG+RAW", "RAW + L")),
        (SettingId.IMAGE_FORMAT, "HEIF extra fine", ("HEIF (X.Fine)",)),
        (SettingId.IMAGE_FORMAT, "RAW + HEIF standard", ("RAW+HEIF (Std)",)),
        (SettingId.IMAGE_FORMAT, "TIFF", ("TIFF",)),
        (SettingId.CAPTURE_TARGET, "Card", ("Memory card", "card")),
        (SettingId.CAPTURE_TARGET, "Computer", ("Internal RAM", "sdram")),
        (SettingId.BATTERY, "75 %", ("75%",)),
        (SettingId.ORIENTATION, "90\N{DEGREE SIGN}", ("90'",)),
    ],
)  # fmt: skip
def test_all_brands_have_one_word_for_one_thing(
    setting_id: SettingId, label: str, raws: tuple[str, ...]
) -> None:
    assert {choice_of(setting_id, raw).label for raw in raws} == {label}


@pytest.mark.parametrize("raw", ["Unknown value 8005", "unknown value 0x1f", "Unknown 0x8020"])
@pytest.mark.parametrize("setting_id", list(SettingId))
def test_what_libgphoto2_can_not_name_stays_as_it_is(setting_id: SettingId, raw: str) -> None:
    choice = choice_of(setting_id, raw)

    assert (choice.label, choice.value) == (raw, None)


def test_a_code_for_an_image_format_is_not_dressed_up() -> None:
    assert choice_of(SettingId.IMAGE_FORMAT, "2").label == "2"
