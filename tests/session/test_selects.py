"""Selects into a folder: whole, verified, nothing overwritten."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundglass.errors import SessionError, UsageError
from groundglass.model.review import Review, ReviewChange
from groundglass.model.shot import FileChoice, FileRole, Shot, ShotFile
from groundglass.session.disk import Disk
from groundglass.session.reviews import read_review, write_review
from groundglass.session.selects import copy_selects


def _shot(session: Path, number: int, *names: str) -> Shot:
    session.mkdir(exist_ok=True)
    for name in names:
        path = session / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(name.encode() * 1000)
    files = tuple(ShotFile(name, FileRole.of(name), 1, "0" * 64) for name in names)
    return Shot(number, files, datetime(2026, 3, 1, tzinfo=UTC))


def _names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_shot_comes_with_all_its_files_and_what_is_said_of_it(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shot = _shot(session, 1, "hats/S_0001.nef", "hats/S_0001.jpg")
    write_review(session, shot, ReviewChange(rating=5))

    done = copy_selects(session, [shot], into)

    assert _names(into) == ["S_0001.jpg", "S_0001.nef", "S_0001.xmp"]
    assert sorted(done.copied) == _names(into)
    assert (into / "S_0001.nef").read_bytes() == (session / "hats/S_0001.nef").read_bytes()
    flat = Shot(
        1, tuple(ShotFile(n, FileRole.of(n), 1, "") for n in ("S_0001.nef", "S_0001.jpg")), shot.taken_at
    )
    assert read_review(into, flat) == Review(5)


def test_a_second_export_copies_only_what_is_not_there(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    first, second = _shot(session, 1, "S_0001.nef"), _shot(session, 2, "S_0002.nef")
    copy_selects(session, [first], into)

    done = copy_selects(session, [first, second], into)

    assert done.present == ("S_0001.nef",)
    assert done.copied == ("S_0002.nef",)


def test_another_picture_of_the_same_name_keeps_its_place(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shot = _shot(session, 1, "S_0001.nef", "S_0001.jpg")
    into.mkdir()
    (into / "S_0001.jpg").write_bytes(b"somebody's")

    done = copy_selects(session, [shot], into)

    assert (into / "S_0001.jpg").read_bytes() == b"somebody's"
    assert sorted(done.copied) == ["S_0001 (2).jpg", "S_0001 (2).nef"]


def test_a_sidecar_that_was_changed_there_is_left_and_told(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shot = _shot(session, 1, "S_0001.nef")
    write_review(session, shot, ReviewChange(rating=3))
    copy_selects(session, [shot], into)
    there = (into / "S_0001.xmp").read_bytes()
    write_review(session, shot, ReviewChange(rating=4))

    done = copy_selects(session, [shot], into)

    assert done.kept == ("S_0001.xmp",)
    assert done.whole_shots == ()  # what was said last is in the session alone
    assert (into / "S_0001.xmp").read_bytes() == there


def test_a_jpeg_does_not_land_beside_the_raw_of_another_shot(tmp_path: Path) -> None:
    first, second, into = tmp_path / "monday", tmp_path / "tuesday", tmp_path / "selects"
    raw, jpeg = _shot(first, 1, "IMG_0001.nef"), _shot(second, 1, "img_0001.jpg")
    write_review(first, raw, ReviewChange(rating=1))
    write_review(second, jpeg, ReviewChange(rating=5))
    copy_selects(first, [raw], into)

    done = copy_selects(second, [jpeg], into)
    again = copy_selects(second, [jpeg], into)

    assert done.copied == ("img_0001 (2).jpg", "img_0001 (2).xmp")
    assert again.present == ("img_0001 (2).jpg", "img_0001 (2).xmp")
    assert (done.kept, again.kept) == ((), ())


def test_two_shots_of_one_name_in_one_export_stay_apart(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shots = [_shot(session, 1, "hats/S_0001.nef"), _shot(session, 2, "coats/S_0001.jpg")]

    copy_selects(session, shots, into)

    assert _names(into) == ["S_0001 (2).jpg", "S_0001.nef"]


def test_a_raw_joins_its_own_jpeg_and_a_development_of_it(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    copy_selects(session, [_shot(session, 1, "S_0001.jpg"), _shot(session, 2, "S_0002.nef")], into)
    (into / "S_0002.jpg").write_bytes(b"developed")
    both, raw = _shot(session, 1, "S_0001.nef", "S_0001.jpg"), _shot(session, 2, "S_0002.nef")

    done = copy_selects(session, [both, raw], into)

    assert done.copied == ("S_0001.nef",)
    assert sorted(done.present) == ["S_0001.jpg", "S_0002.nef"]


def test_what_other_programs_wrote_beside_a_file_comes_too(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shot = _shot(session, 1, "S_0001.nef", "S_0001.jpg")
    beside = {"S_0001.nef.xmp", "S_0001.nef.pp3", "S_0001.jpg.pp3", "S_0001.nef.dop"}
    for name in beside:
        (session / name).write_bytes(b"a development")
    into.mkdir()
    (into / "S_0001.jpg").write_bytes(b"somebody's")

    done = copy_selects(session, [shot], into)

    renamed = {name.replace("S_0001", "S_0001 (2)") for name in beside}
    assert set(done.copied) == {"S_0001 (2).nef", "S_0001 (2).jpg", *renamed}
    assert done.whole_shots == (1,)


def test_the_edits_of_duplicates_come_too_but_not_those_of_another_picture(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shot = _shot(session, 1, "S_0001.nef", "S_0001.jpg")
    other = _shot(session, 2, "S_0001_02.nef")
    for name in ("S_0001_01.nef.xmp", "S_0001_02.nef.xmp", "S_0001_03.nef.xmp", "S_0001_01.jpg.xmp"):
        (session / name).write_bytes(name.encode())
    into.mkdir()
    (into / "S_0001_03.nef").write_bytes(b"somebody's")

    done = copy_selects(session, [shot], into, files=FileChoice.RAW)

    assert set(done.copied) == {"S_0001.nef", "S_0001_01.nef.xmp"}
    assert done.kept == ("S_0001_03.nef.xmp",)  # it would say something of somebody's picture
    assert done.whole_shots == ()
    assert (into / "S_0001_01.nef.xmp").read_bytes() == b"S_0001_01.nef.xmp"
    done = copy_selects(session, [other], into)
    assert set(done.copied) == {"S_0001_02.nef", "S_0001_02.nef.xmp"}


def test_the_edits_of_duplicates_take_the_name_that_their_picture_gets(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shot = _shot(session, 1, "hats/S_0001.nef")
    (session / "hats/S_0001_01.nef.xmp").write_bytes(b"edits")
    into.mkdir()
    (into / "S_0001.nef").write_bytes(b"somebody's")

    done = copy_selects(session, [shot], into)

    assert set(done.copied) == {"S_0001 (2).nef", "S_0001 (2)_01.nef.xmp"}
    assert done.whole_shots == (1,)


def test_a_folder_whose_times_cannot_be_set_takes_an_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("groundglass.session.disk.os.utime", refuse)
    session, into = tmp_path / "job", tmp_path / "selects"

    done = copy_selects(session, [_shot(session, 1, "S_0001.nef")], into)

    assert (done.whole_shots, _names(into)) == ((1,), ["S_0001.nef"])


def test_a_file_that_is_gone_is_told_and_the_rest_is_copied(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    gone, here = _shot(session, 1, "S_0001.nef"), _shot(session, 2, "S_0002.nef")
    (session / "S_0001.nef").unlink()

    done = copy_selects(session, [gone, here], into)

    assert done.missing == ("S_0001.nef",)
    assert _names(into) == ["S_0002.nef"]


def test_a_folder_within_the_session_is_refused(tmp_path: Path) -> None:
    session = tmp_path / "job"
    shot = _shot(session, 1, "S_0001.nef")

    with pytest.raises(UsageError, match="within the session"):
        copy_selects(session, [shot], session / "selects")


def test_it_stops_between_two_files_and_goes_on_from_there(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shots = [_shot(session, number, f"S_{number}.nef", f"S_{number}.jpg") for number in (1, 2, 3)]

    stopped = copy_selects(session, shots, into, is_stopped=lambda: into.exists() and len(_names(into)) == 3)

    assert _names(into) == ["S_1.jpg", "S_1.nef", "S_2.nef"]
    assert (stopped.whole_shots, stopped.is_stopped) == ((1,), True)
    again = copy_selects(session, shots, into)
    assert (len(again.present), len(again.copied)) == (3, 3)
    assert (again.whole_shots, again.is_stopped) == ((1, 2, 3), False)


def test_a_shot_that_lacks_a_file_is_not_whole(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    lacking, whole = _shot(session, 1, "S_1.nef", "S_1.jpg"), _shot(session, 2, "S_2.nef")
    (session / "S_1.jpg").unlink()

    assert copy_selects(session, [lacking, whole], into).whole_shots == (2,)


def test_jpegs_alone_go_with_their_sidecars_and_the_raws_stay(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    both, jpeg, raw, heif = (
        _shot(session, 1, "S_1.nef", "S_1.jpg"),
        _shot(session, 2, "S_2.jpg"),
        _shot(session, 3, "S_3.nef"),
        _shot(session, 4, "S_4.nef", "S_4.hif"),
    )
    for name in ("S_1.xmp", "S_1.nef.xmp", "S_1.jpg.pp3"):
        (session / name).write_bytes(b"said")

    done = copy_selects(session, [both, jpeg, raw, heif], into, files=FileChoice.JPEG)

    assert _names(into) == ["S_1.jpg", "S_1.jpg.pp3", "S_1.xmp", "S_2.jpg", "S_4.hif"]
    assert (done.lacking, done.in_part, done.whole_shots) == (("S_3",), (1, 4), (2,))
    assert done.missing == ()


def test_raws_that_follow_take_the_name_of_their_jpegs(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shots = [_shot(session, 1, "S_1.nef", "S_1.jpg"), _shot(session, 2, "S_2.nef", "S_2.jpg")]
    into.mkdir()
    (into / "S_2.jpg").write_bytes(b"somebody's")
    copy_selects(session, shots, into, files=FileChoice.JPEG)

    copy_selects(session, shots, into, files=FileChoice.RAW)

    assert _names(into) == ["S_1.jpg", "S_1.nef", "S_2 (2).jpg", "S_2 (2).nef", "S_2.jpg"]


class _LyingDisk(Disk):
    """Gives back other bytes than were written."""

    def copy(self, source: Path, scratch: Path, pace: object = None) -> str:
        digest = super().copy(source, scratch)
        scratch.write_bytes(b"\0" * 10)
        return digest


def test_a_copy_that_does_not_read_back_gets_no_name(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shot = _shot(session, 1, "S_0001.nef")

    with pytest.raises(SessionError, match="does not give back"):
        copy_selects(session, [shot], into, _LyingDisk())

    assert _names(into) == []


class _InterruptedDisk(Disk):
    """Is stopped by Ctrl-C within a file."""

    def copy(self, source: Path, scratch: Path, pace: object = None) -> str:
        scratch.write_bytes(b"half")
        raise KeyboardInterrupt


def test_one_that_is_interrupted_leaves_no_part_of_a_picture(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shot = _shot(session, 1, "S_0001.nef")

    with pytest.raises(KeyboardInterrupt):
        copy_selects(session, [shot], into, _InterruptedDisk())

    assert _names(into) == []


def test_the_empty_file_that_a_crash_left_of_a_name_is_filled(tmp_path: Path) -> None:
    session, into = tmp_path / "job", tmp_path / "selects"
    shot = _shot(session, 1, "S_0001.nef")
    write_review(session, shot, ReviewChange(rating=5))
    into.mkdir()
    for name in ("S_0001.nef", "S_0001.xmp"):
        (into / name).touch()

    done = copy_selects(session, [shot], into)

    assert sorted(done.copied) == _names(into) == ["S_0001.nef", "S_0001.xmp"]
    assert (into / "S_0001.nef").read_bytes() == (session / "S_0001.nef").read_bytes()
