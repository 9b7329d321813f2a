from __future__ import annotations

from pathlib import Path

import pytest

from groundglass.errors import SessionError
from groundglass.studio.events import Problem
from groundglass.studio.studio import Studio


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
