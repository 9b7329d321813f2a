from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundglass.errors import UsageError
from groundglass.model.review import REJECTED, ColorLabel, Review, ReviewChange, labelling, rejecting
from groundglass.model.shot import FileRole, Shot, ShotFile
from groundglass.model.shot_filter import EVERYTHING, Rejected, ShotFilter, ShotOrder


def shot(number: int, name: str, camera: str = "Z") -> Shot:
    taken_at = datetime(2026, 3, 1, 12, number, tzinfo=UTC)
    return Shot(number, (ShotFile(name, FileRole.JPEG, 1, ""),), taken_at, camera)


SHOTS = (shot(1, "b.jpg"), shot(2, "A.jpg", "X"), shot(3, "c.jpg"))
REVIEWS = {1: Review(2, "Red"), 3: Review(REJECTED, "Blue")}


def test_the_reject_key_takes_back_only_what_is_all_rejected() -> None:
    assert rejecting((Review(REJECTED), Review(3))).rating == REJECTED
    assert rejecting((Review(REJECTED), Review(REJECTED))).rating == 0


def test_a_label_key_takes_off_only_what_is_on_all() -> None:
    assert labelling((Review(label="red"), Review()), ColorLabel.RED).label == "Red"
    assert labelling((Review(label="red"), Review(label="Red")), ColorLabel.RED).label == ""


def test_a_change_leaves_what_it_does_not_name() -> None:
    before = Review(3, "Select", ("a", "b"))

    assert ReviewChange(add_keywords=("b", "c"), remove_keywords=("a",)).of(before) == Review(
        3, "Select", ("b", "c")
    )


@pytest.mark.parametrize("wrong", [6, -2])
def test_no_picture_has_six_stars(wrong: int) -> None:
    with pytest.raises(UsageError):
        Review(wrong)


def test_an_unknown_label_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="Purple"):
        ColorLabel.parse("pink")


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EVERYTHING, [1, 2, 3]),
        (ShotFilter(least_stars=2), [1]),
        (ShotFilter(rejected=Rejected.HIDDEN), [1, 2]),
        (ShotFilter(rejected=Rejected.ONLY), [3]),
        (ShotFilter(labels=frozenset(("Red", "Blue"))), [1, 3]),
        (ShotFilter(camera="X"), [2]),
        (ShotFilter(since=SHOTS[1].taken_at), [2, 3]),
        (ShotFilter(order=ShotOrder.NAME), [2, 1, 3]),
        (ShotFilter(order=ShotOrder.RATING, is_descending=True), [1, 2, 3]),
        (ShotFilter(order=ShotOrder.CAMERA), [2, 1, 3]),
        (ShotFilter(is_descending=True), [3, 2, 1]),
    ],
)
def test_a_filter_lets_pass_and_sorts(wanted: ShotFilter, numbers: list[int]) -> None:
    assert [one.number for one in wanted.sift(SHOTS, REVIEWS)] == numbers


def test_a_label_passes_however_another_program_spells_it() -> None:
    wanted = ShotFilter(labels=frozenset(("Green", "Blue")))

    assert [wanted.passes(SHOTS[0], Review(label=label)) for label in ("green", "BLUE", "red")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("order", "is_descending", "place"),
    [
        (ShotOrder.TIME, False, 1),
        (ShotOrder.NAME, False, 0),
        (ShotOrder.NAME, True, 2),
        (ShotOrder.RATING, False, 1),
        (ShotOrder.LABEL, True, 2),
        (ShotOrder.CAMERA, False, 0),
    ],
)
def test_what_a_filter_hides_has_its_place_all_the_same(
    order: ShotOrder, is_descending: bool, place: int
) -> None:
    wanted = ShotFilter(order=order, is_descending=is_descending)
    others = wanted.sift((SHOTS[0], SHOTS[2]), REVIEWS)

    assert wanted.place(SHOTS[1], others, REVIEWS) == place


@pytest.mark.parametrize(
    ("change", "before", "now", "after"),
    [
        (ReviewChange(rating=3), Review(1, "Red"), Review(3, "Blue", ("a",)), Review(1, "Blue", ("a",))),
        (ReviewChange(rating=3), Review(1), Review(4), None),
        (ReviewChange(label="Red"), Review(), Review(2, "Red"), Review(2)),
        (ReviewChange(label="Red"), Review(), Review(2, "Green"), None),
        (
            ReviewChange(add_keywords=("c",), remove_keywords=("a",)),
            Review(keywords=("a", "b")),
            Review(keywords=("b", "c")),
            Review(keywords=("a", "b")),
        ),
        (
            ReviewChange(add_keywords=("b", "c")),
            Review(keywords=("b",)),
            Review(keywords=("c", "theirs")),
            Review(keywords=("theirs",)),
        ),
        (ReviewChange(add_keywords=("c",)), Review(), Review(keywords=("theirs",)), None),
        (ReviewChange(remove_keywords=("a",)), Review(keywords=("a",)), Review(keywords=("a",)), None),
    ],
)
def test_a_change_is_undone_where_nothing_else_was_said_since(
    change: ReviewChange, before: Review, now: Review, after: Review | None
) -> None:
    back = change.undone(before, now)

    assert (back.of(now) if back is not None else None) == after


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (ReviewChange(rating=3), "3 stars"),
        (ReviewChange(rating=0), "no stars"),
        (ReviewChange(rating=REJECTED), "rejected"),
        (ReviewChange(label="Red"), "label Red"),
        (ReviewChange(label=""), "no label"),
        (ReviewChange(rating=1, remove_keywords=("a",)), "1 star, keywords"),
    ],
)
def test_a_change_is_said_in_a_line(change: ReviewChange, words: str) -> None:
    assert change.words == words
