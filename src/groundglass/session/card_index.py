"""Which files of a camera's card a session already holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import PurePosixPath

from msgspec import Struct

from groundglass.model.shot import Shot, ShotFile

# FAT, the file system of cards, keeps times in steps of two seconds.
_CARD_STEP_S = 2.0
# Cards keep local time without its zone: what differs by whole quarters of an hour can be the same moment.
_ZONE_STEP_S = 900.0
_FARTHEST_ZONES_S = 26 * 3600.0


class _Known(Struct):
    serial: str
    card_path: str
    card_time: float | None
    claimed_by: tuple[str, str] | None = None


class CardIndex:
    """Answers for a session's files. Not locked here: its owner calls from one thread at a time."""

    def __init__(self, shots: Iterable[Shot], card_times: Mapping[str, float]) -> None:
        """Take in every file.  card_times: by path in the session, as the card told them, in seconds."""
        self._known: defaultdict[tuple[str, int], list[_Known]] = defaultdict(list)
        for shot in shots:
            for file in shot.files:
                self.add(shot, file, card_times.get(file.path))

    def add(self, shot: Shot, file: ShotFile, card_time: float | None) -> None:
        self._known[_key(file.original, file.size_bytes)].append(
            _Known(_serial(shot.serial), file.card_path, card_time)
        )

    def has(self, serial: str, card_path: str, size_bytes: int, modified_at: datetime | None) -> bool:
        """Tell whether the file was stored: by its name and size, and by all else that both sides know.

        Names repeat after 9999 frames or on another body, and uncompressed raws are all of one size, so the
        folder, the body and the time count too. In doubt the answer is False: a frame that is fetched twice
        is better than one that is not.
        """
        asked = (_serial(serial), card_path)
        moment = modified_at.timestamp() if modified_at else None
        for known in self._known.get(_key(card_path, size_bytes), ()):
            if known.card_path:
                if (
                    (not serial or not known.serial or known.serial == asked[0])
                    and _is_same_place(known.card_path, card_path)
                    and _is_same_time(known.card_time, moment)
                ):
                    return True
            elif not known.serial and known.claimed_by in (None, asked):
                # Completed after a crash, its origin is not known; it accounts for one file of a card.
                known.claimed_by = asked
                return True
        return False

    def surely_has(self, serial: str, card_path: str, size_bytes: int, modified_s: float) -> bool:
        """Tell whether the file was stored, by all that can be known of it; in doubt, False.

        modified_s: the card's time of it, in seconds since 1970.
        """
        asked = _serial(serial)
        return any(
            known.card_path
            and known.serial == asked
            and _is_same_place(known.card_path, card_path)
            and known.card_time is not None
            and abs(known.card_time - modified_s) <= _CARD_STEP_S
            for known in self._known.get(_key(card_path, size_bytes), ())
        )


def _key(path: str, size_bytes: int) -> tuple[str, int]:
    return path.rpartition("/")[2].casefold(), size_bytes


def _serial(text: str) -> str:
    return text.lstrip("0").lower()


def _is_same_place(known: str, asked: str) -> bool:
    """Compare folder and name; the card slot before them is numbered anew at each connection."""
    known_at, asked_at = PurePosixPath(known), PurePosixPath(asked)
    return len(asked_at.parts) < 2 or known_at.parent.name.casefold() == asked_at.parent.name.casefold()


def _is_same_time(known: float | None, asked: float | None) -> bool:
    if known is None or asked is None:
        return True
    apart = abs(known - asked)
    beside = min(apart % _ZONE_STEP_S, _ZONE_STEP_S - apart % _ZONE_STEP_S)
    return beside <= _CARD_STEP_S and apart <= _FARTHEST_ZONES_S + _CARD_STEP_S
