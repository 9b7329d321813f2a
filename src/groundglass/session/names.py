"""Which names a file of a shot can have in its session."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from msgspec import Struct

from groundglass.model.naming import NamingFields, NamingTemplate
from groundglass.model.shot import ROLE_OF_ENDING
from groundglass.session.disk import Disk
from groundglass.session.record import Layout, Record, namesakes, stem_of

# A stem is free only if none of these is there: both files of a shot must fit, and a sidecar that lies
# about must not be taken for theirs.
_ENDINGS = tuple(ending for lower in (*ROLE_OF_ENDING, ".tif", ".xmp") for ending in (lower, lower.upper()))


class Names(Struct, frozen=True):
    """Looks for free names in a session, on the disk and among those given before."""

    layout: Layout
    record: Record
    disk: Disk

    @property
    def session(self) -> str:
        return self.layout.path.name or "session"

    def next_stem(self, template: NamingTemplate, fields: NamingFields) -> str:
        """Return the name without ending that a shot of these fields would get."""
        return next(self.free_stems(template.render(fields)))

    def free_stems(self, stem: str) -> Iterator[str]:
        """Give names without ending that nobody has, best first."""
        for candidate in namesakes(stem):
            # As text: sixty paths cost more to make than to look at.
            start = os.fspath(self.layout.path / candidate)
            if not self.record.has_stem(candidate) and not any(
                self.disk.exists(start + ending) for ending in _ENDINGS
            ):
                yield candidate

    def free_paths(self, template: NamingTemplate, number: int, original: str) -> Iterator[str]:
        """Give the paths that a file of a shot can have, best first.

        original: the camera's own name, of which nothing is trusted.
        """
        ending = _ending(original)
        stem = self.record.stem_of_shot(number)
        if stem is None:
            shot = self.record.shots[number]
            own = stem_of(original.replace("\\", "/").rpartition("/")[2])
            fields = NamingFields(
                self.session,
                shot.taken_at,
                number,
                shot.camera,
                shot.serial,
                own,
                self.record.subject_of(number),
            )
            stem = template.render(fields)
        elif not self.disk.exists(self.layout.path / f"{stem}{ending}"):
            yield f"{stem}{ending}"
        for free in self.free_stems(stem):
            yield f"{free}{ending}"

    def plain_paths(self, number: int, original: str) -> Iterator[str]:
        """Give paths for a disk that refuses the template's names: short, and of plain letters."""
        for free in self.free_stems(f"shot_{number:04}"):
            yield f"{free}{_ending(original)[:4]}"


def _ending(original: str) -> str:
    """Return the ending of a camera's name, in lower case and safe, with its dot; "" without one."""
    found = re.search(r"\.([A-Za-z0-9]{1,8})$", original)
    return f".{found[1].lower()}" if found else ""
