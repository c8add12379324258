"""The prompt line: commands that are typed, with the lines typed before and what completes them."""

from __future__ import annotations

from typing import Final

from textual.message import Message

from tui.commands.command import Lines
from tui.commands.prompt import completions
from tui.screens.output import OutputScreen
from tui.screens.run_screen import RunScreen
from tui.widgets.prompt import Prompt

FEW_LINES: Final = 2
"""So many lines of output are told in one; more are shown on a page of their own."""


class LineTyped(Message):
    """The user has typed a line at the prompt."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self.line = line


class PromptLine:
    """Has lines typed and done; what they print and is long has a page of its own."""

    def __init__(self, screen: RunScreen, prompt: Prompt) -> None:
        self.history: tuple[str, ...] = ()
        """The lines that were typed before, the last one last."""
        self._screen = screen
        self._prompt = prompt
        self._typed = ""
        """The line that was typed and is being done."""

    def action_prompt(self, sign: str) -> None:
        """Open the prompt, for a command or a text to search for."""
        self._ask(sign, "")

    def action_prompt_for(self, text: str) -> None:
        """Open the prompt with the beginning of a command."""
        self._ask(":", text)

    def action_whole_line(self) -> None:
        """Show the line above the footer on a page of its own, if it is cut."""
        text = self._screen.answer_line.said.text
        if len(text) > self._screen.size.width - 2:
            self._screen.app.push_screen(OutputScreen("", (text,)))

    def needs_page(self, news: Lines, width: int) -> bool:
        """Say whether what is printed was asked for by typing, and is too much for a line."""
        return bool(self._typed) and (
            len(news) > FEW_LINES or any(len(each) > width for each in news)
        )

    def show_page(self, lines: Lines) -> None:
        """Show what the typed line prints on a page of its own."""
        self._screen.app.push_screen(OutputScreen(self._typed, lines))

    def _ask(self, sign: str, text: str) -> None:
        def complete(line: str) -> tuple[str, ...]:
            return completions(self._screen.now, line) if sign == ":" else ()

        def do(typed: str) -> None:
            self._do_typed(f"{lead}{typed}")

        lead = "" if sign == ":" else sign
        history = [line[len(lead) :] for line in self.history if line.startswith(lead)]
        self._prompt.ask(sign, text, history, complete, do)

    def _do_typed(self, line: str) -> None:
        if not line.strip():
            return
        self.history = (*self.history, line)
        self._screen.post_message(LineTyped(line))
        self._typed = line
        self._screen.perform(line)
        self._typed = ""
