"""What the other sessions of late know of a camera's card: which of its pictures are not for this one.

They are read, not claimed, so one that another program shoots into is asked like any other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from groundglass.errors import SessionError
from groundglass.model.camera import RemoteFile
from groundglass.model.shot import Shot
from groundglass.session.card_index import CardIndex
from groundglass.session.disk import Disk
from groundglass.session.journal import Journal
from groundglass.session.record import Layout, Record

_log = logging.getLogger(__name__)

# A camera's clock may be in another zone than the computer's.
_CLOCKS_APART_S = 86_400.0
_LIMIT_S = 10.0  # a network disk that is gone answers never
_hanging: dict[Path, threading.Thread] = {}  # which reads there still, by folder
_RIGHT_CLOCK_S = 60.0  # from the computer's; clocks drift, and the last of a burst takes its time to come


class OtherSessions:
    """Answers for several sessions, and in doubt with False: what nobody has is fetched."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._all = tuple(map(_Other, records))

    def hold(self, serial: str, file: RemoteFile) -> bool:
        """Tell whether a file on the card of the body with this serial number is stored in one of them."""
        return any(
            one.cards.surely_has(serial, file.path, file.size_bytes, file.modified_s) for one in self._all
        )

    def were_open(self, serial: str, at_s: float) -> bool:
        """Tell whether one of them was shot into by this body at a time, in seconds since 1970.

        at_s: as the body tells it, so one counts only if a frame in it shows that the body's clock is right.
        """
        return any(serial in one.timed and one.spans.surely_hold(at_s, one.moments) for one in self._all)


class _Other:
    def __init__(self, record: Record) -> None:
        shots = record.known_shots()
        self.cards = CardIndex(shots, record.card_times)
        self.timed = {shot.serial for shot in shots if _shows_right_clock(shot, record.card_times)}
        self.moments = [shot.taken_at.timestamp() for shot in shots]
        self.spans = record.spans


def _shows_right_clock(shot: Shot, card_times: Mapping[str, float]) -> bool:
    """Tell whether a shot came when it was released, and its card told that time.

    What was fetched later has its time from the card, to the very second, and so shows nothing.
    """
    taken_s = shot.taken_at.timestamp()
    apart = (abs(card_times[file.path] - taken_s) for file in shot.files if file.path in card_times)
    return any(0 < one <= _RIGHT_CLOCK_S for one in apart)


def read_others(
    session: Path, known: Sequence[Path], since_s: float, limit_s: float = _LIMIT_S
) -> OtherSessions:
    """Read the sessions beside this one, and the known ones, that can have pictures of that time or later.

    since_s: seconds since 1970.  Any thread; after `limit_s` it goes on with those that were read by then. A
    folder that hung is asked again once it has answered.
    """
    found: list[Record] = []
    folders: dict[Path, list[Path]] = {session.parent: []}
    for path in known:
        folders.setdefault(path.parent, []).append(path)
    readers = []
    for folder, paths in folders.items():
        before = _hanging.pop(folder, None)
        if before is not None and before.is_alive():
            _hanging[folder] = before
            continue
        # A thread for each: one disk that hangs silences no other.
        reader = threading.Thread(
            target=_read, args=(session, folder, paths, since_s, found), name="other sessions", daemon=True
        )
        reader.start()
        readers.append((folder, reader))
    deadline = time.monotonic() + limit_s
    for folder, reader in readers:
        reader.join(max(0.0, deadline - time.monotonic()))
        if reader.is_alive():
            _log.info("Not all sessions in %s could be read within %.0f s", folder, limit_s)
            _hanging[folder] = reader
    return OtherSessions(tuple(found))


def _read(session: Path, folder: Path, known: Sequence[Path], since_s: float, found: list[Record]) -> None:
    disk = Disk()
    beside = _beside(session, disk) if folder == session.parent else []
    for path in dict.fromkeys((*beside, *known)):
        journal = Layout(path).journal
        try:
            if path == session or disk.size(journal) is None:
                continue
            if disk.modified_s(journal) < since_s - _CLOCKS_APART_S:
                continue
            record = Record()
            Journal(journal, disk).scan(record.apply_all)
        except SessionError as err:
            _log.info("The session %s is not asked: %s", path, err)
        else:
            found.append(record)


def _beside(session: Path, disk: Disk) -> list[Path]:
    try:
        return [session.parent / one.name for one in disk.list(session.parent) if one.is_folder]
    except SessionError as err:
        _log.info("The sessions beside %s are not asked: %s", session, err)
        return []
