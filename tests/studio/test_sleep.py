"""Sleep and shutdown, as logind tells them; a logind of our own on a bus of our own."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, MessageType, message_bus, new_method_return, new_signal
from jeepney.io.blocking import Proxy, open_dbus_connection

from groundglass.studio.sleep import SleepGuard
from patience import PATIENCE_S, until

_LOGIND = DBusAddress("/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager")


class Logind:
    """Gives locks, and notices when they are given back."""

    def __init__(self, address: str) -> None:
        self._bus = open_dbus_connection(address, enable_fds=True)
        self._ended = threading.Event()
        self._says: list[tuple[str, bool]] = []
        self._held: dict[int, str] = {}
        self._thread = threading.Thread(target=self._serve, name="logind")
        Proxy(message_bus, self._bus).RequestName(_LOGIND.bus_name)
        self._thread.start()

    @property
    def held(self) -> list[str]:
        """Return the modes of the locks that are held."""
        return sorted(self._held.values())

    def say(self, member: str, value: bool) -> None:
        self._says.append((member, value))

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        self._bus.close()
        for handle in self._held:
            os.close(handle)

    def _serve(self) -> None:
        while not self._ended.is_set():
            while self._says:
                member, value = self._says.pop(0)
                self._bus.send(new_signal(_LOGIND, member, "b", (value,)))
            for handle in tuple(self._held):
                if _is_given_back(handle):
                    del self._held[handle]
                    os.close(handle)
            try:
                message = self._bus.receive(timeout=0.01)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                ours, theirs = os.pipe()
                self._held[ours] = message.body[3]
                self._bus.send(new_method_return(message, "h", (theirs,)))
                os.close(theirs)


def _is_given_back(handle: int) -> bool:
    os.set_blocking(handle, False)
    try:
        return os.read(handle, 1) == b""
    except BlockingIOError:
        return False


@pytest.fixture
def logind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Logind]:
    address = f"unix:path={tmp_path}/bus"
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}", "--print-address"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    daemon.stdout.readline()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    logind = Logind(address)
    yield logind
    logind.close()
    daemon.terminate()
    daemon.wait(PATIENCE_S)
    daemon.stdout.close()


def test_sleep_waits_for_what_is_under_way_and_waking_is_told(logind: Logind) -> None:
    told: list[str] = []
    guard = SleepGuard(lambda: False, lambda: told.append("before"), lambda: told.append("after"))
    until(lambda: logind.held == ["delay"])

    logind.say("PrepareForSleep", True)
    until(lambda: told == ["before"] and logind.held == [])
    logind.say("PrepareForSleep", False)
    until(lambda: told == ["before", "after"] and logind.held == ["delay"])

    guard.close()
    until(lambda: logind.held == [])


def test_the_computer_stays_awake_while_pictures_are_on_their_way(logind: Logind) -> None:
    is_busy = threading.Event()
    guard = SleepGuard(is_busy.is_set, lambda: None, lambda: None)
    until(lambda: logind.held == ["delay"])

    is_busy.set()
    until(lambda: logind.held == ["block", "delay"])
    is_busy.clear()
    until(lambda: logind.held == ["delay"])

    guard.close()


def test_without_a_logind_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")

    SleepGuard(lambda: True, lambda: None, lambda: None).close()

    assert [record for record in caplog.records if record.levelname == "WARNING"] == []
