"""Let a thread give way to others, as far as the system allows it."""

from __future__ import annotations

import ctypes
import logging
import os
import platform
import sys
import threading

_log = logging.getLogger(__name__)

# Beyond the niceness of the program; five are a third of the claim.
_GIVING_WAY = 5
_HUMBLE = 10
_IOPRIO_SET = {"x86_64": 251, "aarch64": 30}  # the number of the system call
_LOWEST_BEST_EFFORT = (2 << 13) | 7  # the class below, idle, could wait for ever on a busy disk


def give_way() -> None:
    """Let what answers a hand have the processor before this thread and those that it starts.

    For what fills the processors while a window is open. Linux only, and never an error.
    """
    _lower(_GIVING_WAY)


def work_humbly() -> None:
    """Lower this thread's claim on the processor and on the disks; Linux only, and never an error."""
    _lower(_HUMBLE)
    number = _IOPRIO_SET.get(platform.machine()) if sys.platform == "linux" else None
    if number is not None:
        this_thread = 1, 0  # IOPRIO_WHO_PROCESS, the caller
        ctypes.CDLL(None).syscall(number, *this_thread, _LOWEST_BEST_EFFORT)


def _lower(steps: int) -> None:
    if sys.platform != "linux":  # elsewhere niceness is the process's
        return
    try:
        own = os.getpriority(os.PRIO_PROCESS, os.getpid())
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(own + steps, 19))
    except OSError as err:
        _log.info("The thread keeps its priority: %s", err)
