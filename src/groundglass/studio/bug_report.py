"""A text to send with a bug report: what runs here, what the camera says, and what happened last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from groundglass.errors import SessionError
from groundglass.model.camera import CameraStatus
from groundglass.model.setting import SettingId
from groundglass.studio.doctor import Report
from groundglass.studio.logbook import LogLine

_SHOWN_OF_SERIAL = 3
_NAMED = re.compile(r"\bserial(?: number)? (?=\S*\d)([0-9A-Za-z-]+)", re.IGNORECASE)


def bug_report(
    report: Report, status: CameraStatus, lines: Iterable[LogLine], serials: Iterable[str] = ()
) -> str:
    """Put it into words. Serial numbers are cut to their last digits; folders are named as they are.

    serials: what may stand in it too, beside those that it names as such; a part of the model is none.
    """
    text = "\n".join(
        [
            "Groundglass, report of a problem",
            "",
            *_section("Computer", (f"{name}: {version}" for name, version in report.versions.items())),
            *_section("Doctor", (f"{one.item}: {one.verdict.value}. {one.told}" for one in report.findings)),
            *_section("Camera", _camera(status)),
            *_section("Log", (f"{one.words}  [{one.source}]" for one in lines)),
        ]
    )
    model = status.info.model.lower() if status.info is not None else ""
    known = {*serials, *_serials_of(status), *_NAMED.findall(text)}
    return _masked(text, (one for one in known if one.lower() not in model))


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
    yield f"Address: {info.address}, serial number {info.serial or 'unknown'}"
    for setting in status.settings:
        if setting.id is not SettingId.SERIAL:
            held = " (held)" if setting.read_only else ""
            yield f"{setting.id.value}: {setting.label}{held}, {len(setting.choices)} choices"


def _serials_of(status: CameraStatus) -> Iterator[str]:
    if status.info is not None:
        yield status.info.serial
    told = status.setting(SettingId.SERIAL)
    if told is not None and told.current is not None:
        yield told.current.raw


def _masked(text: str, serials: Iterable[str]) -> str:
    """Cut every serial number in a text, also within names of files; zeros before it tell nothing."""
    whole = sorted({one.strip().lstrip("0") for one in serials}, key=len, reverse=True)
    for serial in whole:
        if len(serial) > _SHOWN_OF_SERIAL:
            text = re.sub(re.escape(serial), f"...{serial[-_SHOWN_OF_SERIAL:]}", text, flags=re.IGNORECASE)
    return text


def _section(title: str, lines: Iterable[str]) -> list[str]:
    return [title, "-" * len(title), *lines, ""]
