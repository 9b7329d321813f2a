"""What lies beside a picture and belongs to it: sidecars, and developments of other programs.

A shot has one sidecar under its own name (`S_0001.xmp`). darktable writes one for each file, RawTherapee and
DxO PhotoLab write their developments so too (`S_0001.nef.xmp`, `S_0001.nef.pp3`, `S_0001.nef.dop`).
"""

from __future__ import annotations

from groundglass.session.record import stem_of

SIDECAR = ".xmp"
_OF_EACH_FILE = (SIDECAR, ".pp3", ".dop")
ENDINGS = frozenset((*_OF_EACH_FILE, ".cos"))  # Capture One keeps the last one in folders of its own


def companions_of(path: str) -> tuple[str, ...]:
    """Return every path where something of a picture's can be, whether it is there or not.

    In the same order for every picture: those of its copy stand at the same places.
    """
    return (f"{stem_of(path)}{SIDECAR}", *(f"{path}{ending}" for ending in _OF_EACH_FILE))
