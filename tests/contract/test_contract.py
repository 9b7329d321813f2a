"""What every body does, whatever its brand and its cable: the same tests for all of them."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from client_desk import PATIENCE_S, Desk
from groundglass.camera import messages as msg
from groundglass.errors import (
    CameraError,
    CardFullError,
    FocusMissedError,
    SettingRefusedError,
    UnsupportedError,
)
from groundglass.model.camera import CameraState, CameraStatus, Capability, LiveZoom
from groundglass.model.setting import SettingId
from groundglass.model.shot import FileRole
from usb_bridge import CanNotBuildError, UsbBus
from virtual_camera import VirtualCamera

_BRANDS = ("nikon", "canon", "sony", "fuji")
_CABLES = ("ptpip", "usb")


@dataclass(frozen=True, slots=True)
class Body:
    """A running virtual body at the end of a cable."""

    camera: VirtualCamera
    address: str
    brand: str
    cable: str


@pytest.fixture(
    scope="module", params=[(brand, cable) for brand in _BRANDS for cable in _CABLES], ids="-".join
)
def body(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Body]:
    brand, cable = request.param
    options = ["--brand", brand, "--megapixels", "4", *(["--usb-port", "0"] if cable == "usb" else [])]
    with VirtualCamera(*options) as camera:
        if cable == "ptpip":
            yield Body(camera, camera.address, brand, cable)
            return
        bus = UsbBus(tmp_path_factory.mktemp("bus"))
        try:
            environment = bus.environment()
        except CanNotBuildError as err:
            pytest.skip(f"no USB bridge: {err}")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            yield Body(camera, bus.plug(camera), brand, cable)


@pytest.fixture
def desk(body: Body, tmp_path: Path) -> Iterator[Desk]:
    body.camera.do("clear")
    body.camera.do("card", shots_left=900)
    desk = Desk(body.address, tmp_path)
    desk.ready()
    for setting_id, text in ((SettingId.SHUTTER, "1/60"), (SettingId.IMAGE_FORMAT, "jpeg")):
        desk.set(setting_id, text)
    yield desk
    body.camera.do("clear")
    desk.client.close()


def _made(body: Body) -> dict[str, str]:
    return {one["sha256"]: one["name"] for one in body.camera.state()["files"]}


def test_it_is_known_by_its_serial_number(desk: Desk, body: Body) -> None:
    info = desk.client.status.info

    assert info is not None
    assert info.model
    assert info.serial.lstrip("0") == body.camera.serial.lstrip("0")


def test_exposure_is_set_and_read_back_in_the_photographers_words(desk: Desk, body: Body) -> None:
    kept = [
        desk.set(setting_id, text).label
        for setting_id, text in (
            (SettingId.SHUTTER, "1/125"),
            (SettingId.APERTURE, "f/8"),
            (SettingId.ISO, "800"),
        )
    ]

    state = body.camera.state()["settings"]
    assert kept == ["1/125", "f/8", "ISO 800"]
    assert (state["shutter"]["label"], state["aperture"], state["iso"]) == ("1/125", 8.0, 800)


def test_choices_are_sorted_and_understood(desk: Desk) -> None:
    for setting_id in (SettingId.SHUTTER, SettingId.APERTURE, SettingId.ISO):
        setting = desk.client.status.setting(setting_id)
        assert setting is not None
        numbers = [one.number for one in setting.choices if one.number is not None]
        assert len(numbers) > 10
        assert numbers == sorted(numbers)
        assert all(one.value is not None for one in setting.choices)


def test_a_setting_that_the_body_ignores_is_told_with_what_it_kept(desk: Desk, body: Body) -> None:
    desk.set(SettingId.ISO, "200")
    body.camera.do("fault", kind="setting_ignored")

    with pytest.raises(SettingRefusedError, match="kept ISO at ISO 200"):
        desk.set(SettingId.ISO, "1600")


def test_raw_and_jpeg_arrive_whole_in_one_exposure(desk: Desk, body: Body) -> None:
    desk.set(SettingId.IMAGE_FORMAT, "raw+jpeg")

    desk.client.ask(msg.Release(1)).result(PATIENCE_S)
    files = [desk.next(msg.FileArrived) for _ in range(2)]
    ended = desk.next(msg.ExposureEnded)

    assert ended == msg.ExposureEnded(1)
    assert {one.release_id for one in files} == {1}
    assert {FileRole.of(one.name) for one in files} == {FileRole.RAW, FileRole.JPEG}
    assert all(one.sha256 in _made(body) for one in files)


def _stays_on_card(brand: str, target: str) -> bool | None:
    """Tell whether a copy is on the card; None: the body does not show that card over its cable."""
    if brand == "fuji" or target == "Card + computer":
        return None
    return target == "Card"


def test_every_capture_target_of_the_body_brings_the_picture(desk: Desk, body: Body) -> None:
    target = desk.client.status.setting(SettingId.CAPTURE_TARGET)
    for choice in target.choices if target else ():
        if body.brand == "sony" and choice.label == "Card":
            continue  # what goes to a Sony's card alone never reaches the computer
        desk.client.ask(msg.Set(SettingId.CAPTURE_TARGET, choice.raw)).result(PATIENCE_S)
        desk.client.ask(msg.Release(2)).result(PATIENCE_S)
        file = desk.next(msg.FileArrived)
        desk.next(msg.ExposureEnded)
        assert file.sha256 in _made(body), choice.label
        assert file.stays_on_card is _stays_on_card(body.brand, choice.label), choice.label


def test_what_is_released_on_the_body_arrives(desk: Desk, body: Body) -> None:
    body.camera.do("shutter")

    file = desk.next(msg.FileArrived)

    assert file.release_id is None
    assert file.sha256 in _made(body)


def test_a_dial_turned_on_the_body_shows(desk: Desk, body: Body) -> None:
    body.camera.do("dial", setting="iso", value="3200")

    def shows() -> bool:
        iso = desk.client.status.setting(SettingId.ISO)
        return iso is not None and iso.label == "ISO 3200"

    desk.wait_for(lambda _status: shows())
    assert shows()


def test_quick_releases_lose_no_picture(desk: Desk, body: Body) -> None:
    before = set(_made(body))
    asked = [desk.client.ask(msg.Release(number)) for number in range(10, 14)]
    for one in asked:
        one.result(PATIENCE_S)

    files = [desk.next(msg.FileArrived) for _ in asked]

    assert {one.sha256 for one in files} == set(_made(body)) - before
    assert sorted(one.release_id or 0 for one in files) == [10, 11, 12, 13]


def test_the_live_picture_goes_on_after_a_release(desk: Desk) -> None:
    desk.client.want_live(True).result(PATIENCE_S)
    before = desk.client.take_frame(PATIENCE_S)
    desk.client.ask(msg.Release(20)).result(PATIENCE_S)
    desk.next(msg.ExposureEnded)

    after = desk.client.take_frame(PATIENCE_S)

    assert before is not None
    assert after is not None
    assert after.jpeg[:2] == b"\xff\xd8"
    desk.client.want_live(False).result(PATIENCE_S)


def test_a_bulb_exposure_can_be_ended_at_will(desk: Desk, body: Body) -> None:
    if Capability.BULB not in desk.client.status.capabilities:
        pytest.skip("the body has no bulb over the cable")
    desk.set(SettingId.SHUTTER, "bulb")

    desk.client.ask(msg.StartBulb(30)).result(PATIENCE_S)
    body.camera.wait_for(lambda state: state["is_exposing"])
    desk.client.ask(msg.EndBulb()).result(PATIENCE_S)
    file = desk.next(msg.FileArrived)

    assert file.release_id == 30
    assert file.sha256 in _made(body)


def test_a_bulb_exposure_ends_though_the_body_is_busy_with_its_dark_frame(desk: Desk, body: Body) -> None:
    if body.brand != "nikon":
        pytest.skip("only a Nikon is waited for, and only 5 s")
    desk.set(SettingId.SHUTTER, "bulb")
    desk.client.ask(msg.StartBulb(31)).result(PATIENCE_S)
    body.camera.wait_for(lambda state: state["is_exposing"])
    body.camera.do("fault", kind="busy", operation="NikonDeviceReady", count=51)  # each 0.1 s

    desk.client.ask(msg.EndBulb()).result(PATIENCE_S)

    assert desk.next(msg.FileArrived).release_id == 31
    assert desk.next(msg.ExposureEnded) == msg.ExposureEnded(31)


def test_a_missed_focus_is_called_that(desk: Desk, body: Body) -> None:
    body.camera.do("dial", setting="focus_mode", value="af-s")
    body.camera.do("fault", kind="focus_missed")

    with pytest.raises(FocusMissedError):
        desk.client.ask(msg.Release(40)).result(PATIENCE_S)


def test_a_release_without_autofocus_asks_for_no_focus(desk: Desk, body: Body) -> None:
    body.camera.do("dial", setting="focus_mode", value="af-s")
    body.camera.do("fault", kind="focus_missed")

    asked = desk.client.ask(msg.Release(42, with_autofocus=False))

    if body.brand in ("sony", "fuji"):  # they focus at every release, whoever asks
        with pytest.raises(UnsupportedError):
            asked.result(PATIENCE_S)
        return
    asked.result(PATIENCE_S)
    assert desk.next(msg.FileArrived).release_id == 42


def test_a_full_card_is_called_that(desk: Desk, body: Body) -> None:
    target = desk.client.status.setting(SettingId.CAPTURE_TARGET)
    if target is None or target.current is None or "card" not in target.current.label.lower():
        pytest.skip("the body shoots into the computer alone")
    body.camera.do("card", shots_left=0)

    with pytest.raises(CardFullError):
        desk.client.ask(msg.Release(41)).result(PATIENCE_S)


def test_the_focus_moves_both_ways(desk: Desk, body: Body) -> None:
    if Capability.FOCUS_DRIVE not in desk.client.status.capabilities:
        pytest.skip("the body does not move its focus over the cable")
    body.camera.do("dial", setting="focus_mode", value="manual")
    desk.client.want_live(True).result(PATIENCE_S)
    assert desk.client.take_frame(PATIENCE_S) is not None
    begun = body.camera.state()["focus_m"]

    desk.client.ask(msg.DriveFocus(-2)).result(PATIENCE_S)
    nearer = body.camera.wait_for(lambda state: state["focus_m"] < begun)["focus_m"]
    desk.client.ask(msg.DriveFocus(3)).result(PATIENCE_S)

    assert body.camera.wait_for(lambda state: state["focus_m"] > nearer)
    desk.client.want_live(False).result(PATIENCE_S)


@pytest.fixture
def continuous(desk: Desk, body: Body) -> Iterator[Desk]:
    """Set the body to its fastest drive."""
    body.camera.do("dial", setting="focus_mode", value="manual")
    body.camera.do("dial", setting="drive", value="burst")
    yield desk
    body.camera.do("dial", setting="drive", value="single")


def _arrived(desk: Desk, body: Body, fired: int) -> list[msg.FileArrived]:
    """Return the files of all releases since there were so many; each must be one that the body made."""
    files = [desk.next(msg.FileArrived) for _ in body.camera.state()["releases"][fired:]]
    assert {one.sha256 for one in files} <= set(_made(body))
    return files


def test_every_frame_of_a_button_held_on_the_body_arrives_once(continuous: Desk, body: Body) -> None:
    fired = len(body.camera.state()["releases"])

    body.camera.do("shutter", seconds=0.8)

    files = _arrived(continuous, body, fired)
    assert len(files) >= 4
    assert len({one.sha256 for one in files}) == len(files)
    assert {one.release_id for one in files} == {None}


def test_a_button_held_by_the_computer_fires_until_it_is_let_go(continuous: Desk, body: Body) -> None:
    if Capability.HOLD not in continuous.client.status.capabilities:
        with pytest.raises(UnsupportedError, match="held"):
            continuous.client.ask(msg.HoldButton(70)).result(PATIENCE_S)
        return
    fired = len(body.camera.state()["releases"])

    continuous.client.ask(msg.HoldButton(70)).result(PATIENCE_S)
    body.camera.wait_for(lambda state: len(state["releases"]) >= fired + 4)
    continuous.client.ask(msg.LetGo()).result(PATIENCE_S)

    files = _arrived(continuous, body, fired)
    assert len({one.sha256 for one in files}) == len(files) >= 4
    assert [one.release_id for one in files] == [70, *[None] * (len(files) - 1)]


def _hold_while_it_fetches_slowly(continuous: Desk, body: Body, pictures: int) -> int:
    """Hold the button, whose files come a tenth as fast; return how many were shot before these."""
    if Capability.HOLD not in continuous.client.status.capabilities:
        pytest.skip("its button cannot be held")
    fired = len(body.camera.state()["releases"])
    for operation in ("GetObject", "GetPartialObject"):
        body.camera.do("fault", kind="slow", operation=operation, bytes_per_second=600_000)

    continuous.client.ask(msg.HoldButton(73)).result(PATIENCE_S)
    body.camera.wait_for(lambda state: len(state["releases"]) >= fired + pictures)
    return fired


def test_a_burst_ends_when_the_button_is_let_go_however_much_is_still_to_be_fetched(
    continuous: Desk, body: Body
) -> None:
    fired = _hold_while_it_fetches_slowly(continuous, body, 12)
    continuous.client.ask(msg.LetGo()).result(PATIENCE_S)
    made = body.camera.state()["releases"]
    body.camera.do("clear")

    assert len(made) < fired + 30
    assert len(_arrived(continuous, body, fired)) == len(made) - fired


def test_a_setting_turned_in_a_burst_waits_for_one_picture_of_it_at_most(
    continuous: Desk, body: Body
) -> None:
    fired = _hold_while_it_fetches_slowly(continuous, body, 6)
    iso = continuous.client.status.setting(SettingId.ISO)
    assert iso is not None
    with contextlib.suppress(SettingRefusedError):  # in the middle of a burst it may keep what it had
        continuous.client.ask(msg.Set(SettingId.ISO, iso.choices[2].raw)).result(PATIENCE_S)
    continuous.client.ask(msg.LetGo()).result(PATIENCE_S)
    made = body.camera.state()["releases"]
    body.camera.do("clear")

    assert len(made) < fired + 40
    assert len(_arrived(continuous, body, fired)) == len(made) - fired


@pytest.mark.parametrize("is_live", [False, True])
def test_a_burst_tells_how_much_of_it_still_waits_in_the_camera(
    continuous: Desk, body: Body, is_live: bool
) -> None:
    if is_live:
        continuous.client.want_live(True).result(PATIENCE_S)
        continuous.picture()
    fired = len(body.camera.state()["releases"])
    for operation in ("GetObject", "GetPartialObject"):
        body.camera.do("fault", kind="slow", operation=operation, bytes_per_second=1_000_000)
    told: dict[str, int | None] = {}
    arrived = 0
    # What comes out of a memory is announced as it is read, and a look at a Fujifilm over USB takes 0.3 s.
    on_card = ("canon",) if is_live else ("nikon", "canon")
    is_known = body.brand in on_card or (body.brand, body.cable) == ("fuji", "ptpip")
    waits: int | None = 0

    body.camera.do("shutter", seconds=0.8)
    made = len(body.camera.state()["releases"]) - fired
    while arrived < made:
        continuous.client.take_frame(0.0)  # as a window does, which lets the next one come
        event = continuous.next(object)
        if isinstance(event, CameraStatus) and event.transfer is not None:
            waits = told[event.transfer.name] = event.transfer.waiting
        elif isinstance(event, CameraStatus):
            assert not waits or event.state not in (CameraState.READY, CameraState.LIVE), event.state
        arrived += isinstance(event, msg.FileArrived)
    body.camera.do("clear")
    continuous.client.want_live(False).result(PATIENCE_S)

    waiting = list(told.values())
    assert len(told) == made
    if is_known:
        assert waiting[-1] == 0, waiting
        assert max(one or 0 for one in waiting) >= 2, waiting
    else:
        assert set(waiting) == {None}


def test_a_held_button_that_finds_no_focus_fires_nothing_and_says_so(continuous: Desk, body: Body) -> None:
    if Capability.HOLD not in continuous.client.status.capabilities:
        pytest.skip("its button cannot be held")
    body.camera.do("dial", setting="focus_mode", value="af-s")
    continuous.wait_for_setting(SettingId.FOCUS_MODE, "AF-S")
    body.camera.do("fault", kind="focus_missed")
    fired = len(body.camera.state()["releases"])

    with pytest.raises(FocusMissedError):
        continuous.client.ask(msg.HoldButton(71)).result(PATIENCE_S)

    assert len(body.camera.state()["releases"]) == fired
    continuous.client.ask(msg.HoldButton(72)).result(PATIENCE_S)
    continuous.client.ask(msg.LetGo()).result(PATIENCE_S)
    assert _arrived(continuous, body, fired)[0].release_id == 72


@pytest.fixture
def live(desk: Desk, body: Body) -> Iterator[Desk]:
    """Show the live view, in single autofocus."""
    body.camera.do("dial", setting="focus_mode", value="af-s")
    desk.wait_for_setting(SettingId.FOCUS_MODE, "AF-S")
    desk.client.want_live(True).result(PATIENCE_S)
    assert desk.client.take_frame(PATIENCE_S) is not None
    yield desk
    desk.client.want_live(False).result(PATIENCE_S)


def test_it_focuses_on_what_lies_under_the_point(live: Desk, body: Body) -> None:
    assert Capability.AF_POINT in live.client.status.capabilities
    for x, y, distance_m in ((0.15, 0.45, 1.45), (0.5, 0.5, 1.2)):
        live.client.ask(msg.FocusAt(x, y)).result(PATIENCE_S)

        body.camera.wait_for(lambda state, sharp=distance_m: abs(state["focus_m"] - sharp) < 0.03)
        assert live.client.status.focus_point == pytest.approx((x, y), abs=0.05)


def test_a_point_without_anything_to_focus_on_is_told(live: Desk, body: Body) -> None:
    body.camera.do("fault", kind="focus_missed")

    with pytest.raises(FocusMissedError):
        live.client.ask(msg.FocusAt(0.3, 0.6)).result(PATIENCE_S)


def test_the_focus_point_alone_moves_without_focusing(live: Desk, body: Body) -> None:
    begun = body.camera.state()["focus_m"]

    live.client.ask(msg.FocusAt(0.2, 0.4, with_autofocus=False)).result(PATIENCE_S)

    state = body.camera.state()
    assert state["focus_point"] == pytest.approx(live.client.status.focus_point, abs=0.002)
    assert state["focus_m"] == begun


def test_the_live_picture_is_magnified_where_it_says_so(live: Desk, body: Body) -> None:
    assert Capability.LIVE_ZOOM in live.client.status.capabilities
    live.client.ask(msg.FocusAt(0.15, 0.45)).result(PATIENCE_S)
    whole = live.picture()

    shown = live.client.ask(msg.ZoomLive(4.5, 0.15, 0.45)).result(PATIENCE_S)

    assert shown == live.client.status.live_zoom
    assert isinstance(shown, LiveZoom)
    assert shown.power > 2
    left, top, width, height = (
        round(share * side) for share, side in zip(shown.part, (1024, 680) * 2, strict=True)
    )
    assert live.sees(whole[top : top + height, left : left + width])
    live.client.ask(msg.ZoomLive(1, 0.5, 0.5)).result(PATIENCE_S)
    assert live.sees(whole)
    assert body.camera.state()["magnified"] == 1


def test_the_live_view_begins_with_the_whole_picture(live: Desk, body: Body) -> None:
    live.client.ask(msg.ZoomLive(5, 0.5, 0.5)).result(PATIENCE_S)
    live.client.want_live(False).result(PATIENCE_S)

    live.client.want_live(True).result(PATIENCE_S)

    assert live.client.take_frame(PATIENCE_S) is not None
    assert live.client.status.live_zoom is not None
    assert live.client.status.live_zoom.is_whole
    assert body.camera.state()["magnified"] == 1


def test_nothing_is_magnified_without_a_live_view(desk: Desk) -> None:
    with pytest.raises(UnsupportedError, match="live view"):
        desk.client.ask(msg.ZoomLive(5, 0.5, 0.5)).result(PATIENCE_S)


def test_a_crashed_driver_is_replaced_and_the_next_picture_comes(desk: Desk, body: Body) -> None:
    worker = desk.client._worker
    assert worker is not None

    os.kill(worker.process.pid, signal.SIGSEGV)
    desk.next(msg.BodyLost)
    desk.ready()
    desk.client.ask(msg.Release(50)).result(PATIENCE_S)

    assert desk.next(msg.FileArrived).sha256 in _made(body)


def test_a_stalled_body_is_told_and_comes_back(desk: Desk, body: Body) -> None:
    with body.camera.frozen():
        desk.wait_for(lambda status: not status.state.is_connected and bool(status.message))
        with pytest.raises(CameraError):
            desk.client.ask(msg.Release(60)).result(PATIENCE_S)

    assert desk.ready().message == ""
