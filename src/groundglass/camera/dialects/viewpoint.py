"""Where each brand is told to focus, and which part of the frame its live picture shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from groundglass.camera.widget import Widget

Area = tuple[int, int]  # what a body's numbers for a place count to, to the right and downwards


class PointDialect(Struct, frozen=True):
    """How a body is told where to focus."""

    widget: str
    # From x, y, area, power and what it says now: the text, and the place that it means.
    spell: Callable[[float, float, Area, float, str], tuple[str, float, float]]
    area: Callable[[Widget | None, str], Area]  # from the widget `area_widget`, and the model
    area_widget: str = ""
    needs_live_view: bool = False
    needs: tuple[str, tuple[str, ...]] = ("", ())  # a setting, and the values with which the point counts


class ZoomDialect(Struct, frozen=True):
    """How a body is told to magnify its live picture."""

    widget: str
    powers: Callable[[Widget, Area], dict[float, str]]  # in times of the whole picture, to the text
    spell: Callable[[str, float, float], str] = lambda raw, _x, _y: raw
    moves_point: bool = True  # it shows what lies around the focus point


def _pixels(x: float, y: float, area: Area, _power: float, _now: str) -> tuple[str, float, float]:
    return f"{round(x * area[0])}x{round(y * area[1])}", x, y


def _corner(x: float, y: float, area: Area, power: float, _now: str) -> tuple[str, float, float]:
    """Tell the upper left corner of the magnified part; Canon ignores a place beyond its range."""
    part = 1 / max(power, 5.0)  # the focus frame is as large as the part at five times
    left, top = (min(1 - part, max(0.0, at - part / 2)) for at in (x, y))
    text = f"{max(1, round(left * area[0]))},{max(1, round(top * area[1]))}"
    return text, left + part / 2, top + part / 2


_TOUCH_SCREEN = (639, 479)


def _touched(x: float, y: float, area: Area, _power: float, _now: str) -> tuple[str, float, float]:
    return f"{round(x * area[0])},{round(y * area[1])}", x, y


# A Fuji's grid leaves a border free; it counts from the middle to the right and upwards.
_GRID_FROM, _GRID_SIZE = (0.1, 0.13), (0.8, 0.74)


def _on_grid(x: float, y: float, area: Area, _power: float, now: str) -> tuple[str, float, float]:
    counts, places = [], []
    for at, start, size, points in zip((x, y), _GRID_FROM, _GRID_SIZE, area, strict=True):
        count = round((min(1.0, max(0.0, (at - start) / size)) - 0.5) * (points - 1))
        counts.append(count)
        places.append(start + size * (0.5 + count / (points - 1)))
    frame = now.rsplit(",", 1)[-1] if now.count(",") == 2 else "2"
    return f"{counts[0]},{-counts[1]},{frame}", places[0], places[1]


def _largest(sizes: Widget | None, _model: str) -> Area:
    found = [re.match(r"(\d+)x(\d+)", one) for one in (sizes.choices if sizes else ())]
    return max(((int(one[1]), int(one[2])) for one in found if one), default=(6000, 4000))


def _grid(points: Widget | None, _model: str) -> Area:
    found = re.search(r"\((\d+)x(\d+)\)", (points.value or "") if points else "")
    return (int(found[2]), int(found[1])) if found else (13, 9)


# Sensors of Canon EOS bodies in pixels; other bodies have about the most common one.
_SENSORS: dict[Area, tuple[str, ...]] = {
    (3888, 2592): ("40D", "400D", "1000D"),
    (4272, 2848): ("450D", "1100D"),
    (4752, 3168): ("50D", "500D"),
    (5184, 3456): (
        *("7D", "60D", "550D", "600D", "650D", "700D", "100D", "1200D", "1300D", "4000D", "-1D X", "M", "M2"),
        *("T2i", "T3i", "T4i", "T5i", "SL1", "T5", "T6"),
    ),
    (5472, 3648): ("6D", "70D", "7D Mark II", "-1D X Mark II", "-1D X Mark III", "R6"),
    (5616, 3744): ("5D Mark II",),
    (5760, 3840): ("5D Mark III",),
    (6240, 4160): ("6D Mark II", "RP"),
    (6720, 4480): ("5D Mark IV", "R"),
    (6960, 4640): ("90D", "M6 Mark II", "R7", "R6 Mark III"),
    (8192, 5464): ("R5", "R5 Mark II", "R5m2"),
    (8688, 5792): ("5DS", "5DS R"),
}
_COMMON_SENSOR = (6000, 4000)


def _sensor(_widget: Widget | None, model: str) -> Area:
    name = model.partition("EOS")[2].lstrip().removeprefix("Rebel ").removeprefix("Kiss ")
    names = {one: area for area, models in _SENSORS.items() for one in models}
    # `R6 Mark II` is not an R6: only remarks without a mark may follow.
    for known in (name, name.partition(" ")[0] if "Mark" not in name else ""):
        if known in names:
            return names[known]
    return _COMMON_SENSOR


# The first that a body has counts.
POINTS = (
    PointDialect("changeafarea", _pixels, _largest, "imagesize", needs_live_view=True),
    PointDialect("eoszoomposition", _corner, _sensor, needs_live_view=True),
    PointDialect(
        "spotfocusarea",
        _touched,
        lambda _widget, _model: _TOUCH_SCREEN,
        needs=("focusarea", ("Flexible Spot: M", "Flexible Spot: S", "Flexible Spot: L")),
    ),
    PointDialect("focuspoint", _on_grid, _grid, "focuspoints"),
)


def _by_percent(widget: Widget, area: Area) -> dict[float, str]:
    """Read `50%`: of the size at which each pixel of the sensor is one of the live picture."""
    whole = next((one for one in widget.choices if one.lower().startswith("entire")), "")
    found = {float(one[:-1]) * area[0] / 100 / _LIVE_WIDTH: one for one in widget.choices if one[-1:] == "%"}
    return {1.0: whole, **{power: raw for power, raw in found.items() if power > 1}} if whole else {}


def _by_width(widget: Widget, area: Area) -> dict[float, str]:
    """Read how many pixels of the sensor the live picture shows across; 0 is all."""
    widths = [int(one) for one in widget.choices if one.isdigit()]
    return {area[0] / width if width else 1.0: str(width) for width in widths if width < area[0]}


def _by_times(widget: Widget, _area: Area) -> dict[float, str]:
    numbers = {float(one): one for one in widget.choices if re.fullmatch(r"\d+(\.\d+)?", one)}
    return {**numbers, 1.0: "0" if "Off" in widget.choices else "1"} if numbers else {}


# A Fuji's codes in times of the whole picture; libgphoto2 has no name for it.
_THROUGH_ZOOM = dict(enumerate((1.0, 2.5, 6.0, 4.0, 8.0, 16.0, 2.0, 3.3, 6.6, 13.1, 24.0, 19.7), 1)) | {
    17: 12.0
}
_LIVE_WIDTH = 1024  # of a Nikon's largest live picture


def _by_code(widget: Widget, _area: Area) -> dict[float, str]:
    codes = [int(one) for one in widget.choices if one.isdigit()]
    return {_THROUGH_ZOOM[code]: str(code) for code in codes if code in _THROUGH_ZOOM}


ZOOMS = (
    ZoomDialect("liveviewimagezoomratio", _by_percent),
    ZoomDialect("eoszoom", lambda _widget, _area: {1.0: "1", 5.0: "5", 10.0: "10"}),
    ZoomDialect(
        "focusmagnifier",
        _by_times,
        lambda raw, x, y: f"{raw},{round(x * _TOUCH_SCREEN[0])},{round(y * _TOUCH_SCREEN[1])}",
        moves_point=False,
    ),
)
# Without a name in libgphoto2: the same number is something else on other makers' bodies.
NAMELESS_ZOOMS = {
    "Nikon": ZoomDialect("d1bd", _by_width),
    "FUJIFILM": ZoomDialect("d01b", _by_code),
}


def point_of(names: Iterable[str]) -> PointDialect | None:
    """Return how a body with these settings is told where to focus."""
    present = set(names)
    return next((one for one in POINTS if one.widget in present), None)


def zoom_of(names: Iterable[str], maker: str) -> ZoomDialect | None:
    """Return how a body is told to magnify its live picture."""
    present = set(names)
    nameless = next((one for word, one in NAMELESS_ZOOMS.items() if maker.startswith(word)), None)
    return next((one for one in (*ZOOMS, nameless) if one is not None and one.widget in present), None)
