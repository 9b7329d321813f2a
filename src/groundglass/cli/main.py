"""The command group. Each command's module is loaded when it is called, so that `--version` is quick."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from groundglass import __version__
from groundglass.cli import output
from groundglass.cli.options import backup_option, camera_option, session_option_with, template_option

_COMMANDS = {
    "cameras": "groundglass.cli.camera:cameras",
    "settings": "groundglass.cli.camera:settings",
    "get": "groundglass.cli.camera:get_setting",
    "set": "groundglass.cli.camera:set_settings",
    "shoot": "groundglass.cli.shooting:shoot",
    "watch": "groundglass.cli.shooting:watch",
    "fetch": "groundglass.cli.fetch:fetch",
    "live": "groundglass.cli.live:live",
    "focus": "groundglass.cli.focus:focus",
    "doctor": "groundglass.cli.doctor:doctor",
    "bench": "groundglass.cli.bench:bench",
    "catalogue": "groundglass.cli.catalogue:catalogue",
    "histogram": "groundglass.cli.histogram:histogram",
    "session": "groundglass.cli.session:session",
    "preset": "groundglass.cli.preset:preset",
    "preferences": "groundglass.cli.preferences:preferences",
    "virtual": "groundglass.cli.virtual:virtual",
}


class _Commands(output.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


def build(open_desktop: Callable[..., int]) -> click.Group:
    """Return the program; `open_desktop` shows the window and returns its exit code."""

    @click.group(cls=_Commands, invoke_without_command=True)
    @click.version_option(__version__, package_name="groundglass", prog_name="groundglass")
    @click.option("--verbose", is_flag=True, help="Log what happens to the standard error.")
    @camera_option
    @session_option_with(
        "the preferred one, else the last one if it was open today or some hours ago, else a new one"
    )
    @template_option
    @backup_option
    @click.pass_context
    def groundglass(ctx: click.Context, /, verbose: bool, **options: Any) -> None:
        """Tethered capture for studio photographers. Without a command the desktop opens."""
        level = logging.DEBUG if verbose else logging.ERROR
        printer = logging.StreamHandler()
        printer.setLevel(level)  # the window keeps more than it prints
        logging.basicConfig(level=level, handlers=[printer], format="%(levelname)s %(name)s: %(message)s")
        if ctx.invoked_subcommand is None:
            ctx.exit(open_desktop(demo=False, **options))
        given = [f"--{name}" for name, value in options.items() if value is not None]
        if given:
            raise click.UsageError(f"Write {' and '.join(given)} behind {ctx.invoked_subcommand}.")

    @groundglass.command()
    @session_option_with("“demo” in your sessions folder")
    @template_option
    @click.option(
        "--photos",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Shoot these files in turn.",
    )
    @click.option(
        "--brand", default="nikon", show_default=True, help="Whose camera: nikon, canon, sony, fuji."
    )
    @click.pass_context
    def demo(
        ctx: click.Context, session: Path | None, template: str | None, photos: Path | None, brand: str
    ) -> None:
        """Open the desktop on a virtual camera."""
        camera = f"virtual:{brand}"
        ctx.exit(open_desktop(camera=camera, session=session, template=template, demo=True, photos=photos))

    return groundglass
