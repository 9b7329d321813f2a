"""`groundglass virtual`: a camera of software on the network."""

from __future__ import annotations

import re
from pathlib import Path

import click

_SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")


class _Size(click.ParamType[tuple[int, int]]):
    """A picture size such as 1024x680."""

    name = "WIDTHxHEIGHT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = _SIZE.fullmatch(str(value))
        width, height = map(int, match.groups()) if match else (0, 0)
        if not (160 <= width <= 3840 and 120 <= height <= 2560):
            self.fail(f"{value!r} is no size from 160x120 to 3840x2560", param, ctx)
        return width, height


@click.command(name="virtual")
@click.option(
    "--brand",
    type=click.Choice(["canon", "fuji", "nikon", "sony"]),
    default="nikon",
    show_default=True,
    help="Whose camera it plays.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; 0: a free one.")
@click.option(
    "--usb-port",
    type=click.IntRange(0, 65535),
    help="Be on the USB bridge of the tests too, at this port; 0: a free one.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 999_999),
    default=1,
    show_default=True,
    help="Makes noise and serial repeatable.",
)
@click.option(
    "--photos",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Shoot these files in turn.",
)
@click.option(
    "--live-rate",
    type=click.FloatRange(1, 240),
    default=60.0,
    show_default=True,
    help="Live frames a second.",
)
@click.option(
    "--live-size", type=_Size(), default="1024x680", show_default=True, help="Size of a live frame."
)
@click.option(
    "--megapixels",
    type=click.Choice(["4", "12", "24", "45"]),
    default="24",
    show_default=True,
    help="Size of a still.",
)
@click.option("--until-stdin-closes", is_flag=True, help="End when the standard input does.")
@click.option("--json", "as_json", is_flag=True, help="Say where it is as one JSON line.")
@click.option("--verbose", is_flag=True, help="Log each operation to the standard error.")
def virtual(
    brand: str,
    port: int,
    usb_port: int | None,
    seed: int,
    photos: Path | None,
    live_rate: float,
    live_size: tuple[int, int],
    megapixels: str,
    until_stdin_closes: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Run a virtual camera until Ctrl-C.

    It answers on the network as a body of the --brand and shows a still life; no camera is needed.
    """
    from groundglass.virtual import program

    options = program.Options(
        brand=brand,
        port=port,
        usb_port=usb_port,
        seed=seed,
        photos=photos,
        live_rate=live_rate,
        live_size=live_size,
        megapixels=int(megapixels),
        as_json=as_json,
        until_stdin_closes=until_stdin_closes,
        is_verbose=verbose,
    )
    try:
        program.run(options)
    except OSError as err:
        raise click.ClickException(f"The virtual camera cannot start: {err}. Is port {port} taken?") from err
