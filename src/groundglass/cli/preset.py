"""`groundglass preset`: exposures with a name, saved from the camera and set again."""

from __future__ import annotations

import click

from groundglass.cli import desk, options
from groundglass.cli.output import FAILED, Table, emit, json_option, warn


@click.group()
def preset() -> None:
    """Keep an exposure under a name, and set it again."""


@preset.command(name="list")
@json_option
def list_presets(as_json: bool) -> None:
    """List the presets."""
    from groundglass.studio import preferences

    presets = dict(preferences.load(complain=warn).presets)
    if not presets:
        emit(presets, as_json=as_json, text="No preset yet.")
        return
    emit(presets, as_json=as_json, table=Table(("Name", "Settings"), tuple(presets.items())))


@preset.command()
@click.argument("name")
@options.camera_option
def save(name: str, camera: str | None) -> None:
    """Keep the exposure that the camera has now."""
    with desk.connected(camera) as studio:
        studio.presets.save(name).result()
        click.echo(f"{name.strip()}: {studio.presets.all[name.strip()]}")


@preset.command()
@click.argument("name")
@options.camera_option
@click.pass_context
def apply(ctx: click.Context, name: str, camera: str | None) -> None:
    """Set the camera to a preset; exit with 1 if a value did not come about."""
    with desk.connected(camera) as studio:
        failed = studio.presets.apply(name).result()
    for sentence in failed:
        click.echo(sentence, err=True)
    if failed:
        ctx.exit(FAILED)


@preset.command()
@click.argument("name")
def remove(name: str) -> None:
    """Forget a preset."""
    from groundglass.studio.compose import build_studio

    studio = build_studio()
    try:
        studio.presets.remove(name).result()
    finally:
        studio.close()
