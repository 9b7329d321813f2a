"""Which exposure a file belongs to, when releases come faster than pictures."""

from groundglass.camera.exposures import GRACE_S, LATE_S, QUIET_S, Exposures


def test_files_of_quick_releases_go_to_them_in_order() -> None:
    exposures = Exposures()
    for release_id in (1, 2):
        exposures.begin(release_id, expected=2, now=0.0)

    taken = []
    for _ in range(4):
        exposure = exposures.next_for_file()
        assert exposure is not None
        taken.append((exposure.release_id, exposures.take_file(exposure, 1.0)))

    assert taken == [(1, False), (1, True), (2, False), (2, True)]
    assert not exposures


def test_a_file_without_a_release_was_shot_on_the_body() -> None:
    assert Exposures().next_for_file() is None


def test_a_picture_that_is_late_is_waited_for_and_holds_up_nothing() -> None:
    exposures = Exposures()
    waiting = exposures.begin(1, expected=1, now=0.0)

    assert exposures.take_late(GRACE_S - 0.1) == []
    assert exposures.keeps_busy
    assert exposures.take_late(GRACE_S + 0.1) == [waiting]
    assert exposures.take_late(GRACE_S + 0.2) == []
    assert not exposures.keeps_busy
    assert exposures.take_ended(GRACE_S + LATE_S - 0.1) == []
    assert exposures.next_for_file() is waiting


def test_an_exposure_without_a_file_ends_at_last() -> None:
    exposures = Exposures()
    waiting = exposures.begin(1, expected=1, now=0.0)

    assert exposures.take_ended(GRACE_S + LATE_S + 0.1) == [waiting]
    assert not exposures


def test_a_body_that_says_it_is_busy_is_waited_for_longer() -> None:
    exposures = Exposures()
    waiting = exposures.begin(1, expected=1, now=0.0)
    exposures.note_begun()

    assert exposures.take_ended(GRACE_S + LATE_S + 0.1) == []
    exposures.note_complete(GRACE_S + LATE_S + 0.2)
    assert exposures.take_ended(GRACE_S + LATE_S + 0.3) == [waiting]


def test_a_long_exposure_has_time_for_its_dark_frame() -> None:
    exposures = Exposures()
    exposures.begin(1, expected=1, now=0.0, exposure_s=30.0)

    assert exposures.take_late(60.0) == []


def test_a_late_picture_that_is_found_on_the_card_belongs_to_its_release() -> None:
    exposures = Exposures()
    waiting = exposures.begin(1, expected=1, now=100.0)
    assert exposures.late_for(1100.0, clocks_apart_s=1000.0) is None
    exposures.take_late(111.0)

    assert exposures.late_for(1100.0, clocks_apart_s=1000.0) is waiting
    assert exposures.late_for(1080.0, clocks_apart_s=1000.0) is None


def test_an_exposure_that_lacks_its_second_file_ends_when_it_is_quiet() -> None:
    exposures = Exposures()
    half = exposures.begin(1, expected=2, now=0.0)
    exposures.take_file(half, 5.0)

    assert exposures.take_ended(5.0 + QUIET_S / 2) == []
    assert exposures.take_ended(5.1 + QUIET_S) == [half]


def test_an_open_bulb_gets_no_file_and_never_ends_by_itself() -> None:
    exposures = Exposures()
    bulb = exposures.begin(1, expected=1, now=0.0)
    bulb.is_bulb_open = True

    assert exposures.next_for_file() is None
    assert exposures.take_ended(10_000.0) == []
    assert exposures.bulb() is bulb


def test_what_the_body_begins_by_itself_keeps_its_place_in_the_queue() -> None:
    exposures = Exposures()
    ours = exposures.begin(1, expected=1, now=0.0)

    assert exposures.note_begun()
    assert not exposures.note_begun()
    theirs = exposures.begin(None, expected=1, now=0.0)

    assert exposures.next_for_file() is ours
    exposures.take_file(ours, 1.0)
    assert exposures.next_for_file() is theirs


def test_a_body_that_was_busy_with_something_else_is_waited_for_no_longer() -> None:
    exposures = Exposures()
    busy = exposures.begin(None, expected=1, now=0.0)
    exposures.note_complete(1.0)

    assert exposures.take_ended(1.0 + QUIET_S / 2) == []
    assert exposures.take_ended(1.1 + QUIET_S) == [busy]


def test_files_that_come_slowly_keep_the_later_exposures_waiting() -> None:
    exposures = Exposures()
    first = exposures.begin(1, expected=1, now=0.0)
    second = exposures.begin(2, expected=1, now=0.1)
    exposures.take_file(first, 9.0)

    assert exposures.take_late(18.9) == []
    assert exposures.take_late(19.1) == [second]


def test_a_file_ends_a_bulb_whose_end_was_refused() -> None:
    exposures = Exposures()
    bulb = exposures.begin(1, expected=2, now=0.0)
    bulb.is_bulb_open = bulb.is_end_asked = True

    assert exposures.next_for_file() is bulb
    exposures.take_file(bulb, 60.0)

    assert exposures.bulb() is None
    assert exposures.take_ended(60.1 + QUIET_S) == [bulb]
