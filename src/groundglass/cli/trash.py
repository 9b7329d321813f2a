"""`groundglass session trash`, `restore` and `empty-trash`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundglass.cli.choosing import folder_argument, named, names_argument
from groundglass.cli.output import emit, json_option
from groundglass.cli.sessions import opened_session, read_session
from groundglass.errors import UsageError
from groundglass.model.words import counted

if TYPE_CHECKING:
    from groundglass.model.shot import Shot


@click.command()
@folder_argument
@names_argument
@json_option
def trash(folder: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Move shots into the session's own trash, with their sidecars; `restore` brings them back.

    SHOT is a name or a number; numbers also as 1,2 or 2-4.
    """
    shots = named(read_session(folder).shots, names)
    with opened_session(folder) as store:
        moved = store.throw_away(shot.number for shot in shots)
    _tell(moved, "in the trash", as_json)


@click.command()
@folder_argument
@click.argument("names", metavar="[SHOT]...", nargs=-1)
@json_option
def restore(folder: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Bring shots back from the trash under their names; without a SHOT, all of them."""
    trashed = read_session(folder).trashed
    shots = named(trashed, names) if names else trashed
    with opened_session(folder) as store:
        moved = store.take_back(shot.number for shot in shots)
    _tell(moved, "back", as_json)


@click.command(name="empty-trash")
@folder_argument
@click.option("--yes", is_flag=True, help="Delete without asking again.")
@json_option
def empty_trash(folder: Path, yes: bool, as_json: bool) -> None:
    """Delete for good what lies in the session's trash."""
    count = len(read_session(folder).trashed)
    if count and not yes:
        raise UsageError(
            f"{counted(count, 'shot')} would be deleted for good.", "Add --yes if that is what you want."
        )
    with opened_session(folder) as store:
        gone = store.empty_trash()
    emit({"deleted_shots": gone}, as_json=as_json, text=f"{counted(gone, 'shot')} deleted for good.")


def _tell(shots: tuple[Shot, ...], where: str, as_json: bool) -> None:
    document = {
        "shots": [{"number": one.number, "files": [file.path for file in one.files]} for one in shots]
    }
    emit(document, as_json=as_json, text=f"{counted(len(shots), 'shot')} {where}.")
