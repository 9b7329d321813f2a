"""Reviews of shots in their sidecars: which file says what, and which was changed since the last look.

A shot has one sidecar under its own name (`S_0001.xmp`); darktable writes one for each file beside it
(`S_0001.nef.xmp`). The one that was written last is believed, and every one that is there is kept in line.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from groundglass.model.review import Review, ReviewChange
from groundglass.model.shot import Shot
from groundglass.session import sidecar
from groundglass.session.companions import SIDECAR
from groundglass.session.disk import Disk
from groundglass.session.sidecar import Sidecar, sidecar_path


def own_sidecars(folder: Path, shot: Shot) -> tuple[Path, ...]:
    """Return the sidecars that Groundglass writes for a shot: mostly one."""
    return tuple(dict.fromkeys(sidecar_path(folder / file.path) for file in shot.files))


def all_sidecars(folder: Path, shot: Shot) -> tuple[Path, ...]:
    """Return every place where a sidecar of a shot can be, whether there is one or not."""
    others = (folder / f"{file.path}{SIDECAR}" for file in shot.files)
    return (*own_sidecars(folder, shot), *others)


def read_review(folder: Path, shot: Shot, disk: Disk | None = None) -> Review:
    """Read what is said of a shot; raises SessionError for a broken sidecar. Any thread."""
    disk = disk or Disk()
    there = [one for one in all_sidecars(folder, shot) if disk.size(one) is not None]
    if not there:
        return Review()
    return _review(sidecar.read(max(there, key=disk.modified_s), disk))


def write_review(folder: Path, shot: Shot, change: ReviewChange, disk: Disk | None = None) -> Review:
    """Change what the sidecars of a shot say of it, durably; return what they said until then.

    Raises SessionError. Any thread.
    """
    disk = disk or Disk()
    before = read_review(folder, shot, disk)
    after = change.of(before)
    own = own_sidecars(folder, shot)
    for path in all_sidecars(folder, shot):
        if path in own or disk.size(path) is not None:
            sidecar.amend(path, lambda old: _with(old, after), disk)
    return before


def _review(said: Sidecar) -> Review:
    return Review(said.rating or 0, said.label or "", said.keywords)


def _with(said: Sidecar, review: Review) -> Sidecar:
    if _review(said) == review:
        return said  # no sidecar is begun to say nothing
    return replace(said, rating=review.rating, label=review.label or None, keywords=review.keywords)


class SidecarLook(Struct, frozen=True):
    """When each sidecar of a session was last written, by its path within the session."""

    stamps: dict[str, int]

    @classmethod
    def take(cls, folder: Path, shots: Iterable[Shot], disk: Disk | None = None) -> SidecarLook:
        """Look at the folders of these shots; raises SessionError. 20,000 shots take some ten ms."""
        disk = disk or Disk()
        places = {file.path.rpartition("/")[0] for shot in shots for file in shot.files}
        stamps: dict[str, int] = {}
        for place in places:
            before = f"{place}/" if place else ""
            found = disk.stamps(folder / place, SIDECAR)
            stamps.update((f"{before}{name}", stamp) for name, stamp in found.items())
        return cls(stamps)

    def changed_since(self, before: SidecarLook) -> set[str]:
        """Return the sidecars that were written, made or taken away since an earlier look."""
        names = self.stamps.keys() | before.stamps.keys()
        return {one for one in names if self.stamps.get(one) != before.stamps.get(one)}
