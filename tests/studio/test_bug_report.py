from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from groundglass.errors import SessionError
from groundglass.model.camera import CameraInfo, CameraState
from groundglass.model.setting import SettingId
from groundglass.studio.bug_report import bug_report
from groundglass.studio.chosen import Chosen
from groundglass.studio.doctor import CameraCheck, DiskCheck, Report, judge_camera
from groundglass.studio.events import Problem, StatusChanged
from groundglass.studio.logbook import LogLine
from groundglass.studio.studio import Studio
from scripted_desk import status, words


def test_a_report_tells_computer_disk_and_what_was_told(tmp_path: Path) -> None:
    studio = Studio(tmp_path / "driver")
    try:
        studio.open_session(tmp_path / "job")
        studio._announce(Problem(SessionError("The disk is full.", "Make room.")))

        studio.save_report(tmp_path / "report.txt").result(30)
    finally:
        studio.close()

    text = (tmp_path / "report.txt").read_text()
    assert "libgphoto2: 2." in text
    assert "Disk speed: good" in text
    assert "State: absent" in text
    assert "The disk is full. Make room." in text


def test_a_report_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    studio = Studio(tmp_path / "driver")
    try:
        with pytest.raises(SessionError, match="could not be saved"):
            studio.save_report(tmp_path / "nowhere" / "report.txt").result(30)
    finally:
        studio.close()


def test_no_serial_number_is_whole_in_a_report() -> None:
    """That of the body, as it stands in settings, the one before, another's, the doctor's, and a name's."""
    body = replace(status(), info=CameraInfo("usb:001,004", "Nikon Z 6II", "0000006001234"))
    camera = replace(body, settings=(*body.settings, words(SettingId.SERIAL, "A1B2C3D4")))
    check = CameraCheck(CameraInfo("usb:001,005", "Canon EOS R5", "7005678"), None, True, None)
    report = Report({}, (check,), DiskCheck(Path("/photos")), judge_camera(check))
    told = (
        "Connected: Nikon Z 6II, serial number 0000006001234, at usb:001,004.",
        "Another camera answers: X-T4, serial 8009123. Connect the one from before.",
        "Stored: 6001234_0001.nef (50.1 MB).",
        "No camera is called “9004567”. Connected: Nikon Z 6II.",
        "Stored: a1b2c3d4.nef (1.0 MB), 412 left.",
    )
    lines = [LogLine(datetime.now(UTC), "note", "studio", text) for text in told]

    text = bug_report(report, camera, lines, serials=("9004567", ""))

    for serial in ("6001234", "A1B2C3D4", "a1b2c3d4", "7005678", "8009123", "9004567"):
        assert serial not in text
    assert "serial number 000000...234, at" in text
    assert "It answers, serial number ...678." in text
    assert "No camera is called “...567”" in text
    assert "Nikon Z 6II" in text
    assert "412 left" in text


def test_what_names_a_model_is_left(tmp_path: Path) -> None:
    text = bug_report(
        Report({}, (), DiskCheck(tmp_path), ()),
        replace(status(), info=CameraInfo("usb:001,004", "Nikon D750", "6001234")),
        (),
        serials=("D750",),
    )

    assert "Model: Nikon D750" in text


def test_a_saved_report_cuts_what_the_log_and_the_preferences_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "groundglass")
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    logging.getLogger("groundglass").addHandler(studio.log)
    try:
        studio._announce(StatusChanged(status(CameraState.READY)))
        studio._announce(Problem(SessionError("No camera is called “9004567”.", "")))
        studio.chosen._now = replace(studio.chosen.now, camera="9004567")

        studio.save_report(tmp_path / "report.txt").result(30)
    finally:
        logging.getLogger("groundglass").removeHandler(studio.log)
        studio.close()

    text = (tmp_path / "report.txt").read_text()
    assert "Nikon Z 6II, serial number ...234" in text
    assert "6001234" not in text
    assert "9004567" not in text
