"""Give shots away: copied into a folder with their sidecars, and on a contact sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from groundglass.errors import ImageError
from groundglass.imaging.contact_sheet import SheetPicture, check_is_free, write_contact_sheet
from groundglass.model.review import NOTHING_SAID, Review
from groundglass.model.shot import FileChoice, FileRole, Shot
from groundglass.model.words import counted
from groundglass.session.selects import Selects, copy_selects

_NAMED = 5  # of shots that lack the kind of file that was asked for; the rest is counted
_KINDS = {FileChoice.JPEG: "JPEG", FileChoice.RAW: "RAW"}


class Sheet(Struct, frozen=True):
    """A contact sheet that is wanted."""

    target: Path  # must not exist
    columns: int = 4
    paper: str = "a4"  # a4, a3, letter


class Exported(Struct, frozen=True):
    """What came of an export."""

    shots: int
    selects: Selects
    unread: tuple[str, ...]  # names of pictures that are grey fields on the sheet
    is_stopped: bool = False  # before all was done
    files: FileChoice = FileChoice.ALL

    @property
    def is_whole(self) -> bool:
        return not self.faults and not self.is_stopped

    @property
    def faults(self) -> tuple[str, ...]:
        """Return, in sentences, what is not as it should be."""
        missing = (f"{path} is missing in the session." for path in self.selects.missing)
        unread = (f"{name} could not be read and has a grey field." for name in self.unread)
        return (*missing, *self._lacking(), *unread)

    def _lacking(self) -> tuple[str, ...]:
        names = self.selects.lacking
        if not names:
            return ()
        more = len(names) - _NAMED
        told = ", ".join(names[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        have = counted(len(names), "shot has", "shots have")
        return (f"{have} no {_KINDS[self.files]} and did not go along: {told}.",)

    @property
    def copied_shots(self) -> tuple[int, ...]:
        """Return the numbers of the shots of which all that is in the session is in the folder."""
        return self.selects.whole_shots

    def sentences(self, into: Path | None, sheet: Path | None, moved: int | None = None) -> tuple[str, ...]:
        """Tell it to the photographer. moved: how many shots went to the trash; None: none should."""
        lines = [f"{counted(self.shots, 'shot')} selected."]
        if into is not None:
            there = (
                f", {counted(len(self.selects.present), 'file')} there already"
                if self.selects.present
                else ""
            )
            lines.append(f"{counted(len(self.selects.copied), 'file')} copied to {into}{there}.")
        left = "was left" if moved is None else "was left, and its shot stays in the session"
        lines += [f"{name} is there, says something else and {left}." for name in self.selects.kept]
        if moved is not None and self.selects.in_part:
            stay = counted(len(self.selects.in_part), "shot stays", "shots stay")
            lines.append(f"{stay} in the session: only the {_KINDS[self.files]} was copied.")
        if self.is_stopped:
            lines.append("It was stopped; what was copied by then is whole.")
        if moved is not None:
            those = counted(moved, "shot lies", "shots lie")
            lines.append(f"{those} in the session's trash now: it can be taken back until that is emptied.")
        if sheet is not None and not self.is_stopped:
            lines.append(f"The contact sheet is {sheet}.")
        return (*lines, *self.faults)


def export(
    session: Path,
    shots: Sequence[Shot],
    reviews: Mapping[int, Review],
    *,
    into: Path | None = None,
    sheet: Sheet | None = None,
    on_step: Callable[[int, int], None] = lambda _done, _total: None,
    is_stopped: Callable[[], bool] = lambda: False,
    files: FileChoice = FileChoice.ALL,
) -> Exported:
    """Copy shots into a folder, or print them, or both; the session is not changed.

    files: of each shot that is copied; the sheet shows all.
    on_step: told how many of how many steps are done, a shot being one for each.  is_stopped: asked between
    two files; what was copied by then is whole, and a sheet that was begun is not written.  Blocks; any
    thread.  Raises UsageError, SessionError, DiskFullError, ImageError.
    """
    if sheet is not None:  # before anything is copied
        _check_place(sheet.target, into)
    total = len(shots) * ((into is not None) + (sheet is not None))
    taken = Selects()
    if into is not None:
        taken = copy_selects(
            session,
            shots,
            into,
            on_shot=lambda done: on_step(done, total),
            is_stopped=is_stopped,
            files=files,
        )
    unread: tuple[str, ...] | None = ()
    if sheet is not None and not taken.is_stopped:
        before = total - len(shots)
        unread = write_contact_sheet(
            [_place(session, shot, reviews.get(shot.number, NOTHING_SAID)) for shot in shots],
            sheet.target,
            title=session.name,
            columns=sheet.columns,
            paper=sheet.paper,
            on_picture=lambda done: on_step(before + done, total),
            is_stopped=is_stopped,
        )
    return Exported(len(shots), taken, unread or (), taken.is_stopped or unread is None, files)


def _check_place(target: Path, into: Path | None) -> None:
    """Raise UsageError or ImageError if the sheet cannot come to be there; `into` is still to be made."""
    check_is_free(target)
    folder = target.absolute().parent
    is_made = into is not None and into.absolute().is_relative_to(folder)
    if not is_made and not folder.is_dir():
        raise ImageError(f"The contact sheet's folder “{folder}” is not there.", "Choose another folder.")


def _place(session: Path, shot: Shot, review: Review) -> SheetPicture:
    file = shot.file(FileRole.JPEG) or shot.file(FileRole.RAW)
    name = PurePosixPath(shot.files[0].path).stem
    return SheetPicture(session / file.path if file else None, name, review.words)
