"""`groundglass fetch`: bring what lies on the card into a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from groundglass.cli import desk, options
from groundglass.cli.output import emit, json_option, warn
from groundglass.errors import UsageError
from groundglass.model.words import counted

if TYPE_CHECKING:
    from groundglass.studio.events import Event


@click.command()
@options.camera_option
@options.keeping_options
@click.option("--since", metavar="TIME", help=f"Only pictures taken then or later: {options.TIMES}.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Pictures of any age, other sessions' too; by default those of this session.",
)
@json_option
def fetch(
    camera: str | None,
    keeping: options.Keeping,
    since: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Fetch pictures from the card that the session does not have, oldest first."""
    from groundglass.studio.events import Warned

    if since and everything:
        raise UsageError("--since and --all contradict each other.", "Use one of them.")
    moment = options.moment(since) if since else None

    def note(event: Event) -> None:
        if isinstance(event, Warned):
            warn(event.error)

    with desk.connected(camera, keeping=keeping, listener=note) as studio:
        folder = desk.opened_folder(studio)
        before = {shot.number for shot in studio.shots}
        count = studio.fetch(moment, of_session=moment is None and not everything).result()
        studio.finish_storing()
        lacking = desk.lacking_copies(studio)
        desk.say_kept(studio)
        shots = [desk.shot_document(one, folder, None) for one in studio.shots if one.number not in before]
    files = counted(count, "file was", "files were")
    said = "Nothing new is on the card." if not count else f"{files} fetched into {folder}."
    emit({"session": str(folder), "fetched": count, "shots": shots}, as_json=as_json, text=said)
    desk.tell_lacking(lacking, keeping.backup)
