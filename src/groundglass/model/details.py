"""How a picture was taken, as its file tells it."""

from __future__ import annotations

from msgspec import Struct

from groundglass.model.exposure import (
    Aperture,
    ColorTemperature,
    ExposureCompensation,
    Iso,
    ShutterSpeed,
)


class CaptureDetails(Struct, frozen=True):
    """What the file tells; None or empty where it tells nothing."""

    shutter: ShutterSpeed | None = None
    aperture: Aperture | None = None
    iso: Iso | None = None
    compensation: ExposureCompensation | None = None
    temperature: ColorTemperature | None = None
    lens: str = ""
    focal_mm: float | None = None
    camera: str = ""
    taken_at: str = ""  # as the camera's clock told it

    @property
    def exposure(self) -> str:
        """Return shutter, aperture and ISO in a line: `1/125 f/8 ISO 200`; what is not told is left out."""
        return " ".join(one.label for one in (self.shutter, self.aperture, self.iso) if one is not None)

    @property
    def focal_label(self) -> str:
        return f"{self.focal_mm:g} mm" if self.focal_mm else ""
