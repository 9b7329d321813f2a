"""What is said of shots: at once, into the sidecars, and back from other programs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from groundglass.errors import GroundglassError, UsageError
from groundglass.model.review import NOTHING_SAID, Review, ReviewChange
from groundglass.model.shot import FileRole, Shot, ShotFile
from groundglass.session import sidecar
from groundglass.session.reviews import read_review
from groundglass.session.sidecar import Sidecar
from groundglass.studio.events import Event, Problem, ShotsReviewed
from groundglass.studio.history import History
from groundglass.studio.reviews import Reviews
from groundglass.studio.sidecars import Sidecars
from patience import PATIENCE_S, until


def shot(number: int) -> Shot:
    name = f"S_{number:04}.jpg"
    return Shot(number, (ShotFile(name, FileRole.JPEG, 1, "0" * 64),), datetime(2026, 3, 1, tzinfo=UTC))


class Table:
    """Reviews of three shots in a folder, with their writer."""

    def __init__(self, folder: Path, look_every_s: float = 0.02) -> None:
        self.folder = folder
        self.problems: list[GroundglassError] = []
        self.events: list[Event] = []
        self.sidecars = Sidecars(self.problems.append)
        self.history = History()
        self.reviews = Reviews(self.events.append, self.sidecars, self.history, look_every_s)
        self.shots = tuple(shot(number) for number in (1, 2, 3))
        self.reviews.use(folder, self.shots)

    def undo(self) -> str:
        return self.history.undo().result(PATIENCE_S)

    def said(self) -> list[Review]:
        return [read_review(self.folder, one) for one in self.shots]

    def close(self) -> None:
        self.reviews.close()
        self.sidecars.close(PATIENCE_S)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    made = Table(tmp_path)
    yield made
    made.close()


def test_a_rating_counts_at_once_and_is_in_the_sidecar_soon(table: Table) -> None:
    table.reviews.change([1, 3], ReviewChange(rating=3))

    assert table.reviews.of(1) == table.reviews.of(3) == Review(3)
    assert table.reviews.of(2) == NOTHING_SAID
    assert ShotsReviewed(((1, Review(3)), (3, Review(3)))) in table.events
    until(lambda: read_review(table.folder, table.shots[2]) == Review(3))


def test_a_closed_table_has_written_everything(table: Table) -> None:
    for stars in (1, 2, 3, 4, 5):
        table.reviews.change([1, 2, 3], ReviewChange(rating=stars))

    table.close()

    assert {read_review(table.folder, one).rating for one in table.shots} == {5}


def test_what_another_program_writes_is_taken_in(table: Table) -> None:
    sidecar.write(table.folder / "S_0002.xmp", Sidecar(rating=5, label="Blue", keywords=("brass",)))

    until(lambda: table.reviews.of(2) == Review(5, "Blue", ("brass",)))

    assert ShotsReviewed(((2, Review(5, "Blue", ("brass",))),)) in table.events


def test_a_sidecar_that_is_taken_away_says_nothing_any_more(table: Table) -> None:
    path = table.folder / "S_0002.xmp"
    sidecar.write(path, Sidecar(rating=5))
    until(lambda: table.reviews.of(2).rating == 5)

    path.unlink()

    until(lambda: table.reviews.of(2) == NOTHING_SAID)


def test_a_broken_sidecar_is_told_and_the_rating_goes_back(
    table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    (table.folder / "S_0001.xmp").write_text("no sidecar at all", encoding="utf-8")
    until(lambda: any(isinstance(event, Problem) for event in table.events))

    table.reviews.change([1], ReviewChange(rating=4))

    until(lambda: table.problems)
    until(lambda: table.reviews.of(1) == NOTHING_SAID)
    assert "broken" in str(table.problems[0])


def test_another_session_starts_with_its_own_sidecars(table: Table, tmp_path: Path) -> None:
    table.reviews.change([1], ReviewChange(rating=4))
    other = tmp_path / "other"
    other.mkdir()
    sidecar.write(other / "S_0001.xmp", Sidecar(rating=2))

    table.reviews.use(other, (shot(1),))

    until(lambda: table.reviews.of(1).rating == 2)


def test_a_session_that_is_opened_again_while_it_is_written_follows_other_programs(
    table: Table, tmp_path: Path
) -> None:
    disk_waits = threading.Event()
    table.sidecars.put(0, lambda: (disk_waits.wait(PATIENCE_S), None)[1])
    table.reviews.change([1], ReviewChange(rating=4))
    table.reviews.use(tmp_path / "other", ())
    table.reviews.use(table.folder, table.shots)
    disk_waits.set()
    until(lambda: table.said()[0] == table.reviews.of(1) == Review(4))

    sidecar.write(table.folder / "S_0001.xmp", Sidecar(rating=5))

    until(lambda: table.reviews.of(1) == Review(5))


def test_a_vanished_folder_leaves_what_was_said(table: Table, caplog: pytest.LogCaptureFixture) -> None:
    table.reviews.change([1], ReviewChange(rating=4))
    until(lambda: read_review(table.folder, table.shots[0]) == Review(4))

    with caplog.at_level(logging.INFO, "groundglass.studio.reviews"):
        table.folder.rename(table.folder.with_name("away"))
        until(lambda: "could not be looked at" in caplog.text)

    assert table.reviews.of(1) == Review(4)


def test_changes_are_undone_one_after_the_other_in_the_sidecars_too(table: Table) -> None:
    table.reviews.change([1], ReviewChange(rating=5))
    table.reviews.change([2], ReviewChange(label="Red"))
    table.reviews.change([1, 2, 3], ReviewChange(rating=3))
    table.reviews.change([3], ReviewChange(rating=3))  # says nothing new

    assert table.undo() == "Taken back: 3 stars, 3 shots"
    assert [table.reviews.of(number) for number in (1, 2, 3)] == [Review(5), Review(0, "Red"), NOTHING_SAID]
    until(lambda: table.said() == [Review(5), Review(0, "Red"), NOTHING_SAID])
    assert table.undo() == "Taken back: label Red, 1 shot"
    assert table.undo() == "Taken back: 5 stars, 1 shot"

    until(lambda: table.said() == [NOTHING_SAID] * 3)
    with pytest.raises(UsageError, match="nothing to take back"):
        table.undo()


def test_what_another_program_said_since_is_not_undone(table: Table) -> None:
    table.reviews.change([1, 2], ReviewChange(rating=3))
    until(lambda: table.said()[1] == Review(3))
    sidecar.write(table.folder / "S_0001.xmp", Sidecar(rating=5))
    until(lambda: table.reviews.of(1) == Review(5))

    words = table.undo()

    assert words == "Taken back: 3 stars, 1 of 2 shots; of the others something else was said since"
    until(lambda: table.said() == [Review(5), NOTHING_SAID, NOTHING_SAID])
    assert table.reviews.of(1) == Review(5)


def test_what_another_program_said_of_all_is_told_and_the_step_before_comes_next(table: Table) -> None:
    table.reviews.change([2], ReviewChange(rating=1))
    table.reviews.change([1], ReviewChange(rating=3))
    until(lambda: table.said()[0] == Review(3))
    sidecar.write(table.folder / "S_0001.xmp", Sidecar(rating=5))
    until(lambda: table.reviews.of(1) == Review(5))

    with pytest.raises(UsageError, match="Not taken back: 3 stars"):
        table.undo()

    assert table.undo() == "Taken back: 1 star, 1 shot"


def test_what_another_program_wrote_just_now_is_not_overwritten_by_an_undo(tmp_path: Path) -> None:
    table = Table(tmp_path, look_every_s=3600)
    try:
        table.reviews.change([1, 2], ReviewChange(rating=3))
        until(lambda: table.said()[1] == Review(3))
        sidecar.write(tmp_path / "S_0001.xmp", Sidecar(rating=5, keywords=("brass",)))

        table.undo()

        until(lambda: table.said()[1] == NOTHING_SAID)
        assert table.said()[0] == Review(5, keywords=("brass",))
        until(lambda: table.reviews.of(1) == Review(5, keywords=("brass",)))
    finally:
        table.close()


@pytest.fixture
def unread(tmp_path: Path) -> Iterator[Table]:
    """What the sidecar of shot 1 says has not been looked at."""
    sidecar.write(tmp_path / "S_0003.xmp", Sidecar(rating=1))
    made = Table(tmp_path, look_every_s=3600)
    until(lambda: made.reviews.of(3) == Review(1))
    sidecar.write(tmp_path / "S_0001.xmp", Sidecar(rating=4, label="Red", keywords=("brass",)))
    yield made
    made.close()


UNREAD = Review(4, "Red", ("brass",))


@pytest.mark.parametrize("rating", [3, 0])
def test_an_undo_brings_back_what_the_sidecar_said_though_it_was_not_known(
    unread: Table, rating: int
) -> None:
    said = Review(rating, "Red", ("brass",))
    unread.reviews.change([1, 2], ReviewChange(rating=rating))
    until(lambda: unread.said()[0] == unread.reviews.of(1) == said)

    unread.undo()

    assert unread.reviews.of(1) == UNREAD
    until(lambda: unread.said() == [UNREAD, NOTHING_SAID, Review(1)])


def test_an_undo_before_the_change_is_written_brings_back_what_the_sidecar_said(unread: Table) -> None:
    disk_waits = threading.Event()
    unread.sidecars.put(0, lambda: (disk_waits.wait(PATIENCE_S), None)[1])
    unread.reviews.change([1], ReviewChange(label="Blue"))
    unread.reviews.change([1], ReviewChange(rating=3, add_keywords=("brass", "coat")))

    unread.undo()
    unread.undo()
    disk_waits.set()

    until(lambda: unread.reviews.of(1) == UNREAD)
    assert unread.said()[0] == UNREAD
    assert unread.events[-1] == ShotsReviewed(((1, UNREAD),))


def test_what_the_sidecar_said_already_is_no_step(unread: Table) -> None:
    unread.reviews.change([2], ReviewChange(rating=5))
    unread.reviews.change([1], ReviewChange(rating=4))
    until(lambda: unread.reviews.of(1) == UNREAD)

    assert unread.undo() == "Taken back: 5 stars, 1 shot"
    assert unread.reviews.of(1) == UNREAD


def test_a_sidecar_that_was_seen_before_its_shot_was_back_is_read_then(table: Table) -> None:
    table.reviews.leave(table.folder, [2])
    sidecar.write(table.folder / "S_0002.xmp", Sidecar(rating=4))
    sidecar.write(table.folder / "S_0003.xmp", Sidecar(rating=1))
    until(lambda: table.reviews.of(3) == Review(1))
    assert table.reviews.of(2) == NOTHING_SAID

    table.reviews.bring_back(table.folder, [table.shots[1]])

    until(lambda: table.reviews.of(2) == Review(4))


def test_shots_of_a_session_before_neither_leave_nor_come_back(table: Table, tmp_path: Path) -> None:
    before, other = table.folder, tmp_path / "other"
    other.mkdir()
    theirs = replace(shot(2), files=(replace(shot(2).files[0], path="T_0002.jpg"),))
    table.reviews.use(other, (shot(1), theirs))

    table.reviews.leave(before, [1])
    table.reviews.bring_back(before, [table.shots[1], table.shots[2]])
    table.reviews.change([1, 2, 3], ReviewChange(rating=4))

    until(lambda: read_review(other, theirs) == Review(4))
    assert sorted(one.name for one in other.iterdir()) == ["S_0001.xmp", "T_0002.xmp"]
