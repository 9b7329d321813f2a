"""Each way a disk can fail: told in our words, nothing lost, and the next commit works."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from arrivals import BROKEN, FULL, GONE, READ_ONLY, Refusing, arrive, commit, shoot
from groundglass.errors import DiskFailedError, DiskFullError, NameRefusedError, SessionError
from groundglass.session.disk import Disk
from groundglass.session.recover import check
from groundglass.session.store import SessionStore


@pytest.fixture
def disk() -> Refusing:
    return Refusing()


@pytest.fixture
def store(tmp_path: Path, disk: Refusing) -> Iterator[SessionStore]:
    with_lock = SessionStore.open(tmp_path / "S", disk=disk)
    yield with_lock
    with_lock.close()


FAILURES = [
    ({"append": FULL}, DiskFullError, "full"),
    ({"everything": READ_ONLY}, DiskFailedError, "read-only"),
    ({"everything": GONE}, DiskFailedError, "still connected"),
    ({"sync": BROKEN}, DiskFailedError, "Input/output"),
    ({"sync_folder": BROKEN}, DiskFailedError, "Input/output"),
    ({"append": BROKEN}, DiskFailedError, "Input/output"),
    ({"rename_exclusive": BROKEN}, DiskFailedError, "Input/output"),
    ({"rename_exclusive": FULL}, DiskFullError, "full"),
]


def test_a_folder_that_the_system_does_not_answer_for_is_not_there(tmp_path: Path) -> None:
    unanswered = tmp_path / ("x" * 300)  # pathlib raises here what it raises of a mount that went away

    assert not Disk().is_folder(unanswered)
    assert not SessionStore.is_at(unanswered)
    with pytest.raises(SessionError):
        SessionStore.open(unanswered / "S")


@pytest.mark.parametrize(("refused", "kind", "words"), FAILURES)
def test_a_failure_is_told_and_the_frame_is_stored_when_it_is_over(
    store: SessionStore, disk: Refusing, refused: dict[str, int], kind: type[SessionError], words: str
) -> None:
    first = arrive(store, "A.NEF", b"first")
    disk.refused = refused
    second = arrive(store, "B.NEF", b"second")

    for arrival in (first, second):
        with pytest.raises(kind, match=words) as caught:
            commit(store, arrival)
        assert caught.value.hint
    assert store.pending() == (first, second)
    failed = store.retry()
    disk.refused = {}
    retried = store.retry()

    assert (failed.stored, type(failed.error)) == ((), kind)
    assert retried.error is None
    assert [[file.path for file in shot.files] for shot in retried.stored] == [["S_0001.nef"], ["S_0002.nef"]]
    assert store.shots == retried.stored
    assert store.pending() == ()
    assert list(store.incoming.iterdir()) == []
    store.close()
    assert check(store.path).is_clean


@pytest.mark.parametrize("code", [FULL, READ_ONLY, GONE])
def test_a_session_on_a_disk_that_takes_nothing_is_opened_and_left_all_the_same(
    store: SessionStore, disk: Refusing, code: int
) -> None:
    now = datetime.now().astimezone()
    disk.refused = {"append": code}

    store.note_opened(now)
    was_open = store.may_have_been_open(now.timestamp(), 0.0)
    store.close()

    assert was_open
    SessionStore.open(store.path).close()


def test_a_frame_that_came_half_is_told_once_and_not_tried_for_ever(store: SessionStore) -> None:
    arrival = arrive(store, "A.NEF", b"whole")
    arrival.incoming.write_bytes(b"wh")

    with pytest.raises(SessionError, match="2 of 5 bytes"):
        commit(store, arrival)

    assert store.pending() == ()


def test_a_session_whose_disk_went_away_is_not_begun_anew_beneath(store: SessionStore) -> None:
    arrival = arrive(store, "A.NEF", b"kept")
    away = store.path.with_name("away")
    store.path.rename(away)

    with pytest.raises(SessionError, match="still connected"):
        commit(store, arrival)
    assert not store.path.exists()
    away.rename(store.path)
    retried = store.retry()

    assert [shot.files[0].path for shot in retried.stored] == ["S_0001.nef"]


def test_bytes_that_a_failed_sync_dropped_are_written_again(store: SessionStore, disk: Refusing) -> None:
    arrival = arrive(store, "A.NEF", b"picture")
    disk.refused = {"sync": BROKEN}
    with pytest.raises(SessionError):
        commit(store, arrival)
    before = arrival.incoming.stat().st_ino
    disk.refused = {}

    shot = commit(store, arrival)

    assert (store.path / shot.files[0].path).stat().st_ino != before
    assert (store.path / shot.files[0].path).read_bytes() == b"picture"


def test_bytes_that_changed_on_a_failing_disk_are_not_stored_as_good(
    store: SessionStore, disk: Refusing
) -> None:
    arrival = arrive(store, "A.NEF", b"picture")
    disk.refused = {"sync": BROKEN}
    with pytest.raises(SessionError):
        commit(store, arrival)
    arrival.incoming.write_bytes(b"pictUre")
    disk.refused = {}

    with pytest.raises(SessionError, match="read back"):
        commit(store, arrival)

    assert store.shots == ()


class Narrow(Disk):
    """A file system that takes short names of plain letters only."""

    def _check(self, path: Path) -> None:
        if len(path.name) > 24 or not path.name.isascii():
            raise NameRefusedError(f"Could not take “{path}”.", "Choose a shorter name.")

    def make_folder(self, path: Path) -> bool:
        self._check(path)
        return super().make_folder(path)

    def rename_exclusive(self, source: Path, target: Path) -> bool | None:
        self._check(target)
        return super().rename_exclusive(source, target)


@pytest.mark.parametrize("template", ["Porträt_{counter:04}", "{counter}_" + "x" * 60, "ä/{counter}"])
def test_a_name_that_the_disk_refuses_is_replaced_by_a_plain_one(
    tmp_path: Path, template: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = SessionStore.open(tmp_path / "S", template, disk=Narrow())

    shoot(store, "A.NEF", b"raw")
    shot = shoot(store, "A.JPG", b"jpeg", 1)
    store.close()

    assert [file.path for file in shot.files] == ["shot_0001.nef", "shot_0001.jpg"]
    assert "A plain name is given instead" in caplog.text
    assert check(store.path).is_clean


def test_a_refused_name_in_the_journal_does_not_close_the_session_for_ever(tmp_path: Path) -> None:
    class Killed(Disk):
        def move_exclusive(self, source: Path, target: Path) -> bool:
            raise KeyboardInterrupt

    store = SessionStore.open(tmp_path / "S", "Porträt_{counter:04}", disk=Killed())
    with pytest.raises(KeyboardInterrupt):
        shoot(store, "A.NEF", b"raw")
    store.close()

    again = SessionStore.open(tmp_path / "S", disk=Narrow())
    again.close()

    assert again.recovery.finished == ("shot_0001.nef",)


@pytest.mark.parametrize("name", ["x" * 300, "x" * 300 + ".NEF", "a/" + "b" * 5000])
def test_a_name_that_is_too_long_has_its_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(NameRefusedError, match="does not take such a name"):
        Disk().reserve(tmp_path / name)


def test_frames_left_counts_whole_shots_of_the_usual_size(tmp_path: Path) -> None:
    class Roomy(Disk):
        names: int | None = None

        def free_bytes(self, path: Path) -> int:
            return 1000

        def free_files(self, path: Path) -> int | None:
            return self.names

    disk = Roomy()
    store = SessionStore.open(tmp_path / "S", disk=disk)
    unknown = store.frames_left()
    shoot(store, "A.NEF", b"x" * 60)
    shoot(store, "A.JPG", b"x" * 30, 1)

    by_bytes, by_size = store.frames_left(), store.frames_left(300)
    disk.names = 7
    by_names = store.frames_left()
    store.close()

    assert (unknown, by_bytes, by_size, by_names) == (None, 11, 3, 3)
    assert store.disk_free_bytes() == 1000


_ON_A_SMALL_DISK = """
import sys
from pathlib import Path
from arrivals import NOON, arrive, commit
from groundglass.errors import DiskFullError
from groundglass.session.recover import check
from groundglass.session.store import SessionStore

root = Path(sys.argv[1])
store = SessionStore.open(root / "S", "{counter:04}/frame")
arrivals = [arrive(store, f"{n}.NEF", bytes([n]) * 9000) for n in (1, 2, 3)]
commit(store, arrivals[0])
ballast = root / "ballast"
ballast.mkdir()
try:
    for number in range(10**6):
        (ballast / str(number)).write_bytes(bytes(int(sys.argv[2])))
except OSError:
    pass
for _ in range(200):  # the journal's last block has room for some lines more
    store.begin_shot(NOON)
told = []
for arrival in arrivals[1:]:
    try:
        commit(store, arrival)
    except DiskFullError as err:
        told.append(err.message)
left = store.frames_left(9000)
for one in ballast.iterdir():
    one.unlink()
retried = store.retry()
store.close()
bytes_kept = [(store.path / file.path).read_bytes()[:1] for shot in store.shots for file in shot.files]
is_clean = check(store.path).is_clean
print(len(told), left, retried.error, len(retried.stored), bytes_kept, is_clean, told[0], sep="|")
"""


def _has_small_disks() -> bool:
    """Tell whether this system lets a user mount a file system of his own."""
    tried = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"],
        check=False,
        capture_output=True,
    )
    return tried.returncode == 0


@pytest.mark.skipif(not sys.platform.startswith("linux") or not _has_small_disks(), reason="needs a mount")
@pytest.mark.parametrize(("size", "words"), [(20000, "The disk is full"), (0, "can hold no more files")])
def test_a_really_full_disk_is_told_and_all_is_stored_when_there_is_room(
    tmp_path: Path, size: int, words: str
) -> None:
    mount = f"mount -t tmpfs -o size=1m,nr_inodes=100 none {tmp_path}"
    script = f'{mount} && exec {sys.executable} -c "$0" {tmp_path} {size}'
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, _ON_A_SMALL_DISK],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )

    told, left, error, stored, kept, is_clean, first = done.stdout.strip().split("|")
    assert (told, left, error, stored, is_clean) == ("2", "0", "None", "2", "True")
    assert kept == str([b"\x01", b"\x02", b"\x03"])
    assert words in first
