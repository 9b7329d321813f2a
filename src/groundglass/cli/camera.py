"""`groundglass cameras`, `settings`, `get` and `set`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundglass.cli import desk, options
from groundglass.cli.output import Table, emit, json_option
from groundglass.errors import UsageError

if TYPE_CHECKING:
    from groundglass.model.setting import Setting

_MOST_CHOICES = 12


@click.command()
@json_option
def cameras(as_json: bool) -> None:
    """List the cameras on the USB bus."""
    from groundglass.studio.compose import build_studio

    studio = build_studio()
    try:
        found = studio.find_cameras(with_serial=True).result()
    finally:
        studio.close()
    rows = tuple((one.model, one.address, one.serial or "–") for one in found)  # noqa: RUF001
    document = {
        "cameras": [
            {"model": one.model, "address": one.address, "serial": one.serial or None} for one in found
        ]
    }
    if rows:
        emit(document, as_json=as_json, table=Table(("Model", "Address", "Serial number"), rows))
    else:
        emit(
            document,
            as_json=as_json,
            text="No camera is on the USB bus. Plug one in and switch it on. A camera on the network is "
            "named by its address, ptpip:IP:PORT; `groundglass demo` runs a virtual one.",
        )


@click.command()
@options.camera_option
@click.option(
    "--dump",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the text of `gphoto2 --list-all-config` instead of a camera.",
)
@json_option
def settings(camera: str | None, dump: Path | None, as_json: bool) -> None:
    """Show all settings of the camera, and what it offers for each."""
    if dump is not None:
        _show_dump(dump, as_json=as_json)
        return
    with desk.connected(camera) as studio:
        status = studio.status
    info = status.info
    document = {
        "model": info.model if info else None,
        "serial": info.serial if info else None,
        "settings": {one.id.value: desk.setting_document(one) for one in status.settings},
    }
    emit(document, as_json=as_json, table=_table(status.settings))


def _show_dump(path: Path, *, as_json: bool) -> None:
    from groundglass.camera.dialects.settings import understand
    from groundglass.camera.dump import decoded, read_dump, to_english

    try:
        found = read_dump(decoded(path.read_bytes()))
    except OSError as err:
        raise UsageError(f"{path} cannot be read: {err.strerror}.", "Choose another file.") from err
    if not found.widgets:
        raise UsageError(
            f"{path} holds no settings of a camera.", "Make one with: gphoto2 --list-all-config > camera.txt"
        )
    known = understand(found.widgets, to_english())
    document = {
        "model": found.model,
        "settings": {one.id.value: desk.setting_document(one) for one in known.settings},
        "unrecognised": [{"setting": one.value, "raw": raw} for one, raw in known.unrecognised],
        "other": list(known.other),
    }
    left = (
        f"{len(known.unrecognised)} choices keep the camera's own words, "
        f"{len(known.other)} settings are not used."
    )
    emit(
        document,
        as_json=as_json,
        table=_table(known.settings),
        text=f"{found.model or 'Unknown model'}. {left}",
    )


def _table(settings: tuple[Setting, ...]) -> Table:
    rows = []
    for one in settings:
        labels = [choice.label for choice in one.choices]
        if len(labels) > _MOST_CHOICES:
            labels = [*labels[:4], "…", *labels[-4:]]
        offered = ", ".join(labels)
        if one.range:
            offered = f"{one.range.low:g} to {one.range.high:g}"
        if one.read_only:
            offered = "reported" if one.id.is_status else "held by the camera"
        rows.append((one.id.value, one.label, offered))
    return Table(("Setting", "Value", "Offers"), tuple(rows))


@click.command(name="get")
@click.argument("name")
@options.camera_option
@json_option
def get_setting(name: str, camera: str | None, as_json: bool) -> None:
    """Show one setting, by the name that `settings` lists or the window's: wb, kelvin, format, mode, comp."""
    wanted = desk.setting_id(name)
    with desk.connected(camera) as studio:
        setting = desk.known(studio, wanted)
    emit({wanted.value: desk.setting_document(setting)}, as_json=as_json, text=setting.label)


@click.command(name="set")
@click.argument("assignments", metavar="NAME=VALUE...", nargs=-1, required=True)
@options.camera_option
@click.option(
    "--keep-exposure",
    is_flag=True,
    help="Have another value make up for shutter, aperture or ISO, so that the light stays.",
)
@json_option
def set_settings(
    assignments: tuple[str, ...], camera: str | None, keep_exposure: bool, as_json: bool
) -> None:
    """Change settings: shutter=1/125 aperture=f/8 iso=400 image_format=raw+jpeg.

    A shutter speed is written 1/125 or 125; seconds as 30s, 2.5 or 0.5. The window's words are names too: wb,
    kelvin, format, mode, comp.
    """
    wanted = desk.assignments(assignments)
    with desk.connected(camera) as studio:
        studio.keep_exposure(keep_exposure)
        kept = desk.apply(studio, wanted)
    emit(
        {one.id.value: desk.setting_document(one) for one in kept},
        as_json=as_json,
        text="\n".join(f"{one.id.label}: {one.label}" for one in kept),
    )
