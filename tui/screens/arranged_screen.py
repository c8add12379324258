"""A run whose panes can be focused, brought forward, zoomed and hidden, with a prompt below."""

from __future__ import annotations

from asyncio import Event, wait_for
from collections.abc import Iterable
from typing import Final

import attrs
from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from engine.explorer.limits import Limits
from tui.commands.command import Lines
from tui.commands.prompt import completions
from tui.keys.command import Command
from tui.presenters.cells import as_many_as_fit
from tui.presenters.layout import Arrangement, Pane
from tui.screens.output import OutputScreen
from tui.screens.run_screen import RunScreen
from tui.screens.toggles import ToggleScreen
from tui.session.session import Session
from tui.widgets.prompt import Offered, Prompt

FEW_LINES: Final = 2
"""So many lines of output are told in one; more are shown on a page of their own."""
_FOCUSABLE: Final = tuple(pane for pane in Pane if pane is not Pane.LANES)


class Rearranged(Message):
    """The user has arranged the panes in another way."""

    def __init__(self, arrangement: Arrangement) -> None:
        super().__init__()
        self.arrangement = arrangement


PATIENCE: Final = 5.0
"""Seconds that what is typed waits at most for a pane to have its place."""


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
        self._laid_out = Event()
        """Set unless a pane was asked for that has no place yet."""
        self._laid_out.set()
        self._awaited: Pane | None = None
        self._typed = ""
        """The line that was typed and is being done."""
        self.history: tuple[str, ...] = ()
        """The lines that were typed before, the last one last."""

    def compose(self) -> ComposeResult:
        """Yield the run, and the prompt that takes the place of answers."""
        yield from super().compose()
        yield self.prompt

    def on_mount(self) -> None:
        """Look for panes that were asked for whenever all have their places."""
        self.screen_layout_refresh_signal.subscribe(self, self._focus_awaited, immediate=True)

    async def take(self, event: events.Key | events.Paste) -> bool:
        """Type what is typed while the prompt is open; else do the command of a key.

        What is typed behind a command that brings a pane forward is meant for that pane.
        """
        await self._arranged()
        line = self.prompt.line
        typing = self.prompt.display and self.focused is line
        return await (line.take(event) if typing else super().take(event))

    def action_prompt(self, sign: str) -> None:
        """Open the prompt, for a command or a text to search for."""
        self._ask(sign, "")

    def action_prompt_for(self, text: str) -> None:
        """Open the prompt with the beginning of a command."""
        self._ask(":", text)

    def on_offered(self, offered: Offered) -> None:
        """Show what could complete the line."""
        begun = self.prompt.line.value.rfind(" ") + 1
        words = [line[begun:] for line in offered.lines]
        self.command_bar.offered = as_many_as_fit(words, self.size.width - 2)

    def answer(self, line: str, lines: Lines) -> None:
        """Say what a line has printed; on a page of its own what was typed and is long."""
        news = self.news(lines)
        if self._typed and (
            len(news) > FEW_LINES or any(len(each) > self.size.width for each in news)
        ):
            self.app.push_screen(OutputScreen(line, lines))
        else:
            super().answer(line, lines)

    def on_whole_wanted(self) -> None:
        """Show the whole of the line that was clicked."""
        self.action_whole_line()

    def action_whole_line(self) -> None:
        """Show the line above the footer on a page of its own, if it is cut."""
        text = self.answer_line.said.text
        if len(text) > self.size.width - 2:
            self.app.push_screen(OutputScreen("", (text,)))

    def action_show(self, name: str) -> None:
        """Bring a pane forward, and let the arrows belong to it."""
        self.show_pane(Pane(name))

    def show_pane(self, pane: Pane, *, remember: bool = True) -> None:
        """Bring a pane forward, and let the arrows belong to it."""
        if remember:
            self.bring(pane)
        else:
            self.panes.bring(pane)
        self._awaited = pane
        self._laid_out.clear()
        self._focus_awaited(self)

    def _focus_awaited(self, _: Screen[None]) -> None:
        """Let the arrows belong to the pane that was asked for, once it has its place."""
        if self._awaited is not None and self.panes.is_arranged:
            self.panes.focus_pane(self._awaited)
            self._awaited = None
            self._laid_out.set()

    async def _arranged(self) -> None:
        """Wait until the pane that was asked for has its place, if there is room for any.

        Once waiting was in vain, what is typed does not wait for that pane again.
        """
        if not self.panes.display:
            return
        try:
            await wait_for(self._laid_out.wait(), PATIENCE)
        except TimeoutError:
            self._laid_out.set()

    def bring(self, pane: Pane) -> None:
        """Bring a pane to the front of its deck, and let that be remembered."""
        super().bring(pane)
        self._rearranged()

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
            self.bring(pane)

    def action_zoom(self) -> None:
        """Give the pane with the focus the whole screen, or back."""
        arrangement = self.panes.arrangement
        pane = self.panes.focused
        if arrangement.zoomed is None and pane is None:
            self.tell(self.key_names.fill("{focus} first chooses the panel to zoom."))
            return
        self.tell("")
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
        else:
            await super().action_leave()

    def _ask(self, sign: str, text: str) -> None:
        def complete(line: str) -> tuple[str, ...]:
            return completions(self.now, line) if sign == ":" else ()

        def do(typed: str) -> None:
            self._do_typed(f"{lead}{typed}")

        lead = "" if sign == ":" else sign
        history = [line[len(lead) :] for line in self.history if line.startswith(lead)]
        self.prompt.ask(sign, text, history, complete, do)

    def _do_typed(self, line: str) -> None:
        if not line.strip():
            return
        self.history = (*self.history, line)
        self.post_message(LineTyped(line))
        self._typed = line
        self.perform(line)
        self._typed = ""

    def _rearranged(self) -> None:
        self.post_message(Rearranged(self.panes.arrangement))

    def complain(self, text: str) -> None:
        """Say what is wrong; on a page of its own with what was typed, where that is long."""
        if self._typed and len(text) > self.size.width - 2:
            self.app.push_screen(OutputScreen(self._typed, (text,)))
        else:
            super().complain(text)
