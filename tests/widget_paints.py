"""What a test learns of the paints of widgets."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget


class PaintNotes(QObject):
    """Takes down who is painted, and the rectangle of each paint; lives as long as the test holds it."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.every: list[tuple[QWidget, tuple[int, int, int, int]]] = []
        for one in watched:
            one.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            rect = cast(QPaintEvent, event).rect()
            self.every.append(
                (cast(QWidget, watched), (rect.left(), rect.top(), rect.width(), rect.height()))
            )
        return False

    @property
    def rects(self) -> list[tuple[int, int, int, int]]:
        return [rect for _, rect in self.every]
