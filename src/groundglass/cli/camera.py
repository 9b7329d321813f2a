"""`groundglass cameras`, `settings`, `get` and `set`."""

from __future__ import annotations

import click

from groundglass.cli import desk
from groundglass.cli.output import Table, emit, json_option

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
@desk.camera_option
@json_option
def settings(camera: str | None, as_json: bool) -> None:
    """Show all settings of the camera, and what it offers for each."""
    with desk.connected(camera) as studio:
        status = studio.status
    info = status.info
    document = {
        "model": info.model if info else None,
        "serial": info.serial if info else None,
        "settings": {one.id.value: desk.setting_document(one) for one in status.settings},
    }
    rows = []
    for one in status.settings:
        labels = [choice.label for choice in one.choices]
        if len(labels) > _MOST_CHOICES:
            labels = [*labels[:4], "…", *labels[-4:]]
        offered = ", ".join(labels)
        if one.range:
            offered = f"{one.range.low:g} to {one.range.high:g}"
        rows.append((one.id.value, one.label, "held by the camera" if one.read_only else offered))
    emit(document, as_json=as_json, table=Table(("Setting", "Value", "Offers"), tuple(rows)))


@click.command(name="get")
@click.argument("name")
@desk.camera_option
@json_option
def get_setting(name: str, camera: str | None, as_json: bool) -> None:
    """Show one setting."""
    wanted = desk.setting_id(name)
    with desk.connected(camera) as studio:
        setting = desk.known(studio, wanted)
    emit({wanted.value: desk.setting_document(setting)}, as_json=as_json, text=setting.label)


@click.command(name="set")
@click.argument("assignments", metavar="NAME=VALUE...", nargs=-1, required=True)
@desk.camera_option
@json_option
def set_settings(assignments: tuple[str, ...], camera: str | None, as_json: bool) -> None:
    """Change settings: shutter=1/125 aperture=f/8 iso=400 image_format=raw+jpeg."""
    wanted = desk.assignments(assignments)
    with desk.connected(camera) as studio:
        kept = desk.apply(studio, wanted)
    emit(
        {one.id.value: desk.setting_document(one) for one in kept},
        as_json=as_json,
        text="\n".join(f"{one.id.label}: {one.label}" for one in kept),
    )
