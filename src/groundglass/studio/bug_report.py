"""A text to send with a bug report: what runs here, what the camera says, and what happened last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from groundglass.errors import SessionError
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import SettingId
from groundglass.studio.doctor import Report
from groundglass.studio.logbook import LogLine

_SHOWN_OF_SERIAL = 3


def bug_report(report: Report, status: CameraStatus, lines: Iterable[LogLine]) -> str:
    """Put it into words. Serial numbers are cut to their last digits; folders are named as they are."""
    return "\n".join(
        [
            "Groundglass, report of a problem",
            "",
            *_section("Computer", (f"{name}: {version}" for name, version in report.versions.items())),
            *_section("Doctor", (f"{one.item}: {one.verdict.value}. {one.told}" for one in report.findings)),
            *_section("Camera", _camera(status)),
            *_section("Log", (f"{one.words}  [{one.source}]" for one in lines)),
        ]
    )


def save(text: str, target: Path) -> None:
    """Write the report; raises SessionError."""
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as err:
        raise SessionError(
            f"The report could not be saved: {err.strerror or err}.", "Choose another folder."
        ) from err


def _camera(status: CameraStatus) -> Iterator[str]:
    info = status.info
    yield f"State: {status.state.value}"
    if status.message:
        yield f"Message: {status.message}"
    if info is None:
        return
    yield f"Model: {info.model}, maker {info.maker}, firmware {info.firmware}"
    yield f"Address: {info.address}, serial number {_masked(info.serial)}"
    for setting in status.settings:
        if setting.id is not SettingId.SERIAL:
            held = " (held)" if setting.read_only else ""
            yield f"{setting.id.value}: {setting.label}{held}, {len(setting.choices)} choices"


def _masked(serial: str) -> str:
    return f"...{serial[-_SHOWN_OF_SERIAL:]}" if serial else "unknown"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    return [title, "-" * len(title), *lines, ""]
