from __future__ import annotations

import pytest

from groundglass.desktop.theme import LIGHT, THEMES, Theme, style_sheet, value_font
from groundglass.desktop.widgets.picture_words import DIM

_TEXTS = ("text", "quiet", "accent", "danger", "stored")
_GROUNDS = ("window", "panel", "surround")
# What else is painted: words on buttons, in fields, on the row or the dial with the keys.
_PAINTED = (
    *(("text", ground) for ground in ("raised", "hover", "pressed", "field")),
    *(("accent", ground) for ground in ("raised", "field")),
    ("quiet", "field"),  # what a field asks for
    ("danger", "field"),
    ("on_accent", "accent"),
)
_GREYS = (
    "field",
    "window",
    "panel",
    "raised",
    "hover",
    "pressed",
    "surround",
    "line",
    "handle",
    "focus",
    "text",
    "quiet",
)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2 defines it."""
    linear = [
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
        for one in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    darker, brighter = sorted((_luminance(one), _luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", _GROUNDS)
@pytest.mark.parametrize("text", _TEXTS)
def test_every_text_stands_out_from_every_ground(theme: Theme, text: str, ground: str) -> None:
    assert _contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize(("text", "ground"), _PAINTED)
def test_words_on_controls_can_be_read(theme: Theme, text: str, ground: str) -> None:
    assert _contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


def test_light_fields_are_brighter_than_the_panel_and_buttons_are_darker() -> None:
    panel, field, button = (_channels(one)[0] for one in (LIGHT.panel, LIGHT.field, LIGHT.raised))

    assert field >= panel + 12
    assert button <= panel - 12
    assert f"background: {LIGHT.field}" in style_sheet(LIGHT)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_a_button_under_the_pointer_or_the_finger_looks_another(theme: Theme) -> None:
    assert len({theme.raised, theme.hover, theme.pressed}) == 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["panel", "raised", "field"])
def test_the_frame_of_the_control_with_the_keys_is_seen(theme: Theme, ground: str) -> None:
    assert _contrast(theme.focus, getattr(theme, ground)) >= 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("role", _GREYS)
def test_no_grey_is_tinted(theme: Theme, role: str) -> None:
    assert len(set(_channels(getattr(theme, role)))) == 1


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("picture", [0, 128, 255])
def test_words_over_a_dimmed_picture_can_be_read_whatever_it_shows(theme: Theme, picture: int) -> None:
    grey = round(picture + (_channels(theme.surround)[0] - picture) * DIM)

    assert _contrast(theme.text, f"#{grey:02x}{grey:02x}{grey:02x}") >= 4.5


def test_exposure_values_have_figures_of_one_width(app: object) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(value_font())
    widths = {metrics.horizontalAdvance(digit) for digit in "0123456789"}

    assert len(widths) == 1
