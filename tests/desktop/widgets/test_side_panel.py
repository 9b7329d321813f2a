from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from groundglass.desktop.theme import DARK
from groundglass.desktop.widgets.side_panel import SidePanel


def _panel(qtbot: QtBot) -> tuple[SidePanel, QLabel]:
    panel, content = SidePanel(DARK), QLabel("job_0001")
    qtbot.addWidget(panel)
    panel.add("Next frame", content)
    panel.show()
    qtbot.waitExposed(panel)
    return panel, content


def test_a_click_on_the_title_folds_a_section_and_another_opens_it(qtbot: QtBot) -> None:
    panel, content = _panel(qtbot)
    header = panel.section("Next frame").findChild(QAbstractButton)

    qtbot.mouseClick(header, Qt.MouseButton.LeftButton)
    was_visible = content.isVisible()
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton)

    assert not was_visible
    assert content.isVisible()


def test_what_is_folded_is_told_and_can_be_brought_back(qtbot: QtBot) -> None:
    panel, content = _panel(qtbot)
    told: list[tuple[str, bool]] = []
    panel.folded.connect(lambda title, is_folded: told.append((title, is_folded)))

    panel.fold(("Next frame",))
    folded = panel.folded_titles()
    panel.fold(())

    assert folded == ("Next frame",)
    assert panel.folded_titles() == ()
    assert content.isVisible()
    assert told == []  # only a hand is told
