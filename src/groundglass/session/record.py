"""What a journal's entries add up to: the shots of a session, and what was under way.

The entries, by their `do`:
    session   version, template, id           the first one; id tells two sessions of one name apart
    identity  id                              of a session that was begun without one
    template  template                        from now on
    subject   subject                         what the shots from now on show
    counter   next                            the next shot's number, if none as high was taken
    shot      number, taken_at, camera, serial   a number is taken, for ever
    store     incoming, number, taken_at, camera, serial, path, size_bytes, sha256, role, original,
              card_path, card_time, on_card   about to move it there; tells all, should the others be damaged
    stored    incoming                        it is there
    aside     incoming, path                  not known to be whole, or stored before: now under recovered/
    lost      incoming                        it is in neither place
    trash     number                          all files of a shot belong into the trash from now on
    restore   number                          and back under their names
    emptied   number                          its files were deleted from the trash, as was asked
    cards     policy                          what becomes of the cards' copies of frames stored from now on
    cleared   path                            the card's copy is deleted
    opened    at                              from then on it is the session that is shot into
    closed    at                              and no more
    noted     lines                           a repair has looked at these damaged lines of the journal
Others are left to newer versions. Each has its few lines below, so the module grows with the table.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from groundglass.errors import SessionError
from groundglass.model.naming import DEFAULT_TEMPLATE
from groundglass.model.places import CardPolicy
from groundglass.model.shot import FileRole, Shot, ShotFile
from groundglass.session.journal import Entry
from groundglass.session.spans import Spans

_log = logging.getLogger(__name__)

VERSION = 1

_MOST_NAMESAKES = 10_000
_ROLES = {role.value: role for role in FileRole}


class Layout(Struct, frozen=True):
    """Where a session keeps what."""

    path: Path

    @property
    def hidden(self) -> Path:
        return self.path / ".groundglass"

    @property
    def journal(self) -> Path:
        return self.hidden / "journal.jsonl"

    @property
    def incoming(self) -> Path:
        return self.hidden / "incoming"

    @property
    def lock(self) -> Path:
        return self.hidden / "lock"

    @property
    def scratch(self) -> Path:
        """Return where copies are made before they have a name; its content is worth nothing."""
        return self.hidden / "scratch.part"

    @property
    def window(self) -> Path:
        """Return where the window keeps how it was laid out; the session does not need it."""
        return self.hidden / "window.json"

    @property
    def backups(self) -> Path:
        return self.hidden / "backups.jsonl"

    @property
    def trash(self) -> Path:
        """Return where shots that were thrown away lie, under the paths that they had."""
        return self.hidden / "trash"

    @property
    def recovered(self) -> Path:
        return self.path / "recovered"


class Intent(Struct, frozen=True):
    """A file that is about to move from incoming/ to its final name."""

    incoming: str
    shot: Shot
    file: ShotFile
    card_time: float | None = None  # as the card tells it, seconds since 1970
    is_on_card: bool | None = False  # a copy stays there; None: it is not known

    def entry(self) -> Entry:
        more: dict[str, Any] = {} if self.card_time is None else {"card_time": self.card_time}
        if self.is_on_card is not False:
            more["on_card"] = self.is_on_card
        return {
            "do": "store",
            "incoming": self.incoming,
            **shot_fields(self.shot),
            "path": self.file.path,
            "size_bytes": self.file.size_bytes,
            "sha256": self.file.sha256,
            "role": str(self.file.role),
            "original": self.file.original,
            "card_path": self.file.card_path,
            **more,
        }


class Record:
    """The state after a number of entries. Changed by its owner alone; reading needs no lock."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.template = DEFAULT_TEMPLATE
        self.subject = ""
        self.id = ""
        self.card_times: dict[str, float] = {}  # by path
        self.card_policy = CardPolicy.KEEP
        self.due: dict[str, ShotFile] = {}  # whose card's copy is to be deleted, by path, oldest first
        self.on_card: set[str] = set()  # paths of those that have a copy on a card, as far as is known
        self.unseen_card: set[str] = set()  # and of those that may have one on a card that is not shown
        self.is_begun = False
        self.next_number = 1
        self.shots: dict[int, Shot] = {}  # by number, those without a file included
        self.pending: dict[str, Intent] = {}  # by the name in incoming/
        self.trashed: set[int] = set()  # numbers of shots that are in the trash
        self.emptied: set[int] = set()  # of shots that were in it and are gone for good
        self.spans = Spans()  # when it was shot into
        self._stems: set[str] = set()  # with their case folded, as some disks do
        self._stem_of: dict[int, str] = {}  # by number, of shots whose first file is on its way
        self._subject_of: dict[int, str] = {}  # by number, of those that have one
        # Thousands of shots share these; from a journal each comes with its own.
        self._texts: dict[str, str] = {}
        self._zones: dict[tzinfo | None, tzinfo | None] = {}
        self.apply_all(entries)

    def apply_all(self, entries: Iterable[Entry]) -> None:
        """Take in entries; those that make no sense are counted in the log and passed over."""
        not_understood = 0
        for entry in entries:
            try:
                self._apply(entry)
            except (KeyError, TypeError, ValueError):
                not_understood += 1
        if not_understood:
            _log.info("%d entries of the journal were not understood", not_understood)

    def apply(self, entry: Entry) -> None:
        """Take in one entry, as `apply_all` does."""
        self.apply_all((entry,))

    def stored_shots(self) -> tuple[Shot, ...]:
        """Return the shots that have a file and are not in the trash, oldest first."""
        away = self.trashed | self.emptied
        return tuple(shot for shot in self.known_shots() if shot.number not in away)

    def trashed_shots(self) -> tuple[Shot, ...]:
        """Return the shots in the trash, oldest first."""
        return tuple(shot for shot in self.known_shots() if shot.number in self.trashed)

    def due_files(self) -> tuple[ShotFile, ...]:
        """Return the files whose card's copy is to be deleted, but for those of shots in the trash."""
        away = {
            file.path
            for number in self.trashed | self.emptied
            if number in self.shots  # the lines that tell of it can be damaged
            for file in self.shots[number].files
        }
        due = tuple(self.due.items())  # at once: others read while the owner adds to it
        return tuple(file for path, file in due if path not in away)

    def known_shots(self) -> tuple[Shot, ...]:
        """Return the shots that ever had a file, oldest first."""
        return tuple(self.shots[number] for number in sorted(self.shots) if self.shots[number].files)

    def has_stem(self, stem: str) -> bool:
        """Tell whether a name without its ending was given out before, whatever its case."""
        return stem.casefold() in self._stems

    def stem_of_shot(self, number: int) -> str | None:
        """Return the name without ending that a shot has; None before its first file was on its way."""
        shot = self.shots.get(number)
        return stem_of(shot.files[0].path) if shot and shot.files else self._stem_of.get(number)

    def subject_of(self, number: int) -> str:
        """Return what the session's subject was when a shot began; empty if there was none."""
        return self._subject_of.get(number, "")

    def _apply(self, entry: Entry) -> None:
        # Plain ifs, the most frequent first: 20,000 shots are 100,000 entries and shall open in a second.
        do = entry["do"]
        if do == "stored":
            intent = self.pending.pop(entry["incoming"], None)
            shot = self.shots[intent.shot.number] if intent is not None else None
            # Either can be told twice.
            if intent and shot and not (shot.files and intent.file in shot.files):
                self.shots[shot.number] = replace(shot, files=(*shot.files, intent.file))
                self._stem_of.pop(shot.number, None)
                if intent.card_time is not None:
                    self.card_times[intent.file.path] = intent.card_time
                if intent.is_on_card is None:
                    self.unseen_card.add(intent.file.path)
                elif intent.is_on_card:
                    self.on_card.add(intent.file.path)
                    if self.card_policy is not CardPolicy.KEEP:
                        self.due[intent.file.path] = intent.file
        elif do == "store":
            shot = self.shots.get(entry["number"]) or self._shot(entry)
            path = entry["path"]
            file = ShotFile(
                path,
                _ROLES[entry["role"]],
                entry["size_bytes"],
                entry["sha256"],
                entry["original"],
                entry["card_path"],
            )
            incoming = entry["incoming"]
            self.pending[incoming] = Intent(
                incoming, shot, file, entry.get("card_time"), entry.get("on_card", False)
            )
            stem = stem_of(path)
            self._stems.add(stem.casefold())
            if not shot.files:
                self._stem_of[shot.number] = stem
        elif do == "shot":
            self._shot(entry)
        elif do == "session":
            if int(entry["version"]) > VERSION:
                raise SessionError(
                    "This session was written by a newer Groundglass.", "Update Groundglass to open it."
                )
            self.template = entry["template"]
            self.is_begun = True
            self.id = entry.get("id", self.id)
        elif do == "identity":
            self.id = entry["id"]
        elif do == "template":
            self.template = entry["template"]
        elif do == "counter":
            self.next_number = max(self.next_number, int(entry["next"]))
        elif do == "subject":
            self.subject = str(entry["subject"])
        elif do == "cards":
            self.card_policy = CardPolicy(entry["policy"])
        elif do == "cleared":
            self.due.pop(entry["path"], None)
            self.on_card.discard(entry["path"])
        elif do == "trash":
            self.trashed.add(self._taken(entry))
        elif do == "restore":
            self.trashed.discard(self._taken(entry))
        elif do == "emptied":
            number = self._taken(entry)
            self.trashed.discard(number)
            self.emptied.add(number)
        elif do in ("aside", "lost"):
            self.pending.pop(entry["incoming"], None)
        elif do == "opened":
            self.spans.begin(_seconds(entry["at"]))
        elif do == "closed":
            self.spans.end(_seconds(entry["at"]))

    def _taken(self, entry: Entry) -> int:
        """Return the number that an entry speaks of; never given again, should its own lines be damaged."""
        number = int(entry["number"])
        self.next_number = max(self.next_number, number + 1)
        return number

    def _shot(self, entry: Entry) -> Shot:
        """Return the shot that an entry speaks of; take it in if it is new."""
        number = self._taken(entry)
        shot = self.shots.get(number)
        if shot is None:
            taken_at = datetime.fromisoformat(entry["taken_at"])
            zone = taken_at.tzinfo
            if (shared := self._zones.setdefault(zone, zone)) is not zone:
                taken_at = taken_at.replace(tzinfo=shared)
            camera, serial = entry["camera"], entry["serial"]
            camera, serial = self._texts.setdefault(camera, camera), self._texts.setdefault(serial, serial)
            shot = self.shots[number] = Shot(number, (), taken_at, camera, serial)
            if self.subject:
                self._subject_of[number] = self.subject
        return shot


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def shot_fields(shot: Shot) -> Entry:
    """Return what the journal keeps of a shot."""
    return {
        "number": shot.number,
        "taken_at": shot.taken_at.isoformat(),
        "camera": shot.camera,
        "serial": shot.serial,
    }


def stem_of(path: str) -> str:
    """Return a relative path without its ending."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return path[: len(path) - len(name) + dot] if dot > 0 else path


def namesakes(stem: str) -> Iterator[str]:
    """Give `name`, `name (2)`, `name (3)` and so on; raise SessionError after ten thousand."""
    yield stem
    for number in range(2, _MOST_NAMESAKES):
        yield f"{stem} ({number})"
    raise SessionError(f"There are too many files named “{stem}”.", "Change the naming template.")
