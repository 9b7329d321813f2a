"""Trouble on demand: each fault is counted, so that a test can place it exactly."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

from msgspec import Struct
from msgspec.structs import replace

from groundglass.virtual import ptp

KINDS = {
    "busy": "an operation is answered with DeviceBusy",
    "refuse": "an operation is answered with a code of your choice",
    "stall": "an operation is silent for some seconds, then goes on",
    "drop": "the link is lost before, in or after an operation",
    "garbage": "bytes that are no packet come before the answer of an operation",
    "garbled": "an operation's data are scrambled; a picture's never, as no program could tell",
    "short": "an operation's data end half way, and nothing says so",
    "slow": "data crosses the link at so many bytes a second",
    "card_full": "a release to the card is refused",
    "focus_missed": "autofocus finds nothing",
    "live_view_prohibited": "live view is refused, with the camera's reason",
    "event_lost": "an event is never told",
    "event_doubled": "an event is told twice",
    "event_late": "an event is told some seconds later",
    "setting_ignored": "a setting is accepted and stays as it was",
    "frame_damaged": "a live frame is cut off or scrambled",
}
_LASTING = frozenset({"slow", "live_view_prohibited"})  # until cleared, unless counted


class Fault(Struct, frozen=True):
    """One kind of trouble, and when it strikes."""

    kind: str
    operation: str = ""  # name or hexadecimal code; empty: any
    count: int | None = None  # how many times; None: until cleared
    skip: int = 0  # let so many pass first
    code: str = "GENERAL_ERROR"  # refuse: the response
    seconds: float = 1.0  # stall, event_late
    when: str = "data"  # drop: request (before the effect), data, response (after the effect)
    how: str = ""  # drop: closed, reset, silent; frame_damaged: truncated, corrupt
    after_bytes: int = 0  # drop: so many bytes of data are sent first
    bytes_per_second: float = 1_000_000.0  # slow
    event: str = ""  # event_*: ObjectAdded, PropertyChanged, CaptureComplete; empty: any
    setting: str = ""  # setting_ignored: its name; empty: any
    mask: int = 1 << 17  # live_view_prohibited: the camera's reason bits (17: too hot)

    @classmethod
    def from_json(cls, message: Mapping[str, Any]) -> Fault:
        """Read a fault from a control message; ValueError says what is wrong with it."""
        fields = {name: value for name, value in message.items() if name != "do"}
        kind = fields.get("kind")
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind!r}; there are: {', '.join(KINDS)}")
        hints = get_type_hints(cls)
        for name, value in fields.items():
            if name not in hints:
                raise ValueError(f"a fault has no {name!r}")
            allowed = get_args(hints[name]) or (hints[name],)
            if float in allowed:
                allowed = (*allowed, int)
            if isinstance(value, bool) or not isinstance(value, allowed):
                raise ValueError(f"{name} cannot be {value!r}")  # noqa: TRY004
        if "count" not in fields and kind not in _LASTING:
            fields["count"] = 1
        fault = cls(**fields)
        fault._check()
        return fault

    def _check(self) -> None:
        if self.operation:
            ptp.operation_code(self.operation)
        ptp.response_code(self.code)
        if self.when not in {"request", "data", "response"}:
            raise ValueError("when is request, data or response")
        choices = {"drop": {"", "closed", "reset", "silent"}, "frame_damaged": {"", "truncated", "corrupt"}}
        if self.how not in choices.get(self.kind, {""}):
            raise ValueError(f"how cannot be {self.how!r} for {self.kind}")
        if self.bytes_per_second <= 0 or self.seconds < 0 or self.skip < 0:
            raise ValueError("negative or zero where it makes no sense")
        if self.count is not None and self.count < 1:
            raise ValueError("count is 1 or more, or null for: until cleared")


class Faults:
    """The troubles that wait to strike; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._struck: dict[str, int] = {}

    def add(self, fault: Fault) -> None:
        """Arm a fault."""
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Disarm all faults."""
        with self._lock:
            self._waiting.clear()

    def strike(self, kind: str, **about: str | int) -> Fault | None:
        """Return the fault of this kind that strikes now, if one does, and count it down.

        about: what happens, compared with the fault's own fields: operation (a code), when, event, setting.
        """
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.kind != kind or not _concerns(fault, about):
                    continue
                if fault.skip:
                    self._waiting[index] = replace(fault, skip=fault.skip - 1)
                    continue
                if fault.count is not None:
                    if fault.count <= 1:
                        del self._waiting[index]
                    else:
                        self._waiting[index] = replace(fault, count=fault.count - 1)
                self._struck[kind] = self._struck.get(kind, 0) + 1
                return fault
        return None

    def armed(self, kind: str) -> Fault | None:
        """Return the first waiting fault of this kind without counting it."""
        with self._lock:
            return next((fault for fault in self._waiting if fault.kind == kind), None)

    def state(self) -> dict[str, Any]:
        """Tell what waits and how often each kind has struck."""
        with self._lock:
            waiting = [{"kind": f.kind, "operation": f.operation, "count": f.count} for f in self._waiting]
            return {"waiting": waiting, "struck": dict(self._struck)}


def _concerns(fault: Fault, about: Mapping[str, str | int]) -> bool:
    for name, happening in about.items():
        wanted = getattr(fault, name)
        if name == "operation":
            if wanted and ptp.operation_code(wanted) != happening:
                return False
        elif wanted and wanted != happening:
            return False
    return True
