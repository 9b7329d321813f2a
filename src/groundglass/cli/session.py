"""`groundglass session list`, `check`, `repair`: what a session holds, whether it is whole, make it so."""

from __future__ import annotations

import importlib
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from groundglass.cli.output import FAILED, Table, emit, json_option, progress
from groundglass.cli.sessions import opened_session, read_session
from groundglass.model.words import counted, size_words

_folder = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


_MORE = {
    "rate": "groundglass.cli.review:rate",
    "trash": "groundglass.cli.trash:trash",
    "restore": "groundglass.cli.trash:restore",
    "empty-trash": "groundglass.cli.trash:empty_trash",
    "export": "groundglass.cli.export:export",
}


class _Family(click.Group):
    """Loads the module of a further command when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_MORE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MORE:
            return super().get_command(ctx, cmd_name)
        module, _, name = _MORE[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=_Family)
def session() -> None:
    """Look at session folders, mend them, and choose from them."""


@session.command(name="list")
@_folder
@json_option
def list_shots(folder: Path, as_json: bool) -> None:
    """List the shots of a session, oldest first; nothing in it is changed."""
    from groundglass.model.places import Place
    from groundglass.session.places import where_shots_live

    view = read_session(folder)
    places = where_shots_live(view)
    document = {
        "session": str(view.path),
        "name": view.name,
        "template": view.template,
        "next_number": view.next_number,
        "shots": [
            {
                "number": shot.number,
                "taken_at": shot.taken_at.isoformat(),
                "camera": shot.camera,
                "serial": shot.serial,
                "places": sorted(places[shot.number]),
                "files": [
                    {
                        "path": file.path,
                        "role": str(file.role),
                        "size_bytes": file.size_bytes,
                        "sha256": file.sha256,
                        "original": file.original,
                    }
                    for file in shot.files
                ],
            }
            for shot in view.shots
        ],
    }
    rows = tuple(
        (
            str(shot.number),
            f"{shot.taken_at:%Y-%m-%d %H:%M:%S}",
            shot.camera,
            ", ".join(file.path for file in shot.files),
            size_words(sum(file.size_bytes for file in shot.files)),
            ", ".join(place for place in Place if place in places[shot.number]) or "nowhere",
        )
        for shot in view.shots
    )
    if not rows:
        emit(document, as_json=as_json, text="No shot yet.")
        return
    columns = ("No.", "Arrived", "Camera", "Files", "Size", "Where")
    emit(document, as_json=as_json, table=Table(columns, rows, frozenset(("No.", "Size"))))


@session.command()
@_folder
@json_option
@click.pass_context
def check(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Compare every file of a session with its journal; exit with 1 if anything is amiss.

    Nothing in it is changed.
    """
    from groundglass.session.recover import check as check_session

    total = sum(len(shot.files) for shot in read_session(folder).shots)
    with progress("Reading files", total) as show:
        report = check_session(folder, on_progress=show)
    document: dict[str, Any] = {
        "session": str(folder.expanduser().absolute()),
        "clean": report.is_clean,
        "shots": report.shots,
        "files": report.files,
        "missing": report.missing,
        "renamed": [{"stored_as": before, "found_as": after} for before, after in report.renamed],
        "altered": report.altered,
        "unfinished": report.unfinished,
        "unknown": report.unknown,
        "journal": {"corrupt_lines": report.corrupt_lines, "torn": report.is_torn},
        "in_trash": report.in_trash,
    }
    faults = (
        *(("missing", path) for path in report.missing),
        *(("renamed", f"{before} is now {after}") for before, after in report.renamed),
        *(("altered", path) for path in report.altered),
        *(("unfinished", name) for name in report.unfinished),
        *(("journal", f"line {number} is damaged") for number in report.corrupt_lines),
        *((("journal", "the last line is torn; opening the session seals it"),) if report.is_torn else ()),
    )
    notes = tuple(("not from Groundglass", path) for path in report.unknown)
    told = f"{counted(report.shots, 'shot')}, {counted(report.files, 'file')}"
    told += f", {counted(report.in_trash, 'shot')} in the trash" if report.in_trash else ""
    verdict = f"{told}: all whole." if report.is_clean else f"{told}; {counted(len(faults), 'fault')}."
    table = Table(("What", "Where"), faults + notes) if faults or notes else None
    emit(document, as_json=as_json, table=table, text=verdict)
    if not report.is_clean:
        ctx.exit(FAILED)


@session.command()
@_folder
@click.option(
    "--backup",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A backup folder to bring missing files back from, beside those that the session remembers.",
)
@json_option
@click.pass_context
def repair(ctx: click.Context, folder: Path, backup: Path | None, as_json: bool) -> None:
    """Finish what was cut short and bring back what is missing; exit with 1 if something stays amiss.

    It only adds: nothing is deleted, overwritten or renamed.
    """
    from groundglass.session.repair import repair as repair_session

    total = sum(len(shot.files) for shot in read_session(folder).shots)
    with progress("Reading files", total) as show:
        report = repair_session(folder, backup, on_progress=show)
    opened, before = report.recovery, report.before
    document: dict[str, Any] = {
        "session": str(folder.expanduser().absolute()),
        "whole": report.is_whole,
        "finished": opened.finished,
        "set_aside": opened.set_aside,
        "lost": opened.lost,
        "sealed": opened.was_torn,
        "damaged_lines": before.corrupt_lines,
        "journalled": report.journalled,
        "restored": [{"path": path, "from": copy} for path, copy in report.restored],
        "missing": report.missing,
        "altered": [
            {"path": path, "good_copy": dict(report.good_copies).get(path)} for path in before.altered
        ],
        "renamed": [{"stored_as": was, "found_as": now} for was, now in before.renamed],
        "unknown": report.unknown,
    }
    copies = dict(report.good_copies)
    done = (
        *(("stored now", path) for path in opened.finished),
        *(("kept aside", path) for path in opened.set_aside),
        *(("journalled again", path) for path in report.journalled),
        *(("restored", f"{path} from {copy}") for path, copy in report.restored),
        *((("journal", "the torn last line is sealed"),) if opened.was_torn else ()),
        *(("journal", f"line {number} is damaged; noted") for number in before.corrupt_lines),
    )
    left = (
        *(("missing", path) for path in report.missing),
        *(("renamed", f"{was} is now {now}; left as it is") for was, now in before.renamed),
        *(
            ("altered", f"{path}; left as it is" + (f"; good copy: {copies[path]}" if path in copies else ""))
            for path in before.altered
        ),
    )
    notes = (
        *(("never arrived", name) for name in opened.lost),
        *(("not from Groundglass", path) for path in report.unknown),
    )
    verdict = "Nothing to repair." if not left else "Nothing can be repaired from here."
    if done:
        verdict = f"{counted(len(done), 'repair')} made."
    if left:
        verdict += f" {counted(len(left), 'fault')} left."
    rows = done + left + notes
    emit(document, as_json=as_json, table=Table(("What", "Where"), rows) if rows else None, text=verdict)
    if not report.is_whole:
        ctx.exit(FAILED)


@session.command()
@_folder
@click.option("--template", help="Names of the pictures from now on, as {subject}/{session}_{counter:04}.")
@click.option("--subject", help="What the pictures from now on show, for {subject}.")
@click.option("--next", "next_number", type=click.IntRange(1), help="The number of the next picture.")
@json_option
def name(
    folder: Path, template: str | None, subject: str | None, next_number: int | None, as_json: bool
) -> None:
    """Show how the next picture of a session is called, or change it."""
    from msgspec.structs import asdict

    from groundglass.model.naming import holds_subject, with_subject
    from groundglass.studio.sessions import Naming, rename

    view, now = read_session(folder), datetime.now().astimezone()
    if (template, subject, next_number) != (None, None, None):
        with opened_session(folder) as store:
            rename(store, template, subject, next_number)
        view = read_session(folder)
    naming = Naming(view.template, view.subject, view.next_number, view.next_stem(now))
    emit(asdict(naming), as_json=as_json, text=naming.next_name)
    if subject and not holds_subject(view.template):
        added = with_subject(view.template)
        click.echo(f"The names do not hold {{subject}}: --template '{added}' adds it.", err=True)
