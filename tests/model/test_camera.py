"""Which part of the frame a magnified live picture shows."""

from __future__ import annotations

import pytest

from groundglass.model.camera import LiveZoom


def test_a_magnified_part_stays_within_the_frame() -> None:
    zoom = LiveZoom((1.0, 5.0, 10.0), 5.0, 0.95, 0.5)

    assert zoom.part == pytest.approx((0.8, 0.4, 0.2, 0.2))
    assert zoom.in_frame(0.5, 0.5) == pytest.approx((0.9, 0.5))
