"""`groundglass session rate`: stars, labels, rejected and keywords, into the sidecars."""

from __future__ import annotations

from pathlib import Path

import click

from groundglass.cli.choosing import folder_argument, named, names_argument, review_document
from groundglass.cli.output import Table, emit, json_option
from groundglass.cli.sessions import read_session
from groundglass.errors import UsageError


@click.command()
@folder_argument
@names_argument
@click.option("--stars", type=click.IntRange(0, 5), help="0 to 5; 0 also takes a rejection back.")
@click.option("--reject", is_flag=True, help="Reject the shots.")
@click.option("--label", metavar="LABEL", help="Red, yellow, green, blue, purple, or none.")
@click.option("--keyword", "keywords", multiple=True, metavar="WORD", help="Add a keyword.")
@click.option("--without", multiple=True, metavar="WORD", help="Take a keyword away.")
@json_option
def rate(
    folder: Path,
    names: tuple[str, ...],
    stars: int | None,
    reject: bool,
    label: str | None,
    keywords: tuple[str, ...],
    without: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say what you think of shots; without an option, tell what is said.

    SHOT is a name or a number; numbers also as 1,2 or 2-4. What is said goes into the XMP sidecars; a window
    on the session takes it in.
    """
    from groundglass.model.review import REJECTED, ColorLabel, ReviewChange
    from groundglass.session.reviews import read_review, write_review

    if reject and stars is not None:
        raise UsageError("A shot has stars or is rejected.", "Give --stars or --reject.")
    wanted = None if label is None else "" if label.casefold() == "none" else ColorLabel.parse(label).value
    change = ReviewChange(REJECTED if reject else stars, wanted, keywords, without)
    view = read_session(folder)
    said = []
    for shot in named(view.shots, names):
        if change != ReviewChange():
            write_review(view.path, shot, change)
        said.append((shot, read_review(view.path, shot)))
    document = {
        "session": str(view.path),
        "shots": [
            {
                "number": shot.number,
                "files": [file.path for file in shot.files],
                **review_document(review),
            }
            for shot, review in said
        ],
    }
    rows = tuple(
        (str(shot.number), shot.files[0].path, review.words or "nothing said") for shot, review in said
    )
    emit(document, as_json=as_json, table=Table(("No.", "Name", "Said"), rows, frozenset(("No.",))))
