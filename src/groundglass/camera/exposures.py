"""Which exposures are under way: releases whose files are still to come, oldest first.

Bodies announce files in the order of the exposures, and RAW+JPEG seconds apart; a photographer does not
wait for the first picture before the next release.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from groundglass.errors import GroundglassError

QUIET_S = 2.0  # without a further file, an exposure that has given some has ended


@dataclass(slots=True, eq=False)
class Exposure:
    """A release, by the computer or (`release_id` None) on the body. Times: time.monotonic()."""

    release_id: int | None
    expected: int
    deadline: float  # for the first file
    last_at: float
    patience_s: float = 0.0  # for the first file, after what came before it
    arrived: int = 0
    is_begun: bool = False  # as the body reports, if it does
    is_complete: bool = False
    is_bulb_open: bool = False
    trouble: GroundglassError | None = None  # why a file of it could not be saved


@dataclass(slots=True)
class Exposures:
    """The exposures under way."""

    under_way: list[Exposure] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.under_way)

    def begin(self, release_id: int | None, expected: int, now: float, patience_s: float) -> Exposure:
        exposure = Exposure(release_id, max(1, expected), now + patience_s, now, patience_s)
        self.under_way.append(exposure)
        return exposure

    def next_for_file(self) -> Exposure | None:
        """Return the exposure that a newly announced file belongs to; None: it was released on the body."""
        return next((one for one in self.under_way if not one.is_bulb_open), None)

    def bulb(self) -> Exposure | None:
        return next((one for one in self.under_way if one.is_bulb_open), None)

    def take_file(self, exposure: Exposure, now: float) -> bool:
        """Count a file; tell whether it was the last one, and forget the exposure then."""
        exposure.arrived += 1
        exposure.last_at = now
        for waiting in self.under_way:  # a body out of whose memory files come slowly gives them in turn
            waiting.deadline = max(waiting.deadline, now + waiting.patience_s)
        if exposure.arrived < exposure.expected:
            return False
        self.under_way.remove(exposure)
        return True

    def note_begun(self) -> bool:
        """The camera says that an exposure begins; tell whether it is one that is waited for."""
        waiting = next((one for one in self.under_way if not one.is_begun), None)
        if waiting is not None:
            waiting.is_begun = True
        return waiting is not None

    def note_complete(self, now: float) -> None:
        """The camera says that an exposure is done; its files may still come."""
        waiting = next((one for one in self.under_way if not one.is_complete and not one.is_bulb_open), None)
        if waiting is not None:
            waiting.is_complete = True
            waiting.last_at = now

    def take_ended(self, now: float, *, is_file_expected: bool = True) -> list[Exposure]:
        """Return, and forget, those that have waited long enough; without a file they gave none."""
        ended = [
            one
            for one in self.under_way
            if not one.is_bulb_open
            and (
                (one.arrived and now - one.last_at > QUIET_S)
                or (not one.arrived and now > one.deadline)
                or (one.is_complete and not is_file_expected)
                or (one.is_complete and one.release_id is None and now - one.last_at > QUIET_S)
            )
        ]
        self.under_way = [one for one in self.under_way if one not in ended]
        return ended
