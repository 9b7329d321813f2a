"""`groundglass doctor`: what could stop a shoot, and what mends it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from groundglass.cli import desk, options
from groundglass.cli.output import FAILED, Table, emit, json_option, warn

if TYPE_CHECKING:
    from groundglass.studio.doctor import CameraCheck, Finding, Report


@click.command()
@options.camera_option
@options.session_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, camera: str | None, session: Path | None, as_json: bool) -> None:
    """Look for what could stop a shoot: driver, cameras, permissions, link, disk.

    Looks at every camera on the USB bus, or at the one that is named or preferred. Ends with exit code 1 if
    something would stop it.
    """
    from groundglass.camera.bus import Computer
    from groundglass.studio import preferences
    from groundglass.studio.doctor import Verdict, examine

    preferred = preferences.load(complain=warn).camera
    if preferred.startswith("usb:"):  # a shoot goes by it as a hint only: it is another one after a replug
        preferred = ""
    folder = desk.session_folder(session)
    report = examine(preferences.driver_settings_path(), folder, Computer(), camera or preferred or None)
    rows = tuple((one.item, one.verdict.value, one.told) for one in report.findings)
    emit(
        _document(report),
        as_json=as_json,
        table=Table(("Item", "Verdict", "Found"), rows),
        text=_advice([one for one in report.findings if one.verdict is not Verdict.GOOD]),
    )
    if not report.is_fit:
        ctx.exit(FAILED)


def _advice(findings: list[Finding]) -> str:
    hints = [f"{one.item}: {one.told} {one.hint}".rstrip() for one in findings]
    return "\n".join(["", *hints] if hints else ["", "All is well."])


def _document(report: Report) -> dict[str, Any]:
    disk = report.disk
    return {
        "is_fit": report.is_fit,
        "findings": [
            {
                "item": one.item,
                "verdict": one.verdict.value,
                "told": one.told,
                "hint": one.hint,
                "command": one.command or None,
            }
            for one in report.findings
        ],
        "versions": report.versions,
        "cameras": [_camera_document(one) for one in report.cameras],
        "disk": {
            "folder": str(disk.folder),
            "free_bytes": disk.free_bytes,
            "bytes_per_second": None if disk.bytes_per_second is None else round(disk.bytes_per_second),
        },
    }


def _camera_document(camera: CameraCheck) -> dict[str, Any]:
    return {
        "model": camera.info.model,
        "address": camera.info.address,
        "serial": camera.info.serial or None,
        "error": str(camera.error) if camera.error else None,
        "may_use": camera.may_use,
        "speed_mbit": camera.speed_mbit,
        "holders": [
            {"pid": one.pid, "program": one.program, "is_certain": one.is_certain} for one in camera.holders
        ],
    }
