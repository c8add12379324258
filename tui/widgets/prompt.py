"""The prompt: one line to type a command or a text to search for, with history and completion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.containers import Horizontal
from textual.message import Message
from textual.suggester import SuggestionReady
from textual.widget import Widget
from textual.widgets import Input, Static

Completer = Callable[[str], Sequence[str]]
"""Returns the lines that one may be the beginning of."""


Doer = Callable[[str], None]
"""Does what was typed, at once: before the next key is looked at."""

_QUITS: Final = "ctrl+c"
"""The key that is never the line's: it quits, whatever is open."""

_ACTIONS: Final[Mapping[str, str]] = {
    **{key: binding.action for key, binding in BindingsMap(Input.BINDINGS) if key != _QUITS},
    "up": "recall(-1)",
    "down": "recall(1)",
    "tab": "complete",
    "enter": "submit",
    "escape": "give_up",
}
"""What the keys do that type nothing: those by which any line is edited, and the prompt's own."""


class Offered(Message):
    """These lines could complete the one that is typed; none: it is left alone."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self.lines = tuple(lines)


class Closed(Message):
    """Nothing is typed any more."""


class Prompt(Horizontal):
    """Takes the place of the line above the footer while something is typed."""

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._sign = Static(id="prompt-sign", markup=False)
        self.line = PromptInput(self)
        self._before: Widget | None = None
        """What the arrows belonged to when it was opened."""

    def compose(self) -> ComposeResult:
        """Yield the sign and the line."""
        yield self._sign
        yield self.line

    def ask(
        self, sign: str, text: str, history: Sequence[str], complete: Completer, do: Doer
    ) -> None:
        """Open, with a sign in front and a text to begin with."""
        if self.screen.focused is not self.line:
            self._before = self.screen.focused
        self._sign.update(sign)
        self.display = True
        self.line.begin(text, history, complete, do)
        # At once, not when there is time: what was typed already is for the line.
        self.screen.set_focus(self.line, scroll_visible=False)

    def close(self) -> None:
        """Give the place back, and the arrows to what had them before."""
        if self.screen.focused is self.line:
            self.screen.set_focus(self._before, scroll_visible=False)
        if self.display:
            self.display = False
            self.post_message(Offered(()))
            self.post_message(Closed())


class PromptInput(Input):
    """The line itself."""

    def __init__(self, prompt: Prompt) -> None:
        super().__init__(id="prompt-line", compact=True, select_on_focus=False)
        self._prompt = prompt
        self.cursor_blink = False
        self._history: tuple[str, ...] = ()
        self._at = 0
        self._complete: Completer = lambda _: ()
        self._do: Doer = lambda _: None

    def begin(self, text: str, history: Sequence[str], complete: Completer, do: Doer) -> None:
        """Take up another line."""
        self._history, self._at = tuple(history), len(history)
        self._complete, self._do = complete, do
        self.value = text
        self.cursor_position = len(text)

    async def action_submit(self) -> None:
        """Close, and do what was typed."""
        line = self.value
        self._leave()
        self._do(line)

    async def take(self, event: events.Key | events.Paste) -> bool:
        """Type what is typed, or do what a key stands for; say whether it is of use here."""
        if isinstance(event, events.Paste):
            self._insert(next(iter(event.text.splitlines()), ""))
        elif event.is_printable and event.character is not None:
            self._insert(event.character)
        elif event.key in _ACTIONS:
            await self.run_action(_ACTIONS[event.key])
        else:
            return False
        return True

    def on_blur(self) -> None:
        """Close when something else is clicked, not when another window is looked at."""
        if self.app.app_focus and self.screen.focused is not self:
            self._leave()

    def watch_value(self, value: str) -> None:
        """Suggest the first of the lines that could complete this one."""
        self.post_message(Offered(()))
        first = next(iter(self._complete(value)), None) if value else None
        if first is not None:
            self.post_message(SuggestionReady(value, first))

    def action_recall(self, by: int) -> None:
        """Show a line of the history, or the empty one after it."""
        self._at = max(0, min(self._at + by, len(self._history)))
        self.value = self._history[self._at] if self._at < len(self._history) else ""
        self.cursor_position = len(self.value)

    def action_complete(self) -> None:
        """Complete the line as far as there is no doubt, and offer what could follow."""
        lines = tuple(self._complete(self.value))
        common = _common_beginning(lines)
        if len(common) > len(self.value):
            self.value = common
            self.cursor_position = len(common)
        self.post_message(Offered(lines if len(lines) > 1 else ()))

    def action_give_up(self) -> None:
        """Close without doing anything."""
        self._leave()

    def _insert(self, text: str) -> None:
        self.replace(text, *self.selection)

    def _leave(self) -> None:
        self._prompt.close()


def _common_beginning(lines: Sequence[str]) -> str:
    """Return what all lines begin with."""
    first, last = min(lines, default=""), max(lines, default="")
    ends = (at for at in range(len(first)) if not last.startswith(first[: at + 1]))
    return first[: next(ends, len(first))]
