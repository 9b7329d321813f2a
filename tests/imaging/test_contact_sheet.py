"""Contact sheets, with poppler as the witness of what is on the paper."""

from __future__ import annotations

import io
import resource
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image

from groundglass.errors import ImageError, UsageError
from groundglass.imaging.color import ADOBE_RGB
from groundglass.imaging.contact_sheet import SheetPicture, write_contact_sheet

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")


def _picture(folder: Path, name: str, level: int = 128, size: tuple[int, int] = (200, 300)) -> SheetPicture:
    path = folder / f"{name}.jpg"
    grey = np.full((*size, 3), level, np.uint8)
    path.write_bytes(cv2.imencode(".jpg", grey)[1].tobytes())
    return SheetPicture(path, name, "5 stars")


def _flat(color: tuple[int, int, int], icc: bytes) -> bytes:
    file = io.BytesIO()
    picture = Image.new("RGB", (300, 200), color)
    picture.save(file, "JPEG", quality=100, subsampling=0, icc_profile=icc)
    return file.getvalue()


def _text(path: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


@needs_poppler
def test_every_picture_has_its_name_and_what_is_said_of_it(tmp_path: Path) -> None:
    pictures = [_picture(tmp_path, f"S_{number:04}") for number in range(1, 31)]

    unread = write_contact_sheet(pictures, tmp_path / "sheet.pdf", title="Spring lookbook")

    text = _text(tmp_path / "sheet.pdf")
    assert unread == ()
    assert all(one.name in text for one in pictures)
    assert text.count("5 stars") == 30
    assert text.count("Spring lookbook") == text.count("\f") == 2  # pages


@needs_poppler
def test_the_pictures_are_on_the_paper(tmp_path: Path) -> None:
    pictures = [_picture(tmp_path, "dark", 20), _picture(tmp_path, "upright", 20, (300, 200))]
    write_contact_sheet(pictures, tmp_path / "sheet.pdf", title="", columns=2)

    subprocess.run(
        ["pdftoppm", "-r", "50", "-gray", str(tmp_path / "sheet.pdf"), str(tmp_path / "page")],
        check=True,
        timeout=60,
    )

    page = cv2.imread(str(next(tmp_path.glob("page*.pgm"))), cv2.IMREAD_GRAYSCALE)
    mm = page.shape[1] / 210
    cell = ((210 - 2 * 12 - 5) / 2) ** 2 * 2 / 3
    share = np.count_nonzero(page < 60) / mm**2 / cell
    assert share == pytest.approx(1 + (2 / 3) ** 2, rel=0.05)  # one fills its place, one stands in it


@needs_poppler
def test_the_colours_on_the_paper_are_those_of_the_pictures_profile(tmp_path: Path) -> None:
    (tmp_path / "wide.jpg").write_bytes(_flat((200, 100, 60), ADOBE_RGB.icc))
    picture = SheetPicture(tmp_path / "wide.jpg", "wide")
    write_contact_sheet([picture], tmp_path / "sheet.pdf", title="", columns=1)

    subprocess.run(
        ["pdftoppm", "-r", "30", str(tmp_path / "sheet.pdf"), str(tmp_path / "page")], check=True, timeout=60
    )

    page = cv2.imread(str(next(tmp_path.glob("page*.ppm"))))
    blue, green, red = page[page.shape[0] // 4, page.shape[1] // 2].tolist()
    assert (red, green, blue) == pytest.approx((227, 100, 55), abs=4)  # sRGB; 200, 100, 60 in the file


def test_a_picture_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")

    unread = write_contact_sheet(
        [SheetPicture(broken, "broken"), SheetPicture(None, "film")], tmp_path / "sheet.pdf", title="job"
    )

    assert unread == ("broken", "film")
    assert (tmp_path / "sheet.pdf").stat().st_size > 0


def test_a_sheet_that_is_stopped_is_not_written(tmp_path: Path) -> None:
    done: list[int] = []

    unread = write_contact_sheet(
        [SheetPicture(None, "one"), SheetPicture(None, "two")],
        tmp_path / "sheet.pdf",
        title="job",
        on_picture=done.append,
        is_stopped=lambda: bool(done),
    )

    assert unread is None
    assert done == [1]
    assert not (tmp_path / "sheet.pdf").exists()


@needs_poppler
def test_a_long_name_is_cut_in_its_middle_and_stays_in_its_place(tmp_path: Path) -> None:
    picture = _picture(tmp_path, "a" * 60 + "_0042")

    write_contact_sheet([picture], tmp_path / "sheet.pdf", title="job", columns=6)

    assert "..." in _text(tmp_path / "sheet.pdf")
    assert "_0042" in _text(tmp_path / "sheet.pdf")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sheet.pdf").write_bytes(b"mine")

    with pytest.raises(UsageError, match="there already"):
        write_contact_sheet([], tmp_path / "sheet.pdf", title="job")

    assert (tmp_path / "sheet.pdf").read_bytes() == b"mine"


def test_a_file_that_came_meanwhile_is_left(tmp_path: Path) -> None:
    target = tmp_path / "sheet.pdf"

    def come(_done: int) -> None:
        target.write_bytes(b"somebody's")

    with pytest.raises(UsageError, match="there already"):
        write_contact_sheet([SheetPicture(None, "one")], target, title="job", on_picture=come)

    assert target.read_bytes() == b"somebody's"


def test_a_sheet_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_bytes(b"mine")

    with pytest.raises(ImageError, match="could not be written"):
        write_contact_sheet([], tmp_path / "file.txt" / "sheet.pdf", title="job")

    assert (tmp_path / "file.txt").read_bytes() == b"mine"


def test_one_that_is_interrupted_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_self: FPDF) -> bytearray:
        raise KeyboardInterrupt

    monkeypatch.setattr(FPDF, "output", stop)

    with pytest.raises(KeyboardInterrupt):
        write_contact_sheet([], tmp_path / "sheet.pdf", title="job")

    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_while_it_is_written_keeps_no_part(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(ImageError, match="could not be written"):
            write_contact_sheet([], tmp_path / "sheet.pdf", title="job")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="could not be written"):
        write_contact_sheet([], tmp_path / "nowhere" / "sheet.pdf", title="job")
