"""Let a thread give way to all others, as far as the system allows it."""

from __future__ import annotations

import ctypes
import logging
import os
import platform
import sys
import threading

_log = logging.getLogger(__name__)

_NICE = 10
_IOPRIO_SET = {"x86_64": 251, "aarch64": 30}  # the number of the system call
_LOWEST_BEST_EFFORT = (2 << 13) | 7  # the class below, idle, could wait for ever on a busy disk


def work_humbly() -> None:
    """Lower this thread's claim on the processor and on the disks; Linux only, and never an error."""
    if sys.platform != "linux":
        return
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
    except OSError as err:
        _log.info("The thread keeps its priority: %s", err)
    number = _IOPRIO_SET.get(platform.machine())
    if number is not None:
        this_thread = 1, 0  # IOPRIO_WHO_PROCESS, the caller
        ctypes.CDLL(None).syscall(number, *this_thread, _LOWEST_BEST_EFFORT)
