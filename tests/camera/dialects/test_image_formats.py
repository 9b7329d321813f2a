"""Which files an image format gives. Texts are of real bodies."""

from __future__ import annotations

import pytest

from groundglass.camera.dialects.image_formats import image_roles
from groundglass.model.shot import FileRole


@pytest.mark.parametrize(
    ("raw", "roles"),
    [
        ("RAW + L", (FileRole.RAW, FileRole.JPEG)),
        ("NEF+Basic", (FileRole.RAW, FileRole.JPEG)),
        ("Large Fine JPEG+RAW", (FileRole.RAW, FileRole.JPEG)),
        ("cRAW + cM", (FileRole.RAW, FileRole.JPEG)),
        ("RAW+HEIF (Std)", (FileRole.RAW, FileRole.HEIF)),
        ("HEIF (Fine)", (FileRole.HEIF,)),
        ("NEF (Raw)", (FileRole.RAW,)),
        ("cRAW", (FileRole.RAW,)),
        ("Large Fine JPEG", (FileRole.JPEG,)),
        ("L", (FileRole.JPEG,)),
        ("S1", (FileRole.JPEG,)),
    ],
)
def test_a_format_tells_which_files_come(raw: str, roles: tuple[FileRole, ...]) -> None:
    assert image_roles(raw) == roles
