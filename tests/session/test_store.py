from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from groundglass.errors import DiskFailedError, DiskFullError, SessionError, SessionHeldError, TemplateError
from groundglass.model.naming import NamingTemplate
from groundglass.model.places import Place
from groundglass.model.shot import FileRole, Shot
from groundglass.session.disk import Disk
from groundglass.session.places import where_shots_live
from groundglass.session.store import SessionStore

NOON = datetime(2026, 3, 4, 12, tzinfo=timezone(timedelta(hours=2)))


def arrive(store: SessionStore, name: str, content: bytes, number: int | None = None) -> Shot:
    """Do what the camera's side and the studio do for one file."""
    if number is None:
        number = store.begin_shot(NOON, camera="Nikon Z 6", serial="600")
    incoming = store.incoming / f"{number}-{hashlib.sha256(content).hexdigest()[:8]}"
    incoming.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return store.commit(incoming, number=number, original=name, sha256=digest, size_bytes=len(content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Spring"


@pytest.fixture
def store(folder: Path):
    with_lock = SessionStore.open(folder)
    yield with_lock
    with_lock.close()


def test_both_files_of_a_shot_share_a_stem_and_keep_their_endings(store: SessionStore) -> None:
    arrive(store, "DSC_0001.NEF", b"raw")
    shot = arrive(store, "DSC_0001.JPG", b"jpeg", number=1)

    assert [(file.path, file.role) for file in shot.files] == [
        ("Spring_0001.nef", FileRole.RAW),
        ("Spring_0001.jpg", FileRole.JPEG),
    ]
    assert (store.path / "Spring_0001.jpg").read_bytes() == b"jpeg"
    assert store.shots == (shot,)
    assert list(store.incoming.iterdir()) == []


def test_a_session_knows_when_it_was_shot_into(folder: Path) -> None:
    before, between = datetime.now().astimezone() - timedelta(hours=2), timedelta(hours=1)
    shot_into = SessionStore.open(folder)
    shot_into.note_opened(before)
    shot_into.close()
    SessionStore.open(folder).close()  # only looked after

    again = SessionStore.open(folder)
    moments = [before - between, before + between, datetime.now().astimezone() + between]
    told = [again.may_have_been_open(one.timestamp(), 60.0) for one in moments]
    again.close()

    assert told == [False, True, False]


def test_only_what_was_shot_into_is_closed(folder: Path) -> None:
    killed = SessionStore.open(folder)
    killed.note_opened(datetime.now().astimezone())
    killed.sync()
    assert killed._lock_handle is not None
    os.close(killed._lock_handle)  # as the system does for a program that was killed
    killed._lock_handle = None
    SessionStore.open(folder).close()  # only looked after

    again = SessionStore.open(folder)
    later = datetime.now().astimezone() + timedelta(hours=1)
    may_have_been_open = again.may_have_been_open(later.timestamp(), 60.0)
    again.close()

    assert may_have_been_open


def test_a_session_reads_back_as_it_was_written(store: SessionStore, folder: Path) -> None:
    store.template = NamingTemplate.parse("{date}/{counter}")
    arrive(store, "A.JPG", b"one")
    arrive(store, "B.JPG", b"two")
    before = store.shots
    store.close()

    again = SessionStore.open(folder)

    assert again.shots == before
    assert again.shots[1].taken_at == NOON
    assert again.shots[1].files[0].path == "2026-03-04/2.jpg"
    assert again.template.text == "{date}/{counter}"
    assert again.next_number == 3
    assert SessionStore.read(folder).shots == before
    again.close()


def test_whether_a_copy_is_on_the_card_reads_back_as_it_was_told(store: SessionStore, folder: Path) -> None:
    told: dict[str, bool | None] = {}
    for known in (True, False, None):
        part = store.incoming / "part"
        part.write_bytes(str(known).encode())
        shot = store.commit(
            part,
            number=store.begin_shot(NOON),
            original="DSC_1.JPG",
            sha256=hashlib.sha256(str(known).encode()).hexdigest(),
            size_bytes=len(str(known)),
            is_on_card=known,
        )
        told[shot.files[0].path] = known
    store.close()

    again = SessionStore.open(folder)
    try:
        assert {path: again.is_on_card(path) for path in told} == told
    finally:
        again.close()
    assert [Place.UNSEEN_CARD in held for held in where_shots_live(SessionStore.read(folder)).values()] == [
        False,
        False,
        True,
    ]


def test_a_number_is_never_given_twice_even_if_nothing_came_of_it(store: SessionStore, folder: Path) -> None:
    numbers = [store.begin_shot(NOON) for _ in range(3)]
    store.close()

    again = SessionStore.open(folder)

    assert numbers == [1, 2, 3]
    assert again.begin_shot(NOON) == 4
    assert again.shots == ()
    again.close()


@pytest.mark.parametrize("taken", ["Spring_0001.jpg", "Spring_0001.NEF", "Spring_0001.xmp"])
def test_a_foreign_file_is_never_overwritten_nor_given_a_partner(
    store: SessionStore, folder: Path, taken: str
) -> None:
    (folder / taken).write_bytes(b"theirs")

    first = arrive(store, "A.JPG", b"jpeg")
    both = arrive(store, "A.NEF", b"raw", number=1)

    assert first.files[0].path == "Spring_0001 (2).jpg"
    assert [file.path for file in both.files] == ["Spring_0001 (2).jpg", "Spring_0001 (2).nef"]
    assert (folder / taken).read_bytes() == b"theirs"


def test_a_partner_whose_name_was_taken_meanwhile_gets_another(store: SessionStore, folder: Path) -> None:
    arrive(store, "A.JPG", b"jpeg")
    (folder / "Spring_0001.nef").write_bytes(b"theirs")

    shot = arrive(store, "A.NEF", b"raw", number=1)

    assert [file.path for file in shot.files] == ["Spring_0001.jpg", "Spring_0001 (2).nef"]


def test_a_name_taken_between_the_look_and_the_move_is_left_alone(folder: Path) -> None:
    class Racing(Disk):
        def move_exclusive(self, source: Path, target: Path) -> bool:
            if target.name == "Spring_0001.jpg":
                target.write_bytes(b"theirs")
            return super().move_exclusive(source, target)

    store = SessionStore.open(folder, disk=Racing())
    shot = arrive(store, "A.JPG", b"ours")
    store.close()

    assert shot.files[0].path == "Spring_0001 (2).jpg"
    assert (folder / "Spring_0001.jpg").read_bytes() == b"theirs"


def test_two_files_of_one_kind_in_one_shot_both_stay(store: SessionStore) -> None:
    arrive(store, "A.JPG", b"first")
    shot = arrive(store, "B.JPG", b"second", number=1)

    assert [file.path for file in shot.files] == ["Spring_0001.jpg", "Spring_0001 (2).jpg"]


@pytest.mark.parametrize(
    ("original", "path"),
    [
        ("../../../etc/passwd", "Spring_0001"),
        ("/abs/IMG.JPG", "Spring_0001.jpg"),
        ("..\\..\\x.NEF", "Spring_0001.nef"),
        ("evil.jpg/../../x", "Spring_0001"),
        ("name", "Spring_0001"),
        ("a.b/c", "Spring_0001"),
        ("x.j\x00pg", "Spring_0001"),
        ("x." + "y" * 300, "Spring_0001"),
    ],
)
def test_the_camera_can_not_name_a_place_outside_the_session(
    store: SessionStore, original: str, path: str
) -> None:
    assert arrive(store, original, b"x").files[0].path == path


def test_the_cameras_own_name_stays_inside_the_session_in_a_template(folder: Path) -> None:
    store = SessionStore.open(folder, "{original}_{counter}")

    shot = arrive(store, "../../../tmp/x.JPG", b"x")
    store.close()

    assert shot.files[0].path == "x_1.jpg"


def test_a_shot_keeps_the_subject_of_its_release_and_a_session_its_last_one(folder: Path) -> None:
    store = SessionStore.open(folder, "{subject}/{counter}")
    store.subject = "Red coat"
    first = store.begin_shot(NOON)
    store.subject = "Hat"
    arrive(store, "A.JPG", b"first", number=first)
    arrive(store, "B.JPG", b"second")
    store.close()

    store = SessionStore.open(folder)
    arrive(store, "C.JPG", b"third")
    store.close()

    paths = [shot.files[0].path for shot in store.shots]
    assert paths == ["Red coat/1.jpg", "Hat/2.jpg", "Hat/3.jpg"]


def test_the_counter_goes_on_from_a_number_that_is_chosen_and_never_back(folder: Path) -> None:
    store = SessionStore.open(folder)
    store.count_from(500)
    arrive(store, "A.JPG", b"first")
    with pytest.raises(SessionError, match="500"):
        store.count_from(500)
    store.close()

    store = SessionStore.open(folder)
    assert store.next_number == 501
    store.close()


def test_next_stem_is_the_name_that_the_next_shot_gets(store: SessionStore, folder: Path) -> None:
    (folder / "Spring_0001.jpg").touch()

    announced = store.next_stem(NOON)

    assert announced == "Spring_0001 (2)"
    assert arrive(store, "A.JPG", b"x").files[0].path == f"{announced}.jpg"


def test_a_file_that_is_not_whole_is_refused_and_stays(store: SessionStore) -> None:
    number = store.begin_shot(NOON)
    incoming = store.incoming / "half"
    incoming.write_bytes(b"half")

    with pytest.raises(SessionError, match="4 of 8 bytes"):
        store.commit(incoming, number=number, original="A.JPG", sha256="0", size_bytes=8)

    assert incoming.read_bytes() == b"half"
    assert store.shots == ()


def test_a_commit_asked_for_twice_is_done_once(store: SessionStore) -> None:
    first = arrive(store, "A.JPG", b"x")
    digest = hashlib.sha256(b"x").hexdigest()

    again = store.commit(
        store.incoming / f"1-{digest[:8]}", number=1, original="A.JPG", sha256=digest, size_bytes=1
    )

    assert again == first


def test_only_one_writer_in_this_process(store: SessionStore, folder: Path) -> None:
    with pytest.raises(SessionHeldError, match=f"process {os.getpid()}"):
        SessionStore.open(folder)

    assert SessionStore.read(folder).shots == ()


def test_only_one_writer_among_processes_and_a_dead_one_lets_go(folder: Path) -> None:
    hold = (
        "import sys, pathlib; from groundglass.session.store import SessionStore;"
        "held = SessionStore.open(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(SessionHeldError, match=f"process {child.pid}") as caught:
            SessionStore.open(folder)
        view = SessionStore.read(folder)
        child.kill()
        child.wait()

    after = SessionStore.open(folder)
    after.close()

    assert caught.value.hint
    assert view.id == after.id
    assert after.recovery.left_by.startswith(f"process {child.pid} on ")


def test_a_bad_template_is_refused_before_anything_is_made(folder: Path) -> None:
    with pytest.raises(TemplateError):
        SessionStore.open(folder, "{date}")

    assert not folder.exists()


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SessionError, match="file"):
        SessionStore.open(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_not_writable_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(SessionError, match="not writable"):
        SessionStore.open(tmp_path / "S")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_a_folder_that_is_not_writable_is_told_to_a_user(tmp_path: Path) -> None:
    script = (
        "import os, sys, pathlib; from groundglass.session.store import SessionStore;"
        "from groundglass.errors import SessionError;"
        "os.setuid(65534)\n"
        "try: SessionStore.open(pathlib.Path(sys.argv[1]))\n"
        "except SessionError as err: print(err)"
    )
    open_to_all = Path("/var/tmp") / f"groundglass-{os.getpid()}"
    open_to_all.mkdir(mode=0o755)
    try:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        told = subprocess.run(
            [sys.executable, "-c", script, str(open_to_all / "S")],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
    finally:
        open_to_all.rmdir()

    assert "not writable" in told.stdout


def test_a_full_disk_is_told_and_the_frame_is_stored_once_there_is_room(folder: Path) -> None:
    class Small(Disk):
        is_full = False

        def append(self, path: Path, data: bytes) -> None:
            if self.is_full:
                with path.open("ab") as file:
                    file.write(data[:20])  # a full disk takes what fits
                raise DiskFullError("The disk is full.", "Make room.")
            super().append(path, data)

    disk = Small()
    store = SessionStore.open(folder, disk=disk)
    number = store.begin_shot(NOON)
    disk.is_full = True
    with pytest.raises(DiskFullError):
        arrive(store, "A.JPG", b"kept", number)

    disk.is_full = False
    shot = arrive(store, "A.JPG", b"kept", number)
    store.close()

    assert shot.files[0].path == "Spring_0001.jpg"
    assert SessionStore.read(folder).shots == (shot,)
    assert SessionStore.read(folder).journal.corrupt_lines == ()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (errno.ENOSPC, DiskFullError, "full"),
        (errno.EDQUOT, DiskFullError, "full"),
        (errno.EROFS, DiskFailedError, "read-only"),
        (errno.EACCES, DiskFailedError, "not writable"),
        (errno.ENOENT, DiskFailedError, "not there"),
        (errno.EIO, DiskFailedError, "Input/output"),
    ],
)
def test_each_way_a_disk_refuses_has_its_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[SessionError], words: str
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SessionError, match=words) as caught:
        SessionStore.open(folder)

    assert type(caught.value) is kind
    assert caught.value.hint


def test_a_closed_session_takes_nothing(store: SessionStore) -> None:
    store.close()

    with pytest.raises(SessionError, match="closed"):
        store.begin_shot(NOON)


def test_a_session_of_a_newer_version_is_not_touched(store: SessionStore, folder: Path) -> None:
    from groundglass.session.journal import line

    store.close()
    journal = folder / ".groundglass" / "journal.jsonl"
    journal.write_bytes(line({"do": "session", "version": 99, "template": "x"}))

    with pytest.raises(SessionError, match="newer"):
        SessionStore.open(folder)

    assert journal.read_bytes().count(b"\n") == 1


def test_shots_can_be_read_while_a_commit_waits_for_the_disk(folder: Path) -> None:
    is_waiting, may_go_on = threading.Event(), threading.Event()

    class Slow(Disk):
        def move_exclusive(self, source: Path, target: Path) -> bool:
            is_waiting.set()
            assert may_go_on.wait(10)
            return super().move_exclusive(source, target)

    store = SessionStore.open(folder, disk=Slow())
    thread = threading.Thread(target=arrive, args=(store, "A.JPG", b"x"))
    thread.start()
    assert is_waiting.wait(10)

    seen = (store.shots, store.next_number, store.next_stem(NOON), store.template.text)
    may_go_on.set()
    thread.join()
    store.close()

    assert seen == ((), 2, "Spring_0002", "{session}_{counter:04}")
    assert len(store.shots) == 1


def test_threads_can_commit_at_once(store: SessionStore) -> None:
    def shoot(first: int) -> None:
        for index in range(20):
            arrive(store, "A.JPG", f"{first} {index}".encode())

    threads = [threading.Thread(target=shoot, args=(one,)) for one in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [shot.number for shot in store.shots] == list(range(1, 81))
    assert len({shot.files[0].path for shot in store.shots}) == 80


def test_naive_times_are_taken_for_local_ones(store: SessionStore) -> None:
    store.begin_shot(datetime(2026, 1, 1))

    shot = arrive(store, "A.JPG", b"x", number=1)

    assert shot.taken_at.tzinfo is not None
    assert shot.taken_at.astimezone(UTC) == datetime(2026, 1, 1).astimezone(UTC)
