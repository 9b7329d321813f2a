from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from groundglass.desktop.theme import DARK, body_font
from groundglass.desktop.widgets.choice_list import ChoiceList
from groundglass.desktop.widgets.dial import Dial
from groundglass.desktop.widgets.dial_face import DialFace, shortened
from groundglass.model.setting import Choice, Setting, SettingId, ValueRange
from scripted_desk import iso, kelvin, shutter, words

_MINUS = "\N{MINUS SIGN}"


class Bench:
    """A dial on a window of its own, and what it asked for."""

    def __init__(self, qtbot: QtBot, setting: Setting) -> None:
        self.dial = Dial(DialFace(setting.id, "Shutter speed", "Shutter", "S", is_large=True), DARK)
        self.asked: list[tuple[SettingId, Any]] = []
        self.dial.wanted.connect(lambda setting_id, wanted: self.asked.append((setting_id, wanted)))
        self.dial.show_setting(setting)
        self.dial.resize(240, 44)
        qtbot.addWidget(self.dial)
        self.dial.show()
        qtbot.waitExposed(self.dial)
        self.dial.setFocus()

    @property
    def labels(self) -> list[str]:
        return [one.label if isinstance(one, Choice) else one for _, one in self.asked]


@pytest.fixture
def bench(app: object, qtbot: QtBot) -> Bench:
    return Bench(qtbot, shutter("1/125"))


def _turn(dial: Dial, clicks: float, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    middle = QPointF(dial.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(dial.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, round(clicks * 120)),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(dial, event)


def test_up_asks_for_the_next_brighter_value_and_shows_it_as_pending(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dial, Qt.Key.Key_Up)

    assert bench.labels == ["1/100"]
    assert bench.dial.shown == "1/100"
    assert bench.dial.is_pending


def test_shift_and_down_ask_for_a_full_stop(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dial, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    assert bench.labels == ["1/250"]


def test_the_wheel_steps_and_small_turns_add_up(bench: Bench) -> None:
    _turn(bench.dial, 0.5)
    assert bench.asked == []

    _turn(bench.dial, 0.5)

    assert bench.labels == ["1/100"]


def test_quick_turns_send_one_wish_and_then_the_last(bench: Bench) -> None:
    for _ in range(3):
        _turn(bench.dial, 1)
    assert bench.labels == ["1/100"]
    assert bench.dial.shown == "1/60"

    bench.dial.settle(shutter("1/100"))

    assert bench.labels == ["1/100", "1/60"]
    bench.dial.settle(shutter("1/60"))
    assert not bench.dial.is_pending
    assert bench.dial.shown == "1/60"


def test_a_refusal_brings_the_old_value_back(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dial, Qt.Key.Key_Up)
    qtbot.keyClick(bench.dial, Qt.Key.Key_Up)

    bench.dial.settle(None)

    assert bench.dial.shown == "1/125"
    assert not bench.dial.is_pending
    assert bench.labels == ["1/100"]


def test_what_the_camera_kept_is_shown_not_what_was_asked(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dial, Qt.Key.Key_Up)

    bench.dial.settle(shutter("1/60"))

    assert bench.dial.shown == "1/60"


def test_typing_opens_a_line_and_enter_asks_for_it(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dial, Qt.Key.Key_1)
    assert bench.dial.editor is not None
    qtbot.keyClicks(bench.dial.editor, "/200")

    qtbot.keyClick(bench.dial.editor, Qt.Key.Key_Return)

    assert bench.asked == [(SettingId.SHUTTER, "1/200")]
    assert bench.dial.shown == "1/200"
    assert not bench.dial.editor.isVisible()


def test_escape_leaves_a_typed_value_alone(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dial, Qt.Key.Key_4)
    assert bench.dial.editor is not None

    qtbot.keyClick(bench.dial.editor, Qt.Key.Key_Escape)

    assert bench.asked == []
    assert not bench.dial.editor.isVisible()
    assert bench.dial.shown == "1/125"


def test_a_click_opens_the_list_at_the_current_value(bench: Bench, qtbot: QtBot) -> None:
    qtbot.mouseClick(bench.dial, Qt.MouseButton.LeftButton)
    choices = bench.dial.list
    assert choices is not None
    assert choices.isVisible()
    assert choices.currentIndex().data() == "1/125"

    qtbot.keyClick(choices, Qt.Key.Key_Down)
    qtbot.keyClick(choices, Qt.Key.Key_Return)

    assert bench.labels == ["1/160"]
    assert not choices.isVisible()


def test_escape_closes_the_list_without_a_wish(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dial, Qt.Key.Key_Return)
    choices = bench.dial.list
    assert choices is not None

    qtbot.keyClick(choices, Qt.Key.Key_Escape)

    assert not choices.isVisible()
    assert bench.asked == []


def test_choosing_bulb_sends_the_camera_s_own_entry(bench: Bench, qtbot: QtBot) -> None:
    bench.dial.open_list()
    choices = bench.dial.list
    assert choices is not None
    choices.setCurrentIndex(choices.model().index(0, 0))

    qtbot.keyClick(choices, Qt.Key.Key_Return)

    assert bench.asked[0][1].raw == "Bulb"


def test_a_compensation_has_a_minus_sign_and_is_typed_with_a_hyphen(app: object, qtbot: QtBot) -> None:
    offered = ("-1/3 EV", "0 EV")
    bench = Bench(qtbot, words(SettingId.EXPOSURE_COMPENSATION, "-1 EV", *offered))
    painted = bench.dial.grab().toImage()
    bench.dial.show_setting(words(SettingId.EXPOSURE_COMPENSATION, f"{_MINUS}1 EV", *offered))
    assert bench.dial.grab().toImage() == painted

    bench.dial.show_setting(words(SettingId.EXPOSURE_COMPENSATION, "-1 EV", *offered))
    bench.dial.open_list()
    choices = bench.dial.list
    assert choices is not None
    assert [choices.model().index(row, 0).data() for row in (0, 1)] == [f"{_MINUS}1 EV", f"{_MINUS}1/3 EV"]
    qtbot.keyClicks(choices, "-1/")
    qtbot.keyClick(choices, Qt.Key.Key_Return)

    assert bench.labels == ["-1/3 EV"]


def _open_words(qtbot: QtBot) -> tuple[Bench, ChoiceList]:
    """Open the list of a dial that offers words, at its first."""
    bench = Bench(qtbot, words(SettingId.IMAGE_FORMAT, "JPEG fine", "JPEG normal", "RAW + JPEG fine", "RAW"))
    bench.dial.open_list()
    assert bench.dial.list is not None
    return bench, bench.dial.list


def test_letters_go_to_what_begins_with_them(app: object, qtbot: QtBot) -> None:
    bench, choices = _open_words(qtbot)

    qtbot.keyClicks(choices, "raw +")
    assert bench.asked == []
    qtbot.keyClick(choices, Qt.Key.Key_Return)

    assert bench.labels == ["RAW + JPEG fine"]


@pytest.mark.parametrize("nonsense", ["rabbit", "raw x"])
def test_nonsense_leaves_the_value_as_it_is(app: object, qtbot: QtBot, nonsense: str) -> None:
    bench, choices = _open_words(qtbot)

    qtbot.keyClicks(choices, nonsense)
    assert choices.currentIndex().data() == "JPEG fine"
    qtbot.keyClick(choices, Qt.Key.Key_Return)

    assert bench.labels == ["JPEG fine"]


def test_a_space_belongs_to_what_is_typed_and_else_chooses(app: object, qtbot: QtBot) -> None:
    bench, choices = _open_words(qtbot)

    qtbot.keyClicks(choices, "jpeg n")
    assert choices.currentIndex().data() == "JPEG normal"
    qtbot.keyClick(choices, Qt.Key.Key_Escape)
    bench.dial.open_list()
    qtbot.keyClick(choices, Qt.Key.Key_Space)

    assert bench.labels == ["JPEG fine"]


def test_after_a_pause_letters_begin_anew(app: object, qtbot: QtBot) -> None:
    now = [0.0]
    parent = QWidget()
    qtbot.addWidget(parent)
    choices = ChoiceList("Format", parent, lambda: now[0])
    choices.open_over(["JPEG fine", "RAW"], 0, QRect(0, 0, 240, 28))

    qtbot.keyClicks(choices, "raw")
    now[0] = 2.0
    qtbot.keyClicks(choices, "j")

    assert choices.currentIndex().data() == "JPEG fine"


def test_a_value_that_the_camera_holds_can_not_be_turned_and_says_why(app: object, qtbot: QtBot) -> None:
    bench = Bench(qtbot, shutter("1/125", read_only=True, reason="Turn the mode dial to M or S."))

    qtbot.keyClick(bench.dial, Qt.Key.Key_Up)
    qtbot.keyClick(bench.dial, Qt.Key.Key_4)
    qtbot.mouseClick(bench.dial, Qt.MouseButton.LeftButton)
    _turn(bench.dial, 1)

    assert bench.asked == []
    assert "Turn the mode dial to M or S." in bench.dial.toolTip()
    assert "held by the camera" in bench.dial.accessibleDescription()


def test_a_dial_keeps_its_size_whatever_its_value(bench: Bench) -> None:
    size = bench.dial.size()
    for setting in (shutter("30"), iso("3200"), None):
        bench.dial.show_setting(setting)

        assert bench.dial.size() == size
        assert bench.dial.sizeHint().height() == 44


def test_a_setting_that_is_not_offered_rests(bench: Bench) -> None:
    bench.dial.show_setting(None)

    assert bench.dial.shown == "\N{EN DASH}"
    assert not bench.dial.is_settable


def test_a_stepless_setting_is_typed_instead_of_chosen(app: object, qtbot: QtBot) -> None:
    stepless = Setting(SettingId.COLOR_TEMPERATURE, kelvin().current, (), ValueRange(2500, 10000, 10))
    bench = Bench(qtbot, stepless)

    qtbot.mouseClick(bench.dial, Qt.MouseButton.LeftButton)

    assert bench.dial.editor is not None
    assert bench.dial.editor.isVisible()
    qtbot.keyClick(bench.dial.editor, Qt.Key.Key_Escape)
    _turn(bench.dial, 1)
    assert bench.asked == [(SettingId.COLOR_TEMPERATURE, "5610")]


def test_the_camera_taking_a_setting_away_closes_what_is_open(bench: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench.dial, Qt.Key.Key_4)
    assert bench.dial.editor is not None

    bench.dial.show_setting(shutter("1/125", read_only=True))

    assert not bench.dial.editor.isVisible()


# ---- a drag


class Hand:
    """A hand on the mouse over a dial; down is positive, as on the screen."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        self._at = QPointF(dial.rect().center())

    def press(self) -> None:
        self._send(QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton)

    def move(self, down_px: int, *, shift: bool = False) -> None:
        for _ in range(abs(down_px)):
            self._at += QPointF(0, 1 if down_px > 0 else -1)
            self._send(QEvent.Type.MouseMove, Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, shift)

    def let_go(self) -> None:
        self._send(QEvent.Type.MouseButtonRelease, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton)

    def _send(
        self, kind: QEvent.Type, button: Qt.MouseButton, buttons: Qt.MouseButton, shift: bool = False
    ) -> None:
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        there = QPointF(self._dial.mapToGlobal(self._at))
        QApplication.sendEvent(self._dial, QMouseEvent(kind, self._at, there, button, buttons, held))


def test_a_drag_up_steps_brighter_and_one_down_darker(bench: Bench) -> None:
    hand = Hand(bench.dial)

    hand.press()
    hand.move(-45)
    assert bench.dial.shown == "1/60"  # three steps of 14 px
    hand.move(60)
    hand.let_go()

    assert bench.dial.shown == "1/160"
    assert bench.dial.list is None


def test_shift_makes_a_drag_go_by_full_stops(bench: Bench) -> None:
    hand = Hand(bench.dial)

    hand.press()
    hand.move(-15, shift=True)
    hand.let_go()

    assert bench.labels == ["1/60"]


def test_a_hand_that_trembles_still_clicks(bench: Bench, qtbot: QtBot) -> None:
    hand = Hand(bench.dial)

    hand.press()
    hand.move(-5)
    hand.let_go()

    assert bench.labels == []
    assert bench.dial.list is not None
    assert bench.dial.list.isVisible()
    bench.dial.list.hide()


def test_a_drag_that_ends_outside_ends(bench: Bench) -> None:
    hand = Hand(bench.dial)
    hand.press()
    hand.move(-200)
    hand.let_go()
    shown = bench.dial.shown

    hand.move(200)

    assert bench.dial.shown == shown
    assert bench.dial.list is None


def test_a_press_that_is_let_go_outside_opens_nothing(bench: Bench) -> None:
    hand = Hand(bench.dial)
    hand.press()
    bench.dial.resize(240, 44)
    hand._at += QPointF(400, 0)
    hand.let_go()

    assert bench.dial.list is None


def test_a_value_that_the_camera_takes_away_ends_the_drag(bench: Bench) -> None:
    hand = Hand(bench.dial)
    hand.press()
    hand.move(-15)
    bench.dial.show_setting(shutter("1/125", read_only=True, reason="Turn the mode dial."))
    bench.dial.show_setting(shutter("1/125"))

    hand.move(-60)
    hand.let_go()

    assert bench.labels == ["1/100"]
    assert bench.dial.list is None


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("RAW + JPEG large fine", "RAW+JPEG L fine"),
        ("cRAW + JPEG medium normal", "cRAW+JPEG M norm."),
        ("RAW + JPEG small 1 normal", "RAW+JPEG S1 norm."),
        ("RAW + JPEG extra fine", "RAW+JPEG X.fine"),
        ("Continuous, large", "Continuous, large"),
    ],
)
def test_a_format_that_is_too_long_keeps_its_quality(
    app: object, qtbot: QtBot, label: str, shown: str
) -> None:
    def painted(value: str) -> tuple[QImage, str]:
        face = DialFace(SettingId.IMAGE_FORMAT, "Image format", "Format", "Q")
        dial = Dial(face, DARK)
        qtbot.addWidget(dial)
        dial.resize(240, face.height_px)
        dial.show_setting(words(SettingId.IMAGE_FORMAT, value, "RAW"))
        return dial.grab().toImage(), dial.toolTip()

    whole, told = painted(label)

    assert shortened(label) == shown
    if label.startswith(("RAW", "cRAW")):
        assert whole == painted(shown)[0]
        assert told.endswith(label)
        assert QFontMetrics(body_font()).horizontalAdvance(shown) <= 136


@pytest.mark.parametrize("is_large", [True, False])
def test_the_name_of_the_dial_with_the_keys_is_as_clear_as_its_value(
    app: object, qtbot: QtBot, is_large: bool
) -> None:
    bench = Bench(qtbot, shutter("1/125"))
    dial = Dial(DialFace(SettingId.SHUTTER, "Shutter speed", "Shutter", "S", is_large), DARK, bench.dial)
    dial.show_setting(shutter("1/125"))
    dial.resize(240, 44 if is_large else 28)
    dial.move(0, 0)
    dial.show()

    def brightest() -> int:
        """Return the brightest grey of the half in which the name stands."""
        image = dial.grab(QRect(120, 0, 120, 44) if is_large else QRect(4, 0, 80, 28)).toImage()
        return max(
            image.pixelColor(x, y).green() for x in range(image.width()) for y in range(image.height())
        )

    quiet = brightest()
    dial.setFocus()
    qtbot.waitUntil(dial.hasFocus)

    assert brightest() > quiet + 20
