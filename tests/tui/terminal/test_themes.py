"""Whatever the theme, all that is painted can be read, by the measure of WCAG 2 (1.4.3, 1.4.6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.theme import Theme

from tests.tui.piloting import compared, opened, played, press, running
from tui.app import DebuggerApp, Mode
from tui.presenters.cells import Cell, Row, Tone
from tui.terminal.themes import HIGH_CONTRAST, HIGH_CONTRAST_LIGHT, THEMES
from tui.widgets.panels.painting import PaintedWidget

ENOUGH = 4.5
ENHANCED = 7.0
BAR = "▁▂▃▄▅▆▇█"
"""What the ends of a scrollbar are drawn in."""


def least(theme: Theme) -> float:
    return ENHANCED if theme in (HIGH_CONTRAST, HIGH_CONTRAST_LIGHT) else ENOUGH


def luminance(colour: ColorTriplet) -> float:
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
        for each in colour.normalized
    ]
    return sum(share * each for share, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(style: Style) -> float:
    assert style.color is not None
    assert style.bgcolor is not None
    lights = [luminance(each.get_truecolor()) for each in (style.color, style.bgcolor)]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def weak(pilot: Pilot[None], enough: float) -> set[str]:
    """Return the words on the screen that are too weak; what lies below a modal one may be."""
    screen = pilot.app.screen
    shown = screen.children[0].region if isinstance(screen, ModalScreen) else screen.region
    strips = screen._compositor.render_strips()[shown.y : shown.bottom]
    return {
        f"{segment.text.strip()}: {contrast(segment.style):.2f}"
        for strip in strips
        for segment in strip.crop(shown.x, shown.right)
        if set(segment.text) - {" ", *BAR} and segment.style is not None
        if contrast(segment.style) < enough
    }


def painted(widget: PaintedWidget) -> Iterator[tuple[Tone, bool, Style]]:
    """Yield the style of each tone, on the row at hand and on others."""
    for tone in Tone:
        for current in (False, True):
            (segment,) = (
                each
                for each in widget.paint(Row((Cell("x", tone),), current=current), 1)
                if each.text == "x"
            )
            assert segment.style is not None
            yield tone, current, segment.style


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_each_tone_can_be_read_on_the_row_at_hand_too(theme: Theme) -> None:
    async with opened() as (pilot, screen):
        pilot.app.theme = theme.name
        await pilot.pause()
        for widget in (screen.heading, screen.panes.choices, screen.panes.branches):
            for tone, current, style in painted(widget):
                assert contrast(style) >= least(theme), (tone, current)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_faint_text_is_weaker_than_plain_text(theme: Theme) -> None:
    async with opened() as (pilot, screen):
        pilot.app.theme = theme.name
        await pilot.pause()
        ratios = {
            tone: contrast(style) for tone, current, style in painted(screen.heading) if not current
        }
        assert ratios[Tone.FAINT] < ratios[Tone.PLAIN] * 0.75


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_whatever_stands_on_the_screen_can_be_read(theme: Theme) -> None:
    async with opened(played(at=24), (160, 48)) as (pilot, _):
        pilot.app.theme = theme.name
        for keys in ("w", "r", "right right", "question_mark", "escape P", "escape o"):
            await press(pilot, keys)
            assert weak(pilot, least(theme)) == set(), keys
    async with compared(24) as (pilot, _):
        pilot.app.theme = theme.name
        await pilot.pause()
        assert weak(pilot, least(theme)) == set()
    for mode in (Mode.TOUR, Mode.QUIZ):
        async with running(DebuggerApp(played(), mode=mode)) as pilot:
            pilot.app.theme = theme.name
            await press(pilot, "space a")
            assert weak(pilot, least(theme)) == set()
            await press(pilot, "escape")
            assert weak(pilot, least(theme)) == set()
