"""`groundglass catalogue`: what each known camera offers, from the trees that people recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundglass.errors import UsageError

if TYPE_CHECKING:
    from groundglass.model.setting import Setting

_INTRODUCTION = """# Cameras

What Groundglass understands of each camera's settings over the cable, read from trees of real bodies
(`gphoto2 --list-all-config`). A tree shows one moment: a value that the mode dial held is missing or stands
alone, and a body without a lens shows no aperture. Made by `groundglass catalogue FILE...`; do not edit.
"""
_HEADINGS = ("Camera", "Shutter", "Aperture", "ISO", "Compensation", "Image format", "Other settings")
_SPAN = ("shutter", "aperture", "iso", "exposure_compensation")


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def catalogue(files: tuple[Path, ...]) -> None:
    """Write a page of what the cameras in these trees offer."""
    from groundglass.camera.dialects.settings import understand
    from groundglass.camera.dump import decoded, read_dump, to_english

    rows = []
    for path in files:
        found = read_dump(decoded(path.read_bytes()))
        known = understand(found.widgets, to_english())
        by_id = {one.id.value: one for one in known.settings}
        if not any(name in by_id for name in _SPAN[:3]):
            continue
        rows.append((found.model or path.stem, by_id))
    if not rows:
        raise UsageError("None of these files holds a camera with manual control.", "Choose others.")
    click.echo(_INTRODUCTION)
    click.echo(f"| {' | '.join(_HEADINGS)} |")
    click.echo(f"|{' --- |' * len(_HEADINGS)}")
    for model, by_id in sorted(rows, key=lambda row: row[0].lower()):
        cells = [model, *(_span(by_id.get(name)) for name in _SPAN), _formats(by_id.get("image_format"))]
        others = [one.id.words for one in by_id.values() if one.id.value not in (*_SPAN, "image_format")]
        click.echo(f"| {' | '.join([*cells, ', '.join(others)])} |".replace("  ", " "))


def _span(setting: Setting | None) -> str:
    if setting is None:
        return ""
    numbers = [one for one in setting.choices if one.number is not None]
    words = list(dict.fromkeys(one.special.value for one in setting.choices if one.special is not None))
    if setting.range and not numbers:
        return "stepless"
    if not numbers:
        return ", ".join(words) or (setting.label if setting.current else "")
    ends = [numbers[0].label, numbers[-1].label]
    span = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return ", ".join([span, *words])


def _formats(setting: Setting | None) -> str:
    if setting is None:
        return ""
    labels = [one.label for one in setting.choices]
    kinds = {
        "RAW": any(
            label.startswith(("RAW", "cRAW", "sRAW", "mRAW")) and "JPEG" not in label for label in labels
        ),
        "JPEG": any(label.startswith("JPEG") for label in labels),
        "RAW + JPEG": any("RAW + JPEG" in label for label in labels),
    }
    return ", ".join(kind for kind, is_there in kinds.items() if is_there) or setting.label
