from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from arrivals import BROKEN, FULL, Refusing, arrive, commit, shoot
from groundglass.errors import UsageError
from groundglass.session.backup import Backup, BackupState, BackupStatus
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.disk import Disk
from groundglass.session.store import SessionStore

_PATIENCE_S = 20.0


class Watch:
    """Keeps what a backup tells, and waits for a state."""

    def __init__(self) -> None:
        self.told: list[BackupStatus] = []
        self._changed = threading.Condition()

    def __call__(self, status: BackupStatus) -> None:
        with self._changed:
            self.told.append(status)
            self._changed.notify_all()

    def wait(self, backup: Backup, state: BackupState, pending: int | None = None) -> BackupStatus:
        def is_there() -> bool:
            now = backup.status
            return now.state is state and pending in (None, now.pending_files)

        with self._changed:
            assert self._changed.wait_for(is_there, _PATIENCE_S), (backup.status, self.told)
            return backup.status


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "second disk"
    path.mkdir()
    return path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with_two = SessionStore.open(tmp_path / "S")
    shoot(with_two, "A.NEF", b"raw 1" * 100)
    shoot(with_two, "A.JPG", b"jpeg 1" * 100, 1)
    yield with_two
    with_two.close()


@pytest.fixture
def begin(store: SessionStore, root: Path, watch: Watch) -> Iterator[Callable[..., Backup]]:
    begun: list[Backup] = []

    def start(disk: Disk | None = None, **options: object) -> Backup:
        backup = Backup(store.path, root, disk, listener=watch, poll_s=(0.001, 0.01), **options)  # type: ignore[arg-type]
        begun.append(backup)
        backup.start()
        return backup

    yield start
    for backup in begun:
        backup.close()


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".groundglass" not in path.parts
    }


def test_every_file_gets_a_second_copy_under_the_same_path(
    store: SessionStore, root: Path, begin: Callable[..., Backup], watch: Watch
) -> None:
    backup = begin()
    watch.wait(backup, BackupState.SAFE, 0)
    before = backup.is_safe("S_0002.nef")
    backup.note(shoot(store, "B.NEF", b"raw 2").files[0])
    watch.wait(backup, BackupState.SAFE, 0)

    assert files_below(root / "S") == files_below(store.path)
    assert len(files_below(root / "S")) == 3
    assert not before
    assert all(backup.is_safe(path) for path in ("S_0001.nef", "S_0001.jpg", "S_0002.nef"))


def test_nothing_is_copied_twice(root: Path, begin: Callable[..., Backup], watch: Watch) -> None:
    class Counting(Disk):
        copies = 0

        def copy(self, source: Path, scratch: Path, pace: Callable[[], None] = lambda: None) -> str:
            self.copies += 1
            return super().copy(source, scratch, pace)

    first, again = Counting(), Counting()
    backup = begin(first)
    watch.wait(backup, BackupState.SAFE)
    assert backup.close()

    watch.wait(second := begin(again), BackupState.SAFE)

    assert (first.copies, again.copies) == (2, 0)
    assert second.is_safe("S_0001.nef")


def test_a_copy_that_is_gone_is_made_again(root: Path, begin: Callable[..., Backup], watch: Watch) -> None:
    backup = begin()
    watch.wait(backup, BackupState.SAFE)
    backup.close()
    (root / "S/S_0001.nef").unlink()

    watch.wait(begin(), BackupState.SAFE)

    assert (root / "S/S_0001.nef").read_bytes() == b"raw 1" * 100


def test_a_differing_file_of_the_same_name_stays_and_both_are_kept(
    root: Path, begin: Callable[..., Backup], watch: Watch
) -> None:
    backup = begin()
    watch.wait(backup, BackupState.SAFE)
    backup.close()
    (root / "S/S_0001.nef").write_bytes(b"theirs")

    again = begin()
    watch.wait(again, BackupState.SAFE)

    assert files_below(root / "S") == {
        "S_0001.nef": b"theirs",
        "S_0001 (2).nef": b"raw 1" * 100,
        "S_0001.jpg": b"jpeg 1" * 100,
    }
    assert again.is_safe("S_0001.nef")


def test_another_session_of_the_same_name_gets_a_folder_of_its_own(
    tmp_path: Path, root: Path, begin: Callable[..., Backup], watch: Watch
) -> None:
    watch.wait(begin(), BackupState.SAFE)
    other = SessionStore.open(tmp_path / "elsewhere" / "S")
    shoot(other, "A.NEF", b"other")
    backup = Backup(other.path, root, listener=watch)

    backup.start(other.id, other.shots)
    watch.wait(backup, BackupState.SAFE)
    backup.close()
    other.close()

    assert files_below(root / "S (2)") == {"S_0001.nef": b"other"}
    assert len(files_below(root / "S")) == 2


def test_a_disk_that_is_away_is_waited_for_and_caught_up(
    store: SessionStore, root: Path, begin: Callable[..., Backup], watch: Watch
) -> None:
    root.rmdir()
    backup = begin()
    away = watch.wait(backup, BackupState.AWAY, 2)
    backup.note(shoot(store, "B.NEF", b"raw 2").files[0])
    watch.wait(backup, BackupState.AWAY, 3)

    root.mkdir()
    watch.wait(backup, BackupState.SAFE, 0)

    assert "is not there" in away.message
    assert len(files_below(root / "S")) == 3


def test_a_disk_that_leaves_on_the_way_is_caught_up_when_it_is_back(
    store: SessionStore, root: Path, begin: Callable[..., Backup], watch: Watch
) -> None:
    backup = begin()
    watch.wait(backup, BackupState.SAFE)
    away = root.with_name("unplugged")
    root.rename(away)
    backup.note(shoot(store, "B.NEF", b"raw 2").files[0])
    watch.wait(backup, BackupState.AWAY, 1)
    nothing_was_made = not root.exists()

    away.rename(root)
    watch.wait(backup, BackupState.SAFE, 0)

    assert nothing_was_made
    assert files_below(root / "S") == files_below(store.path)


def test_the_empty_folder_of_an_unmounted_disk_is_not_filled(
    root: Path, begin: Callable[..., Backup], watch: Watch
) -> None:
    class Mounted(Disk):
        mount = root

        def mount_point(self, path: Path) -> Path:
            return self.mount

    disk = Mounted()
    backup = begin(disk)
    watch.wait(backup, BackupState.SAFE)
    backup.close()
    shutil.rmtree(root / "S")
    disk.mount = Path("/")

    again = begin(disk)
    away = watch.wait(again, BackupState.AWAY, 2)
    is_empty = list(root.iterdir()) == []
    disk.mount = root
    watch.wait(again, BackupState.SAFE)

    assert str(root) in away.message
    assert is_empty


@pytest.mark.parametrize(
    ("refused", "state"),
    [
        ({"copy": FULL}, BackupState.FULL),
        ({"append": FULL}, BackupState.FULL),
        ({"copy": BROKEN}, BackupState.TROUBLE),
        ({"sync": BROKEN}, BackupState.TROUBLE),
        ({"rename_exclusive": BROKEN}, BackupState.TROUBLE),
        ({"make_folder": BROKEN}, BackupState.TROUBLE),
    ],
)
def test_a_failing_backup_disk_is_told_and_caught_up(
    store: SessionStore,
    root: Path,
    begin: Callable[..., Backup],
    watch: Watch,
    refused: dict[str, int],
    state: BackupState,
) -> None:
    disk = Refusing()
    disk.refused, disk.only_below = refused, root

    backup = begin(disk)
    told = watch.wait(backup, state, 2)
    shot = shoot(store, "B.NEF", b"raw 2")
    backup.note(shot.files[0])
    disk.refused = {}
    watch.wait(backup, BackupState.SAFE, 0)

    assert told.message
    assert files_below(root / "S") == files_below(store.path)


def test_a_copy_that_reads_back_otherwise_is_not_safe(
    root: Path, begin: Callable[..., Backup], watch: Watch
) -> None:
    class Lying(Disk):
        is_lying = True

        def copy(self, source: Path, scratch: Path, pace: Callable[[], None] = lambda: None) -> str:
            digest = super().copy(source, scratch, pace)
            if self.is_lying:
                data = bytearray(scratch.read_bytes())
                data[7] ^= 1
                scratch.write_bytes(data)
            return digest

    disk = Lying()
    backup = begin(disk)
    told = watch.wait(backup, BackupState.TROUBLE)

    assert "does not give back" in told.message
    assert not backup.is_safe("S_0001.nef")
    assert files_below(root / "S") == {}
    disk.is_lying = False
    watch.wait(backup, BackupState.SAFE)


def test_a_file_that_is_not_as_it_was_stored_is_told_and_holds_up_no_other(
    store: SessionStore, root: Path, begin: Callable[..., Backup], watch: Watch
) -> None:
    (store.path / "S_0001.nef").write_bytes(b"changed")

    backup = begin()
    told = watch.wait(backup, BackupState.TROUBLE, 1)

    assert "S_0001.nef" in told.message
    assert files_below(root / "S") == {"S_0001.jpg": b"jpeg 1" * 100}
    assert not backup.is_safe("S_0001.nef")
    assert not backup.close(1)


def test_a_backup_disk_that_hangs_holds_up_no_commit(
    store: SessionStore, begin: Callable[..., Backup]
) -> None:
    is_hanging, may_go_on = threading.Event(), threading.Event()

    class Hanging(Disk):
        def copy(self, source: Path, scratch: Path, pace: Callable[[], None] = lambda: None) -> str:
            is_hanging.set()
            assert may_go_on.wait(_PATIENCE_S)
            return super().copy(source, scratch, pace)

    backup = begin(Hanging())
    assert is_hanging.wait(_PATIENCE_S)
    for number in range(5):
        backup.note(shoot(store, "B.NEF", b"%d" % number).files[0])
    seen = backup.status

    assert (seen.pending_files, len(store.shots)) == (7, 6)
    may_go_on.set()


def test_a_commit_goes_first(
    root: Path, begin: Callable[..., Backup], watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundglass.session.backup._GIVE_WAY_AT_MOST_S", _PATIENCE_S)
    is_storing = True
    asked = threading.Semaphore(0)

    def storing() -> bool:
        asked.release()
        return is_storing

    backup = begin(is_storing=storing)
    for _ in range(5):
        assert asked.acquire(timeout=_PATIENCE_S)
    during = files_below(root / "S")
    is_storing = False
    watch.wait(backup, BackupState.SAFE)

    assert during == {}


def test_a_copy_goes_on_slowly_while_commits_never_end(begin: Callable[..., Backup], watch: Watch) -> None:
    backup = begin(is_storing=lambda: True)

    watch.wait(backup, BackupState.SAFE, 0)


def test_the_store_says_when_a_commit_is_under_way(tmp_path: Path) -> None:
    seen: list[bool] = []

    class Asking(Disk):
        def move_exclusive(self, source: Path, target: Path) -> bool:
            seen.append(store.is_storing)
            return super().move_exclusive(source, target)

    store = SessionStore.open(tmp_path / "S", disk=Asking())
    commit(store, arrive(store, "A.NEF", b"raw"))
    store.close()

    assert (seen, store.is_storing) == ([True], False)


def test_closing_copies_on_for_its_time_and_the_next_start_does_the_rest(
    store: SessionStore, root: Path, begin: Callable[..., Backup], watch: Watch
) -> None:
    at_once = begin()
    is_all = at_once.close(_PATIENCE_S)
    backup = begin(is_storing=lambda: True)
    backup.note(shoot(store, "B.NEF", b"raw 2").files[0])
    backup.close(0)

    watch.wait(again := begin(), BackupState.SAFE)

    assert is_all
    assert at_once.status.state is BackupState.CLOSED
    assert again.is_safe("S_0002.nef")
    assert not (root / "S (2)").exists()


@pytest.mark.parametrize("where", ["", "sub"])
def test_a_backup_within_the_session_is_refused(store: SessionStore, watch: Watch, where: str) -> None:
    (store.path / where).mkdir(exist_ok=True)
    backup = Backup(store.path, store.path / where, listener=watch)

    backup.start()
    told = watch.wait(backup, BackupState.TROUBLE)
    backup.close()

    assert "within the session itself" in told.message


def test_a_backup_beside_the_session_does_not_write_into_it(store: SessionStore, watch: Watch) -> None:
    before = files_below(store.path)
    backup = Backup(store.path, store.path.parent, listener=watch)

    backup.start()
    watch.wait(backup, BackupState.SAFE)
    backup.close()

    assert files_below(store.path) == before
    assert files_below(store.path.parent / "S (2)") == before


def test_a_path_that_leaves_the_session_is_not_copied(store: SessionStore, root: Path) -> None:
    folder = BackupFolder.claim(root, store.path, store.id, Disk())
    file = store.shots[0].files[0]
    bad = type(file)("../x", file.role, file.size_bytes, file.sha256)

    with pytest.raises(UsageError, match="leaves the session"):
        folder.keep(store.path / bad.path, bad, lambda: None)


def test_the_backup_leaves_the_sessions_own_files_alone(
    store: SessionStore, begin: Callable[..., Backup], watch: Watch
) -> None:
    before = {path: path.stat().st_mtime_ns for path in store.path.glob("S_*")}

    watch.wait(begin(), BackupState.SAFE)

    assert {path: path.stat().st_mtime_ns for path in store.path.glob("S_*")} == before
