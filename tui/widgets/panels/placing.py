"""A layout that puts widgets where their container says, which need not be everywhere."""

from __future__ import annotations

from textual.containers import Container
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget


class PlacedLayout(Layout):
    """Puts every child where the container says; those without a place are not shown."""

    name = "placed"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Return where the children lie."""
        assert isinstance(parent, PlacingContainer)
        return [
            WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child, fixed=True)
            for child, region in parent.regions(size)
        ]


class PlacingContainer(Container):
    """A container that says itself where its children lie."""

    _layout = PlacedLayout()

    @property
    def layout(self) -> Layout:
        """The layout by places."""
        return self._layout

    def regions(self, size: Size) -> list[tuple[Widget, Region]]:
        """Return where the children lie that are shown."""
        raise NotImplementedError
