"""The shots of the session as rows, oldest first or as they are sorted, and the one that is arriving.

Longer than most modules: whatever adds, drops or moves a row changes the same three lists, and tells it so.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from enum import IntEnum
from posixpath import basename, splitext
from typing import Any

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from groundglass.desktop.models.thumbnails import Thumbnail, Thumbnails, ThumbnailSizes
from groundglass.model.camera import TransferProgress
from groundglass.model.review import NOTHING_SAID, Review
from groundglass.model.shot import Shot
from groundglass.model.shot_filter import EVERYTHING, ShotFilter

TICK_S = 2.4
MOST_RUNS = 16  # that go or come back one by one, each told to all that watch; more cost less at once
ARRIVED_MS = 500  # in which a shot whose transfer has ended is stored and told
_FADE_STEPS = 6  # as many times a cell is painted again for it

_Index = QModelIndex | QPersistentModelIndex


class FilmRole(IntEnum):
    """What a row of the filmstrip tells."""

    SHOT = Qt.ItemDataRole.UserRole + 1  # Shot, or None for the one that is arriving
    THUMBNAIL = Qt.ItemDataRole.UserRole + 2  # Thumbnail, or None
    IS_BROKEN = Qt.ItemDataRole.UserRole + 3  # the file cannot be shown
    SHARE = Qt.ItemDataRole.UserRole + 4  # what has arrived, 0 to 1, or None
    TICK = Qt.ItemDataRole.UserRole + 5  # how visible the tick of a stored shot is, 0 to 1
    REVIEW = Qt.ItemDataRole.UserRole + 6  # Review


class FilmCell(Struct, frozen=True, eq=False):
    """All that is painted of a row."""

    name: str
    thumbnail: Thumbnail | None = None
    is_broken: bool = False
    review: Review | None = None  # None: nothing is said
    share: float | None = None
    tick: float = 0.0


def shot_name(shot: Shot) -> str:
    """Return the name that all files of a shot share."""
    # Not by pathlib: a name takes 30 times as long, and a film asks for it at each paint.
    return splitext(basename(shot.files[0].path))[0] if shot.files else f"{shot.number:04}"


class FilmstripModel(QAbstractListModel):
    """Rows for the filmstrip. A thumbnail is asked for when it is first looked at."""

    thumbnail_wanted = Signal(object)  # Shot
    counted = Signal()  # there are more or fewer shots, shown or not
    reordering = Signal()  # others of the same shots, or another order, are about to be shown
    reordered = Signal(bool)  # and are; True: by the filter and the order that were there before
    exchanging = Signal()  # many in many places are about to go or to come back, the others stay
    exchanged = Signal()  # and did, within one reset

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._all: dict[int, Shot] = {}  # by number, oldest first
        self._shots: list[Shot] = []  # those that are shown, in their order
        self._filter = EVERYTHING
        self._cameras: dict[str, None] = {}
        self._reviews: dict[int, Review] = {}
        self._rows: dict[int, int] = {}
        self._thumbnails = Thumbnails()
        self._stored_at: dict[int, float] = {}
        self._faded_at = 0.0
        self._transfer: TransferProgress | None = None
        self._incomplete: int | None = None
        self._leaving = QTimer(self, singleShot=True, interval=ARRIVED_MS)
        self._leaving.timeout.connect(lambda: self.show_transfer(None))

    @property
    def shots(self) -> Sequence[Shot]:
        """Return the shots that are shown, in the order of their rows."""
        return self._shots

    @property
    def all_shots(self) -> Sequence[Shot]:
        """Return every shot of the session, oldest first."""
        return tuple(self._all.values())

    @property
    def count(self) -> int:
        """Return how many shots there are, shown or not."""
        return len(self._all)

    @property
    def newest(self) -> Shot | None:
        """Return the shot that came last, whether it is shown or not."""
        return next(reversed(self._all.values()), None)

    @property
    def newest_row(self) -> int:
        """Return where the newest is, or would be, with what is arriving behind it; -1: there are no rows."""
        row = self.place_of(self.newest) if self.newest is not None else 0
        return row if row < len(self._shots) - 1 else self.rowCount() - 1

    def neighbours(self, shot: Shot) -> Sequence[Shot]:
        """Return the shots beside one, the next before the previous."""
        row = self._rows.get(shot.number)
        if row is None:
            return ()
        return [self._shots[at] for at in (row + 1, row - 1) if 0 <= at < len(self._shots)]

    @property
    def cameras(self) -> tuple[str, ...]:
        """Return the models that shot this session, in the order in which they came."""
        return tuple(self._cameras)

    @property
    def reviews(self) -> Mapping[int, Review]:
        """Return what is said of the shots at this moment, by number."""
        return dict(self._reviews)

    def review_of(self, number: int) -> Review:
        return self._reviews.get(number, NOTHING_SAID)

    @property
    def sizes(self) -> ThumbnailSizes:
        """Return how large thumbnails are wanted."""
        return self._thumbnails.sizes

    @property
    def is_arriving(self) -> bool:
        """Tell whether there is a row for a shot that has no file yet."""
        return self._transfer is not None and self._incomplete is None

    @property
    def thumbnail_bytes(self) -> int:
        """Return how much of the memory the thumbnails take; bounded, however many shots there are."""
        return self._thumbnails.nbytes

    @property
    def has_ticks(self) -> bool:
        return bool(self._stored_at)

    def row_of(self, number: int) -> int | None:
        return self._rows.get(number)

    def place_of(self, shot: Shot) -> int:
        """Return the row of a shot, or that of the one before which it would stand if it were shown."""
        row = self._rows.get(shot.number)
        return row if row is not None else self._filter.place(shot, self._shots, self._reviews)

    def next_left(self, shot: Shot, gone: Container[int]) -> Shot | None:
        """Return what follows a shot, or else precedes it, once these are gone; None: nothing is left."""
        place = self.place_of(shot)
        onwards = (*self._shots[place:], *reversed(self._shots[:place]))
        return next((one for one in onwards if one.number not in gone), None)

    def has(self, number: int) -> bool:
        """Tell whether the session has this shot, shown or not."""
        return number in self._all

    def rowCount(self, parent: _Index | None = None) -> int:
        if parent is not None and parent.isValid():
            return 0
        return len(self._shots) + self.is_arriving

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        if not 0 <= row < self.rowCount():
            return None
        if row == len(self._shots):
            return self._arriving(role)
        shot = self._shots[row]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return shot_name(shot)
            case Qt.ItemDataRole.ToolTipRole:
                words = self.review_of(shot.number).words
                return "\n".join((*(one.path for one in shot.files), *((words,) if words else ())))
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self.review_of(shot.number).words
            case FilmRole.REVIEW:
                return self.review_of(shot.number)
            case FilmRole.SHOT:
                return shot
            case FilmRole.THUMBNAIL:
                return self._thumbnail(shot)
            case FilmRole.IS_BROKEN:
                return self._thumbnails.is_broken(shot.number)
            case FilmRole.SHARE:
                return self._share(shot.number)
            case FilmRole.TICK:
                return self._tick(shot.number)
        return None

    def cell(self, row: int) -> FilmCell:
        """Return what is painted of a row; a thumbnail that is not there yet is asked for."""
        if row == len(self._shots):
            return FilmCell("Arriving", share=self._transfer.share if self._transfer else 0.0)
        shot = self._shots[row]
        number = shot.number
        return FilmCell(
            shot_name(shot),
            self._thumbnail(shot),
            self._thumbnails.is_broken(number),
            self._reviews.get(number),
            self._share(number),
            self._tick(number),
        )

    def show_shots(self, shots: Sequence[Shot]) -> None:
        """Show another session, all of it."""
        self.beginResetModel()
        self._shots = list(shots)
        self._number_rows()
        self._all = {shot.number: shot for shot in shots}
        self._cameras = dict.fromkeys(shot.camera for shot in shots if shot.camera)
        self._filter = EVERYTHING
        self._reviews.clear()
        self.forget_thumbnails()
        self._stored_at.clear()
        self._incomplete = None
        self.endResetModel()

    def show_order(self, order: Sequence[Shot], shot_filter: ShotFilter, newest: int) -> None:
        """Show these shots of the session only, in this order; new ones by the filter.

        newest: the number of the last shot that was looked at for the order.
        """
        before, self._filter = self._filter, shot_filter
        # What came or went while the order was made.
        shots = [self._all[one.number] for one in order if one.number in self._all]
        for number, one in self._all.items():
            if number > newest and self._is_passed(one):
                shots.insert(shot_filter.place(one, shots, self._reviews), one)
        if shots == self._shots:
            return
        self.reordering.emit()
        self.beginResetModel()
        self._shots = shots
        self._number_rows()
        self.endResetModel()
        self.reordered.emit(shot_filter == before)

    def take_reviews(self, reviews: Sequence[tuple[int, Review]]) -> None:
        """Show what is said of these shots now."""
        self._reviews.update(reviews)
        rows = [row for number, _ in reviews if (row := self._rows.get(number)) is not None]
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))

    def remove(self, numbers: Sequence[int]) -> None:
        """Show these shots no more."""
        gone = set(numbers)
        if self._incomplete in gone:
            self.show_transfer(None)
            self._incomplete = None
        self._all = {number: shot for number, shot in self._all.items() if number not in gone}
        removed = runs(sorted(self._rows[one] for one in gone if one in self._rows))
        if len(removed) > MOST_RUNS:
            self._exchange([shot for shot in self._shots if shot.number not in gone])
        else:
            for first, last in reversed(removed):
                self.beginRemoveRows(QModelIndex(), first, last)
                del self._shots[first : last + 1]
                self.endRemoveRows()
            self._number_rows()
        self.counted.emit()

    def bring_back(self, shots: Sequence[Shot]) -> None:
        """Put shots back into their places."""
        self._all |= {shot.number: shot for shot in shots}
        self._all = dict(sorted(self._all.items()))
        back = {one.number: one for one in shots if one.number not in self._rows and self._is_passed(one)}
        ordered = self._filter.in_order([*self._shots, *back.values()], self._reviews)
        inserted = runs(row for row, one in enumerate(ordered) if one.number in back)
        if len(inserted) > MOST_RUNS:
            self._exchange(ordered)
            inserted = []
        for first, last in inserted:
            self.beginInsertRows(QModelIndex(), first, last)
            self._shots[first:first] = ordered[first : last + 1]
            if last == inserted[-1][1]:
                self._number_rows()  # before anybody is told, and once for all
            self.endInsertRows()
        self.counted.emit()

    def put(self, shot: Shot, *, is_complete: bool) -> None:
        """Add a shot, or take in that another of its files arrived."""
        row = self._rows.get(shot.number)
        is_new = shot.number not in self._all
        self._all[shot.number] = shot
        if shot.camera:
            self._cameras[shot.camera] = None
        if row is None and is_new and self._is_passed(shot):
            if self._incomplete is not None:  # that one's share is not this one's
                self.show_transfer(None)
            self._insert(shot)
        else:
            self.show_transfer(None)  # this file is here; the next report tells what else is on its way
            if row is not None:
                self._shots[row] = shot
        self._incomplete = None if is_complete else shot.number
        if is_complete:
            self._stored_at[shot.number] = self._clock()
        self._thumbnails.try_again(shot.number)
        self._changed_shot(shot.number)
        if is_new:
            self.counted.emit()

    def follow_transfer(self, transfer: TransferProgress | None) -> None:
        """Show what the camera's status tells of what is on its way.

        The row of what was arriving is left to its shot for a moment: else the film would go back and forth.
        """
        if transfer is None and self.is_arriving:
            if not self._leaving.isActive():
                self._leaving.start()
        else:
            self._leaving.stop()
            self.show_transfer(transfer)

    def show_transfer(self, transfer: TransferProgress | None) -> None:
        """Show what is on its way: on its own row, or on the shot that waits for another file."""
        was_arriving = self.is_arriving
        will_arrive = transfer is not None and self._incomplete is None
        end = len(self._shots)
        if will_arrive and not was_arriving:
            self.beginInsertRows(QModelIndex(), end, end)
            self._transfer = transfer
            self.endInsertRows()
        elif was_arriving and not will_arrive:
            self.beginRemoveRows(QModelIndex(), end, end)
            self._transfer = transfer
            self.endRemoveRows()
        else:
            self._transfer = transfer
            if will_arrive:
                self._changed(end)
        if self._incomplete is not None:
            self._changed_shot(self._incomplete)

    def take_thumbnail(self, number: int, thumbnail: Thumbnail | None) -> None:
        """Keep a thumbnail; None: there is nothing to be shown of this shot."""
        row = self._rows.get(number)
        if row is None:
            self._thumbnails.give_up(number)
            return
        self._thumbnails.keep(number, thumbnail)
        self._changed(row)

    def forget_thumbnails(self) -> None:
        """Ask for all anew: another session, or a screen of another scale."""
        self._thumbnails.forget()

    def use_sizes(self, sizes: ThumbnailSizes) -> None:
        """Want thumbnails of other sizes; those that are here stay until the new ones come."""
        self._thumbnails.use_sizes(sizes)

    def known_thumbnail(self, number: int) -> Thumbnail | None:
        """Return a thumbnail that is here, without asking for it."""
        return self._thumbnails.known(number)

    def fade(self) -> None:
        """Let the ticks fade by the time that has passed; those that look as before are left alone."""
        before, self._faded_at = self._faded_at, self._clock()
        for number, stored_at in list(self._stored_at.items()):
            strength = _tick_after(self._faded_at - stored_at)
            if not strength:
                del self._stored_at[number]
            if strength != _tick_after(before - stored_at):
                self._changed_shot(number)

    def _insert(self, shot: Shot) -> None:
        """Put a new shot into its place; at the end, it takes that of the one that was arriving."""
        end = len(self._shots)
        row = self._filter.place(shot, self._shots, self._reviews)
        if row < end:
            self.show_transfer(None)
            self.beginInsertRows(QModelIndex(), row, row)
            self._shots.insert(row, shot)
            self._number_rows()
            self.endInsertRows()
            return
        if self.is_arriving:
            self._transfer = None
            self._shots.append(shot)
            self._rows[shot.number] = end
            return
        self.beginInsertRows(QModelIndex(), end, end)
        self._shots.append(shot)
        self._rows[shot.number] = end
        self.endInsertRows()

    def _exchange(self, shots: list[Shot]) -> None:
        """Show these in one step: what watches the rows has as much to do for it as for a few runs."""
        self.exchanging.emit()
        self.beginResetModel()
        self._shots = shots
        self._number_rows()
        self.endResetModel()
        self.exchanged.emit()

    def _number_rows(self) -> None:
        self._rows = {shot.number: row for row, shot in enumerate(self._shots)}

    def _thumbnail(self, shot: Shot) -> Thumbnail | None:
        if self._thumbnails.look_at(shot.number):
            self.thumbnail_wanted.emit(shot)
        return self._thumbnails.known(shot.number)

    def _share(self, number: int) -> float | None:
        is_here = self._transfer is not None and number == self._incomplete
        return self._transfer.share if is_here and self._transfer else None

    def _tick(self, number: int) -> float:
        stored_at = self._stored_at.get(number)
        return 0.0 if stored_at is None else _tick_after(self._clock() - stored_at)

    def _arriving(self, role: int) -> Any:
        match role:
            case FilmRole.SHARE:
                return self._transfer.share if self._transfer else 0.0
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return "Arriving"
            case FilmRole.TICK:
                return 0.0
        return None

    def _is_passed(self, shot: Shot) -> bool:
        return self._filter.passes(shot, self.review_of(shot.number))

    def _changed_shot(self, number: int) -> None:
        row = self._rows.get(number)
        if row is not None:
            self._changed(row)

    def _changed(self, row: int) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index)


def runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of neighbours among ascending rows."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def _tick_after(seconds: float) -> float:
    """Return how visible a tick is, 0 to 1: full for half of its time, then it fades in steps."""
    left = max(1 - seconds / TICK_S, 0.0)
    return min(math.ceil(left * 2 * _FADE_STEPS) / _FADE_STEPS, 1.0)
