"""Options that commands share: which camera, and where its frames are kept."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from groundglass.errors import UsageError
from groundglass.studio.jobs import aside

TIMES = "14:30 for today, 2026-11-26, or “2026-11-26 14:30”"

_PATIENCE_S = 0.2  # a disk that is there answers in milliseconds


class _Folder(click.Path):
    """A folder; one whose disk does not answer at once is taken as it was typed, and is told of later."""

    def __init__(self, *, exists: bool = False) -> None:
        super().__init__(exists=exists, file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        look = super().convert
        try:
            return aside("folder", lambda: look(value, param, ctx)).result(_PATIENCE_S)
        except TimeoutError:
            return Path(value)


camera_option = click.option(
    "--camera",
    metavar="CAMERA",
    help="Address (usb:001,004, ptpip:IP:PORT), serial number, part of the model, or virtual:nikon.",
)


def session_option_with(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option; default: in words, what is taken without it."""
    return click.option(
        "--session",
        type=_Folder(),
        help=f"Session folder; by default {default}.",
    )


session_option = session_option_with("the preferred one, else the day's own in your sessions folder")
template_option = click.option(
    "--template",
    help="Names of the pictures, for example {session}_{counter:04} or {date:%Y%m%d}/{camera}_{counter:04}.",
)
backup_option = click.option(
    "--backup",
    type=_Folder(exists=True),
    help="Folder on another disk for a second, verified copy of every frame; by default the preferred one.",
)
lens_option = click.option(
    "--lens",
    help="A lens without electronics, for the sidecars: name, focal length and aperture, "
    "as Helios 44-2 58 mm f/2.",
)


def card_policy_option(command: Callable[..., Any]) -> Callable[..., Any]:
    from groundglass.model.places import CardPolicy

    return click.option(
        "--card-policy",
        type=click.Choice([str(one) for one in CardPolicy]),
        help="Keep the card's copy of each stored frame (the default), or delete it once the disk and the "
        "backup are read again and found whole.",
    )(command)


class Keeping(Struct, frozen=True):
    """Where frames are kept and how they are named, as it was typed; None: as is preferred."""

    session: Path | None
    template: str | None
    backup: Path | None
    card_policy: str | None


def keeping_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of where frames are kept; it takes one `keeping`."""

    @functools.wraps(command)
    def run(
        *,
        session: Path | None,
        template: str | None,
        backup: Path | None,
        card_policy: str | None,
        **others: Any,
    ) -> None:
        command(keeping=Keeping(session, template, backup, card_policy), **others)

    wrapped: Callable[..., None] = run
    for option in (card_policy_option, backup_option, template_option, session_option):
        wrapped = option(wrapped)
    return wrapped


def moment(text: str) -> datetime:
    """Read a time as ISO 8601 writes it: alone, with its day, or a day; raises UsageError."""
    try:
        if "-" in text or ":" not in text:  # `time` reads 14.30 as 0.3 s past two
            return datetime.fromisoformat(text.strip()).astimezone()
        return datetime.combine(date.today(), time.fromisoformat(text.strip())).astimezone()
    except ValueError:
        raise UsageError(f"“{text}” is no time.", f"Write it as {TIMES}.") from None
