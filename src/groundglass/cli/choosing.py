"""What the commands share that speak of some shots of a session: by name or number, or by a filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct

from groundglass.cli.options import TIMES, moment
from groundglass.cli.sessions import read_session
from groundglass.errors import UsageError

if TYPE_CHECKING:
    from groundglass.model.review import Review
    from groundglass.model.shot import Shot

F = TypeVar("F", bound=Callable[..., Any])

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
names_argument = click.argument("names", metavar="SHOT...", nargs=-1, required=True)

_ORDERS = ("time", "name", "rating", "label", "camera")
_FILTER = (
    click.option(
        "--stars",
        type=click.IntRange(0, 5),
        default=0,
        show_default=True,
        help="This many stars or more.",
    ),
    click.option(
        "--label",
        "labels",
        multiple=True,
        metavar="LABEL",
        help="Red, yellow, green, blue or purple; may be given again.",
    ),
    click.option(
        "--rejected",
        type=click.Choice(["shown", "hidden", "only"]),
        default="hidden",
        show_default=True,
        help="What becomes of rejected shots.",
    ),
    click.option(
        "--by",
        "by_camera",
        metavar="MODEL",
        default="",
        help="Shot with this camera: part of the model is enough.",
    ),
    click.option("--since", default="", metavar="TIME", help=f"Taken then or later: {TIMES}."),
    click.option(
        "--sort",
        "order",
        type=click.Choice(_ORDERS),
        default="time",
        show_default=True,
        help="What they are sorted by.",
    ),
    click.option("--reverse", "is_descending", is_flag=True, help="The last one first."),
)


def filter_options(command: F) -> F:
    """Give a command the options of a filter; `chosen_shots` reads them."""
    for option in reversed(_FILTER):
        command = option(command)
    return command


class Reviewed(Struct, frozen=True):
    """The shots of a session and what is said of them."""

    folder: Path
    shots: tuple[Shot, ...]
    reviews: dict[int, Review]

    @classmethod
    def read(cls, folder: Path) -> Reviewed:
        """Read a session and its sidecars; a broken sidecar says nothing, and a word on stderr."""
        from groundglass.cli.output import complain
        from groundglass.errors import SessionError
        from groundglass.session.reviews import read_review

        view = read_session(folder)
        reviews: dict[int, Review] = {}
        for shot in view.shots:
            try:
                reviews[shot.number] = read_review(view.path, shot)
            except SessionError as err:
                complain(err)
        return cls(view.path, view.shots, reviews)


def chosen_shots(
    reviewed: Reviewed,
    *,
    stars: int,
    labels: Sequence[str],
    rejected: str,
    by_camera: str,
    since: str,
    order: str,
    is_descending: bool,
) -> list[Shot]:
    """Return the shots that the options let pass, in order; raises UsageError if there are none."""
    from groundglass.model.review import ColorLabel
    from groundglass.model.shot_filter import Rejected, ShotFilter, ShotOrder

    wanted = ShotFilter(
        stars,
        frozenset(ColorLabel.parse(one).value for one in labels),
        Rejected(rejected),
        since=moment(since) if since else None,
        order=ShotOrder(order),
        is_descending=is_descending,
    )
    part = by_camera.casefold()  # as --camera names one
    shots = wanted.sift([one for one in reviewed.shots if part in one.camera.casefold()], reviewed.reviews)
    if shots:
        return shots
    if not reviewed.shots:
        raise UsageError("The session has no shot yet.", "Shoot some, or name another session.")
    given = {
        "--stars": stars,
        "--label": labels,
        "--rejected only": rejected == Rejected.ONLY,
        "--by": by_camera,
        "--since": since,
    }
    told = [option for option, value in given.items() if value]
    hint = (
        f"Change or leave out {' or '.join(told)}." if told else "All are rejected: ask for --rejected shown."
    )
    if told == ["--stars"]:
        hint = "Rate some, or ask for fewer stars."
    raise UsageError("No shot of the session is chosen by this.", hint)


def named(shots: Iterable[Shot], names: Sequence[str]) -> tuple[Shot, ...]:
    """Return the shots of these names, with or without an ending, or numbers; raises UsageError.

    Numbers may be lists and ranges, as 1,2 and 2-4; of a range those count that there are.
    """
    shots = tuple(shots)
    known: dict[str, Shot] = {}
    for shot in shots:
        known.setdefault(str(shot.number), shot)
        for file in shot.files:
            path = PurePosixPath(file.path)
            for name in (file.path, str(path.with_suffix("")), path.name, path.stem):
                known[name] = shot
    found = []
    for name in names:
        if name in known:
            found.append(known[name])
            continue
        for part in name.split(","):
            some = _of_numbers(shots, part)
            if not some:
                raise UsageError(f"There is no shot “{part}”.", "“groundglass session list DIR” names them.")
            found.extend(some)
    return tuple(dict.fromkeys(found))


def _of_numbers(shots: Sequence[Shot], text: str) -> list[Shot]:
    """Return the shots of a number, or of a range as 2-4; with leading noughts that is rather a name."""
    alone = re.fullmatch(r"\s*(\d+)\s*", text, re.ASCII)
    match = alone or re.fullmatch(r"\s*([1-9]\d*)\s*-\s*([1-9]\d*)\s*", text, re.ASCII)
    if match is None:
        return []
    first, last = int(match[1]), int(match[match.lastindex or 1])
    return [one for one in shots if first <= one.number <= last]


def review_document(review: Review | None) -> dict[str, Any]:
    return {
        "stars": review.stars if review else 0,
        "rejected": bool(review and review.is_rejected),
        "label": review.label if review else "",
        "keywords": review.keywords if review else (),
    }
