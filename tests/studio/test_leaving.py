"""What is said and done when the program is told to end while pictures are on their way."""

from __future__ import annotations

import hashlib
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_desk import Desk
from groundglass.camera import messages as msg
from groundglass.errors import CameraLostError
from groundglass.model.camera import CameraState, CameraStatus, TransferProgress
from groundglass.model.setting import SettingId
from groundglass.session.recover import check
from groundglass.session.store import SessionStore
from groundglass.studio.leaving import Leaving, remaining
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from program import command, home
from virtual_camera import VirtualCamera

_SLOW = {"kind": "slow", "operation": "GetPartialObject", "bytes_per_second": 500_000}


@pytest.fixture
def camera() -> Iterator[VirtualCamera]:
    with VirtualCamera("--megapixels", "4") as camera:
        yield camera


def test_what_would_be_left_is_told_the_most_urgent_first() -> None:
    status = CameraStatus(CameraState.TRANSFERRING, transfer=TransferProgress("DSC_0001.NEF", 40, 100))

    told = remaining(Leaving(status, backlog=12, refused=1, backup=2)).sentences

    assert told[0] == "DSC_0001.NEF is on its way from the camera: 40 %."
    assert told[1].startswith("1 picture waits in the incoming folder")
    assert [one.split()[0] for one in told[2:]] == ["12", "2"]


@pytest.mark.parametrize(
    ("waiting", "behind"),
    [(None, ""), (0, ""), (1, " 1 more waits behind it."), (19, " 19 more wait behind it.")],
)
def test_what_waits_in_the_camera_behind_a_file_is_told(waiting: int | None, behind: str) -> None:
    transfer = TransferProgress("DSC_0001.NEF", 40, 100, waiting)

    (told,) = remaining(Leaving(CameraStatus(CameraState.TRANSFERRING, transfer=transfer))).under_way

    assert told == f"DSC_0001.NEF is on its way from the camera: 40 %.{behind}"


def test_what_a_full_disk_did_not_take_is_told() -> None:
    (told,) = remaining(Leaving(CameraStatus(CameraState.READY), lacks_room=True)).waits

    assert "the disk did not take" in told
    assert "next start" in told


def test_what_goes_on_by_itself_is_apart_from_what_waits() -> None:
    ready = CameraStatus(CameraState.READY)

    halted = remaining(Leaving(ready, backlog=3, refused=1, backup=2, due=4))
    going = remaining(
        Leaving(ready, 3, 1, backup=2, due=4, is_fetching=True, is_backing_up=True, is_clearing=True)
    )

    assert (halted.under_way, len(halted.waits)) == ((), 4)
    assert (len(going.under_way), going.waits) == (4, ())


def test_a_backup_that_is_away_is_not_under_way(camera: VirtualCamera, tmp_path: Path) -> None:
    studio = Studio(tmp_path / "driver")
    studio.open_session(tmp_path / "S")
    studio.use_backup(tmp_path / "away")
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    studio.release().result(PATIENCE_S)
    until(lambda: "no backup yet" in "".join(studio.leaving().waits))

    (tmp_path / "away").mkdir()

    until(lambda: not studio.leaving().sentences)
    studio.close()


def test_nothing_is_told_when_nothing_would_be_left(camera: VirtualCamera, tmp_path: Path) -> None:
    studio = Studio(tmp_path / "driver")
    studio.open_session(tmp_path / "S")
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    studio.release().result(PATIENCE_S)
    assert studio.finish_storing(PATIENCE_S)

    until(lambda: studio.status.state is CameraState.READY)
    told = studio.leaving()
    studio.close()

    assert told.sentences == ()


def test_a_picture_that_is_under_way_is_told_and_finished(camera: VirtualCamera, tmp_path: Path) -> None:
    studio = Studio(tmp_path / "driver")
    studio.open_session(tmp_path / "S")
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    camera.do("fault", **_SLOW)
    camera.do("shutter")
    until(lambda: studio.status.state is CameraState.TRANSFERRING)

    told = studio.leaving()
    studio.close()

    assert "on its way" in told.under_way[0]
    stored = [file.sha256 for shot in SessionStore.read(tmp_path / "S").shots for file in shot.files]
    assert stored == [one["sha256"] for one in camera.state()["files"]]


def test_a_sigterm_in_mid_transfer_finishes_the_picture(camera: VirtualCamera, tmp_path: Path) -> None:
    session = tmp_path / "S"
    watch = subprocess.Popen(
        command("watch", "--camera", camera.address, "--session", str(session)),
        env=home(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watch.stderr is not None
    until(lambda: watch.stderr is not None and watch.stderr.readline().startswith("Watching"))
    camera.do("fault", **_SLOW)
    camera.do("shutter")
    until(lambda: list(session.glob(".groundglass/incoming/*.part")))

    watch.send_signal(signal.SIGTERM)
    _, told = watch.communicate(timeout=PATIENCE_S)

    assert watch.returncode == 0
    assert "on its way" in told
    made = camera.state()["files"][0]
    (stored,) = SessionStore.read(session).shots
    assert hashlib.sha256((session / stored.files[0].path).read_bytes()).hexdigest() == made["sha256"]
    assert check(session).is_clean


def test_after_sleep_the_camera_is_connected_anew_at_once(camera: VirtualCamera, tmp_path: Path) -> None:
    desk = Desk(camera.address, tmp_path)
    desk.ready()

    desk.client.connect_anew(CameraLostError("The computer was asleep.", ""))

    assert str(desk.next(msg.BodyLost).error) == "The computer was asleep."
    desk.ready()
    desk.client.close()


def test_an_open_bulb_is_closed_and_its_picture_stored(camera: VirtualCamera, tmp_path: Path) -> None:
    studio = Studio(tmp_path / "driver")
    studio.open_session(tmp_path / "S")
    studio.connect(camera.address).result(PATIENCE_S)
    until(lambda: studio.status.state is CameraState.READY)
    studio.set(SettingId.SHUTTER, "bulb").result(PATIENCE_S)
    shot = studio.start_bulb()
    until(lambda: studio.status.state is CameraState.EXPOSING)

    told = studio.leaving()
    studio.close()

    assert "open" in told.under_way[0]
    assert shot.result(0).files
    assert len(SessionStore.read(tmp_path / "S").shots) == 1
    assert not camera.state()["is_exposing"]


def test_a_shutter_is_not_left_open_by_a_camera_process_that_nobody_asks_any_more(
    camera: VirtualCamera, tmp_path: Path
) -> None:
    desk = Desk(camera.address, tmp_path)
    desk.ready()
    desk.set(SettingId.SHUTTER, "bulb")
    desk.client.ask(msg.StartBulb(1)).result(PATIENCE_S)
    ended = camera.state()["operations"].get("NikonTerminateCapture", 0)

    desk.client.close()

    assert camera.state()["operations"]["NikonTerminateCapture"] == ended + 1
