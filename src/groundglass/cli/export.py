"""`groundglass session export`: selects into a folder, and a contact sheet of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from groundglass.cli.choosing import Reviewed, chosen_shots, filter_options, folder_argument
from groundglass.cli.output import FAILED, emit, json_option, progress
from groundglass.cli.sessions import opened_session
from groundglass.errors import UsageError
from groundglass.model.shot import FileChoice


@click.command()
@folder_argument
@click.argument("into", metavar="[INTO]", type=click.Path(path_type=Path, file_okay=False), required=False)
@filter_options
@click.option(
    "--files",
    type=click.Choice([one.value for one in FileChoice]),
    default=FileChoice.ALL.value,
    show_default=True,
    help="Copy these of each shot; HEIF and TIFF go with JPEG.",
)
@click.option(
    "--contact-sheet",
    "target",
    metavar="FILE.pdf",
    type=click.Path(path_type=Path),
    help="Write a contact sheet of them as a PDF.",
)
@click.option(
    "--columns",
    type=click.IntRange(1, 10),
    default=4,
    show_default=True,
    help="Pictures in a row of the sheet.",
)
@click.option(
    "--paper",
    type=click.Choice(["a4", "a3", "letter"]),
    default="a4",
    show_default=True,
    help="Of the sheet.",
)
@click.option("--move", is_flag=True, help="Then lay the shots into the session's trash.")
@json_option
@click.pass_context
def export(
    ctx: click.Context,
    /,
    folder: Path,
    into: Path | None,
    files: str,
    target: Path | None,
    columns: int,
    paper: str,
    move: bool,
    as_json: bool,
    **filtering: Any,
) -> None:
    """Copy the selects of a session with their sidecars into the folder INTO, or print a contact sheet.

    Every copy is read back and compared. Nothing is overwritten; the session is not changed, but for --move:
    what was copied whole goes to the session's trash, from where `session restore` brings it back; a shot of
    which --files left a part stays. The second copy in the backup stays.
    """
    from groundglass.studio import export as studio

    if into is None and target is None:
        raise UsageError("There is nothing to make.", "Name a folder, or --contact-sheet FILE.pdf.")
    if files != FileChoice.ALL and into is None:
        raise UsageError("A contact sheet copies no files.", "Name the folder that the files go into.")
    if move and into is None:
        raise UsageError("A contact sheet moves nothing.", "Name the folder that the shots go into.")
    reviewed = Reviewed.read(folder)
    shots = chosen_shots(reviewed, **filtering)
    into = into.expanduser().absolute() if into is not None else None
    target = target.expanduser() if target is not None else None
    sheet = studio.Sheet(target, columns, paper) if target is not None else None
    with progress("Exporting", len(shots) * ((into is not None) + (sheet is not None))) as show:
        done = studio.export(
            reviewed.folder,
            shots,
            reviewed.reviews,
            into=into,
            sheet=sheet,
            on_step=lambda step, _total: show(step),
            files=FileChoice(files),
        )
    moved: tuple[int, ...] | None = None
    if move:
        with opened_session(folder) as store:
            moved = tuple(shot.number for shot in store.throw_away(done.copied_shots))
    document = {
        "shots": done.shots,
        "moved": moved or (),
        "copied": done.selects.copied,
        "present": done.selects.present,
        "kept": done.selects.kept,
        "missing": done.selects.missing,
        "lacking": done.selects.lacking,
        "contact_sheet": str(target) if target else None,
        "unread": done.unread,
    }
    emit(
        document,
        as_json=as_json,
        text="\n".join(done.sentences(into, target, None if moved is None else len(moved))),
    )
    if not done.is_whole:
        ctx.exit(FAILED)
