"""What the photographer is told of an error that nobody foresaw."""

from __future__ import annotations

import logging

from groundglass.errors import GroundglassError

_log = logging.getLogger(__name__)


def as_told(error: Exception, whose: str) -> GroundglassError:
    """Return an error of ours as it is; of any other, which is a bug, what can be said, and log it.

    whose: what failed, for the log.  Any thread.
    """
    if isinstance(error, GroundglassError):
        return error
    _log.error("%s failed unexpectedly", whose, exc_info=error)
    return GroundglassError(
        "Something went wrong inside Groundglass.", "Try again. The log can be saved as a report."
    )
