"""Which exposures are under way: releases whose files are still to come, oldest first.

Bodies announce files in the order of the exposures, and RAW+JPEG seconds apart; a photographer does not
wait for the first picture before the next release.
"""

from __future__ import annotations

from msgspec import Struct, field

from groundglass.errors import GroundglassError

QUIET_S = 2.0  # without a further file, an exposure that has given some has ended
# Beyond an exposure, before its picture counts as late; a full buffer or a slow card can take that long.
GRACE_S = 10.0
# From then on, before nothing is awaited any more; twice as long again from a body that says it is busy.
LATE_S = 60.0
_BUSY_S = 120.0
_CLOCK_SLACK_S = 5.0  # a camera's clock is set to the computer's, and a card keeps steps of two seconds


class Exposure(Struct, eq=False):
    """A release, by the computer or (`release_id` None) on the body. Times: time.monotonic()."""

    release_id: int | None
    expected: int
    late_at: float  # from when on the first file is late
    last_at: float
    patience_s: float = 0.0  # for the first file, after what came before it
    begun_at: float = 0.0
    is_late: bool = False
    shots_left: int | None = None  # as the body told before it
    arrived: int = 0
    is_begun: bool = False  # as the body reports, if it does
    is_complete: bool = False
    is_bulb_open: bool = False
    is_end_asked: bool = False  # of the bulb; the body may have refused
    trouble: GroundglassError | None = None  # why a file of it could not be saved

    def end_bulb(self, now: float) -> None:
        """The shutter is closed: the picture comes now, or after a dark frame as long."""
        self.is_bulb_open = False
        self.late_at = now + (now - self.begun_at) + GRACE_S


class Exposures(Struct):
    """The exposures under way."""

    under_way: list[Exposure] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.under_way)

    @property
    def keeps_busy(self) -> bool:
        """Tell whether the body is at work; a picture that is late holds up nothing else."""
        return any(not one.is_late for one in self.under_way)

    def begin(self, release_id: int | None, expected: int, now: float, exposure_s: float = 0.0) -> Exposure:
        # Noise reduction takes a dark frame, as long as the exposure.
        patience_s = 2 * exposure_s + GRACE_S
        exposure = Exposure(release_id, max(1, expected), now + patience_s, now, patience_s, now)
        self.under_way.append(exposure)
        return exposure

    def next_for_file(self) -> Exposure | None:
        """Return the exposure that a newly announced file belongs to; None: it was released on the body."""
        return next((one for one in self.under_way if not one.is_bulb_open or one.is_end_asked), None)

    def late_for(self, modified_s: float, clocks_apart_s: float) -> Exposure | None:
        """Return the exposure whose late picture a file of the card can be: not one that is older.

        modified_s: as the card tells it.  clocks_apart_s: from time.monotonic() to seconds since 1970.
        """
        late = (one for one in self.under_way if one.is_late and one.release_id is not None)
        return next(
            (one for one in late if modified_s + _CLOCK_SLACK_S >= one.begun_at + clocks_apart_s), None
        )

    def bulb(self) -> Exposure | None:
        return next((one for one in self.under_way if one.is_bulb_open), None)

    def take_file(self, exposure: Exposure, now: float) -> bool:
        """Count a file; tell whether it was the last one, and forget the exposure then.

        A bulb whose end was refused has ended all the same.
        """
        exposure.is_bulb_open = False
        exposure.arrived += 1
        exposure.last_at = now
        for waiting in self.under_way:  # a body out of whose memory files come slowly gives them in turn
            waiting.late_at = max(waiting.late_at, now + waiting.patience_s)
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

    def take_late(self, now: float) -> list[Exposure]:
        """Return, once each, those whose picture is late; they are still waited for."""
        late = [
            one
            for one in self.under_way
            if not one.is_bulb_open and not one.is_late and not one.arrived and now > one.late_at
        ]
        for one in late:
            one.is_late = True
        return late

    def take_ended(self, now: float, *, is_file_expected: bool = True) -> list[Exposure]:
        """Return, and forget, those that have waited long enough; without a file they gave none."""
        ended = [
            one
            for one in self.under_way
            if not one.is_bulb_open
            and (
                (one.arrived and now - one.last_at > QUIET_S)
                or (not one.arrived and now > one.late_at + _late_s(one))
                or (one.is_complete and not is_file_expected)
                or (one.is_complete and one.release_id is None and now - one.last_at > QUIET_S)
            )
        ]
        self.under_way = [one for one in self.under_way if one not in ended]
        return ended


def _late_s(exposure: Exposure) -> float:
    says_busy = exposure.is_begun and not exposure.is_complete
    return LATE_S + (_BUSY_S if says_busy else 0.0)
