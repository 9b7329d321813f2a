"""Copy chosen shots out of a session into a folder: verified, with their sidecars, nothing overwritten.

All files of a shot keep one name. If another picture has that, whatever its ending, the shot gets the next
free one; if the very pictures are there already, they are left, so that an export can be run again.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from groundglass.errors import SessionError, UsageError
from groundglass.model.shot import FileChoice, FileRole, Shot, ShotFile
from groundglass.session.companions import SIDECAR, Folders, companions_of
from groundglass.session.disk import Disk
from groundglass.session.record import namesakes, stem_of


class Selects(Struct, frozen=True):
    """What came of it; names are those in the folder."""

    copied: tuple[str, ...] = ()
    present: tuple[str, ...] = ()  # the same picture was there already
    kept: tuple[str, ...] = ()  # sidecars and developments there that say something else, and were left
    missing: tuple[str, ...] = ()  # paths in the session: gone since
    lacking: tuple[str, ...] = ()  # names of shots that have no file of the kind that was asked for
    in_part: tuple[int, ...] = ()  # numbers of those that have files of another kind, which stayed
    whole_shots: tuple[int, ...] = ()  # numbers of those of which all that is in the session is there
    is_stopped: bool = False  # before all were copied


def copy_selects(
    session: Path,
    shots: Iterable[Shot],
    into: Path,
    disk: Disk | None = None,
    on_shot: Callable[[int], None] = lambda _done: None,
    is_stopped: Callable[[], bool] = lambda: False,
    files: FileChoice = FileChoice.ALL,
) -> Selects:
    """Copy these shots; each copy is read back from the disk and compared before it gets its name.

    Raises SessionError, DiskFullError at the first that fails: what was copied before is whole. Raises
    UsageError for a folder within the session. on_shot: told how many shots are done. is_stopped: asked
    before each file whether to go on to it. Blocks; any thread.
    """
    if into.resolve().is_relative_to(session.resolve()):
        raise UsageError(f"“{into}” is within the session itself.", "Choose a folder beside it.")
    disk = disk or Disk()
    disk.make_folders(into)
    work = _Export(session, into, disk, is_stopped, files)
    whole: list[int] = []
    for done, shot in enumerate(shots, start=1):
        if work.take(shot):
            whole.append(shot.number)
        if work.was_stopped:
            break
        on_shot(done)
    return Selects(
        tuple(work.copied),
        tuple(work.present),
        tuple(work.kept),
        tuple(work.missing),
        tuple(work.lacking),
        tuple(work.in_part),
        tuple(whole),
        work.was_stopped,
    )


class _Export:
    def __init__(
        self, session: Path, into: Path, disk: Disk, is_stopped: Callable[[], bool], files: FileChoice
    ) -> None:
        self.session = session
        self.into = into
        self.disk = disk
        self._files = files
        self._is_stopped = is_stopped
        self.was_stopped = False
        self._here = Folders(session, disk)
        self.copied: list[str] = []
        self.present: list[str] = []
        self.kept: list[str] = []
        self.missing: list[str] = []
        self.lacking: list[str] = []
        self.in_part: list[int] = []
        self._pictures: dict[str, set[str]] = {}  # in the folder, by their name without ending, case folded
        for name, size in self.disk.sizes(into).items():
            if size and FileRole.of(name) is not FileRole.OTHER:
                self._note_picture(name)

    def take(self, shot: Shot) -> bool:
        """Copy a shot; tell whether all of it is in the folder, as the session has it."""
        wanted = [file for file in shot.files if self._files.takes(file.role)]
        own = PurePosixPath(stem_of(shot.files[0].path)).name
        if not wanted:
            self.lacking.append(own)
        elif len(wanted) < len(shot.files):
            self.in_part.append(shot.number)
        pictures = []
        for file in wanted:
            source = self.session / file.path
            if self.disk.size(source) is None:
                self.missing.append(file.path)
            else:
                pictures.append(source)
        if not pictures or self._must_stop():
            return False
        stayed = [self.session / file.path for file in shot.files if file not in wanted]
        for stem in namesakes(own):
            targets = [(source, self.into / _renamed(source, own, stem)) for source in pictures]
            if self._is_free_for(targets, stem, self._there(stayed, own, stem)):
                break
        files = [(source, target, self.present) for source, target in targets]
        kept_before = len(self.kept)
        for path in self._beside(wanted):
            source = self.session / path
            target = self.into / _renamed(source, own, stem)
            if self.disk.size(source) is None:
                continue
            if self._is_anothers(target.name, stem):
                self.kept.append(target.name)
            else:
                files.append((source, target, self.kept))
        for source, target, left in files:
            if self._must_stop():
                break
            self._copy(source, target, left)
        for _, target in targets:
            self._note_picture(target.name)
        self.disk.sync_folder(self.into)
        is_all = len(pictures) == len(shot.files) and len(self.kept) == kept_before
        return is_all and not self.was_stopped

    def _beside(self, files: Sequence[ShotFile]) -> dict[str, None]:
        beside = ((file.path, self._here.duplicates(file.path)) for file in files)
        return dict.fromkeys(one for path, numbers in beside for one in companions_of(path, numbers))

    def _is_anothers(self, name: str, stem: str) -> bool:
        """Tell whether a sidecar of a duplicate would become that of a picture in the folder."""
        picture = name.removesuffix(SIDECAR)
        its_stem = stem_of(picture)
        return its_stem != stem and picture in self._pictures.get(its_stem.casefold(), ())

    def _must_stop(self) -> bool:
        self.was_stopped = self.was_stopped or self._is_stopped()
        return self.was_stopped

    def _note_picture(self, name: str) -> None:
        self._pictures.setdefault(stem_of(name).casefold(), set()).add(name)

    def _there(self, sources: Sequence[Path], own: str, stem: str) -> set[str]:
        """Return the names under which these files of a shot came with an export before."""
        named = ((source, self.into / _renamed(source, own, stem)) for source in sources)
        return {
            target.name
            for source, target in named
            if self.disk.size(target) is not None and self._is_same(source, target)
        }

    def _is_free_for(self, targets: Sequence[tuple[Path, Path]], stem: str, there: set[str]) -> bool:
        """Tell whether a name is a shot's already, or nobody's: programs go by it, whatever the ending.

        there: names in the folder that are the shot's, though they are not copied now.
        """
        same = [self._is_same(source, target) for source, target in targets]
        if all(same):
            return True
        others = self._pictures.get(stem.casefold(), set()) - there - {target.name for _, target in targets}
        return not others and all(
            is_same or self._is_free(target) for is_same, (_, target) in zip(same, targets, strict=True)
        )

    def _is_free(self, target: Path) -> bool:
        """Tell whether a name is free; an empty file is one that a crash left between two steps of ours."""
        return not self.disk.exists(target) or self.disk.size(target) == 0

    def _is_same(self, source: Path, target: Path) -> bool:
        return self.disk.size(target) == self.disk.size(source) and self.disk.digest(
            target
        ) == self.disk.digest(source)

    def _copy(self, source: Path, target: Path, left: list[str]) -> None:
        """Copy a file, or note it as left where its name is taken: by itself, or a sidecar by another."""
        if not self._is_free(target):
            (self.present if self._is_same(source, target) else left).append(target.name)
            return
        scratch = self.into / f".{secrets.token_hex(8)}"
        try:
            copied = self.disk.copy(source, scratch)
            self.disk.sync(scratch)
            self._compare(scratch, copied)
            self.disk.set_modified(scratch, self.disk.modified_s(source))
            is_named = self._name(scratch, target)
        except BaseException:  # Ctrl-C too: it is the client's folder
            with contextlib.suppress(SessionError):
                if self.disk.exists(scratch):
                    self.disk.remove(scratch)
            raise
        if not is_named:
            self.disk.remove(scratch)
            raise SessionError(f"Somebody else writes to “{self.into}”.", "Choose another folder.")
        self.copied.append(target.name)

    def _name(self, scratch: Path, target: Path) -> bool:
        if self.disk.size(target) == 0:
            self.disk.replace(scratch, target)
            return True
        return self.disk.move_exclusive(scratch, target)

    def _compare(self, path: Path, sha256: str) -> None:
        digest = hashlib.sha256()
        for block in self.disk.blocks(path, from_disk=True):
            digest.update(block)
        if digest.hexdigest() != sha256:
            raise SessionError(
                f"The disk does not give back what was written to “{self.into}”.", "Replace that disk."
            )


def _renamed(source: Path, own: str, stem: str) -> str:
    """Give a file the shot's name in the folder; what follows the name stays: `.nef`, `.nef.xmp`."""
    return f"{stem}{source.name.removeprefix(own)}" if source.name.startswith(own) else source.name
