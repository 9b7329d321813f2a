"""How a camera is connected, and how fast that is."""

from __future__ import annotations

from msgspec import Struct

from groundglass.camera.bus import Computer

USB1_MBIT, USB3_MBIT = 12, 5000


class Link(Struct, frozen=True):
    """One connection. words: as it is called, `USB 3`, `network`; speed_mbit: None if it is unknown."""

    words: str
    speed_mbit: float | None = None

    @property
    def is_slow(self) -> bool:
        """Tell whether a picture takes minutes over it."""
        return self.speed_mbit is not None and self.speed_mbit <= USB1_MBIT

    @property
    def told(self) -> str:
        """Return the words with the speed, where it is known."""
        return f"{self.words}, {self.speed_mbit:g} Mbit/s" if self.speed_mbit is not None else self.words


def link_of(address: str, computer: Computer) -> Link:
    """Return the link of the camera at an address; reads the system's records, does not ask the camera."""
    if address.startswith("ptpip:"):
        return Link("network")
    speed = computer.speed_mbit(address)
    return Link("USB" if speed is None else usb_words(speed), speed)


def usb_words(speed_mbit: float) -> str:
    """Return the generation of USB that is this fast."""
    if speed_mbit >= USB3_MBIT:
        return "USB 3"
    return "USB 1" if speed_mbit <= USB1_MBIT else "USB 2"
