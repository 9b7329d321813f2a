"""Reviews in sidecars, ours and other programs'; darktable and exiftool as witnesses."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from groundglass.model.review import REJECTED, Review, ReviewChange
from groundglass.model.shot import FileRole, Shot, ShotFile
from groundglass.session.reviews import SidecarLook, read_review, write_review

needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
needs_darktable = pytest.mark.skipif(
    shutil.which("darktable-cli") is None, reason="darktable is not installed"
)

SAID = Review(4, "Green", ("portrait", "Spring lookbook"))
CHANGE = ReviewChange(SAID.rating, SAID.label, SAID.keywords)

# As darktable 4.2 writes it beside S_0001.jpg, its history left out.
DARKTABLE = """<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:darktable="http://darktable.sf.net/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
    xmp:Rating="2" darktable:xmp_version="5">
   <darktable:colorlabels><rdf:Seq><rdf:li>3</rdf:li></rdf:Seq></darktable:colorlabels>
   <dc:subject><rdf:Bag><rdf:li>studio</rdf:li><rdf:li>north</rdf:li></rdf:Bag></dc:subject>
   <lr:hierarchicalSubject><rdf:Bag><rdf:li>studio|north</rdf:li></rdf:Bag></lr:hierarchicalSubject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""


def shot(*names: str) -> Shot:
    files = tuple(ShotFile(name, FileRole.of(name), 1, "0" * 64) for name in names)
    return Shot(1, files, datetime(2026, 3, 1, tzinfo=UTC))


def picture(path: Path) -> Path:
    grey = np.full((64, 96, 3), 90, np.uint8)
    path.write_bytes(cv2.imencode(".jpg", grey)[1].tobytes())
    return path


def test_raw_and_jpeg_share_what_is_said_of_them(tmp_path: Path) -> None:
    both = shot("S_0001.nef", "S_0001.jpg")

    write_review(tmp_path, both, CHANGE)

    assert read_review(tmp_path, both) == SAID
    assert [one.name for one in tmp_path.iterdir()] == ["S_0001.xmp"]


@pytest.mark.parametrize(
    "change", [ReviewChange(rating=REJECTED), ReviewChange(label="Red"), ReviewChange(add_keywords=("a",))]
)
def test_each_of_them_alone_leaves_the_others(tmp_path: Path, change: ReviewChange) -> None:
    write_review(tmp_path, shot("S_0001.jpg"), CHANGE)

    said = write_review(tmp_path, shot("S_0001.jpg"), change)

    assert said == SAID
    assert read_review(tmp_path, shot("S_0001.jpg")) == change.of(SAID)


def test_saying_nothing_begins_no_sidecar(tmp_path: Path) -> None:
    write_review(tmp_path, shot("S_0001.jpg"), ReviewChange(rating=0, label=""))

    assert list(tmp_path.iterdir()) == []


def test_darktables_own_sidecar_is_read_and_kept_in_line(tmp_path: Path) -> None:
    theirs = tmp_path / "S_0001.jpg.xmp"
    theirs.write_text(DARKTABLE, encoding="utf-8")
    one = shot("S_0001.jpg")
    assert read_review(tmp_path, one) == Review(2, "Blue", ("studio", "north"))

    write_review(tmp_path, one, ReviewChange(5, "Red", ("keep",), ("studio",)))

    text = theirs.read_text(encoding="utf-8")
    assert read_review(tmp_path, one) == Review(5, "Red", ("north", "keep"))
    assert "<rdf:li>0</rdf:li>" in text
    assert "studio|north" in text
    assert "darktable:xmp_version" in text
    theirs.unlink()
    assert read_review(tmp_path, one) == Review(5, "Red", ("north", "keep"))


def test_a_label_stands_among_darktables_own_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "S_0001.jpg.xmp"
    labels = "<darktable:colorlabels><rdf:Seq><rdf:li>3</rdf:li></rdf:Seq></darktable:colorlabels>"
    unlabelled = DARKTABLE.replace(labels, "").replace('xmp:Rating="2"', 'xmp:Rating="2" xmp:Label="Blue"')
    theirs.write_text(unlabelled, encoding="utf-8")
    one = shot("S_0001.jpg")

    write_review(tmp_path, one, ReviewChange(label="Red"))

    text = theirs.read_text(encoding="utf-8")
    assert "xmp:Label" not in text  # darktable would believe it, whatever is chosen there
    assert "<rdf:li>0</rdf:li>" in text
    assert 'xmp:Label="Red"' in (tmp_path / "S_0001.xmp").read_text(encoding="utf-8")
    ours = text.split("<darktable:colorlabels>")
    theirs.write_text(ours[0] + ours[1].split("</darktable:colorlabels>")[1], encoding="utf-8")
    assert read_review(tmp_path, one).label == ""  # taken away in darktable


def test_words_that_darktable_has_no_label_for_stay_in_its_sidecar(tmp_path: Path) -> None:
    (tmp_path / "S_0001.jpg.xmp").write_text(DARKTABLE, encoding="utf-8")
    one = shot("S_0001.jpg")

    write_review(tmp_path, one, ReviewChange(label="To print"))

    assert read_review(tmp_path, one).label == "To print"


def test_a_look_tells_which_sidecars_were_written_since(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    shots = (shot("a/S_0001.jpg"), shot("S_0002.jpg"))
    write_review(tmp_path, shots[0], CHANGE)
    before = SidecarLook.take(tmp_path, shots)

    write_review(tmp_path, shots[1], CHANGE)

    after = SidecarLook.take(tmp_path, shots)
    assert after.changed_since(before) == {"S_0002.xmp"}
    (tmp_path / "a/S_0001.xmp").unlink()
    assert SidecarLook.take(tmp_path, shots).changed_since(after) == {"a/S_0001.xmp"}


@needs_exiftool
def test_exiftool_writes_and_reads_all_of_it(tmp_path: Path) -> None:
    one = shot("S_0001.jpg")
    sidecar = tmp_path / "S_0001.xmp"
    said = ["-XMP:Rating=3", "-XMP:Label=Purple", "-XMP-dc:Subject=a", "-XMP-dc:Subject=b"]
    subprocess.run(["exiftool", "-q", *said, str(sidecar)], check=True)
    assert read_review(tmp_path, one) == Review(3, "Purple", ("a", "b"))

    write_review(tmp_path, one, ReviewChange(rating=5, label="Yellow", add_keywords=("c",)))

    told = subprocess.run(
        ["exiftool", "-s3", "-XMP:Rating", "-XMP:Label", "-XMP-dc:Subject", str(sidecar)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split("\n")[:3] == ["5", "Yellow", "a, b, c"]


@needs_darktable
def test_darktable_takes_our_review_over_into_its_own_sidecar_and_export(tmp_path: Path) -> None:
    one = shot("S_0001.jpg")
    picture(tmp_path / "S_0001.jpg")
    write_review(tmp_path, one, CHANGE)

    told = _told_by_darktable(tmp_path, "S_0001.xmp")

    assert told == ["4", "Spring lookbook, portrait"]


@needs_darktable
def test_darktable_reads_back_what_we_changed_in_its_own_sidecar(tmp_path: Path) -> None:
    one = shot("S_0001.jpg")
    picture(tmp_path / "S_0001.jpg")
    (tmp_path / "S_0001.jpg.xmp").write_text(DARKTABLE, encoding="utf-8")
    write_review(tmp_path, one, ReviewChange(5, "Red", ("keep",), ("studio", "north")))

    told = _told_by_darktable(tmp_path, "S_0001.jpg.xmp")

    assert told == ["5", "keep"]


@needs_darktable
def test_darktable_shows_the_label_that_we_put_among_its_own(tmp_path: Path) -> None:
    one = shot("S_0001.jpg")
    picture(tmp_path / "S_0001.jpg")
    (tmp_path / "S_0001.jpg.xmp").write_text(DARKTABLE, encoding="utf-8")
    write_review(tmp_path, one, ReviewChange(label="Purple"))

    _told_by_darktable(tmp_path, "S_0001.jpg.xmp")

    told = subprocess.run(
        ["exiftool", "-s3", "-XMP-darktable:Colorlabels", str(tmp_path / "out.jpg")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "4"


def _told_by_darktable(folder: Path, sidecar: str) -> list[str]:
    """Export a picture with its sidecar, and return the rating and keywords in what came out."""
    out = folder / "out.jpg"
    subprocess.run(
        ["darktable-cli", str(folder / "S_0001.jpg"), str(folder / sidecar), str(out), "--core",
         "--configdir", str(folder / "config"), "--cachedir", str(folder / "cache"), "--disable-opencl",
         "--library", ":memory:"],
        check=True,
        capture_output=True,
    )  # fmt: skip
    told = subprocess.run(
        ["exiftool", "-s3", "-XMP:Rating", "-XMP-dc:Subject", str(out)],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in told.stdout.split("\n") if line]
