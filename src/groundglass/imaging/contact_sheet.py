"""A contact sheet: pictures in rows on paper, each with its name, as a PDF."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from groundglass.errors import ImageError, UsageError
from groundglass.imaging.color import SRGB, convert
from groundglass.imaging.thumbnail import small_picture

if TYPE_CHECKING:
    import numpy as np
    from fpdf import FPDF
    from numpy.typing import NDArray

_log = logging.getLogger(__name__)

PAPERS = ("a4", "a3", "letter")
_MARGIN_MM, _GAP_MM = 12.0, 5.0
_TITLE_MM, _CAPTION_MM = 10.0, 9.0
_TITLE_PT, _CAPTION_PT = 12.0, 7.5
_DOTS_PER_MM = 300 / 25.4
_QUALITY = 88
_INK, _QUIET, _MISSING = 30, 110, 225  # greys

# The PDF's own type has the letters of western Europe alone; the first of these that is there has more.
_FONTS = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/TTF/DejaVuSans.ttf"),
    Path("/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf"),
    Path("/usr/share/fonts/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/truetype/DejaVuSans.ttf"),
    Path("/usr/share/fonts/google-noto/NotoSans-Regular.ttf"),
    Path("/usr/share/fonts/truetype/NotoSans-Regular.ttf"),
    Path("/usr/share/fonts/noto/NotoSans-Regular.ttf"),
    Path("/usr/share/fonts/liberation-sans-fonts/LiberationSans-Regular.ttf"),
    Path("/usr/share/fonts/liberation-sans/LiberationSans-Regular.ttf"),
    Path("/System/Library/Fonts/Supplemental/Arial Unicode.ttf"),
)


class SheetPicture(Struct, frozen=True):
    """One place on the sheet."""

    path: Path | None  # None: there is no picture to show
    name: str
    words: str = ""  # a second, quiet line


def write_contact_sheet(
    pictures: Sequence[SheetPicture],
    target: Path,
    *,
    title: str,
    columns: int = 4,
    paper: str = "a4",
    on_picture: Callable[[int], None] = lambda _done: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> tuple[str, ...] | None:
    """Write the sheet, as many pages as it needs; return the names of pictures that could not be read.

    is_stopped: asked before each picture; if so nothing is written, and None returned.

    Those have a grey field in their place. target: must not exist; raises UsageError if it does, or for a
    number of columns from 1 to 10 that it is not. Raises ImageError if it cannot be written. Blocks: some
    10 ms a picture with a preview inside.
    """
    if not 1 <= columns <= 10 or paper not in PAPERS:
        raise UsageError("A contact sheet has 1 to 10 columns.", f"Paper is one of {', '.join(PAPERS)}.")
    check_is_free(target)
    unread = []
    with contextlib.closing(_Sheet(title, columns, paper)) as sheet:
        for done, picture in enumerate(pictures, start=1):
            if is_stopped():
                return None
            if not sheet.put(picture):
                unread.append(picture.name)
            on_picture(done)
        sheet.write(target)
    return tuple(unread)


def check_is_free(target: Path) -> None:
    """Raise UsageError if there is something of this name."""
    if os.path.lexists(target):
        raise _is_taken(target)


def _not_written(err: OSError) -> ImageError:
    return ImageError(
        f"The contact sheet could not be written: {err.strerror or err}.", "Choose another folder."
    )


def _is_taken(target: Path) -> UsageError:
    return UsageError(f"“{target}” is there already.", "Choose another name for the contact sheet.")


class _Sheet:
    def __init__(self, title: str, columns: int, paper: str) -> None:
        from fpdf import FPDF

        self._pdf: FPDF = FPDF(format=paper)
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_title(title)
        self._pdf.set_creator("Groundglass")
        self._pdf.set_image_filter("DCTDecode")
        self._family = self._choose_font()
        self._title = title
        self._columns = columns
        self._width = (self._pdf.w - 2 * _MARGIN_MM - (columns - 1) * _GAP_MM) / columns
        self._height = self._width * 2 / 3  # of a picture that lies; one that stands is fitted into it
        pitch = self._height + _CAPTION_MM + _GAP_MM
        self._rows = max(int((self._pdf.h - 2 * _MARGIN_MM - _TITLE_MM + _GAP_MM) / pitch), 1)
        self._pitch = pitch
        self._count = 0

    def put(self, picture: SheetPicture) -> bool:
        """Put a picture in the next place; tell whether it could be read."""
        place = self._count % (self._columns * self._rows)
        if place == 0:
            self._begin_page()
        row, column = divmod(place, self._columns)
        left = _MARGIN_MM + column * (self._width + _GAP_MM)
        top = _MARGIN_MM + _TITLE_MM + row * self._pitch
        self._count += 1
        is_read = self._paint(picture, left, top)
        self._say(picture.name, left, top + self._height + 1, _INK)
        self._say(picture.words, left, top + self._height + 4.5, _QUIET)
        return is_read

    def write(self, target: Path) -> None:
        """Write it, whole or not at all; raises UsageError if something came by this name, ImageError."""
        if not self._count:
            self._begin_page()
        content = bytes(self._pdf.output())  # before there is a file: it takes a while
        try:
            out = target.open("xb")
        except FileExistsError as err:
            raise _is_taken(target) from err
        except OSError as err:
            raise _not_written(err) from err
        try:
            with out:
                out.write(content)
        except BaseException as err:
            with contextlib.suppress(OSError):
                target.unlink()
            if isinstance(err, OSError):
                raise _not_written(err) from err
            raise

    def close(self) -> None:
        """Close the font's file."""
        from fpdf.fonts import TTFFont

        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def _choose_font(self) -> str:
        font = next((one for one in _FONTS if one.is_file()), None)
        if font is None:
            return "helvetica"
        self._pdf.add_font("text", fname=str(font))
        return "text"

    def _begin_page(self) -> None:
        pdf = self._pdf
        pdf.add_page()
        pdf.set_font(self._family, size=_TITLE_PT)
        pdf.set_text_color(_INK)
        pdf.set_xy(_MARGIN_MM, _MARGIN_MM)
        pdf.cell(pdf.w - 2 * _MARGIN_MM, 6, self._fit(self._title, pdf.w - 2 * _MARGIN_MM - 20))
        pdf.set_font(self._family, size=_CAPTION_PT)
        pdf.set_text_color(_QUIET)
        pdf.set_xy(_MARGIN_MM, _MARGIN_MM)
        pdf.cell(pdf.w - 2 * _MARGIN_MM, 6, str(pdf.page_no()), align="R")

    def _paint(self, picture: SheetPicture, left: float, top: float) -> bool:
        from PIL import Image

        pixels = self._pixels(picture)
        if pixels is None:
            self._pdf.set_fill_color(_MISSING)
            self._pdf.rect(left, top, self._width, self._height, style="F")
            return False
        height, width = pixels.shape[:2]
        scale = min(self._width / width, self._height / height)
        image = Image.fromarray(pixels[:, :, 2::-1].copy())
        self._pdf.image(
            image,
            left + (self._width - width * scale) / 2,
            top + (self._height - height * scale) / 2,
            width * scale,
            height * scale,
        )
        return True

    def _pixels(self, picture: SheetPicture) -> NDArray[np.uint8] | None:
        if picture.path is None:
            return None
        try:
            small = small_picture(picture.path, round(self._width * _DOTS_PER_MM))
            return convert(small.image, small.profile, SRGB)  # the sheet's pictures bear no profile
        except ImageError as err:
            _log.info("%s has no picture on the contact sheet: %s", picture.name, err)
            return None

    def _say(self, text: str, left: float, top: float, grey: int) -> None:
        self._pdf.set_font(self._family, size=_CAPTION_PT)
        self._pdf.set_text_color(grey)
        self._pdf.set_xy(left, top)
        self._pdf.cell(self._width, 3.5, self._fit(text, self._width), align="C")

    def _fit(self, text: str, room: float) -> str:
        """Cut a text in its middle where it is too long, for names differ at their ends."""
        if self._family == "helvetica":
            text = text.encode("latin-1", "replace").decode("latin-1")
        dots = "..."
        shown, kept = text, len(text)
        while self._pdf.get_string_width(shown) > room and kept > 2:
            kept -= 1
            shown = f"{text[: kept // 2]}{dots}{text[len(text) - (kept - kept // 2) :]}"
        return shown
