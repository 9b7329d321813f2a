"""What a session keeps in memory of each shot: the one thing that grows in a long shoot."""

from __future__ import annotations

import gc
import hashlib
import pathlib
import tracemalloc
from pathlib import Path

from groundglass.camera import messages as msg
from groundglass.model.camera import CameraInfo
from groundglass.session.store import SessionStore
from groundglass.studio.events import ShotStored
from groundglass.studio.history import History
from groundglass.studio.reviews import Reviews
from groundglass.studio.shooting import Shooting
from groundglass.studio.sidecars import Sidecars

_SHOTS = 800
_MOST_BYTES_A_SHOT = 1300


def _arrived(incoming: Path, number: int) -> msg.FileArrived:
    content = b"%06d" % number
    path = incoming / f"7-{number:06}-DSC_{number:04}.NEF"
    path.write_bytes(content)
    return msg.FileArrived(
        path=str(path),
        name=f"DSC_{number:04}.NEF",
        folder="/store_00010001/DCIM/100NZ6_1",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        release_id=None,
        announced_at=0.0,
        modified_s=1_790_000_000.0 + number,
        stays_on_card=True,
    )


def test_a_shot_costs_little_memory_as_it_is_stored(folder: Path) -> None:
    tracemalloc.start()
    store = SessionStore.open(folder / "Spring")
    sidecars = Sidecars(lambda _error: None)
    reviews = Reviews(lambda _event: None, sidecars, History())
    shooting = Shooting(lambda event: reviews.note(event.shot) if isinstance(event, ShotStored) else None)
    shooting.use(store).result(60)
    camera = CameraInfo("usb:001,004", "Nikon Z 6", "6000001")

    try:
        for number in range(1, _SHOTS + 1):
            shooting.file_arrived(_arrived(store.incoming, number), camera)
            shooting.exposure_ended(msg.ExposureEnded(None))
        assert shooting.flush(60)
        gc.collect()
        # The system's table of names, which every path goes through, grows in rare, large steps.
        kept = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(False, pathlib.__file__)])
    finally:
        tracemalloc.stop()
        assert shooting.close(30)
        sidecars.close(5)
        store.close()

    assert len(store.shots) == _SHOTS
    assert sum(one.size for one in kept.statistics("filename")) / _SHOTS < _MOST_BYTES_A_SHOT
