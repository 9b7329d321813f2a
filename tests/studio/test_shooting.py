"""Which files make a shot, and what a release comes to."""

from __future__ import annotations

import errno
import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from groundglass.camera import messages as msg
from groundglass.errors import CameraLostError, CaptureError, DiskFullError, SessionError
from groundglass.model.camera import CameraInfo
from groundglass.model.shot import Shot
from groundglass.session.store import SessionStore
from groundglass.studio import shooting
from groundglass.studio.events import Event, Problem, ShotStored
from groundglass.studio.shooting import Shooting

_CAMERA = CameraInfo("usb:001,004", "Z Virtual", "42")
_PATIENCE_S = 10.0


class Bench:
    """A shooting on a real session, fed with what a camera's process would say."""

    def __init__(self, folder: Path, when_idle: Callable[[], None] = lambda: None) -> None:
        self.store = SessionStore.open(folder)
        self.events: list[Event] = []
        self._changed = threading.Condition()
        self.shooting = Shooting(self._note, when_idle)
        self.shooting.use(self.store).result(_PATIENCE_S)
        self._files = 0

    def _note(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait_for(self, kind: type, count: int = 1) -> list[Event]:
        def found() -> list[Event]:
            return [one for one in self.events if isinstance(one, kind)]

        with self._changed:
            assert self._changed.wait_for(lambda: len(found()) >= count, _PATIENCE_S), self.events
            return found()

    def arrive(
        self,
        name: str,
        *,
        folder: str = "/store_1/DCIM/100",
        release_id: int | None = None,
        content: bytes = b"",
        lacks_end: bool = False,
        modified_s: float = 0.0,
        camera: CameraInfo = _CAMERA,
    ) -> None:
        self._files += 1
        content = content or f"{folder}/{name} {self._files}".encode()
        path = self.store.incoming / f"{self._files}-{name}"
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        size = len(content)
        file = msg.FileArrived(
            str(path), name, folder, size, digest, release_id, 0.0, modified_s, lacks_end=lacks_end
        )
        self.shooting.file_arrived(file, camera)

    def end(self, release_id: int | None = None, error: CaptureError | None = None) -> None:
        self.shooting.exposure_ended(msg.ExposureEnded(release_id, error))

    def release(self) -> tuple[Future[Shot], int]:
        asked: list[msg.Release] = []

        def ask(request: msg.Request) -> Future[object]:
            assert isinstance(request, msg.Release)
            asked.append(request)
            fired: Future[object] = Future()
            fired.set_result(None)
            return fired

        return self.shooting.release(ask), asked[0].release_id

    def names(self) -> list[list[str]]:
        return [[one.original for one in shot.files] for shot in self.store.shots]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "wedding")
    yield bench
    bench.shooting.close(_PATIENCE_S)
    bench.store.close()


def test_a_look_at_the_disk_that_fails_ends_no_storing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Semaphore(0)

    def look() -> None:
        looked.release()
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    monkeypatch.setattr(shooting, "_DISK_EVERY_S", 0.01)
    bench = Bench(tmp_path / "wedding", look)
    try:
        assert all(looked.acquire(timeout=_PATIENCE_S) for _ in range(2))

        bench.arrive("DSC_0001.JPG")

        bench.wait_for(ShotStored)
    finally:
        bench.shooting.close(_PATIENCE_S)
        bench.store.close()


def test_a_release_gives_its_raw_and_its_jpeg_as_one_shot(bench: Bench) -> None:
    future, release_id = bench.release()

    bench.arrive("DSC_0001.NEF", release_id=release_id)
    bench.arrive("DSC_0001.JPG", release_id=release_id)
    bench.end(release_id)

    assert [one.path for one in future.result(_PATIENCE_S).files] == ["wedding_0001.nef", "wedding_0001.jpg"]


def test_pairs_from_the_cameras_memory_are_kept_by_exposure(bench: Bench) -> None:
    for release in range(2):
        _, release_id = bench.release()
        bench.arrive(f"capt000{2 * release}.nef", folder="/", release_id=release_id)
        bench.arrive(f"capt000{2 * release + 1}.jpg", folder="/", release_id=release_id)
        bench.end(release_id)
    bench.wait_for(ShotStored, 6)

    assert bench.names() == [["capt0000.nef", "capt0001.jpg"], ["capt0002.nef", "capt0003.jpg"]]


def test_a_burst_on_the_body_gives_a_shot_for_each_frame_in_whatever_order_files_come(bench: Bench) -> None:
    for name in ("DSC_1.NEF", "DSC_2.NEF", "DSC_1.JPG", "DSC_3.NEF", "DSC_2.JPG", "DSC_3.JPG"):
        bench.arrive(name)
    bench.end()
    bench.wait_for(ShotStored, 6)

    assert bench.names() == [
        ["DSC_1.NEF", "DSC_1.JPG"],
        ["DSC_2.NEF", "DSC_2.JPG"],
        ["DSC_3.NEF", "DSC_3.JPG"],
    ]


def test_one_release_of_a_burst_gives_a_shot_for_each_frame(bench: Bench) -> None:
    _, release_id = bench.release()
    for name in ("DSC_1.JPG", "DSC_2.JPG"):
        bench.arrive(name, release_id=release_id)
    bench.wait_for(ShotStored, 2)

    assert bench.names() == [["DSC_1.JPG"], ["DSC_2.JPG"]]


def test_a_name_that_the_camera_uses_again_is_another_shot(bench: Bench) -> None:
    for _ in range(2):
        bench.arrive("DSC_0001.JPG")
        bench.end()
    bench.wait_for(ShotStored, 4)

    assert [one.path for shot in bench.store.shots for one in shot.files] == [
        "wedding_0001.jpg",
        "wedding_0002.jpg",
    ]


@pytest.mark.parametrize(
    ("later_s", "serial", "shots"),
    [(2.0, "42", 1), (3600.0, "42", 2), (2.0, "43", 2)],
    ids=["the same exposure", "a formatted card", "another body"],
)
def test_a_name_joins_two_files_of_one_body_and_one_time_only(
    bench: Bench, later_s: float, serial: str, shots: int
) -> None:
    bench.arrive("DSC_0001.NEF", modified_s=1_790_000_000.0)
    bench.end()
    bench.shooting.camera_connected()

    bench.arrive(
        "DSC_0001.JPG",
        modified_s=1_790_000_000.0 + later_s,
        camera=CameraInfo("usb:001,005", "Z Virtual", serial),
    )
    bench.end()

    assert bench.shooting.flush(_PATIENCE_S)
    assert len(bench.store.shots) == shots


@pytest.mark.parametrize(
    ("later_s", "serial", "folder", "name", "shots"),
    [
        (2.0, "42", "/store_2/DCIM/100", "DSC_0001.NEF", 1),
        (3600.0, "42", "/store_1/DCIM/100", "DSC_0001.NEF", 2),
        (2.0, "43", "/store_1/DCIM/100", "DSC_0001.NEF", 2),
        (2.0, "42", "/store_1/DCIM/101", "DSC_0001.NEF", 2),
        (2.0, "42", "/store_1/DCIM/100", "DSC_0001.JPG", 2),
    ],
    ids=["the same exposure", "a formatted card", "another body", "another folder", "the same kind of file"],
)
def test_a_file_that_lagged_behind_the_end_of_the_program_finds_its_shot(
    tmp_path: Path, later_s: float, serial: str, folder: str, name: str, shots: int
) -> None:
    before = Bench(tmp_path / "wedding")
    before.arrive("DSC_0001.JPG", modified_s=1_790_000_000.0)
    before.arrive("DSC_0002.JPG", modified_s=1_790_000_001.0)
    before.end()
    assert before.shooting.close(_PATIENCE_S)
    before.store.close()
    bench = Bench(tmp_path / "wedding")
    body = CameraInfo("usb:001,005", "Z Virtual", serial)

    at_s = 1_790_000_000.0 + later_s
    bench.arrive(name, folder=folder, modified_s=at_s, camera=body, content=b"another file")
    bench.end()

    assert bench.shooting.flush(_PATIENCE_S)
    assert len(bench.store.shots) == shots + 1
    first = [one.path for one in bench.store.shots[0].files]
    assert first == ["wedding_0001.jpg", "wedding_0001.nef"][: 3 - shots]
    assert bench.events[-1] == ShotStored(
        bench.store.shots[0 if shots == 1 else -1], is_complete=True, has_lagged=shots == 1
    )
    assert bench.shooting.close(_PATIENCE_S)
    bench.store.close()


def test_what_another_connection_brings_out_of_the_memory_is_another_shot(bench: Bench) -> None:
    bench.arrive("capt0000.jpg", folder="/")
    bench.shooting.camera_connected()

    bench.arrive("capt0000.nef", folder="/")

    assert bench.shooting.flush(_PATIENCE_S)
    assert bench.names() == [["capt0000.jpg"], ["capt0000.nef"]]
    stored = [one for one in bench.wait_for(ShotStored) if isinstance(one, ShotStored)]
    assert [one.shot.number for one in stored if one.is_complete] == [1]


@pytest.mark.parametrize("folder", ["/", "/store_1/DCIM/100"])
def test_a_picture_that_a_camera_announces_again_when_it_is_back_is_stored_once(
    bench: Bench, folder: str
) -> None:
    for _ in range(2):
        bench.arrive("capt0000.jpg", folder=folder, content=b"the very same")
        bench.end()

    assert bench.shooting.flush(_PATIENCE_S)
    assert bench.names() == [["capt0000.jpg"]]


def test_a_release_without_a_picture_says_so(bench: Bench) -> None:
    future, release_id = bench.release()

    bench.end(release_id, CaptureError("The camera released, but sent no picture."))

    with pytest.raises(CaptureError, match="sent no picture"):
        future.result(_PATIENCE_S)


def test_a_lost_camera_ends_the_releases_that_wait(bench: Bench) -> None:
    future, _ = bench.release()

    bench.shooting.camera_lost(CameraLostError("The cable was pulled."))

    with pytest.raises(CameraLostError):
        future.result(_PATIENCE_S)


def test_without_a_session_nothing_is_fired(bench: Bench) -> None:
    bench.shooting.use(None).result(_PATIENCE_S)

    with pytest.raises(SessionError, match="No session is open"):
        bench.shooting.release(lambda _request: pytest.fail("the camera was fired")).result(_PATIENCE_S)


def test_a_file_that_vanished_is_told_and_the_next_is_stored(bench: Bench) -> None:
    gone = msg.FileArrived(str(bench.store.incoming / "gone"), "DSC_1.JPG", "/s", 3, "00", None, 0.0)
    bench.shooting.file_arrived(gone, _CAMERA)

    bench.arrive("DSC_2.JPG")

    bench.wait_for(ShotStored)
    assert len(bench.wait_for(Problem)) == 1


def test_a_release_whose_file_found_no_room_says_that(bench: Bench) -> None:
    future, release_id = bench.release()

    bench.shooting.exposure_ended(msg.ExposureEnded(release_id, DiskFullError("The session's disk is full.")))

    with pytest.raises(DiskFullError):
        future.result(_PATIENCE_S)


def test_a_picture_that_came_incomplete_is_stored_and_told(bench: Bench) -> None:
    bench.arrive("capt0000.jpg", folder="/", lacks_end=True)

    (problem,) = bench.wait_for(Problem)

    assert isinstance(problem, Problem)
    assert problem.error.message.startswith("wedding_0001.jpg came incomplete")
    assert bench.names() == [["capt0000.jpg"]]
