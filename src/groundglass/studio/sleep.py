"""Hold off sleep and shutdown while pictures are on their way, and tell before sleep and after waking.

Through logind, as any user may; where there is none (another system, a container) nothing of it is said.
See systemd's "Inhibitor Locks": a delay lets the transfer end, for logind's five seconds at most; a block
keeps the computer awake until it is given back.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable

from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse

_log = logging.getLogger(__name__)

_LOGIND = DBusAddress("/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager")
_WHAT = "sleep:shutdown"
_LOOK_S = 0.25


class SleepGuard:
    """One thread that listens to logind. Any thread may call."""

    def __init__(
        self, is_busy: Callable[[], bool], before: Callable[[], None], after: Callable[[], None]
    ) -> None:
        """All three are called on the guard's thread.

        is_busy: pictures are on their way.  before: the computer goes to sleep or ends; may take some
        seconds.  after: it woke.
        """
        self._is_busy = is_busy
        self._before = before
        self._after = after
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sleep", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Give every hold back, and end."""
        self._ended.set()
        self._thread.join()

    # ---- the guard's thread

    def _run(self) -> None:
        try:
            with open_dbus_connection("SYSTEM", enable_fds=True) as bus:
                self._listen(bus)
        except (OSError, KeyError, ValueError, DBusErrorResponse) as err:
            _log.info("Sleep is not held off while pictures are on their way: %s", err)

    def _listen(self, bus: DBusConnection) -> None:
        rule = MatchRule(type="signal", interface=_LOGIND.interface, path=_LOGIND.object_path)
        Proxy(message_bus, bus).AddMatch(rule)
        holds: dict[str, int] = {}
        try:
            with bus.filter(rule, bufsize=16) as told:
                holds["delay"] = _hold(bus, "delay")
                while not self._ended.is_set():
                    if self._is_busy() != ("block" in holds):
                        if "block" in holds:
                            os.close(holds.pop("block"))
                        else:
                            holds["block"] = _hold(bus, "block")
                    try:
                        signal = bus.recv_until_filtered(told, timeout=_LOOK_S)
                    except TimeoutError:
                        continue
                    member = signal.header.fields.get(3)
                    if member not in ("PrepareForSleep", "PrepareForShutdown"):
                        continue
                    if signal.body[0]:
                        self._before()
                        if "delay" in holds:
                            os.close(holds.pop("delay"))
                    else:
                        holds.setdefault("delay", _hold(bus, "delay"))
                        self._after()
        finally:
            for handle in holds.values():
                os.close(handle)


def _hold(bus: DBusConnection, mode: str) -> int:
    """Take an inhibitor lock; it lasts until the returned file is closed."""
    why = "Pictures are on their way from the camera"
    call = new_method_call(_LOGIND, "Inhibit", "ssss", (_WHAT, "Groundglass", why, mode))
    reply = bus.send_and_get_reply(call, timeout=5)
    if reply.header.message_type.name == "error":
        raise DBusErrorResponse(reply)
    return int(reply.body[0].to_raw_fd())
