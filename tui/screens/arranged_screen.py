"""A run whose panes can be focused, brought forward, zoomed and hidden, with a prompt below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs
from textual import events
from textual.app import ComposeResult
from textual.message import Message

from engine.explorer.limits import Limits
from tui.keys.command import Command
from tui.presenters.places import Arrangement, Pane
from tui.presenters.rows import Tone
from tui.screens.output import OutputScreen
from tui.screens.run_screen import RunScreen
from tui.screens.toggles import ToggleScreen
from tui.sessions.command import Lines
from tui.sessions.execute import completions
from tui.sessions.session import Session
from tui.widgets.prompt import Offered, Prompt

FEW_LINES: Final = 2
"""So many lines of output are told in one; more are shown on a page of their own."""
_FOCUSABLE: Final = tuple(pane for pane in Pane if pane is not Pane.LANES)


class Rearranged(Message):
    """The user has arranged the panes in another way."""

    def __init__(self, arrangement: Arrangement) -> None:
        super().__init__()
        self.arrangement = arrangement


class LineTyped(Message):
    """The user has typed a line at the prompt."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self.line = line


class ArrangedScreen(RunScreen):
    """Adds to a run the ways to arrange what is seen of it, and to type commands."""

    def __init__(
        self,
        session: Session,
        commands: Iterable[Command],
        limits: Limits | None = None,
        arrangement: Arrangement | None = None,
    ) -> None:
        super().__init__(session, commands, limits)
        self.prompt: Final = Prompt()
        if arrangement is not None:
            self.panes.set_reactive(type(self.panes).arrangement, arrangement)
        self._typed = False
        self.history: tuple[str, ...] = ()
        """The lines that were typed before, the last one last."""

    def compose(self) -> ComposeResult:
        """Yield the run, and the prompt that takes the place of answers."""
        yield from super().compose()
        yield self.prompt

    async def take(self, event: events.Key | events.Paste) -> bool:
        """Type what is typed while the prompt is open; else do the command of a key."""
        line = self.prompt.line
        return await (line.take(event) if self.focused is line else super().take(event))

    def action_prompt(self, sign: str) -> None:
        """Open the prompt, for a command or a text to search for."""
        self._ask(sign, "")

    def action_prompt_for(self, text: str) -> None:
        """Open the prompt with the beginning of a command."""
        self._ask(":", text)

    def on_offered(self, offered: Offered) -> None:
        """Show what could complete the line."""
        begun = self.prompt.line.value.rfind(" ") + 1
        self.command_bar.offered = "  ".join(line[begun:] for line in offered.lines)

    def answer(self, line: str, lines: Lines) -> None:
        """Say what a line has printed; on a page of its own what was typed and is long."""
        news = self.news(lines)
        if self._typed and (
            len(news) > FEW_LINES or any(len(each) > self.size.width for each in news)
        ):
            self.app.push_screen(OutputScreen(line, lines))
        else:
            super().answer(line, lines)

    def action_show(self, name: str) -> None:
        """Bring a pane forward, and let the arrows belong to it."""
        self.show_pane(Pane(name))

    def show_pane(self, pane: Pane) -> None:
        """Bring a pane forward, and let the arrows belong to it."""
        self.panes.bring(pane)
        self._rearranged()
        self.call_after_refresh(self.panes.focus_pane, pane)

    def action_focus_panel(self, by: int) -> None:
        """Let the arrows belong to the next pane that is seen, or to one before."""
        seen = [pane for pane in _FOCUSABLE if pane in self.panes.seen]
        if not seen:
            return
        here = self.panes.focused
        at = seen.index(here) + by if here in seen else (0 if by > 0 else -1)
        self.panes.focus_pane(seen[at % len(seen)])

    def action_turn_tab(self, by: int) -> None:
        """Bring the next pane of a deck forward: of the one with the focus, else of the last."""
        decks = self.panes.places.decks
        if not decks:
            self.tell("No panes share a place here.")
            return
        focused = self.panes.focused
        deck = next((each for each in decks if focused is each.front), decks[-1])
        pane = deck.panes[(deck.panes.index(deck.front) + by) % len(deck.panes)]
        if focused is deck.front:
            self.show_pane(pane)
        else:
            self.panes.bring(pane)
            self._rearranged()

    def action_zoom(self) -> None:
        """Give the pane with the focus the whole screen, or back."""
        arrangement = self.panes.arrangement
        pane = self.panes.focused
        if arrangement.zoomed is None and pane is None:
            self.tell("Tab first chooses the panel to zoom.")
            return
        zoomed = None if arrangement.zoomed is not None else pane
        self.panes.arrangement = attrs.evolve(arrangement, zoomed=zoomed)

    def action_choose_panels(self) -> None:
        """Ask which panes are to be seen."""
        panes = [pane for pane in Pane if pane in self.offered]
        hidden = self.panes.arrangement.hidden
        shown = frozenset(index for index, pane in enumerate(panes) if pane not in hidden)
        names = [pane.value for pane in panes]

        def take_up(chosen: frozenset[int] | None) -> None:
            if chosen is None:
                return
            hide = frozenset(pane for index, pane in enumerate(panes) if index not in chosen)
            self.panes.arrangement = attrs.evolve(self.panes.arrangement, hidden=hide)
            self._rearranged()

        self.app.push_screen(ToggleScreen("Which panels are to be seen?", names, shown), take_up)

    async def action_leave(self) -> None:
        """Go back from what is open: a zoom, a focus, at last from the run itself."""
        if self.panes.arrangement.zoomed is not None:
            self.action_zoom()
        elif self.panes.focused is not None:
            self.set_focus(None)
        else:
            await super().action_leave()

    def _ask(self, sign: str, text: str) -> None:
        def complete(line: str) -> tuple[str, ...]:
            return completions(self.now, line) if sign == ":" else ()

        def do(line: str) -> None:
            self._do_typed(sign, line)

        self.prompt.ask(sign, text, self.history, complete, do)

    def _do_typed(self, sign: str, typed: str) -> None:
        if not typed.strip() and sign == ":":
            return
        self.history = (*self.history, typed)
        self.post_message(LineTyped(typed))
        self._typed = True
        self.perform(typed if sign == ":" else f"{sign}{typed}")
        self._typed = False

    def _rearranged(self) -> None:
        self.post_message(Rearranged(self.panes.arrangement))

    def complain(self, text: str) -> None:
        """Say what is wrong."""
        self.tell(text, Tone.SKIPPED)
