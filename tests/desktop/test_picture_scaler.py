from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from groundglass.desktop.clipping_stripes import STRIPE_PX, mark_clipping
from groundglass.desktop.picture_scaler import WHOLE, FittedPicture, PictureScaler, live_window
from groundglass.desktop.picture_tools import Judging, Peaking, PictureTools, Scope
from groundglass.desktop.turning import fitted_size
from groundglass.imaging import color
from groundglass.imaging.false_color import false_color
from groundglass.imaging.space import ADOBE_RGB
from scripted_desk import ScriptedFrames, live_frame


class Mailbox:
    """A scaler with a bell that rings when a result waits."""

    def __init__(self) -> None:
        self.frames = ScriptedFrames()
        self._bell = threading.Semaphore(0)
        self.rings = 0
        self.scaler = PictureScaler(self.frames, self._ring)

    def _ring(self) -> None:
        self.rings += 1
        self._bell.release()

    def wait(self) -> FittedPicture:
        while True:
            assert self._bell.acquire(timeout=10)
            fitted = self.scaler.take()
            if fitted is not None:
                return fitted

    def wait_for(self, source: object) -> np.ndarray:
        """Return the pixels of a live frame, or of the still of this name, once they are there."""
        while True:
            fitted = self.wait()
            if source is (fitted.frame or fitted.still):
                return fitted.image.copy()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    made = Mailbox()
    yield made
    made.scaler.close()


@pytest.mark.parametrize(
    ("picture", "room", "expected"),
    [
        ((1024, 680), (1040, 642), (967, 642)),
        ((680, 1024), (1000, 600), (398, 600)),
        ((1, 1), (300, 200), (200, 200)),
        ((10000, 1), (300, 200), (300, 1)),
    ],
)
def test_a_picture_fits_whole_into_the_view(
    picture: tuple[int, int], room: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert fitted_size(*picture, *room) == expected


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (900, 1)])
def test_the_smallest_pictures_take_every_tool(mailbox: Mailbox, size: tuple[int, int]) -> None:
    mailbox.scaler.fit(300, 200)
    tools = PictureTools(clipping=True, peaking=Peaking.STRONG)
    mailbox.scaler.show_tools(tools)
    mailbox.scaler.judge(Judging(spot=(0.9, 0.9), scope=Scope.PARADE, live_zoom=4, live_centre=(1.0, 0.0)))
    mailbox.scaler.show_still(np.full((size[1], size[0], 4), 255, np.uint8), "small")

    still = mailbox.wait()
    mailbox.scaler.show_live()
    mailbox.frames.push(live_frame(1, size=size))
    live = mailbox.wait()

    for fitted in (still, live):
        assert fitted.image.size
        assert fitted.reading is not None
        assert fitted.reading.spot is not None


def test_a_live_frame_comes_at_the_size_of_the_view(mailbox: Mailbox) -> None:
    mailbox.scaler.fit(300, 300)
    mailbox.scaler.show_live()
    frame = live_frame(size=(96, 64))

    mailbox.frames.push(frame)
    fitted = mailbox.wait()

    assert fitted.image.shape == (200, 300, 4)
    assert fitted.frame is frame


def test_frames_do_not_queue_while_nobody_takes_them(mailbox: Mailbox) -> None:
    mailbox.scaler.fit(96, 64)
    mailbox.scaler.show_live()
    for number in range(200):
        mailbox.frames.push(live_frame(number))

    fitted = mailbox.wait()
    while fitted.frame is None or fitted.frame.number < 199:
        fitted = mailbox.wait()

    assert mailbox.scaler.take() is None


def test_a_still_is_fitted_again_when_the_view_changes_its_size(mailbox: Mailbox) -> None:
    mailbox.scaler.fit(90, 60)
    mailbox.scaler.show_still(np.zeros((400, 600, 4), np.uint8), "a")
    assert mailbox.wait().image.shape == (60, 90, 4)

    mailbox.scaler.fit(30, 30)

    assert mailbox.wait().image.shape == (20, 30, 4)


def test_no_live_frame_comes_while_a_still_is_shown(mailbox: Mailbox) -> None:
    mailbox.scaler.fit(90, 60)
    mailbox.frames.push(live_frame())
    mailbox.scaler.show_still(np.zeros((40, 60, 4), np.uint8), "a")
    mailbox.frames.push(live_frame(2))

    fitted = mailbox.wait()

    assert fitted.frame is None
    assert fitted.still == "a"


def test_small_clipped_places_of_a_still_are_striped_as_soon_as_all_of_it_is_there(mailbox: Mailbox) -> None:
    whole = np.full((1200, 1800, 3), 128, np.uint8)
    whole[600:606, 900:906] = 255
    small = np.full((200, 300, 4), 130, np.uint8)
    mailbox.scaler.fit(300, 200)
    mailbox.scaler.show_tools(PictureTools(clipping=True))
    mailbox.scaler.show_still(small, "first")
    assert (mailbox.wait_for("first") == small).all()

    mailbox.scaler.show_still(small, "whole", whole=whole)
    shown = mailbox.wait_for("whole")

    striped = np.argwhere((shown != small).any(axis=2))
    assert 1 <= len(striped) <= 16
    assert np.abs(striped.mean(axis=0) - (100, 150)).max() < 2


def test_thresholds_that_change_are_asked_of_the_whole_again(mailbox: Mailbox) -> None:
    whole, small = np.full((1200, 1800, 3), 128, np.uint8), np.full((200, 300, 4), 128, np.uint8)
    whole[600:606, 900:906] = 240
    mailbox.scaler.fit(300, 200)
    mailbox.scaler.show_tools(PictureTools(clipping=True))
    mailbox.scaler.show_still(small, "a", whole=whole)
    assert (mailbox.wait_for("a") == small).all()

    mailbox.scaler.show_tools(PictureTools(clipping=True, high=240))

    assert (mailbox.wait_for("a") != small).any()


def test_stripes_lie_on_clipped_pixels_alone() -> None:
    image = np.full((32, 32, 4), 128, np.uint8)
    image[:16, :16, 2] = 255  # red alone is clipped
    image[16:, 16:, :3] = 0
    before = image.copy()

    mark_clipping(image)

    assert (image[:16, :16] != before[:16, :16]).any()
    assert (image[16:, 16:] != before[16:, 16:]).any()
    assert (image[:16, 16:] == before[:16, 16:]).all()
    assert (image[16:, :16] == before[16:, :16]).all()


@pytest.mark.parametrize("phase", [0, 5])
def test_stripes_go_on_without_a_seam(phase: int) -> None:
    image = np.full((300, 70, 4), 255, np.uint8)
    y, x = np.mgrid[:300, :70]

    mark_clipping(image, phase=phase)

    assert np.array_equal(image[..., 0] != 255, (x + y + phase) % STRIPE_PX < STRIPE_PX // 2)


def test_tools_come_and_go_on_a_still_that_stays(mailbox: Mailbox) -> None:
    picture = np.full((60, 90, 4), 100, np.uint8)
    picture[:, 45:] = 200
    mailbox.scaler.fit(90, 60)
    mailbox.scaler.show_still(picture, "a")
    plain = mailbox.wait().image.copy()

    mailbox.scaler.show_tools(PictureTools(peaking=Peaking.NORMAL))
    peaked = mailbox.wait().image.copy()
    mailbox.scaler.show_tools(PictureTools())

    assert (peaked != plain).any()
    assert np.array_equal(mailbox.wait().image, plain)


def test_a_live_frame_is_peaked_and_keeps_its_own_pixels(mailbox: Mailbox) -> None:
    frame = live_frame()
    frame.image[:, 48:] = 220
    before = frame.image.copy()
    mailbox.scaler.fit(96, 64)
    mailbox.scaler.show_tools(PictureTools(peaking=Peaking.NORMAL))
    mailbox.scaler.show_live()

    mailbox.frames.push(frame)
    fitted = mailbox.wait()

    assert (fitted.image != before).any()
    assert np.array_equal(frame.image, before)


def test_stripes_judge_another_picture_than_they_are_laid_over() -> None:
    shown = np.full((32, 32, 4), 255, np.uint8)
    judged = np.full((32, 32, 4), 128, np.uint8)
    judged[:, 16:, 1] = 255

    mark_clipping(shown, source=judged)

    assert (shown[:, :16] == 255).all()
    assert (shown[:, 16:] != 255).any()


def test_stripes_wander_over_live_frames_and_stand_still_on_a_still(mailbox: Mailbox) -> None:
    mailbox.scaler.fit(96, 64)
    mailbox.scaler.show_tools(PictureTools(clipping=True))
    mailbox.scaler.show_live()
    seen = []
    for number in (0, 2):
        frame = live_frame(number, level=255)
        mailbox.frames.push(frame)
        seen.append(mailbox.wait_for(frame))
    stills = []
    for name in ("a", "b"):
        mailbox.scaler.show_still(np.full((64, 96, 4), 255, np.uint8), name)
        stills.append(mailbox.wait_for(name))

    assert np.array_equal(seen[1][:, :-1], seen[0][:, 1:])
    assert not np.array_equal(seen[1], seen[0])
    assert np.array_equal(*stills)


def test_the_closer_look_never_goes_beyond_the_edge() -> None:
    corner = Judging(live_zoom=4, live_centre=(1.0, 0.0))

    assert live_window(corner) == (0.75, 0.0, 1.0, 0.25)
    assert live_window(Judging(live_centre=(1.0, 0.0))) == WHOLE


def test_nothing_is_measured_while_nothing_is_wanted(mailbox: Mailbox) -> None:
    mailbox.scaler.fit(96, 64)
    mailbox.scaler.show_live()
    frame = live_frame(1)
    mailbox.frames.push(frame)
    assert mailbox.wait().reading is None

    mailbox.scaler.judge(Judging(spot=(0.5, 0.5)))
    reading = mailbox.wait().reading

    assert reading is not None
    assert reading.spot is not None
    assert reading.scope is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1)])
def test_pictures_of_any_shape_are_metered_and_scoped(mailbox: Mailbox, shape: tuple[int, int]) -> None:
    mailbox.scaler.fit(96, 64)
    mailbox.scaler.judge(Judging(spot=(1.0, 1.0), scope=Scope.PARADE, scope_size=(216, 112)))
    mailbox.scaler.show_still(np.full((*shape, 4), 118, np.uint8), "a")

    reading = mailbox.wait().reading

    assert reading is not None
    assert reading.spot is not None
    assert reading.spot.ev == pytest.approx(0.0, abs=0.05)
    assert reading.scope is not None
    assert reading.scope.shape == (112, 216, 4)


def test_false_colour_of_a_still_goes_by_its_profile(mailbox: Mailbox) -> None:
    # The end of the shadows in Adobe RGB; read as sRGB it is a third of a stop brighter.
    picture = np.full((60, 90, 4), 52, np.uint8)
    mailbox.scaler.fit(90, 60)
    mailbox.scaler.show_tools(PictureTools(false_color=True))

    mailbox.scaler.show_still(picture, "adobe", color.ADOBE_RGB)
    told = mailbox.wait_for("adobe")[30, 45, :3]

    assert told.tolist() == false_color(picture, space=ADOBE_RGB)[30, 45, :3].tolist()
    assert told.tolist() != false_color(picture)[30, 45, :3].tolist()
