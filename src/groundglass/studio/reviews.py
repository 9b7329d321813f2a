"""What is said of the shots: at once in memory, behind that in the sidecars; and what others wrote there.

A look at the sidecars' times costs some milliseconds, so other programs' changes are taken in by looking
every two seconds; a file system's own notices would not come from network disks.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from types import MappingProxyType

from groundglass.errors import GroundglassError, SessionError, UsageError
from groundglass.model.review import NOTHING_SAID, Review, ReviewChange
from groundglass.model.shot import Shot
from groundglass.model.words import counted
from groundglass.priority import work_humbly
from groundglass.session.disk import Disk
from groundglass.session.record import stem_of
from groundglass.session.reviews import SidecarLook, own_sidecars, read_review, write_review
from groundglass.studio.events import Event, Problem, ShotsReviewed
from groundglass.studio.history import History
from groundglass.studio.sidecars import Sidecars

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 2.0
_LOOKS_SHARE = 20  # a slow disk is looked at less often: at most this part of the time
_TOLD_AT_ONCE = 500  # reviews of a long session come in portions


class Reviews:
    """The reviews of one open session at a time. Any thread may call; nothing blocks but `close`."""

    def __init__(
        self,
        announce: Callable[[Event], None],
        sidecars: Sidecars,
        history: History,
        look_every_s: float = _LOOK_EVERY_S,
    ) -> None:
        self._announce = announce
        self._sidecars = sidecars
        self._history = history
        self._look_every_s = look_every_s
        self._changed = threading.Condition()
        self._folder: Path | None = None
        self._shots: dict[int, Shot] = {}
        self._numbers: dict[str, int] = {}  # by the names of their files, without an ending
        self._reviews: dict[int, Review] = {}
        # By session and number: changes that are not on the disk yet; a session can be back before they are.
        self._writing: Counter[tuple[Path | None, int]] = Counter()
        self._changes: Counter[int] = Counter()  # by number: changes in this run
        self._look = SidecarLook({})
        self._unread: set[int] = set()  # shots that came back, whatever the look says of their sidecars
        self._told_broken: set[str] = set()
        self._is_closed = False
        self._looks_now = False
        self._thread: threading.Thread | None = None

    @property
    def all(self) -> Mapping[int, Review]:
        """Return what is said, by number; a shot of which nothing is said may be missing."""
        with self._changed:
            return MappingProxyType(dict(self._reviews))

    def of(self, number: int) -> Review:
        with self._changed:
            return self._reviews.get(number, NOTHING_SAID)

    def use(self, folder: Path, shots: Iterable[Shot]) -> None:
        """Take the shots of another session; what its sidecars say is announced as it is read."""
        with self._changed:
            self._folder = folder
            self._shots, self._numbers, self._reviews = {}, {}, {}
            self._unread.clear()
            self._look, self._told_broken = SidecarLook({}), set()
            for shot in shots:
                self._take_in(shot)
            self._looks_now = True
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="reviews", daemon=True)
                self._thread.start()

    def note(self, shot: Shot) -> None:
        """Take in a shot, or one more of its files."""
        with self._changed:
            self._take_in(shot)

    def leave(self, folder: Path, numbers: Iterable[int]) -> None:
        """Say nothing more of these shots: they are in the trash, or about to be.

        folder: their session's; of one that is no longer open nothing is said anyway.
        """
        with self._changed:
            if folder != self._folder:
                return
            for number in numbers:
                shot = self._shots.pop(number, None)
                for file in shot.files if shot is not None else ():
                    self._numbers.pop(stem_of(file.path), None)

    def bring_back(self, folder: Path, shots: Iterable[Shot]) -> None:
        """Take in shots that are back from the trash; their sidecars are read soon.

        folder: their session's; those of one that is no longer open are passed over.
        """
        with self._changed:
            if folder != self._folder:
                return
            for shot in shots:
                self._take_in(shot)
                self._unread.add(shot.number)
            self._looks_now = True
            self._changed.notify_all()

    def change(self, numbers: Iterable[int], change: ReviewChange) -> None:
        """Say something else of these shots: announced before this returns, written into sidecars behind.

        Of those in the trash nothing is said.
        """
        said: list[tuple[int, Review]] = []
        before: dict[int, Review] = {}  # what is in memory; once it is written, what the sidecar said
        with self._changed:
            folder = self._folder
            shots = [self._shots[one] for one in dict.fromkeys(numbers) if one in self._shots]
            for shot in shots:
                was = self._reviews.get(shot.number, NOTHING_SAID)
                said.append((shot.number, self._say(shot.number, change.of(was))))
                before[shot.number] = was
        if folder is None or not said:
            return
        self._history.note(partial(self._undo, folder, change, before))
        self._announce(ShotsReviewed(tuple(said)))
        for shot in shots:
            self._sidecars.put(shot.number, self._writer(folder, shot, lambda: change, before))

    def close(self) -> None:
        """End the looking; what was said is written by `Sidecars`, which closes behind this."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(self._look_every_s)

    def _undo(self, folder: Path, change: ReviewChange, before: Mapping[int, Review]) -> Future[str] | None:
        """Say of the shots what was said before, unless somebody said something else since."""
        said: list[tuple[int, Review]] = []
        shots: list[Shot] = []
        with self._changed:
            is_open = folder == self._folder
            changed = [one for one, was in before.items() if is_open and change.of(was) != was]
            here = [self._shots[one] for one in changed if one in self._shots]
            for shot in here:
                now = self._reviews.get(shot.number, NOTHING_SAID)
                if (back := change.undone(before[shot.number], now)) is not None:
                    shots.append(shot)
                    said.append((shot.number, self._say(shot.number, back.of(now))))
        if not here:
            return None
        taken: Future[str] = Future()
        if not shots:
            words = f"Not taken back: {change.words}. Something else was said since."
            taken.set_exception(UsageError(words, "It stays as it is now."))
            return taken
        self._announce(ShotsReviewed(tuple(said)))
        for shot in shots:
            # By what the sidecar says then: another program may have written it just now. What it said
            # before is known by then, too.
            back_from = partial(_undone, folder, shot, change, before)
            self._sidecars.put(shot.number, self._writer(folder, shot, back_from))
        taken.set_result(_taken_back(change, len(shots), len(here)))
        return taken

    def _say(self, number: int, review: Review) -> Review:
        self._reviews[number] = review
        self._writing[self._folder, number] += 1
        self._changes[number] += 1
        return review

    def _take_in(self, shot: Shot) -> None:
        self._shots[shot.number] = shot
        for file in shot.files:
            self._numbers[stem_of(file.path)] = shot.number

    def _spoken_of(self, sidecar: str) -> Iterator[int]:
        """Give the shots that a sidecar can speak of: `S_0001.xmp` and `S_0001.nef.xmp` of shot 1."""
        stem = stem_of(sidecar)
        for name in (stem, stem_of(stem)):
            if (number := self._numbers.get(name)) is not None:
                yield number

    def _writer(
        self,
        folder: Path,
        shot: Shot,
        change: Callable[[], ReviewChange | None],
        before: dict[int, Review] | None = None,
    ) -> Callable[[], None]:
        """change: asked for when it is written; None: the sidecar stays.

        before: takes what the sidecar said until then.
        """

        def write() -> None:
            said: Review | None = None
            try:
                if (wanted := change()) is not None:
                    was = write_review(folder, shot, wanted)
                    said = wanted.of(was)
                    if before is not None:
                        with self._changed:
                            before[shot.number] = was
            finally:
                self._written(folder, shot)
                # It may say something else than was thought; a change that failed is not in it.
                self._settle({shot.number: said or _said_of(folder, shot)}, folder, self._changes)

        return write

    def _written(self, folder: Path, shot: Shot) -> None:
        with self._changed:
            self._writing[folder, shot.number] -= 1

    # ---- the looking thread

    def _run(self) -> None:
        work_humbly()
        wait_s = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_closed or self._looks_now, wait_s)
                if self._is_closed:
                    return
                self._looks_now = False
                folder, shots, before = self._folder, tuple(self._shots.values()), self._look
            begun = time.monotonic()
            if folder is not None:
                try:
                    self._take_in_changes(folder, shots, before)
                except GroundglassError as err:
                    _log.info("The sidecars could not be looked at: %s", err)
                except Exception:  # noqa: BLE001 - the next look must not be lost to this one's fault
                    _log.exception("The look at the sidecars failed")
            wait_s = max(self._look_every_s, (time.monotonic() - begun) * _LOOKS_SHARE)

    def _take_in_changes(self, folder: Path, shots: tuple[Shot, ...], before: SidecarLook) -> None:
        with self._changed:
            changes = self._changes.copy()
        now = SidecarLook.take(folder, shots)
        if not Disk().is_folder(folder):  # a disk that is away has no sidecars, and takes nothing back
            raise SessionError("The session's folder is away.")
        changed = now.changed_since(before)
        with self._changed:
            wanted = sorted(self._unread | {number for name in changed for number in self._spoken_of(name)})
            if folder == self._folder:
                self._look = now
                self._unread.clear()
        found: dict[int, Review] = {}
        for number in wanted:
            with self._changed:
                shot = self._shots.get(number)
                if self._is_closed or folder != self._folder:
                    return
            if shot is not None and (said := self._read(folder, shot)) is not None:
                found[number] = said
            if len(found) >= _TOLD_AT_ONCE:
                self._settle(found, folder, changes)
                found = {}
        self._settle(found, folder, changes)

    def _read(self, folder: Path, shot: Shot) -> Review | None:
        try:
            return read_review(folder, shot)
        except GroundglassError as err:
            path = str(own_sidecars(folder, shot)[0])
            if path not in self._told_broken:
                self._told_broken.add(path)
                if len(self._told_broken) == 1:
                    self._announce(Problem(err))
                _log.info("A sidecar cannot be read: %s", err)
            return None

    def _settle(self, found: Mapping[int, Review], folder: Path, changes: Mapping[int, int]) -> None:
        """Take in what was read, but for shots of which something newer was said meanwhile."""
        said: list[tuple[int, Review]] = []
        with self._changed:
            if folder != self._folder:
                return
            for number, review in found.items():
                is_newer = self._writing[folder, number] or self._changes[number] != changes[number]
                is_here = number in self._shots
                if is_here and not is_newer and self._reviews.get(number, NOTHING_SAID) != review:
                    self._reviews[number] = review
                    said.append((number, review))
        if said:
            self._announce(ShotsReviewed(tuple(said)))


def _said_of(folder: Path, shot: Shot) -> Review:
    try:
        return read_review(folder, shot)
    except GroundglassError:
        return NOTHING_SAID


def _undone(
    folder: Path, shot: Shot, change: ReviewChange, before: Mapping[int, Review]
) -> ReviewChange | None:
    return change.undone(before[shot.number], read_review(folder, shot))


def _taken_back(change: ReviewChange, shots: int, of: int) -> str:
    count = counted(of, "shot")
    if shots == of:
        return f"Taken back: {change.words}, {count}"
    return f"Taken back: {change.words}, {shots:,} of {count}; of the others something else was said since"
