"""One export from the window: what was asked for, the work on its thread, and what came of it in words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import wait
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from groundglass.desktop.desk import Bin
from groundglass.desktop.widgets.export_dialog import ExportWish
from groundglass.errors import GroundglassError, SessionError
from groundglass.model.review import Review
from groundglass.model.shot import Shot
from groundglass.model.words import counted

if TYPE_CHECKING:
    from groundglass.studio.export import Exported

_LOOK_S = 0.2


class ExportOutcome(Struct, frozen=True):
    """What came of it. moved: how many shots; None: none should be, or could be."""

    wish: ExportWish
    done: Exported
    moved: int | None = None
    refused: GroundglassError | None = None  # why none could be moved

    @property
    def is_whole(self) -> bool:
        return self.done.is_whole and self.refused is None

    @property
    def words(self) -> str:
        """Say it in the fewest words."""
        done = self.done
        if done.is_stopped:
            return f"export stopped: {counted(len(done.copied_shots), 'shot')} copied"
        if self.moved is not None:
            of = f"{self.moved:,} of " if self.moved < done.shots else ""
            return f"{of}{counted(done.shots, 'shot')} moved"
        return f"{counted(done.shots, 'shot')} exported"

    @property
    def sentences(self) -> tuple[str, ...]:
        """Tell all of it."""
        told = self.done.sentences(self.wish.into, self.wish.sheet, self.moved)
        return told if self.refused is None else (*told, str(self.refused))

    @property
    def error(self) -> GroundglassError | None:
        """Return what has to be known of it even by who does not look; None: all is well, or was stopped."""
        if self.refused is not None:
            return SessionError(
                f"The shots were copied, not moved. {self.refused.message}", self.refused.hint
            )
        if self.done.faults:
            first, *more = self.done.faults
            hint = f"And {len(more):,} more: the log names them." if more else ""
            return SessionError(f"The export is not whole. {first}", hint)
        return None


class ExportRun(Struct, eq=False):
    """An export that is under way. Any thread may look at its share and set `stop`."""

    session: Path
    shots: Sequence[Shot]
    reviews: Mapping[int, Review]
    wish: ExportWish
    share: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)

    def work(
        self, trash: Bin, on_step: Callable[[int, int], None], is_closing: Callable[[], bool]
    ) -> ExportOutcome:
        """Copy, print and move until it is done or stopped; raises GroundglassError. Blocks.

        is_closing: whether the program ends, so that nobody waits for the trash.
        """
        from groundglass.studio.export import Sheet, export  # loads numpy

        wish = self.wish
        done = export(
            self.session,
            self.shots,
            self.reviews,
            into=wish.into,
            sheet=Sheet(wish.sheet, wish.columns, wish.paper) if wish.sheet is not None else None,
            on_step=on_step,
            is_stopped=self.stop.is_set,
            files=wish.files,
        )
        if not wish.moves:
            return ExportOutcome(wish, done)
        # What was copied whole: each copy is proven by now.
        moving = trash.throw_away(done.copied_shots, session=self.session)
        while moving not in wait((moving,), _LOOK_S).done:
            if is_closing():
                return ExportOutcome(wish, done)  # the studio ends behind it
        try:
            return ExportOutcome(wish, done, len(moving.result()))
        except GroundglassError as error:
            return ExportOutcome(wish, done, refused=error)
