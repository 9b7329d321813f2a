"""When a session was the one that was shot into, as its journal tells. All times in seconds since 1970."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence


class Spans:
    """From each opening to its close. Changed by its owner alone; reading needs no lock."""

    def __init__(self) -> None:
        self._all: tuple[tuple[float, float | None], ...] = ()  # None: open, or a crash has closed it

    @property
    def begins_s(self) -> tuple[float, ...]:
        """Return when it was opened, the first time first."""
        return tuple(begun_s for begun_s, _ in self._all)

    def begin(self, at_s: float) -> None:
        self._all = (*self._all, (at_s, None))

    def end(self, at_s: float) -> None:
        if self._all and self._all[-1][1] is None:
            self._all = (*self._all[:-1], (self._all[-1][0], at_s))

    def may_hold(self, at_s: float, slack_s: float) -> bool:
        """Tell whether the session may have been open then: after a crash, until it was opened again."""
        return any(
            begun_s - slack_s <= at_s <= (next_s if ended_s is None else ended_s) + slack_s
            for begun_s, ended_s, next_s in self._with_next()
        )

    def surely_hold(self, at_s: float, known_s: Sequence[float]) -> bool:
        """Tell whether the session was open then: before a crash, until the last of the known moments."""
        for begun_s, ended_s, next_s in self._with_next():
            last_s = max((one for one in known_s if begun_s <= one < next_s), default=begun_s)
            if begun_s <= at_s <= (last_s if ended_s is None else ended_s):
                return True
        return False

    def _with_next(self) -> Iterator[tuple[float, float | None, float]]:
        """Give each span with the begin of the next one."""
        for (begun_s, ended_s), next_s in zip(self._all, (*self.begins_s[1:], math.inf), strict=True):
            yield begun_s, ended_s, next_s
