from __future__ import annotations

from pathlib import Path

import pytest

from computer_records import Records
from groundglass.studio.link import link_of


@pytest.mark.parametrize(
    ("mbit", "told", "is_slow"),
    [
        (12, "USB 1, 12 Mbit/s", True),
        (480, "USB 2, 480 Mbit/s", False),
        (5000, "USB 3, 5000 Mbit/s", False),
        (10000, "USB 3, 10000 Mbit/s", False),
    ],
)
def test_a_cable_is_called_by_its_speed(tmp_path: Path, mbit: float, told: str, is_slow: bool) -> None:
    records = Records(tmp_path)
    records.device(1, 4, mbit)

    link = link_of("usb:001,004", records.computer)

    assert (link.told, link.is_slow) == (told, is_slow)


def test_a_camera_on_the_network_and_an_unknown_cable_tell_no_speed(tmp_path: Path) -> None:
    computer = Records(tmp_path).computer

    assert link_of("ptpip:192.168.1.20:15740:15740", computer).told == "network"
    assert link_of("usb:009,009", computer).told == "USB"
