"""Build a studio from the preferences: the only place that names what it is made of."""

from __future__ import annotations

from pathlib import Path

from groundglass.studio import preferences
from groundglass.studio.studio import Studio


def build_studio(driver_settings: Path | None = None) -> Studio:
    """Return a studio with no camera and no session yet."""
    return Studio(driver_settings or preferences.driver_settings_path())
