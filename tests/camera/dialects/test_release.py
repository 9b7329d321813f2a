"""What a release does on bodies of each brand."""

from __future__ import annotations

import pytest

from groundglass.camera.dialects.release import frames_of_release
from groundglass.camera.dialects.settings import setting_of
from groundglass.camera.widget import Widget, WidgetKind
from groundglass.model.setting import SettingId


@pytest.mark.parametrize(
    ("drive", "count", "frames"),
    [("Burst", 5.0, 5), ("Continuous Low Speed", 2.0, 2), ("Single Shot", 5.0, 1), ("Burst", None, 1)],
)
def test_a_release_gives_a_burst_in_a_continuous_drive_alone(
    drive: str, count: float | None, frames: int
) -> None:
    driven = setting_of(SettingId.DRIVE, Widget("capturemode", WidgetKind.RADIO, drive, (drive, "x")))
    counted = Widget("burstnumber", WidgetKind.RANGE, str(count), range=(1.0, 100.0, 1.0))
    setting = setting_of(SettingId.BURST_COUNT, counted) if count is not None else None

    assert frames_of_release(driven, setting) == frames
