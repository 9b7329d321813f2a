"""Settings by the names that photographers give them."""

from __future__ import annotations

import pytest

from groundglass.model.setting import SettingId


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("image-format", SettingId.IMAGE_FORMAT),
        ("FORMAT", SettingId.IMAGE_FORMAT),
        ("White bal.", SettingId.WHITE_BALANCE),
        ("wb", SettingId.WHITE_BALANCE),
        ("Kelvin", SettingId.COLOR_TEMPERATURE),
        ("colour temperature", SettingId.COLOR_TEMPERATURE),
        ("Comp.", SettingId.EXPOSURE_COMPENSATION),
        ("Shutter speed", SettingId.SHUTTER),
        ("mode", SettingId.EXPOSURE_MODE),
        ("iso", SettingId.ISO),
        ("flash", None),
        ("", None),
    ],
)
def test_a_setting_is_found_by_its_name_its_label_and_the_windows_word(
    said: str, meant: SettingId | None
) -> None:
    assert SettingId.named(said) is meant
