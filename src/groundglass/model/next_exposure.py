"""The next setting: what to dial so that the highlights just stay below saturation."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from groundglass.model.equivalent import TRIANGLE, stops_of
from groundglass.model.exposure import Aperture, Iso, ShutterSpeed
from groundglass.model.setting import Choice, Setting, SettingId
from groundglass.model.words import signed

_LEAST_EV = 0.1


class Proposal(Struct, frozen=True):
    """One dial moved: the choice, and how much brighter it makes the picture."""

    setting: SettingId
    choice: Choice
    ev: float
    words: str


def next_settings(headroom_ev: float, settings: Sequence[Setting]) -> tuple[Proposal, ...]:
    """Propose for each dial the choice that uses the headroom up and does not exceed it; the best dial first.

    settings: those of a camera; only shutter, aperture and ISO count, and only what can be set.
    With room to spare, more light comes before a higher ISO; clipped, a lower ISO comes first: it costs
    nothing. A dial that cannot darken enough is left out, and so is one that would move less than 0.1 EV.
    """
    if not math.isfinite(headroom_ev) or abs(headroom_ev) < _LEAST_EV:
        return ()
    found = {one.id: proposal for one in settings if (proposal := _proposal(headroom_ev, one)) is not None}
    order = TRIANGLE if headroom_ev > 0 else (SettingId.ISO, SettingId.SHUTTER, SettingId.APERTURE)
    ranked = [found[dial] for dial in order if dial in found]
    # A dial that uses half a stop more of the room is worth more than its rank.
    return tuple(sorted(ranked, key=lambda one: -round(one.ev * 2) if headroom_ev > 0 else 0))


def brighter_since(
    shutter: ShutterSpeed | None, aperture: Aperture | None, iso: Iso | None, settings: Sequence[Setting]
) -> float | None:
    """Return by how many EV the camera is set brighter than a shot was taken with; None if that is unknown.

    A value that neither the shot nor the camera tells, such as the aperture of a lens without electronics,
    counts as unchanged; one that only one of them tells leaves the whole unknown.
    """
    now = {one.id: one.current.value for one in settings if one.current is not None}
    change_ev = 0.0
    for dial, recorded in zip(TRIANGLE, (shutter, aperture, iso), strict=True):
        then_ev, now_ev = stops_of(recorded), stops_of(now.get(dial))
        if then_ev is None and now_ev is None:
            continue
        if then_ev is None or now_ev is None:
            return None
        change_ev += now_ev - then_ev
    return change_ev


def offered_settings(
    headroom_ev: float,
    taken_with: tuple[ShutterSpeed | None, Aperture | None, Iso | None],
    settings: Sequence[Setting],
) -> tuple[Proposal, ...]:
    """Propose as `next_settings` what uses a shot's headroom up, from where the camera is set now.

    Nothing if the camera is set so already, or if it, and not the photographer, chooses the exposure.
    """
    mode = next((one for one in settings if one.id is SettingId.EXPOSURE_MODE), None)
    if mode is not None and mode.label != "M":
        return ()
    change_ev = brighter_since(*taken_with, settings)
    return next_settings(headroom_ev - change_ev, settings) if change_ev is not None else ()


def _proposal(headroom_ev: float, setting: Setting) -> Proposal | None:
    if setting.id not in TRIANGLE or setting.read_only or setting.current is None:
        return None
    now = stops_of(setting.current.value)
    if now is None:
        return None
    best: tuple[float, Choice] | None = None
    for choice in setting.choices:
        there = stops_of(choice.value)
        if there is None or there - now > headroom_ev + 1e-6:
            continue
        if best is None or there - now > best[0] + 1e-6:
            best = (there - now, choice)
    if best is None or abs(best[0]) < _LEAST_EV or (best[0] > 0) != (headroom_ev > 0):
        return None
    ev, choice = best
    words = f"{choice.label} instead of {setting.current.label}: {signed(ev)} EV"
    return Proposal(setting.id, choice, ev, words)
