"""Sidecars: what we write others read, what others wrote stays; exiftool as a witness."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from groundglass.errors import DiskFailedError, SessionError, UsageError
from groundglass.session import sidecar
from groundglass.session.disk import Disk
from groundglass.session.disk_errors import disk_error
from groundglass.session.sidecar import REJECTED, Sidecar, sidecar_path

needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")

FULL = Sidecar(
    rating=4,
    label="Red",
    keywords=("still life", 'brass, "old"', "Äpfel"),
    creator="Ann Lee; Bo Ek",
    copyright="© 2026 Ann Lee <ann@example.org>",
    lens="Helios 44-2",
    focal_mm=58.0,
    aperture=2.8,
)

# The layouts of three programs in one: attributes and elements, nested lists and structures, empty lists,
# a language of its own, a name space that exiv2 does not know.
FOREIGN = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
    xmlns:darktable="http://darktable.sf.net/"
    xmlns:studio="https://studio.example/ns/"
    xmp:Rating="2" crs:Exposure2012="+0.50" darktable:xmp_version="5" studio:booth="north">
   <exif:FNumber>56/10</exif:FNumber>
   <exif:DateTimeOriginal>2026-03-01T10:00:00.25+02:00</exif:DateTimeOriginal>
   <dc:rights><rdf:Alt>
     <rdf:li xml:lang="x-default">mine</rdf:li><rdf:li xml:lang="de-DE">meins</rdf:li>
   </rdf:Alt></dc:rights>
   <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li><rdf:li>255, 250</rdf:li></rdf:Seq></crs:ToneCurve>
   <crs:Look><rdf:Description crs:Name="Adobe Color">
     <crs:Parameters><rdf:Description crs:Version="14.0" crs:ConvertToGrayscale="False"/></crs:Parameters>
   </rdf:Description></crs:Look>
   <darktable:masks_history><rdf:Seq/></darktable:masks_history>
   <darktable:history><rdf:Seq>
     <rdf:li darktable:num="0" darktable:operation="exposure" darktable:params="0000803f"/>
   </rdf:Seq></darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""

CUT = FOREIGN[: FOREIGN.index("<crs:Look>")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "S_0001.xmp"


def witness(path: Path) -> dict[str, Any]:
    told = subprocess.run(
        ["exiftool", "-j", "-n", "-G1", "-struct", str(path)], capture_output=True, check=True
    )
    document: dict[str, Any] = json.loads(told.stdout)[0]
    return document


def test_raw_and_jpeg_of_a_shot_share_a_sidecar() -> None:
    pictures = (Path("a/S_0001.jpg"), Path("a/S_0001.DNG"))

    assert {sidecar_path(one) for one in pictures} == {Path("a/S_0001.xmp")}


def test_a_picture_without_a_sidecar_has_an_empty_one(path: Path) -> None:
    assert sidecar.read(path) == Sidecar()
    assert not path.exists()


@pytest.mark.parametrize("said", [FULL, Sidecar(rating=0), Sidecar(rating=REJECTED), Sidecar(focal_mm=58)])
def test_what_is_written_is_read(path: Path, said: Sidecar) -> None:
    sidecar.write(path, said)

    assert sidecar.read(path) == said


def test_what_is_unsaid_is_gone(path: Path) -> None:
    sidecar.write(path, FULL)

    sidecar.write(path, Sidecar(label="Green"))

    assert sidecar.read(path) == Sidecar(label="Green")


@needs_exiftool
def test_exiftool_reads_what_we_write(path: Path) -> None:
    sidecar.write(path, FULL)

    told = witness(path)

    assert told["XMP-xmp:Rating"] == 4
    assert told["XMP-xmp:Label"] == "Red"
    assert told["XMP-dc:Subject"] == ["still life", 'brass, "old"', "Äpfel"]
    assert told["XMP-dc:Creator"] == ["Ann Lee", "Bo Ek"]
    assert told["XMP-dc:Rights"] == "© 2026 Ann Lee <ann@example.org>"
    assert told["XMP-aux:Lens"] == told["XMP-exifEX:LensModel"] == "Helios 44-2"
    assert (told["XMP-exif:FocalLength"], told["XMP-exif:FNumber"]) == (58, 2.8)


@needs_exiftool
def test_we_read_what_exiftool_writes(path: Path) -> None:
    subprocess.run(
        ["exiftool", "-q", "-XMP:Rating=3", "-XMP:Label=Blue", "-XMP-dc:Subject=a", "-XMP-dc:Subject=b",
         "-XMP-dc:Creator=Ann", "-XMP-dc:Rights=hers", "-XMP-aux:Lens=Tessar", "-XMP-exif:FNumber=2.8",
         "-XMP-exif:FocalLength=50", str(path)],
        check=True,
    )  # fmt: skip

    assert sidecar.read(path) == Sidecar(3, "Blue", ("a", "b"), "Ann", "hers", "Tessar", 50.0, 2.8)


@needs_exiftool
def test_what_other_programs_wrote_stays(path: Path) -> None:
    path.write_text(FOREIGN, encoding="utf-8")
    before = witness(path)

    sidecar.amend(path, lambda old: replace(old, rating=5, copyright="ours", aperture=8.0))

    after = witness(path)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    frame = {name for name in changed if name.startswith(("System:", "XMP-x:", "Composite:"))}
    assert changed - frame == {"XMP-xmp:Rating", "XMP-dc:Rights", "XMP-exif:FNumber"}
    assert (after["XMP-xmp:Rating"], after["XMP-exif:FNumber"]) == (5, 8)


def test_the_other_languages_of_a_copyright_stay(path: Path) -> None:
    path.write_text(FOREIGN, encoding="utf-8")

    sidecar.amend(path, lambda old: replace(old, copyright="ours"))

    text = path.read_text(encoding="utf-8")
    assert ("meins" in text, "ours" in text, ">mine<" in text) == (True, True, False)


def test_nothing_is_written_where_nothing_changes(path: Path) -> None:
    path.write_text(FOREIGN, encoding="utf-8")

    sidecar.write(path, sidecar.read(path))

    assert path.read_text(encoding="utf-8") == FOREIGN


BROKEN = {
    "empty": "",
    "no XML": "no sidecar at all",
    "cut off": CUT,
    "no RDF": FOREIGN.replace("rdf:li>", "rdf:RDF>"),
    "a document type": "<!DOCTYPE x>" + FOREIGN,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_sidecar_is_told_and_never_overwritten(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SessionError, match="broken") as told:
        sidecar.read(path)
    with pytest.raises(SessionError, match="broken"):
        sidecar.write(path, FULL)

    assert told.value.hint
    assert path.read_text(encoding="utf-8") == text
    assert list(path.parent.iterdir()) == [path]


def test_what_exiv2_would_lose_is_left_alone(path: Path) -> None:
    outside = '<studio:door xmlns:studio="https://studio.example/ns/">open</studio:door>'
    text = FOREIGN.replace("</x:xmpmeta>", f"{outside}</x:xmpmeta>")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SessionError, match="another program"):
        sidecar.amend(path, lambda old: replace(old, rating=1))

    assert path.read_text(encoding="utf-8") == text


class _FailingDisk(Disk):
    """A disk that fails at its n-th durable operation."""

    def __init__(self, at: int) -> None:
        self.left = at

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise SessionError("The disk failed.", "Check it.")

    def append(self, path: Path, data: bytes) -> None:
        super().append(path, data[: len(data) // 2] if self.left == 1 else data)
        self._count()

    def sync(self, path: Path) -> None:
        self._count()
        super().sync(path)

    def replace(self, source: Path, target: Path) -> None:
        self._count()
        super().replace(source, target)

    def sync_folder(self, path: Path) -> None:
        self._count()
        super().sync_folder(path)


@pytest.mark.parametrize(("operation", "left"), [(1, 2), (2, 2), (3, 2), (4, 5)])
def test_a_failing_disk_leaves_the_old_or_the_new_sidecar_whole(
    path: Path, operation: int, left: int
) -> None:
    sidecar.write(path, Sidecar(rating=2))

    with pytest.raises(SessionError, match="disk failed"):
        sidecar.write(path, Sidecar(rating=5), _FailingDisk(operation))

    assert sidecar.read(path).rating == left
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o664, 0o600])
def test_who_may_read_and_write_a_sidecar_stays(path: Path, mode: int) -> None:
    sidecar.write(path, Sidecar(rating=2))
    path.chmod(mode)

    sidecar.write(path, Sidecar(rating=5))

    assert sidecar.read(path).rating == 5
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_sidecar_that_was_made_read_only_is_left_and_told(path: Path) -> None:
    sidecar.write(path, Sidecar(rating=2))
    path.chmod(0o444)

    with pytest.raises(SessionError, match="may not be written"):
        sidecar.write(path, Sidecar(rating=5))

    assert sidecar.read(path).rating == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert list(path.parent.iterdir()) == [path]


class _ReadOnlyDisk(Disk):
    """A disk that takes nothing, as the system says it."""

    def append(self, path: Path, data: bytes) -> None:
        raise disk_error("write", path, OSError(errno.EROFS, os.strerror(errno.EROFS)))


def test_a_disk_that_takes_no_sidecar_is_told_with_the_name_that_people_know(path: Path) -> None:
    with pytest.raises(DiskFailedError) as caught:
        sidecar.write(path, Sidecar(rating=5), _ReadOnlyDisk())

    assert caught.value.message == f"Could not write “{path}”: the disk is read-only."


def test_changes_from_many_threads_are_all_kept(path: Path) -> None:
    def add(word: str) -> None:
        for _ in range(10):
            sidecar.amend(
                path, lambda old: replace(old, keywords=(*old.keywords, f"{word}{len(old.keywords)}"))
            )

    threads = [threading.Thread(target=add, args=(word,)) for word in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(sidecar.read(path).keywords)) == 40


def test_the_longest_name_that_a_disk_takes_has_a_sidecar(tmp_path: Path) -> None:
    path = tmp_path / f"{'n' * 251}.xmp"

    sidecar.write(path, FULL)

    assert sidecar.read(path) == FULL


@pytest.mark.parametrize("wrong", [{"rating": 6}, {"rating": -2}, {"focal_mm": 0}, {"aperture": -1.0}])
def test_what_no_picture_can_have_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Sidecar(**wrong)
