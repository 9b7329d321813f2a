"""`groundglass preferences`: what is chosen, and how to change it by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from groundglass.cli.output import Table, emit, json_option, warn
from groundglass.errors import SessionError, UsageError


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def preferences(ctx: click.Context, as_json: bool) -> None:
    """Show what is chosen, or change it with `set`.

    A flag goes before the environment (GROUNDGLASS_<NAME>), that before the file, that before the default.
    """
    if ctx.invoked_subcommand is not None:
        return
    from groundglass.studio import preferences as kept

    chosen = kept.load(complain=warn)
    values = {name: getattr(chosen, name) for name in kept.names()}
    rows = tuple((name, _shown(value)) for name, value in values.items())
    emit({"path": str(kept.default_path()), **values}, as_json=as_json, table=Table(("Name", "Value"), rows))


@preferences.command(name="set")
@click.argument("assignments", nargs=-1, required=True, metavar="NAME=VALUE...")
def set_preferences(assignments: tuple[str, ...]) -> None:
    """Keep these from now on, as theme=light sounds=yes; nothing behind the = brings the default back.

    A folder is made if only the last part of its path is missing.
    """
    from groundglass.studio import preferences as kept

    changes: dict[str, Any] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        name = name.strip().lower().replace("-", "_")
        if not equals:
            raise UsageError(f"“{text}” is not NAME=VALUE.", "Write it as theme=light.")
        if name not in kept.names():
            kept.understood(name, value)
        if name in kept.FOLDERS and value and not kept.is_whole_path(value):
            value = str(Path(value).absolute())
        changes[name] = kept.understood(name, value) if value else getattr(kept.Preferences(), name)
    kept.change(changes)
    for name in kept.FOLDERS.intersection(changes):
        if changes[name]:
            try:
                kept.make_folder(changes[name])
            except SessionError as err:
                warn(err)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join("=".join(one) if isinstance(one, tuple) else str(one) for one in value)
    return str(value)
