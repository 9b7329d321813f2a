"""The words of the protocol are coded as it says."""

from __future__ import annotations

import struct

import pytest

from groundglass.virtual import ptp
from groundglass.virtual.ptp import ObjectInfo, Property, Type


@pytest.mark.parametrize("text", ["", "a", "Größe", "2464x1640"])
def test_a_string_survives_coding(text: str) -> None:
    coded = ptp.pack_string(text)

    read = ptp.unpack_value(Type.STRING, coded)

    assert read == text
    assert coded[0] == (len(text) + 1 if text else 0)


@pytest.mark.parametrize(
    ("kind", "value"), [(Type.INT8, -5), (Type.UINT16, 0x8010), (Type.UINT32, 0xFFFFFFFF)]
)
def test_a_number_survives_coding(kind: Type, value: int) -> None:
    assert ptp.unpack_value(kind, ptp.pack_value(kind, value)) == value


@pytest.mark.parametrize(("kind", "body"), [(Type.UINT32, b"\1"), (Type.STRING, b""), (Type.UINT16, b"")])
def test_bytes_that_are_no_value_are_refused(kind: Type, body: bytes) -> None:
    with pytest.raises(ValueError, match="no"):
        ptp.unpack_value(kind, body)


def test_a_property_lists_its_choices() -> None:
    coded = Property(0x500F, Type.UINT16, 200, choices=(100, 200)).pack()

    assert coded == struct.pack("<HHBHHBHHH", 0x500F, 4, 1, 200, 200, 2, 2, 100, 200)


def test_a_held_property_says_so() -> None:
    coded = Property(0x5007, Type.UINT16, 560, writable=False, limits=(180, 2200, 10)).pack()

    assert coded == struct.pack("<HHBHHBHHH", 0x5007, 4, 0, 560, 560, 1, 180, 2200, 10)


def test_a_range_knows_its_steps() -> None:
    kelvin = Property(0xD01E, Type.UINT16, 5200, limits=(2500, 10000, 10))

    assert kelvin.accepts(5210)
    assert not kelvin.accepts(5215)
    assert not kelvin.accepts(2490)


def test_an_object_says_name_size_and_place() -> None:
    coded = ObjectInfo(0x10001, ptp.Format.DNG, 1234, "DSC_0001.DNG", 2).pack()

    storage, kind, _, size = struct.unpack_from("<IHHI", coded)
    assert (storage, kind, size) == (0x10001, 0x3811, 1234)
    assert struct.unpack_from("<I", coded, 38)[0] == 2
    assert ptp.unpack_value(Type.STRING, coded[52:]) == "DSC_0001.DNG"
