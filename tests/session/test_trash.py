"""The session's trash: there and back with sidecars, never missing, never fetched again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from groundglass.errors import SessionError
from groundglass.model.shot import Shot
from groundglass.session.recover import check
from groundglass.session.repair import repair
from groundglass.session.store import SessionStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    opened = SessionStore.open(tmp_path / "S", "{session}_{counter:04}")
    for number in (1, 2, 3):
        _shoot(opened, number)
    yield opened
    opened.close()


def _shoot(store: SessionStore, number: int, endings: tuple[str, ...] = ("NEF", "JPG")) -> None:
    taken = store.begin_shot(datetime(2026, 3, 1, tzinfo=UTC), camera="Z", serial="1")
    for ending in endings:
        _store(store, taken, f"DSC_{number}.{ending}")


def _store(store: SessionStore, number: int, original: str) -> Shot:
    content = original.encode() * 50
    incoming = store.incoming / f"7-{number:06}-{original}"
    incoming.write_bytes(content)
    return store.commit(
        incoming,
        number=number,
        original=original,
        sha256=sha256(content).hexdigest(),
        size_bytes=len(content),
        card_path=f"/DCIM/{original}",
    )


def _names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.is_file())


def test_a_shot_goes_whole_with_its_sidecar_and_comes_back(store: SessionStore) -> None:
    (store.path / "S_0002.xmp").write_text("said")
    before = _names(store.path)

    store.throw_away([2])

    trash = store.path / ".groundglass/trash"
    assert _names(trash) == ["S_0002.jpg", "S_0002.nef", "S_0002.xmp"]
    assert [shot.number for shot in store.shots] == [1, 3]
    assert [shot.number for shot in store.trashed] == [2]
    store.take_back([2])
    assert _names(store.path) == before
    assert [shot.number for shot in store.shots] == [1, 2, 3]
    assert _names(trash) == []


def test_what_other_programs_wrote_beside_a_file_goes_with_it_and_comes_back(store: SessionStore) -> None:
    beside = ["S_0002.nef.dop", "S_0002.nef.pp3", "S_0002.nef.xmp"]
    for name in beside:
        (store.path / name).write_text("a development")
    before = _names(store.path)

    store.throw_away([2])

    assert _names(store.path / ".groundglass/trash") == ["S_0002.jpg", "S_0002.nef", *beside]
    store.take_back([2])
    assert _names(store.path) == before
    store.throw_away([2])
    store.empty_trash()
    assert _names(store.path / ".groundglass/trash") == []


def test_the_edits_of_duplicates_go_with_their_picture_and_come_back(store: SessionStore) -> None:
    beside = ["S_0002_01.jpg.xmp", "S_0002_01.nef.xmp", "S_0002_12.nef.xmp", "S_0002_123.nef.xmp"]
    others = ["S_0002_0001.nef.xmp", "S_0002_1.nef.xmp", "S_0002_00.nef.xmp", "S_0002_01.cr3.xmp"]
    for name in (*beside, *others):
        (store.path / name).write_text("a development")
    before = _names(store.path)

    store.throw_away([2])

    trash = store.path / ".groundglass/trash"
    assert _names(trash) == sorted(["S_0002.jpg", "S_0002.nef", *beside])
    assert set(others) <= set(_names(store.path))
    store.close()
    assert check(store.path).is_clean
    with contextlib.closing(SessionStore.open(store.path)) as again:
        assert again.recovery.sentences == ()
        again.take_back([2])
        assert _names(store.path) == before
        again.throw_away([2])
        again.empty_trash()
        assert _names(trash) == []


def test_a_duplicates_edits_that_a_crash_left_behind_follow(store: SessionStore) -> None:
    store.throw_away([2])
    (store.path / "S_0002_01.nef.xmp").write_text("a development")  # as if it had not moved yet
    store.close()

    again = SessionStore.open(store.path)

    assert "S_0002_01.nef.xmp" in _names(store.path / ".groundglass/trash")
    again.take_back([2])
    (store.path / "S_0002_01.nef.xmp").rename(store.path / ".groundglass/trash/S_0002_01.nef.xmp")
    again.close()
    SessionStore.open(store.path).close()
    assert (store.path / "S_0002_01.nef.xmp").exists()


@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_picture_that_is_called_as_a_duplicate_keeps_its_own_sidecar(
    tmp_path: Path, is_stored: bool, is_there: bool
) -> None:
    store = SessionStore.open(tmp_path / "S", "{original}{counter:01}")
    for original in ("A_.NEF", *(("A_1_0.NEF",) if is_stored else ())):
        _store(store, store.begin_shot(datetime(2026, 3, 1, tzinfo=UTC), camera="Z", serial="1"), original)
    if is_there:
        (store.path / "A_1_02.nef").write_bytes(b"a picture")
    else:
        (store.path / "A_1_02.nef").unlink(missing_ok=True)
    (store.path / "A_1_02.nef.xmp").write_text("of whom")
    (store.path / "A_1_03.nef.xmp").write_text("of A_1")

    store.throw_away([1])

    gone = set(_names(store.path / ".groundglass/trash"))
    has_picture = is_stored or is_there
    assert gone == {"A_1.nef", "A_1_03.nef.xmp", *(() if has_picture else ("A_1_02.nef.xmp",))}
    store.close()


def test_what_is_in_the_trash_stays_there_over_a_start_and_is_not_missing(store: SessionStore) -> None:
    store.throw_away([1])
    store.close()

    again = SessionStore.open(store.path)

    assert again.recovery.sentences == ()
    assert [shot.number for shot in again.trashed] == [1]
    again.close()
    report = check(store.path)
    assert (report.is_clean, report.in_trash, report.shots) == (True, 1, 2)
    assert repair(store.path).is_whole


def test_a_trashed_frame_is_never_fetched_again_from_the_card(store: SessionStore) -> None:
    size = len(b"DSC_1.NEF" * 50)
    store.throw_away([1])
    assert store.has_card_file("1", "/DCIM/DSC_1.NEF", size)
    store.empty_trash()
    store.close()

    again = SessionStore.open(store.path)

    assert again.has_card_file("1", "/DCIM/DSC_1.NEF", size)
    again.close()


def test_an_emptied_trash_is_no_fault(store: SessionStore) -> None:
    store.throw_away([1, 3])

    assert store.empty_trash() == 2

    assert _names(store.path / ".groundglass/trash") == []
    store.close()
    report = check(store.path)
    assert (report.is_clean, report.in_trash, report.shots) == (True, 0, 1)


def test_only_those_that_are_meant_are_deleted(store: SessionStore) -> None:
    store.throw_away([1, 3])

    assert store.empty_trash([1, 2]) == 1

    assert [shot.number for shot in store.trashed] == [3]
    assert [shot.number for shot in store.shots] == [2]
    assert [shot.number for shot in store.take_back([3])] == [3]


def test_a_name_of_an_emptied_shot_is_not_given_again(store: SessionStore) -> None:
    store.throw_away([1, 2, 3])
    store.empty_trash()

    _shoot(store, 4)

    assert [file.path for file in store.shots[0].files] == ["S_0004.nef", "S_0004.jpg"]


def test_the_raw_of_a_thrown_away_jpeg_follows_it(store: SessionStore) -> None:
    number = store.begin_shot(datetime(2026, 3, 1, tzinfo=UTC))
    _store(store, number, "DSC_9.JPG")
    store.throw_away([number])

    _store(store, number, "DSC_9.NEF")

    assert number not in [shot.number for shot in store.shots]
    assert _names(store.path / ".groundglass/trash") == ["S_0004.jpg", "S_0004.nef"]


def test_a_taken_name_keeps_the_shot_in_the_trash_and_says_why(store: SessionStore) -> None:
    store.throw_away([1])
    theirs = store.path / "S_0001.jpg"
    theirs.write_text("another file")

    with pytest.raises(SessionError, match="another file now"):
        store.take_back([1])

    assert theirs.read_text() == "another file"
    assert [shot.number for shot in store.trashed] == [1]


def test_a_picture_that_was_deleted_by_hand_can_be_thrown_away_too(store: SessionStore) -> None:
    (store.path / "S_0001.jpg").unlink()

    store.throw_away([1])

    assert _names(store.path / ".groundglass/trash") == ["S_0001.nef"]


def test_pictures_in_a_sub_folder_come_back_into_it(tmp_path: Path) -> None:
    store = SessionStore.open(tmp_path / "T", "look/{counter:04}")
    _shoot(store, 1)

    store.throw_away([1])
    store.take_back([1])

    assert _names(tmp_path / "T/look") == ["0001.jpg", "0001.nef"]
    store.close()
