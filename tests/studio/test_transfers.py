from __future__ import annotations

from msgspec.structs import replace

from groundglass.model.camera import CameraState, CameraStatus, TransferProgress
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.studio.transfers import TransferMeter
from scripted_desk import status


def _at(name: str, megabytes: float) -> CameraStatus:
    progress = TransferProgress(name, int(megabytes * 1e6), 50_000_000)
    return replace(status(CameraState.TRANSFERRING), transfer=progress)


def test_a_file_tells_its_number_its_share_and_its_rate() -> None:
    meter = TransferMeter()

    meter.take(_at("a.nef", 1), 10.0)
    pace = meter.take(_at("a.nef", 26), 10.5)

    assert pace is not None
    assert (pace.file, pace.files, pace.share) == (1, 2, 0.52)  # RAW + JPEG is set
    assert pace.bytes_per_second == 50e6
    assert pace.words == "1 of 2 \N{MIDDLE DOT} 50 MB/s"


def test_a_rate_is_told_only_when_it_is_fairly_known() -> None:
    meter = TransferMeter()

    meter.take(_at("a.nef", 1), 10.0)
    pace = meter.take(_at("a.nef", 40), 10.05)

    assert pace is not None
    assert pace.words == "1 of 2"


def test_the_next_file_of_a_shot_counts_on_and_the_next_shot_anew() -> None:
    meter = TransferMeter()
    meter.take(_at("a.nef", 50), 10.0)
    meter.take(replace(status(CameraState.TRANSFERRING)), 10.1)

    second = meter.take(_at("a.jpg", 1), 10.2)
    meter.take(status(), 10.4)
    other = meter.take(_at("b.nef", 1), 11.0)

    assert second is not None
    assert other is not None
    assert (second.file, other.file) == (2, 1)


def test_more_files_than_the_format_makes_have_no_total() -> None:
    meter = TransferMeter()
    for number in range(3):
        pace = meter.take(_at(f"{number}.nef", 1), 10.0 + number)

    assert pace is not None
    assert pace.words == "file 3"


def test_what_was_shot_meanwhile_is_counted_by_the_card() -> None:
    meter = TransferMeter()
    meter.note_backlog(4, 12)

    pace = meter.take(_at("a.nef", 1), 10.0)

    assert pace is not None
    assert pace.words == "9 of 12"


def test_no_file_on_its_way_has_no_pace() -> None:
    assert TransferMeter().take(status(), 1.0) is None


def _in_a_burst(name: str, waiting: int | None) -> CameraStatus:
    return replace(status(CameraState.TRANSFERRING), transfer=TransferProgress(name, 1, 100, waiting))


def test_a_burst_is_counted_with_what_still_waits_in_the_camera() -> None:
    meter = TransferMeter()
    told = []
    for number, waiting in enumerate((0, 5, 8, 7, 6)):
        pace = meter.take(_in_a_burst(f"{number}.nef", waiting), 10.0 + number)
        assert pace is not None
        told.append(pace.words)

    assert told == ["1 of 2", "2 of 7", "3 of 11", "4 of 11", "5 of 11"]


def test_a_burst_after_another_is_counted_anew() -> None:
    meter = TransferMeter()
    meter.take(_in_a_burst("a.nef", 8), 10.0)
    meter.take(status(), 11.0)

    pace = meter.take(_in_a_burst("b.nef", 3), 12.0)

    assert pace is not None
    assert pace.words == "1 of 4"


def test_a_burst_has_no_total_before_some_of_it_waits() -> None:
    meter = TransferMeter()
    drive = Setting(SettingId.DRIVE, Choice("burst", "Continuous"))
    told = []
    for number, waiting in enumerate((None, 0, 1, 0)):
        shown = _in_a_burst(f"{number}.nef", waiting)
        pace = meter.take(replace(shown, settings=(*shown.settings, drive)), 10.0 + number)
        assert pace is not None
        told.append(pace.words)

    assert told == ["file 1", "file 2", "3 of 4", "4 of 4"]
