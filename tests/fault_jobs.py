"""Jobs for a disk that fails: shooting, opening after a crash, backing up; what must hold afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import clearing_job
import copying_jobs
import trash_clearing_job
from counted_disk import CONTENTS, FOREIGN, CountedDisk, places_of, prepare, shoot
from groundglass.errors import SessionError
from groundglass.session.backup_folder import BackupFolder
from groundglass.session.disk import Disk
from groundglass.session.recover import check
from groundglass.session.store import SessionStore

_TEMPLATE = "S_{counter:04}"
_HALF = b"half a pict"
_NEXT = b"next"
_SIDECAR = b"<x:xmpmeta/>"


@dataclass(frozen=True, slots=True)
class Job:
    """What is done on a disk that fails, below one folder.

    root: the part of that folder which is on the failing disk.
    check: opens everything as the next start does, on a good disk; `may_double` allows a file that was moved
    just before a power cut to be kept aside once more.
    """

    root: str
    prepare: Callable[[Path], None]
    run: Callable[[Path, CountedDisk], None]
    check: Callable[[Path, bool], None]


# ---- shooting


def _prepare_shooting(folder: Path) -> None:
    prepare(folder / "S")


def _shoot(folder: Path, disk: CountedDisk) -> None:
    shoot(folder / "S", disk, folder / "arrived")


def _shoot_patiently(folder: Path, disk: CountedDisk) -> None:
    shoot(folder / "S", disk, folder / "arrived", is_patient=True)


def _check_shooting(folder: Path, may_double: bool) -> None:
    """Look for every frame that came in: once, whole, in the journal; and shoot the next one."""
    session = folder / "S"
    noted = folder / "arrived"
    arrived = [int(line) for line in noted.read_text().split()] if noted.exists() else []
    store = _store_next(session)
    stored = [file.sha256 for shot in store.shots for file in shot.files]
    for content in (*(CONTENTS[index] for index in arrived), _NEXT):
        places = places_of(session, content)
        at_home = [place for place in places if not place.startswith(("recovered/", ".groundglass/"))]
        assert len(at_home) == 1, (content[:6], places)
        assert may_double or places == at_home, places
        assert stored.count(sha256(content).hexdigest()) == 1, (content[:6], store.shots)
    numbers = [shot.number for shot in store.shots]
    assert len(set(numbers)) == len(numbers)
    assert (session / "S_0002.jpg").read_bytes() == FOREIGN
    report = check(session)
    assert (report.missing, report.renamed, report.altered, report.unfinished) == ((), (), (), ()), report
    assert set(report.unknown) == {"S_0002.jpg"}, report
    assert not report.is_torn, report
    for index in set(range(3)) - set(arrived):
        assert not places_of(session, CONTENTS[index])


def _store_next(session: Path) -> SessionStore:
    store = SessionStore.open(session)
    try:
        number = store.begin_shot(datetime.now(UTC))
        incoming = store.incoming / "8-000001-N.JPG"
        incoming.write_bytes(_NEXT)
        digest = sha256(_NEXT).hexdigest()
        store.commit(incoming, number=number, original="N.JPG", sha256=digest, size_bytes=len(_NEXT))
    finally:
        store.close()
    return store


# ---- opening after a crash


def _prepare_crash(folder: Path) -> None:
    """Leave a commit between its intent and its move, a torn line, a whole leftover and half a one."""
    session = folder / "S"
    prepare(session)
    store = SessionStore.open(session, _TEMPLATE)
    number = store.begin_shot(datetime.now(UTC))
    incoming = store.incoming / "7-000001-DSC_1.NEF"
    incoming.write_bytes(CONTENTS[0])
    (store.incoming / "7-000002-DSC_1.JPG").write_bytes(CONTENTS[1])
    (store.incoming / "7-000003-DSC_2.NEF.part").write_bytes(_HALF)
    store._disk.move_exclusive = _refuse  # type: ignore[method-assign]
    try:
        digest = sha256(CONTENTS[0]).hexdigest()
        store.commit(
            incoming, number=number, original="DSC_1.NEF", sha256=digest, size_bytes=len(CONTENTS[0])
        )
    except SessionError:
        store.close()
    with (session / ".groundglass/journal.jsonl").open("ab") as journal:
        journal.write(b'{"crc":"0000')
    (folder / "arrived").write_text("0\n1\n")


def _refuse(_source: Path, _target: Path) -> bool:
    raise SessionError("The disk failed.", "Check it.")


def _open(folder: Path, disk: CountedDisk) -> None:
    SessionStore.open(folder / "S", disk=disk).close()


def _check_opening(folder: Path, may_double: bool) -> None:
    _check_shooting(folder, may_double)
    shots = SessionStore.read(folder / "S").shots
    assert [file.path for file in shots[0].files] == ["S_0001.nef", "S_0001.jpg"]
    assert any(place.startswith("recovered/") for place in places_of(folder / "S", _HALF))


# ---- backing up


def _prepare_backup(folder: Path) -> None:
    """Shoot, and let somebody have a name on the backup disk."""
    _prepare_shooting(folder)
    _shoot(folder, CountedDisk())
    (folder / "backup").mkdir()


def _back_up(folder: Path, disk: CountedDisk) -> None:
    _copy_all(folder, disk)


def _copy_all(folder: Path, disk: Disk) -> BackupFolder:
    view = SessionStore.read(folder / "S")
    backup = BackupFolder.claim(folder / "backup", folder / "S", view.id, disk)
    theirs = backup.folder / "S_0001.jpg"
    if not theirs.exists():
        theirs.write_bytes(FOREIGN)
    for shot in view.shots:
        for file in shot.files:
            if file.path not in backup.copies:
                assert backup.keep(folder / "S" / file.path, file, lambda: None)
    return backup


def _check_backup(folder: Path, _may_double: bool) -> None:
    """Catch up on a good disk: every frame is there once, verified, and nobody's file was touched."""
    begun = BackupFolder(folder / "backup/S", Disk())
    for copy in begun.copies.values():  # what was called safe is safe
        assert sha256((begun.folder / copy.path).read_bytes()).hexdigest() == copy.sha256
    backup = _copy_all(folder, Disk())
    frames = [file for shot in SessionStore.read(folder / "S").shots for file in shot.files]
    for file, content in zip(frames, CONTENTS, strict=True):
        copy = backup.copies[file.path]
        assert (backup.folder / copy.path).read_bytes() == content
        at_home = [one for one in places_of(backup.folder, content) if not one.startswith(".groundglass/")]
        assert at_home == [copy.path], at_home
    assert (backup.folder / "S_0001.jpg").read_bytes() == FOREIGN
    assert check(folder / "S").is_clean


# ---- throwing away


def _prepare_trash(folder: Path) -> None:
    """Shoot, and say something of the first shot."""
    _prepare_shooting(folder)
    _shoot(folder, CountedDisk())
    (folder / "S/S_0001.xmp").write_bytes(_SIDECAR)


def _throw_away(folder: Path, disk: CountedDisk) -> None:
    store = SessionStore.open(folder / "S", disk=disk)
    try:
        first, last = (shot.number for shot in store.shots)
        store.throw_away([first, last])
        store.take_back([first])
    finally:
        store.close()


def _check_trash(folder: Path, may_double: bool) -> None:
    """Look for every frame: once and whole, where the journal says that it belongs; then bring all back."""
    session = folder / "S"
    store = SessionStore.open(session)
    try:
        trashed = {shot.number for shot in store.trashed}
        assert len(store.shots) + len(trashed) == 2
        for shot in store.known_shots:
            home = ".groundglass/trash/" if shot.number in trashed else ""
            for file in shot.files:
                content = next(one for one in CONTENTS if sha256(one).hexdigest() == file.sha256)
                places = places_of(session, content)
                assert f"{home}{file.path}" in places, (file.path, trashed, places)
                assert may_double or len(places) == 1, places
            if shot.number == 1 and not may_double:
                assert places_of(session, _SIDECAR) == [f"{home}S_0001.xmp"]
        report = check(session)
        assert (report.missing, report.altered, report.in_trash) == ((), (), len(trashed)), report
        store.take_back(trashed)
        assert [shot.number for shot in store.shots] == [1, 2]
    finally:
        store.close()
    report = check(session)
    assert report.is_clean, report
    assert (session / "S_0002.jpg").read_bytes() == FOREIGN


JOBS = {
    "shoot": Job("S", _prepare_shooting, _shoot, _check_shooting),
    "shoot patiently": Job("S", _prepare_shooting, _shoot_patiently, _check_shooting),
    "open": Job("S", _prepare_crash, _open, _check_opening),
    "clear the card": Job("disks", clearing_job.prepare, clearing_job.run, clearing_job.prove),
    "clear and throw away": Job(
        "disks", trash_clearing_job.prepare, trash_clearing_job.run, trash_clearing_job.prove
    ),
    "throw away": Job("S", _prepare_trash, _throw_away, _check_trash),
    "back up sidecars": Job(
        "backup", copying_jobs.prepare_sidecars, copying_jobs.run_sidecars, copying_jobs.prove_sidecars
    ),
    "export": Job("selects", copying_jobs.prepare_export, copying_jobs.run_export, copying_jobs.prove_export),
    "back up": Job("backup", _prepare_backup, _back_up, _check_backup),
}
