"""Another session is opened while frames are on their way into the one before."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from groundglass.camera import messages as msg
from groundglass.errors import SessionError
from groundglass.model.camera import CameraInfo, CameraState
from groundglass.model.places import CardPolicy
from groundglass.model.setting import SettingId
from groundglass.model.shot import ManualLens, Shot
from groundglass.session.backup import BackupState
from groundglass.session.recover import check
from groundglass.session.store import SessionStore
from groundglass.studio import keeping
from groundglass.studio.chosen import Chosen
from groundglass.studio.clearing import Clearing
from groundglass.studio.events import Event, Problem, SessionOpened, ShotStored
from groundglass.studio.studio import Studio
from patience import PATIENCE_S, until
from virtual_camera import VirtualCamera

_CAMERA = CameraInfo("usb:001,004", "Z Virtual", "42")


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    (tmp_path / "copies").mkdir()
    studio.use_backup(tmp_path / "copies")
    studio.use_lens(ManualLens.parse("Helios 44-2 58 mm f/2"))
    studio.open_session(tmp_path / "S")
    yield studio
    studio.close()


class _Gate:
    """Holds every commit up until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened, self.reached = threading.Event(), threading.Event()
        real = SessionStore.commit

        def commit(store: SessionStore, incoming: Path, **more: object) -> Shot:
            self.reached.set()
            assert self.opened.wait(PATIENCE_S)
            return real(store, incoming, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(SessionStore, "commit", commit)


def _arrive(studio: Studio, session: Path, name: str, modified_s: float = 0.0) -> None:
    content = name.encode()
    path = session / ".groundglass" / "incoming" / f"1-{name}"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    file = msg.FileArrived(str(path), name, "/store/DCIM/100", len(content), digest, None, 0.0, modified_s)
    studio._shooting.file_arrived(file, _CAMERA)
    studio._shooting.exposure_ended(msg.ExposureEnded(None))


def test_what_has_arrived_is_stored_with_all_that_goes_with_it_in_the_session_before(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[Event] = []
    studio.subscribe(events.append)
    gate = _Gate(monkeypatch)
    for name in ("DSC_0001.JPG", "DSC_0002.JPG"):
        _arrive(studio, tmp_path / "S", name)
    assert gate.reached.wait(PATIENCE_S)

    with ThreadPoolExecutor(1) as other:
        opening = other.submit(studio.open_session, tmp_path / "T")
        until(lambda: SessionStore.is_at(tmp_path / "T"))
        gate.opened.set()
        opening.result(PATIENCE_S)

    assert studio.session_path == tmp_path / "T"
    assert studio.shots == ()
    assert studio.finish_storing(PATIENCE_S)
    assert studio.backup is not None
    assert studio.backup.state is BackupState.SAFE
    until(lambda: len(list((tmp_path / "S").glob("*.xmp"))) == 2)
    assert [one.name for one in (tmp_path / "T").iterdir()] == [".groundglass"]
    told = [type(one) for one in events if isinstance(one, ShotStored | SessionOpened | Problem)]
    assert told == [*[ShotStored] * 4, SessionOpened]
    assert check(tmp_path / "S").is_clean


def test_a_picture_on_its_way_comes_into_the_session_that_it_was_shot_for(
    studio: Studio, tmp_path: Path
) -> None:
    events: list[Event] = []
    studio.subscribe(events.append)
    with VirtualCamera("--megapixels", "4") as camera:
        studio.connect(camera.address).result(PATIENCE_S)
        until(lambda: studio.status.state is CameraState.READY)
        studio.set(SettingId.IMAGE_FORMAT, "raw+jpeg").result(PATIENCE_S)
        camera.do("fault", kind="slow", operation="GetPartialObject", bytes_per_second=4_000_000)
        shot = studio.release()
        until(lambda: studio.status.state is CameraState.TRANSFERRING)

        studio.open_session(tmp_path / "T")

        assert len(shot.result(PATIENCE_S).files) == 2
        assert studio.shots == ()
        camera.do("clear")
        assert studio.release().result(PATIENCE_S).number == 1
        assert len(studio.shots) == 1
        assert len(SessionStore.read(tmp_path / "S").shots) == 1
        assert not [one for one in events if isinstance(one, Problem)]


def test_the_session_before_can_be_opened_again_at_once(studio: Studio, tmp_path: Path) -> None:
    _arrive(studio, tmp_path / "S", "DSC_0001.JPG")

    studio.open_session(tmp_path / "T")
    studio.open_session(tmp_path / "S")

    assert [shot.number for shot in studio.shots] == [1]


def test_a_disk_that_hangs_keeps_its_session_and_says_so(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_HANGS_S", 0.3)
    gate = _Gate(monkeypatch)
    _arrive(studio, tmp_path / "S", "DSC_0001.JPG")
    assert gate.reached.wait(PATIENCE_S)

    with pytest.raises(SessionError, match="does not answer"):
        studio.open_session(tmp_path / "T")

    assert studio.session_path == tmp_path / "S"
    gate.opened.set()
    until(lambda: len(studio.shots) == 1)
    studio.open_session(tmp_path / "T")
    assert studio.session_path == tmp_path / "T"
    assert check(tmp_path / "S").is_clean


@pytest.mark.parametrize("waits", ["for a frame", "for the policy", "for another session"])
def test_the_program_ends_although_a_disk_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, waits: str
) -> None:
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    (tmp_path / "copies").mkdir()
    studio.use_backup(tmp_path / "copies")
    studio.open_session(tmp_path / "S")
    monkeypatch.setattr("groundglass.studio.studio._FINISH_S", 0.2)
    gate = _Gate(monkeypatch)
    _arrive(studio, tmp_path / "S", "DSC_0001.JPG")
    assert gate.reached.wait(PATIENCE_S)
    if waits == "for the policy":
        studio.chosen.change(card_policy=CardPolicy.DELETE_AFTER_BACKUP)
    elif waits == "for another session":
        studio.sessions.open_or_begin(tmp_path / "T")

    studio.close()

    assert "disk hangs" in caplog.text
    assert not gate.opened.is_set()
    gate.opened.set()


def test_a_policy_that_is_chosen_while_a_session_is_being_opened_holds_for_it(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.use_card_policy(CardPolicy.DELETE_AFTER_BACKUP)
    gate = _Gate(monkeypatch)
    _arrive(studio, tmp_path / "S", "DSC_0001.JPG")
    assert gate.reached.wait(PATIENCE_S)

    with ThreadPoolExecutor(2) as others:
        opening = others.submit(studio.open_session, tmp_path / "T")
        until(lambda: SessionStore.is_at(tmp_path / "T"))
        choosing = others.submit(studio.use_card_policy, CardPolicy.KEEP)
        gate.opened.set()
        opening.result(PATIENCE_S)
        choosing.result(PATIENCE_S)

    assert studio.session_path == tmp_path / "T"
    assert studio.card.policy is CardPolicy.KEEP


def test_what_is_said_of_the_next_frames_is_not_said_of_a_shot_that_a_late_file_joins(
    studio: Studio, tmp_path: Path
) -> None:
    _arrive(studio, tmp_path / "S", "DSC_0001.JPG", 1_790_000_000.0)
    studio.open_session(tmp_path / "T")
    sidecar = tmp_path / "S" / "S_0001.xmp"
    until(sidecar.exists)
    said = sidecar.read_text()
    studio.open_session(tmp_path / "S")
    studio.use_lens(ManualLens.parse("Nokton 35 mm f/1.4"))

    _arrive(studio, tmp_path / "S", "DSC_0001.NEF", 1_790_000_001.0)
    _arrive(studio, tmp_path / "S", "DSC_0002.JPG", 1_790_000_009.0)

    until((tmp_path / "S" / "S_0002.xmp").exists)
    assert [len(shot.files) for shot in studio.shots] == [2, 1]
    assert "Helios" in said
    assert sidecar.read_text() == said


def test_what_was_only_slow_at_the_end_leaves_the_session_closed_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    studio = Studio(tmp_path / "driver", chosen=Chosen(tmp_path / "preferences.json"))
    studio.open_session(tmp_path / "S")
    real, limits = Clearing.close, list[float]()

    def close(clearing: Clearing, limit_s: float) -> bool:
        limits.append(limit_s)
        return real(clearing, PATIENCE_S) and len(limits) > 1

    monkeypatch.setattr(Clearing, "close", close)
    studio.close()

    assert limits[1:] == [0]
    assert "hangs" not in caplog.text
    assert '"do":"closed"' in (tmp_path / "S/.groundglass/journal.jsonl").read_text()
