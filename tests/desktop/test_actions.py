from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QFontMetricsF, QKeySequence

from groundglass.desktop.actions import ACTIONS, DIAL_KEYS, ActionId, key_label, key_rows
from groundglass.desktop.keys import Keys
from groundglass.desktop.main_window import MainWindow
from groundglass.desktop.theme import body_font
from groundglass.desktop.widgets.help_overlay import MOST_KEY_PX, columns


def test_no_key_means_two_things() -> None:
    keys = Counter(QKeySequence(one.key).toString() for one in ACTIONS)

    assert [key for key, times in keys.items() if times > 1] == []
    assert "" not in keys


def test_every_action_stands_in_the_table_once() -> None:
    assert sorted(one.id for one in ACTIONS) == sorted(ActionId)


def test_every_action_of_the_table_has_its_key_in_the_window(window: MainWindow) -> None:
    keys = {one.objectName(): one.shortcut().toString() for one in window.findChildren(QAction)}

    for one in ACTIONS:
        assert keys[one.id.value] == QKeySequence(one.key).toString()


def test_the_help_page_shows_every_action() -> None:
    shown = {words for column in columns(Keys()) for _, rows in column for _, words in rows}

    assert {one.words for one in ACTIONS} <= shown


def test_no_key_of_the_help_page_is_cut(window: MainWindow) -> None:
    figures = QFontMetricsF(body_font())
    rows = [row for column in columns(Keys()) for _, rows in column for row in rows]

    assert [key for key, _ in rows if figures.horizontalAdvance(key) > MOST_KEY_PX] == []


def test_the_guide_names_every_key() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([^`\n]+)`", guide))
    for before, first, last in re.findall(r"`([^`]*?)(\d)` to `\1(\d)`", guide):
        named |= {f"{before}{number}" for number in range(int(first), int(last) + 1)}
    for held in re.findall(r"`(\w+)` with the arrows", guide):
        named |= {f"{held}+{arrow}" for arrow in ("Left", "Right", "Up", "Down")}

    assert [one.key for one in ACTIONS if one.key not in named] == []


def test_a_tooltip_names_its_shortcut() -> None:
    assert Keys().with_key("Release the shutter", ActionId.RELEASE) == "Release the shutter  (Space)"
    assert key_label("Shift+L") == "Shift + L"
    assert (key_label("+"), key_label("Ctrl++"), key_label("")) == ("+", "Ctrl + +", "")


def test_every_action_says_by_itself_what_it_does() -> None:
    times = Counter(one.told for one in ACTIONS)

    assert [words for words, count in times.items() if count > 1] == []


@pytest.mark.parametrize(("width", "height", "least"), [(1280, 800, 1.0), (1920, 1080, 1.0), (880, 680, 0.8)])
def test_the_help_page_fits_into_the_window(
    window: MainWindow, width: int, height: int, least: float
) -> None:
    window.help.resize(width, height)

    assert window.help.page_scale()[1] >= least


def test_help_writes_ranges_with_an_en_dash() -> None:
    rows = [keys for keys, _ in (*key_rows(ACTIONS, lambda one: one.key), *DIAL_KEYS)]

    assert "0 \N{EN DASH} 5" in rows
    assert [keys for keys in rows if " - " in keys or "0-" in keys] == []
