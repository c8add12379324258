"""A panel: a header that stays and rows that scroll below it, painted line by line."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.presenters.cells import Row
from tui.presenters.layout import Pane
from tui.session.session import Session
from tui.widgets.messages import LineGiven, StepChosen
from tui.widgets.panels.painting import PaintedWidget

FOCUSED: Final = "»"
"""The sign before the header of the panel that the arrows belong to."""


class Panel(PaintedWidget, ScrollView, can_focus=True, inherit_bindings=False):
    """Shows rows of a session; only the lines that differ from what is shown are repainted.

    While it has the focus one of its rows is chosen, by the arrows; Enter does what that stands
    for.
    """

    session: reactive[Session | None] = reactive(None, repaint=False)
    remark: reactive[str] = reactive("", repaint=False)
    """What it says of itself beside its name."""

    own_keys: ClassVar[frozenset[str]] = frozenset(
        {"up", "down", "pageup", "pagedown", "home", "end", "enter"}
    )
    """The keys that it has a use for while it has the focus."""

    header = " "
    """Begins with a blank, kept for the sign of focus."""

    def __init__(self, pane: Pane, *, id: str | None = None) -> None:
        super().__init__(id=pane.value if id is None else id)
        self.pane: Final = pane
        self.placed = True
        """It has a place on the screen; else nothing of it need be made."""
        self.headed = True
        """It has a header; where it is the front of a deck, the tabs are enough."""
        self._chosen: int | None = None
        self._away = False
        """Another window is looked at."""
        self._counted = 0
        self._presented: tuple[Session | None, Size, bool] | None = None
        self._inner = Size(0, 0)
        self._inner_of: tuple[Size, bool] | None = None

    def row(self, index: int) -> Row:
        """Return the row at `index`; asked for only while the panel has a session."""
        raise NotImplementedError

    def present(self, session: Session, width: int) -> None:
        """Take up what the panel shows of a session, and repaint what is different."""
        raise NotImplementedError

    def choose(self, index: int) -> None:
        """Do what a row stands for: go to its step, if it has one."""
        step = self.row(index).step
        if step is not None:
            self.post_message(StepChosen(step))

    def first_choice(self) -> int:
        """Return the row that is chosen when the arrows come here."""
        return 0

    @property
    def chosen(self) -> int | None:
        """The row that the arrows have chosen, None while they belong elsewhere."""
        if not self.has_focus or not self.rows:
            return None
        return min(self.first_choice() if self._chosen is None else self._chosen, self.rows - 1)

    @property
    def width(self) -> int:
        """The columns that rows have."""
        return self._inside().width

    @property
    def rows(self) -> int:
        """How many rows there are, in sight or not."""
        return self._counted

    @property
    def top(self) -> int:
        """The lines above the first row."""
        return 1 if self.headed else 0

    @property
    def rows_in_sight(self) -> int:
        """How many rows fit below the header."""
        return max(self._inside().height - self.top, 0)

    def allow_focus(self) -> bool:
        """Let the arrows belong to it only where it can be seen."""
        return super().allow_focus() and self.placed

    def watch_session(self, session: Session | None) -> None:
        """Show another session, or the same at another step."""
        if session is not None:
            self._catch_up()

    def on_resize(self, event: events.Resize) -> None:
        """Fit what is shown to the new size."""
        self._catch_up()
        self._keep_chosen()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines in sight; never those of another size, or from before a place was had."""
        self._catch_up()
        return super().render_lines(crop)

    def show_all(self) -> None:
        """Show everything anew."""
        self.present_anew()
        self.refresh()

    def present_anew(self) -> None:
        """Take up the session once more: something else that is shown has changed."""
        self._presented = None
        self._catch_up()

    def on_focus(self, event: events.Focus) -> None:
        """Choose a row, or have the one again that was chosen when another window was looked at."""
        if self._away:
            self._away = False
            self.refresh()
        else:
            self.begin_choosing()

    def on_blur(self, event: events.Blur) -> None:
        """Have no row chosen any more."""
        self._away = not self.app.app_focus
        self.refresh()

    def begin_choosing(self) -> None:
        """Choose a row to begin with."""
        self._chosen = None
        self._keep_chosen()

    async def on_key(self, event: events.Key) -> None:
        """Choose another row, or do what the chosen one stands for."""
        chosen = self.chosen
        if chosen is None or not await self.pressed(event.key, chosen):
            return
        event.stop()
        event.prevent_default()

    async def pressed(self, key: str, chosen: int) -> bool:
        """Do what a key does while a row is chosen; say whether it does anything."""
        moves = {
            "up": -1,
            "down": 1,
            "pageup": -self.rows_in_sight,
            "pagedown": self.rows_in_sight,
            "home": -self.rows,
            "end": self.rows,
        }
        if key == "enter":
            self.choose(chosen)
        elif key in moves:
            self._chosen = max(0, min(chosen + moves[key], self.rows - 1))
            self._keep_chosen()
        else:
            return False
        return True

    def count(self, rows: int) -> None:
        """Say how many rows there are, for scrolling."""
        self._counted = rows
        size = Size(self.width, rows + self.top)
        if size != self.virtual_size:
            self.virtual_size = size

    def keep_in_sight(self, first: int, last: int) -> None:
        """Scroll no further than needed for these rows to be seen, with some around them.

        Where not all fit, it is the first ones that are seen.
        """
        spare = self.rows_in_sight - (last - first + 1)
        around = max(min(2, spare // 2), 0)
        top = round(self.scroll_y)
        lowest = last + around - self.rows_in_sight + 1
        wanted = min(max(top, lowest), max(first - around, 0))
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)

    def leap_to(self, index: int) -> None:
        """Scroll for a row to be seen: far where it must be, so that it seldom must."""
        top, rows = round(self.scroll_y), self.rows_in_sight
        around = min(2, max(rows - 1, 0) // 2)
        if top + around <= index < top + rows - around:
            return
        above = rows // 4 if index >= top + around else rows - rows // 4 - 1
        wanted = max(0, min(index - max(above, around), self.rows - rows))
        if wanted != top:
            self.scroll_to(y=wanted, animate=False, force=True, immediate=True)

    def repaint_row(self, index: int) -> None:
        """Repaint one row, if it is in sight."""
        line = index - round(self.scroll_y)
        if 0 <= line < self.rows_in_sight:
            self.refresh(Region(0, line + self.top, self.width, 1))

    def repaint_header(self) -> None:
        """Repaint the header."""
        if self.headed:
            self.refresh(Region(0, 0, self.width, 1))

    def render_line(self, y: int) -> Strip:
        """Paint one line: the header, a row, or nothing below the last."""
        width = self.width
        if y < self.top:
            lead = FOCUSED if self.has_focus else " "
            return self.paint_header(f"{lead}{self.header[1:]}", width)
        index = y - self.top + round(self.scroll_y)
        if self.session is None or index >= self.rows:
            return self.blank(width)
        return self.paint(self.row(index), width, chosen=index == self.chosen)

    def on_click(self, event: events.Click) -> None:
        """Do what a click on a row means."""
        index = event.y - self.top + round(self.scroll_y)
        if self.session is not None and event.y >= self.top and index < self.rows:
            self.clicked(index, event.x)

    def clicked(self, index: int, column: int) -> None:
        """Ask why of the value at a column of a row, else do what the row stands for."""
        asks = self.row(index).asks_at(column)
        if asks:
            self.post_message(LineGiven(f"why {asks}"))
        else:
            self.choose(index)

    def _catch_up(self) -> None:
        """Take up the session, if what is shown is not that of it and of this size."""
        now = self.session, self._inside(), self.headed
        if self.session is not None and self.placed and self.width > 0 and now != self._presented:
            self._presented = now
            self.count(self.rows)
            self.present(self.session, self.width)

    def _inside(self) -> Size:
        """Return the room inside borders and scrollbar, which is asked for with every line."""
        shape = self.outer_size, self.show_vertical_scrollbar
        if shape != self._inner_of:
            self._inner_of, self._inner = shape, self.scrollable_content_region.size
        return self._inner

    def _keep_chosen(self) -> None:
        if self.chosen is not None:
            self.keep_in_sight(self.chosen, self.chosen)
        self.refresh()
