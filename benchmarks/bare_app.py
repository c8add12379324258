"""What the debugger's screen is measured against: `python -m benchmarks.bare_app`.

A Textual app with nothing but one static panel that fills 160 x 48, and a key that counts. The
panel keeps its size, and is told so: without `layout=False` it would take longer.
"""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

WIDTH: Final = 160
HEIGHT: Final = 48
LAST_WORDS: Final = "the end of the panel"


class BareApp(App[None]):
    """Shows a count, and text down to the last line."""

    CSS = "Static { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [("l", "count", "Count"), ("q", "quit", "Quit")]

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def compose(self) -> ComposeResult:
        """Yield the panel."""
        yield Static(panel_text(0), markup=False)

    def action_count(self) -> None:
        """Show the next number."""
        self._count += 1
        self.query_one(Static).update(panel_text(self._count), layout=False)


def count_text(count: int) -> str:
    """Return the first words of the panel."""
    return f"count {count}."


def panel_text(count: int) -> str:
    """Return what the panel shows: the count, and a full screen of words below it."""
    between = [
        f"line {line:02} of the panel ".ljust(WIDTH, "0123456789"[line % 10])
        for line in range(1, HEIGHT - 1)
    ]
    return "\n".join((count_text(count).ljust(WIDTH), *between, LAST_WORDS.rjust(WIDTH)))


if __name__ == "__main__":
    BareApp().run()
