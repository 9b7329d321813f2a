"""The things of the still life, each painted in linear light with its coverage.

Lengths are in picture heights. A soft light stands at the upper left; 0.18 is a grey card in full light.
A long module of short ones: no thing knows another, and one who paints looks for all of them here.
"""

from __future__ import annotations

import math

import numpy as np

from groundglass.virtual.lens import Image, Layer
from groundglass.virtual.paint import Sheet, lettering, over, smooth, texture

Color = tuple[float, float, float]
LIGHT = (-0.52, -0.62, 0.588)

# The classic chart of 24 colours, as sRGB.
CHART = [
    "735244",
    "c29682",
    "627a9d",
    "576c43",
    "8580b1",
    "67bdaa",
    "d67e2c",
    "505ba6",
    "c15a63",
    "5e3c6c",
    "9dbc40",
    "e0a32e",
    "383d96",
    "469449",
    "af363c",
    "e7c71f",
    "bb5695",
    "0885a1",
    "f3f3f2",
    "c8c8c8",
    "a0a0a0",
    "7a7a79",
    "555555",
    "343434",
]
GREY_RAMP = tuple(0.72 * 2.0 ** (-place / 2) for place in range(11))  # reflectances, half a stop apart


def linear(code: str) -> Color:
    """Return an sRGB colour such as "c29682" in linear light."""
    levels = [int(code[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels)
    return red, green, blue


def _ball_normals(
    sheet: Sheet, x: float, y: float, rx: float, ry: float
) -> tuple[Image, Image, Image, Image]:
    """Return the surface normal of an ellipsoid and its coverage."""
    nx, ny = (sheet.x - x) / rx, (sheet.y - y) / ry
    radius = np.hypot(nx, ny)
    nz = np.sqrt(np.maximum(0, 1 - np.minimum(radius, 1) ** 2))
    return nx, ny, nz, sheet.inside(((radius - 1) * min(rx, ry)).astype(np.float32))


def _shine(nx: Image, ny: Image, nz: Image, sharpness: float) -> Image:
    toward = 2 * nz * (nx * LIGHT[0] + ny * LIGHT[1] + nz * LIGHT[2]) - LIGHT[2]
    shine: Image = np.maximum(0, toward) ** sharpness
    return shine


def fruit(
    height: int,
    name: str,
    distance_m: float,
    at: tuple[float, float],
    radii: tuple[float, float],
    colors: tuple[Color, Color],
) -> Layer:
    """Paint a round fruit with a stalk."""
    (x, y), (rx, ry) = at, radii
    sheet = Sheet.over(height, x - rx, y - ry - 0.05, x + rx, y + ry)
    nx, ny, nz, coverage = _ball_normals(sheet, x, y, rx, ry)
    lit = np.clip(nx * LIGHT[0] + ny * LIGHT[1] + nz * LIGHT[2], 0, 1)
    lit = 0.10 + 0.95 * smooth(-0.1, 1.05, lit.astype(np.float32)) + 0.10 * np.maximum(0, nx) * (1 - nz)
    streaks = texture(coverage.shape, (3, 60), 7) * 0.16 + texture(coverage.shape, (50, 90), 8) * 0.07
    blush = smooth(-0.5, 0.9, (nx * 0.5 - ny * 0.75 + streaks).astype(np.float32))
    color = over(sheet.plain(colors[0]), blush, colors[1]) * lit[:, :, None]
    dimple = np.exp(-(((nx * 2.6) ** 2) + ((ny + 0.93) * 6) ** 2))
    color *= (1 - 0.75 * dimple)[:, :, None]
    color += (0.55 * _shine(nx, ny, nz, 60) + 0.06 * _shine(nx, ny, nz, 8))[:, :, None]
    bend = x + 0.012 * np.sin((sheet.y - y + ry) * 40)
    stalk = sheet.inside((np.abs(sheet.x - bend) - 0.0035).astype(np.float32))
    stalk = stalk * (sheet.y < y - ry * 0.86) * (sheet.y > y - ry - 0.038)
    color = over(color, stalk, (0.055, 0.032, 0.016))
    return sheet.layer(name, distance_m, color.astype(np.float32), np.maximum(coverage, stalk))


def chrome_ball(height: int, distance_m: float, at: tuple[float, float], radius: float) -> Layer:
    """Paint a mirror ball: the room, the table and a soft box in it, and one hard glint."""
    x, y = at
    sheet = Sheet.over(height, x - radius, y - radius, x + radius, y + radius)
    nx, ny, nz, coverage = _ball_normals(sheet, x, y, radius, radius)
    rx, ry, rz = 2 * nz * nx, 2 * nz * ny, 2 * nz * nz - 1
    room = 0.05 + 0.30 * smooth(-0.2, 1.0, -ry) + 0.22 * smooth(0.2, 1.0, -rz)
    color = room[:, :, None] * np.asarray((0.97, 1.0, 1.04), np.float32)
    table = smooth(0.02, 0.10, ry)
    wood = np.asarray((0.19, 0.105, 0.06), np.float32) * (0.35 + 0.9 * smooth(0.0, 0.9, ry)[:, :, None])
    color = over(color, table, wood)
    window = smooth(0.30, 0.26, np.abs(rx + 0.62)) * smooth(0.30, 0.26, np.abs(ry + 0.55)) * (rz > -0.2)
    bars = 1 - 0.75 * np.maximum(
        smooth(0.02, 0.008, np.abs(rx + 0.62)), smooth(0.02, 0.008, np.abs(ry + 0.55))
    )
    color = over(color, window * bars, (2.4, 2.4, 2.4))
    glint = np.exp(-(((nx + 0.02) ** 2) + (ny + 0.58) ** 2) / 0.0009)
    color += (9.0 * glint)[:, :, None]
    color *= (0.55 + 0.45 * nz**0.5)[:, :, None]
    return sheet.layer("ball", distance_m, color.astype(np.float32), coverage)


def bottle(height: int, distance_m: float, x: float, base: float) -> Layer:
    """Paint a wine bottle of green glass with a printed label."""
    top, half = base - 0.64, 0.068
    sheet = Sheet.over(height, x - half, top, x + half, base)
    y = sheet.y
    neck, body = 0.0215, half
    width = neck + (body - neck) * smooth(base - 0.45, base - 0.335, y)
    width = width + 0.003 * (np.abs(y - top - 0.012) < 0.012)
    foot = smooth(base, base - 0.012, y)
    width = width * (0.93 + 0.07 * foot)
    u = np.clip((sheet.x - x) / width, -1, 1)
    coverage = (
        sheet.inside((np.abs(sheet.x - x) - width).astype(np.float32))
        * sheet.inside(top - y)
        * sheet.inside(y - base)
    )
    color = sheet.plain((0.012, 0.030, 0.012))
    glow = np.exp(-(((np.abs(u) - 0.80) / 0.13) ** 2)) * 0.9 + np.exp(-((u / 0.5) ** 2)) * 0.25
    color = color + glow[:, :, None] * np.asarray((0.055, 0.155, 0.045), np.float32)
    liquid = smooth(base - 0.40, base - 0.395, y)
    color = color * (1 - 0.35 * liquid[:, :, None] * np.asarray((0.2, 1.0, 0.9), np.float32))
    box = (
        smooth(0.20, 0.15, np.abs(u + 0.52))
        * smooth(base - 0.60, base - 0.56, y)
        * smooth(base - 0.02, base - 0.06, y)
    )
    color = color + (0.62 * box * (0.75 + 0.25 * smooth(base, top, y)))[:, :, None]
    rim = np.exp(-(((u - 0.78) / 0.06) ** 2)) * smooth(base - 0.02, base - 0.08, y)
    color = color + (0.16 * rim)[:, :, None]
    curve = 0.012 * (1 - np.sqrt(np.maximum(0, 1 - u * u)))
    label_top, label_bottom = base - 0.275 - curve, base - 0.075 - curve
    label = sheet.inside((label_top - y).astype(np.float32)) * sheet.inside(
        (y - label_bottom).astype(np.float32)
    )
    round_light = 0.22 + 0.70 * np.sqrt(np.maximum(0, 1 - ((u + 0.38) / 1.42) ** 2)) ** 1.5
    paper = sheet.plain((0.70, 0.655, 0.56))
    ink = lettering(sheet, "GROUND", (x, base - 0.222), 0.0165) + lettering(
        sheet, "GLASS", (x, base - 0.193), 0.0165
    )
    ink = ink + lettering(sheet, "studio reserve", (x, base - 0.160), 0.0075, 0.1)
    ink = ink + lettering(sheet, "50 mm  f/1.8  750 ml", (x, base - 0.143), 0.0048, 0.1)
    for line in (base - 0.250, base - 0.125):
        ink = ink + sheet.box(x - 0.05, line - 0.0007, x + 0.05, line + 0.0007)
    paper = over(paper, np.clip(ink, 0, 1), (0.05, 0.022, 0.020))
    seal = sheet.inside((np.hypot(sheet.x - x, y - base + 0.100) - 0.014).astype(np.float32))
    paper = over(paper, seal, (0.30, 0.022, 0.020))
    color = over(color, label, paper * round_light[:, :, None])
    foil = smooth(top + 0.125, top + 0.123, y)
    metal = 0.10 + 0.55 * np.exp(-(((u + 0.45) / 0.22) ** 2)) + 0.12 * np.exp(-(((u - 0.8) / 0.1) ** 2))
    color = over(color, foil, metal[:, :, None] * np.asarray((0.62, 0.06, 0.07), np.float32))
    return sheet.layer("bottle", distance_m, color.astype(np.float32), coverage.astype(np.float32))


def color_chart(height: int, distance_m: float, left: float, top: float, base: float) -> Layer:
    """Paint a card with 24 colours over a grey ramp in half stops, on a stand."""
    cell, gap = 0.0555, 0.005
    width, tall = 6 * cell + 2 * gap + gap, 4 * cell + 0.062 + 3 * gap
    sheet = Sheet.over(height, left, top, left + width, base)
    card = sheet.box(left, top, left + width, top + tall, 0.006)
    color = sheet.plain((0.022, 0.022, 0.023))
    for place, code in enumerate(CHART):
        x, y = left + gap + place % 6 * cell, top + gap + place // 6 * cell
        patch = [0.88 * level for level in linear(code)]
        sheet.fill_box(color, x + gap, y + gap, x + cell, y + cell, patch)
    step = (6 * cell - gap) / len(GREY_RAMP)
    ramp_top = top + 2 * gap + 4 * cell
    for place, grey in enumerate(GREY_RAMP):
        x = left + 2 * gap + place * step
        sheet.fill_box(color, x, ramp_top, x + step, ramp_top + 0.05, (grey, grey, grey))
    post_x = left + width / 2
    post = sheet.box(post_x - 0.008, top + tall - 0.01, post_x + 0.008, base)
    foot = sheet.box(post_x - 0.07, base - 0.012, post_x + 0.07, base, 0.005)
    stand = np.maximum(post, foot) * (1 - card)
    color = over(color, stand, (0.035, 0.035, 0.037))
    return sheet.layer("chart", distance_m, color.astype(np.float32), np.maximum(card, stand))


def focus_target(height: int, distance_m: float, center: tuple[float, float], size: float) -> Layer:
    """Paint a card with a star, line pairs and its own distance."""
    x, y = center
    half = size / 2
    sheet = Sheet.over(height, x - half, y - half * 1.25, x + half, y + half * 1.25)
    card = sheet.box(x - half, y - half * 1.25, x + half, y + half * 1.25, size * 0.03)
    color = sheet.plain((0.62, 0.62, 0.61))
    star_y, radius = y - half * 0.22, half * 0.86
    angle = np.arctan2(sheet.y - star_y, sheet.x - x)
    distance = np.hypot(sheet.x - x, sheet.y - star_y)
    spokes = 36
    edge = np.sin(angle * spokes) * distance * height / spokes
    star = np.clip(0.5 + edge, 0, 1) * sheet.inside((distance - radius).astype(np.float32))
    color = over(color, star.astype(np.float32), (0.012, 0.012, 0.012))
    hub = sheet.inside((distance - radius * 0.06).astype(np.float32))
    color = over(color, hub, (0.012, 0.012, 0.012))
    for place in range(5):
        period = size * 0.05 / 1.5**place
        left = x - half * 0.88 + place * half * 0.36
        lines = np.clip(0.5 + np.sin((sheet.x - left) * 2 * math.pi / period) * period * height / 4, 0, 1)
        area = sheet.box(left, y + half * 0.76, left + half * 0.32, y + half * 0.94)
        color = over(color, (lines * area).astype(np.float32), (0.012, 0.012, 0.012))
    name = lettering(sheet, f"{distance_m:.1f} m", (x, y + half * 1.08), size * 0.085, 0.12)
    color = over(color, name, (0.012, 0.012, 0.012))
    color = color * (0.82 + 0.25 * smooth(x + half, x - half, sheet.x))[:, :, None]
    return sheet.layer(f"target {distance_m}", distance_m, color.astype(np.float32), card)


def metronome(height: int, distance_m: float, x: float, base: float) -> Layer:
    """Paint the case of a metronome, a slim pyramid of dark wood with a pale scale."""
    top = base - 0.30
    sheet = Sheet.over(height, x - 0.09, top, x + 0.09, base)
    rise = np.clip((base - sheet.y) / 0.30, 0, 1)
    half = 0.082 - 0.050 * rise
    shape = np.maximum(np.abs(sheet.x - x) - half, np.maximum(top - sheet.y, sheet.y - base))
    coverage = sheet.inside(shape.astype(np.float32))
    grain = texture(coverage.shape, (40, 6), 3) * 0.10 + texture(coverage.shape, (6, 30), 4) * 0.06
    wood = (
        sheet.plain((0.135, 0.055, 0.028))
        * (0.85 + 0.55 * smooth(0.06, -0.07, sheet.x - x) + grain)[:, :, None]
    )
    panel = sheet.inside((np.abs(sheet.x - x) - half * 0.56).astype(np.float32))
    panel = (
        panel
        * sheet.inside((top + 0.03 - sheet.y).astype(np.float32))
        * sheet.inside((sheet.y - base + 0.075).astype(np.float32))
    )
    color = over(wood, panel, (0.40, 0.35, 0.26))
    for place in range(14):
        y = base - 0.09 - place * 0.0125
        tick = sheet.box(x - 0.022 + place * 0.0006, y, x - 0.009, y + 0.0018)
        tick = np.maximum(tick, sheet.box(x + 0.009, y, x + 0.022 - place * 0.0006, y + 0.0018))
        color = over(color, tick * panel, (0.03, 0.02, 0.015))
    ledge = sheet.box(x - 0.084, base - 0.022, x + 0.084, base - 0.016)
    color = over(color, ledge * coverage, (0.05, 0.02, 0.01))
    edge = smooth(0.004, 0.0, np.abs(np.abs(sheet.x - x) - half + 0.002)) * (sheet.x < x)
    color = color + (0.10 * edge)[:, :, None]
    return sheet.layer("metronome", distance_m, color.astype(np.float32), coverage)


def pendulum(height: int, pivot: tuple[float, float], length: float, angle: float) -> tuple[Image, int, int]:
    """Paint the metronome's arm at an angle; returns pixels, left and top."""
    x, y = pivot
    reach = length + 0.02
    sheet = Sheet.over(height, x - reach * 0.62, y - reach, x + reach * 0.62, y + 0.02)
    along = -(sheet.y - y) * math.cos(angle) + (sheet.x - x) * math.sin(angle)
    across = (sheet.x - x) * math.cos(angle) + (sheet.y - y) * math.sin(angle)
    rod = np.maximum(np.abs(across) - 0.0028, np.abs(along - length / 2) - length / 2)
    weight = np.maximum(
        np.abs(across) - 0.017 + 0.10 * np.abs(along - length * 0.66), np.abs(along - length * 0.66) - 0.019
    )
    metal = 0.22 + 0.5 * np.exp(-(((across + 0.0008) / 0.0011) ** 2))
    color = metal[:, :, None] * np.asarray((1.0, 1.0, 1.02), np.float32)
    brass = 0.25 + 0.95 * np.exp(-(((across + 0.006) / 0.0045) ** 2)) + 0.2 * smooth(0.0, 0.018, across)
    heavy = sheet.inside(weight.astype(np.float32))
    color = over(
        color.astype(np.float32), heavy, brass[:, :, None] * np.asarray((0.80, 0.52, 0.17), np.float32)
    )
    layer = sheet.layer("pendulum", 1.0, color, np.maximum(heavy, sheet.inside(rod.astype(np.float32))))
    return layer.pixels, layer.left, layer.top
