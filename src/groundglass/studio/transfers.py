"""The file that comes from the camera now: which one of how many, and how fast."""

from __future__ import annotations

from msgspec import Struct

from groundglass.model.camera import CameraState, CameraStatus, TransferProgress
from groundglass.model.setting import SettingId, is_continuous

# Over less than this a rate says more about the pipe's buffers than about the link.
_FAIR_S = 0.2


class TransferPace(Struct, frozen=True):
    """file counts from 1; files: None if nobody knows; bytes_per_second: None until it is fairly known."""

    name: str
    share: float
    file: int
    files: int | None
    bytes_per_second: float | None

    @property
    def words(self) -> str:
        return self.told()

    def told(self, where: str = "") -> str:
        """Return it in words, as `2 of 3 · 84 MB/s`; where: said of the files, before the rate."""
        count = f"{self.file} of {self.files}" if self.files else f"file {self.file}"
        count = f"{count} {where}".rstrip()
        if self.bytes_per_second is None:
            return count
        rate = self.bytes_per_second / 1e6
        return (
            f"{count} \N{MIDDLE DOT} {rate:.0f} MB/s"
            if rate >= 10
            else f"{count} \N{MIDDLE DOT} {rate:.1f} MB/s"
        )


class TransferMeter:
    """Makes a pace of the reports of one camera. One thread."""

    def __init__(self) -> None:
        self._file = 0
        self._files_seen = 0  # that came, and waited behind them
        self._has_waited = False
        self._last: TransferProgress | None = None
        self._began: tuple[float, int] = (0.0, 0)  # when this file was first seen, and what was there then
        self._backlog: tuple[int, int] = (0, 0)  # left and total

    def note_backlog(self, left: int, total: int) -> None:
        """Take in how many files are fetched that were shot meanwhile; 0 left: none."""
        self._backlog = (left, total) if left else (0, 0)

    def take(self, status: CameraStatus, at_s: float) -> TransferPace | None:
        """Return the pace at this moment, of a monotonic clock; None while no file is on its way."""
        transfer = status.transfer
        if status.state is not CameraState.TRANSFERRING:
            if status.state is not CameraState.EXPOSING or transfer is None:
                self._file, self._files_seen, self._has_waited, self._last = 0, 0, False, None
            return None
        if transfer is None:
            return None
        last, self._last = self._last, transfer
        if last is None or last.name != transfer.name or transfer.done_bytes < last.done_bytes:
            self._file += 1
            self._began = (at_s, transfer.done_bytes)
        self._files_seen = max(self._files_seen, self._file + (transfer.waiting or 0))
        self._has_waited |= bool(transfer.waiting)
        began_s, began_bytes = self._began
        took_s, came = at_s - began_s, transfer.done_bytes - began_bytes
        rate = came / took_s if took_s >= _FAIR_S else None
        left, total = self._backlog
        file = total - left + 1 if left else self._file
        return TransferPace(transfer.name, transfer.share, file, self._files(status), rate)

    def _files(self, status: CameraStatus) -> int | None:
        left, total = self._backlog
        if left:
            return total
        image_format = status.setting(SettingId.IMAGE_FORMAT)
        current = image_format.current if image_format is not None else None
        expected = 1 + current.label.count("+") if current is not None else 0
        # In a burst more comes than one exposure gives, and nobody knows how much until some of it waits.
        is_one_exposure = self._file <= expected and not is_continuous(status.setting(SettingId.DRIVE))
        is_told = self._has_waited or is_one_exposure
        return max(expected, self._files_seen) if is_told else None
