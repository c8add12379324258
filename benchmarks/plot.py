"""Line plots as SVG text, written by hand: one panel beside the other, a logarithmic time axis."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

import attrs

_WIDTH: Final = 300
_HEIGHT: Final = 240
_MARGIN: Final = 56
_GAP: Final = 70
_COLOURS: Final = ("#0b5fa5", "#c1440e", "#5b7f1c", "#7a3e9d")
_DASHES: Final = ("", "6 3", "2 3", "8 3 2 3")
"""With the marks, so that nothing is said by colour alone."""


@attrs.frozen
class Series:
    """One line of a panel."""

    name: str
    points: tuple[tuple[float, float], ...]
    """In order of x; y in seconds, above 0."""


@attrs.frozen
class Panel:
    """One pair of axes."""

    title: str
    x_label: str
    series: tuple[Series, ...]


def svg(panels: tuple[Panel, ...]) -> str:
    """Return the SVG document; the same panels, the same bytes."""
    names = tuple(dict.fromkeys(series.name for panel in panels for series in panel.series))
    times = [y for panel in panels for series in panel.series for _, y in series.points]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
    width = _MARGIN + len(panels) * (_WIDTH + _GAP)
    height = _HEIGHT + 2 * _MARGIN + 18 * len(names)
    body = [
        line
        for number, panel in enumerate(panels)
        for line in _panel(
            panel, _MARGIN + number * (_WIDTH + _GAP), low, max(high, low + 1), names
        )
    ]
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            *body,
            *_legend(names),
            "</svg>\n",
        )
    )


def _panel(panel: Panel, left: int, low: int, high: int, names: tuple[str, ...]) -> Iterator[str]:
    xs = sorted({x for series in panel.series for x, _ in series.points})
    span = xs[-1] - xs[0] or 1

    def at(x: float, y: float) -> tuple[float, float]:
        up = (math.log10(y) - low) / (high - low)
        return left + (x - xs[0]) / span * _WIDTH, _MARGIN + _HEIGHT * (1 - up)

    bottom = _MARGIN + _HEIGHT
    yield (
        f'<text x="{left + _WIDTH // 2}" y="{_MARGIN - 16}" text-anchor="middle" '
        f'font-size="14">{escape(panel.title)}</text>'
    )
    for exponent in range(low, high + 1):
        _, y = at(xs[0], 10.0**exponent)
        yield f'<line x1="{left}" y1="{y:.1f}" x2="{left + _WIDTH}" y2="{y:.1f}" stroke="#ddd"/>'
        yield (
            f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**exponent:g} s</text>'
        )
    for tick in xs:
        x, _ = at(tick, 10.0**low)
        yield f'<line x1="{x:.1f}" y1="{bottom}" x2="{x:.1f}" y2="{bottom + 4}" stroke="#444"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{tick:g}</text>'
    yield (
        f'<text x="{left + _WIDTH // 2}" y="{bottom + 36}" text-anchor="middle">'
        f"{escape(panel.x_label)}</text>"
    )
    for series in panel.series:
        yield from _line(names.index(series.name), [at(x, y) for x, y in series.points])


def _line(number: int, places: list[tuple[float, float]]) -> Iterator[str]:
    colour, dash = _COLOURS[number], _DASHES[number]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dash}"/>'
    )
    for x, y in places:
        yield _mark(number, x, y)


def _mark(number: int, x: float, y: float) -> str:
    colour = _COLOURS[number]
    if number % 2:
        return f'<rect x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6" fill="{colour}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'


def _legend(names: tuple[str, ...]) -> Iterator[str]:
    for number, name in enumerate(names):
        y = _HEIGHT + _MARGIN + 62 + 18 * number
        yield from _line(number, [(_MARGIN, y), (_MARGIN + 34, y)])
        yield f'<text x="{_MARGIN + 44}" y="{y + 4}">{escape(name)}</text>'
