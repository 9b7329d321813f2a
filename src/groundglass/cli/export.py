"""`groundglass session export`: selects into a folder, and a contact sheet of them."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import click

from groundglass.cli.choosing import Reviewed, filter_options, folder_argument, shot_filter
from groundglass.cli.output import FAILED, emit, json_option, progress
from groundglass.errors import UsageError

if TYPE_CHECKING:
    from groundglass.model.shot import Shot
    from groundglass.session.selects import Selects


@click.command()
@folder_argument
@click.argument("into", metavar="[INTO]", type=click.Path(path_type=Path, file_okay=False), required=False)
@filter_options
@click.option(
    "--contact-sheet",
    "sheet",
    metavar="FILE.pdf",
    type=click.Path(path_type=Path),
    help="Print them on paper.",
)
@click.option("--columns", type=click.IntRange(1, 10), default=4, show_default=True, help="Of the sheet.")
@click.option("--paper", type=click.Choice(["a4", "a3", "letter"]), default="a4", show_default=True)
@json_option
@click.pass_context
def export(
    ctx: click.Context,
    /,
    folder: Path,
    into: Path | None,
    sheet: Path | None,
    columns: int,
    paper: str,
    as_json: bool,
    **filtering: Any,
) -> None:
    """Copy the selects of a session with their sidecars into the folder INTO, or print a contact sheet.

    Every copy is read back and compared. Nothing is overwritten; the session is not changed.
    """
    from groundglass.session.selects import Selects, copy_selects

    if into is None and sheet is None:
        raise UsageError("There is nothing to make.", "Name a folder, or --contact-sheet FILE.pdf.")
    reviewed = Reviewed.read(folder)
    shots = shot_filter(**filtering).sift(reviewed.shots, reviewed.reviews)
    taken = Selects()
    if into is not None:
        with progress("Copying", len(shots)) as show:
            taken = copy_selects(reviewed.folder, shots, into.expanduser().absolute(), on_shot=show)
    unread = _print(reviewed, shots, sheet, columns, paper) if sheet is not None else ()
    document: dict[str, Any] = {
        "shots": len(shots),
        "copied": taken.copied,
        "present": taken.present,
        "kept": taken.kept,
        "missing": taken.missing,
        "contact_sheet": str(sheet) if sheet else None,
        "unread": unread,
    }
    emit(document, as_json=as_json, text="\n".join(_told(len(shots), taken, into, sheet, unread)))
    if taken.missing or unread:
        ctx.exit(FAILED)


def _print(reviewed: Reviewed, shots: list[Shot], target: Path, columns: int, paper: str) -> tuple[str, ...]:
    from groundglass.imaging.contact_sheet import SheetPicture, write_contact_sheet
    from groundglass.model.review import NOTHING_SAID
    from groundglass.model.shot import FileRole

    pictures = []
    for shot in shots:
        file = shot.file(FileRole.JPEG) or shot.file(FileRole.RAW)
        path = reviewed.folder / file.path if file else None
        name = PurePosixPath(shot.files[0].path).stem
        said = reviewed.reviews.get(shot.number, NOTHING_SAID)
        pictures.append(SheetPicture(path, name, said.words))
    with progress("Printing", len(pictures)) as show:
        return write_contact_sheet(
            pictures, target, title=reviewed.folder.name, columns=columns, paper=paper, on_picture=show
        )


def _told(
    count: int, taken: Selects, into: Path | None, sheet: Path | None, unread: tuple[str, ...]
) -> list[str]:
    lines = [f"{count} shot selected." if count == 1 else f"{count} shots selected."]
    if into is not None:
        lines.append(f"Copied to {into}: {_files(taken.copied)}; there already: {_files(taken.present)}.")
    lines += [f"{name} is there with other words and was left." for name in taken.kept]
    lines += [f"{path} is missing in the session." for path in taken.missing]
    if sheet is not None:
        lines.append(f"The contact sheet is {sheet}.")
    lines += [f"{name} could not be read and has a grey field." for name in unread]
    return lines


def _files(names: tuple[str, ...]) -> str:
    return "1 file" if len(names) == 1 else f"{len(names)} files"
