"""What is told before it hurts, and how often."""

from __future__ import annotations

from msgspec.structs import replace

from groundglass.model.camera import CameraState, CameraStatus
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.studio.events import Event, Supply, SupplyChanged, Warned
from groundglass.studio.warnings import Warnings


class Ear:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self.changed: list[tuple[Supply, str]] = []  # "" where it is over
        self.warnings = Warnings(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, Warned):
            self.heard.append(event.error.message)
        elif isinstance(event, SupplyChanged):
            self.changed.append((event.about, event.error.message if event.error else ""))

    def camera(self, battery: str = "90 %", left: str = "500", target: str = "Memory card") -> None:
        pairs = (
            (SettingId.BATTERY, battery),
            (SettingId.SHOTS_LEFT, left),
            (SettingId.CAPTURE_TARGET, target),
        )
        settings = tuple(Setting(one, Choice(raw, raw)) for one, raw in pairs)
        self.warnings.look_at_camera(CameraStatus(state=CameraState.READY, settings=settings))


def test_a_battery_that_runs_down_is_told_at_each_level_once() -> None:
    ear = Ear()

    for percent in ("80 %", "20 %", "19 %", "12 %", "9 %", "8 %"):
        ear.camera(battery=percent)

    assert ear.heard == ["The camera's battery is at 20 %.", "The camera's battery is at 9 %."]


def test_a_body_that_tells_its_battery_in_steps_warns_at_the_last() -> None:
    ear = Ear()

    for step in ("3 of 3", "1 of 3", "0 of 3"):
        ear.camera(battery=step)

    assert ear.heard == ["The camera's battery is at 0 of 3."]


def test_a_new_battery_begins_anew() -> None:
    ear = Ear()

    for percent in ("15 %", "100 %", "15 %"):
        ear.camera(battery=percent)

    assert len(ear.heard) == 2


def test_mains_power_is_no_battery() -> None:
    ear = Ear()

    ear.camera(battery="253 %")

    assert ear.heard == []


def test_a_card_that_fills_is_told_and_only_if_pictures_go_there() -> None:
    ear = Ear()

    ear.camera(left="3", target="Computer")
    ear.camera(left="1")
    ear.camera(left="0")

    assert ear.heard == ["The memory card has room for 1 more shot.", "The memory card is full."]


def test_a_disk_is_told_when_fewer_than_a_hundred_shots_fit() -> None:
    ear = Ear()

    for frames in (100, 99, 98):
        ear.warnings.look_at_disk(frames)

    assert ear.heard == ["The session's disk has room for 99 more shots."]


def test_a_warning_keeps_up_with_what_is_left() -> None:
    ear = Ear()

    for frames in (99, 99, 98, 60):
        ear.warnings.look_at_disk(frames)

    assert ear.changed == [
        (Supply.DISK, "The session's disk has room for 98 more shots."),
        (Supply.DISK, "The session's disk has room for 60 more shots."),
    ]


def test_a_warning_is_over_when_there_is_room_again() -> None:
    ear = Ear()

    for frames in (99, 5000, 5000):
        ear.warnings.look_at_disk(frames)

    assert ear.changed == [(Supply.DISK, "")]


def test_an_estimate_that_wavers_around_a_level_warns_once() -> None:
    ear = Ear()

    for frames in (99, 103, 98, 20, 23, 19, 24, 20):
        ear.warnings.look_at_disk(frames)

    assert len(ear.heard) == 2
    assert (Supply.DISK, "") not in ear.changed


def test_a_warning_of_the_card_is_over_when_pictures_go_to_the_computer_only() -> None:
    ear = Ear()

    ear.camera(left="3")
    ear.camera(left="3", target="Computer")

    assert ear.changed == [(Supply.CARD, "")]


def test_a_warning_of_the_battery_is_over_on_mains_power() -> None:
    ear = Ear()

    ear.camera(battery="9 %")
    ear.camera(battery="253 %")

    assert ear.changed == [(Supply.BATTERY, "")]


def test_a_camera_that_is_away_warns_of_nothing() -> None:
    ear = Ear()
    status = CameraStatus(settings=(Setting(SettingId.BATTERY, Choice("1 %", "1 %")),))

    ear.warnings.look_at_camera(replace(status, state=CameraState.LOST))

    assert ear.heard == []


def test_a_battery_that_is_only_called_low_is_told() -> None:
    ear = Ear()

    for level in ("100 %", "50 %", "Low", "Low"):
        ear.camera(battery=level)

    assert ear.heard == ["The camera's battery is low."]
