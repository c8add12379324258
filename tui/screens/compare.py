"""Two runs in lock-step: the same guest, host and hardware events drive both."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Static

from engine.explorer.limits import Limits
from engine.timeline import Timeline
from engine.transition import Step
from tui.commands.move import executes_instruction, executes_statement
from tui.keys.command import Command
from tui.presenters.cells import Cell, Row, Said, Tone, fitted
from tui.presenters.layout import Pane
from tui.presenters.panels.side_by_side import side_lines
from tui.screens.controllers.playback import Playback
from tui.screens.keyed import KeyedScreen
from tui.session.comparison import Comparison, Differences
from tui.session.session import Session
from tui.widgets.answer_line import AnswerLine
from tui.widgets.messages import LineGiven
from tui.widgets.panels.listings import SourcePanel
from tui.widgets.panels.painting import ALARM, FINE, PaintedWidget
from tui.widgets.panels.pair_list import PairList, RowChosen
from tui.widgets.panels.tables import SideMemory
from tui.widgets.task import Task

COUNT: Final = "count for the next command; with {start} or {end}, the row to go to"
OPEN_ONE: Final = "{open-left} or {open-right} opens one side in the debugger, which can say why."
ENDS: Final = "Both runs end here; {start} goes to the start."
ENDED: Final = "Both runs end here."
THEY_PART: Final = "Here they part; {divergence} again goes to where their memory does."


class SideOpened(Message):
    """The user wants to debug one side of a comparison."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session


class CommandWanted(Message):
    """The user wants the command that opens a comparison."""

    def __init__(self, comparison: Comparison, tell: Callable[[str], None]) -> None:
        """Ask for it, and for what was copied to be told."""
        super().__init__()
        self.comparison = comparison
        self.tell = tell


class CompareHeading(PaintedWidget, can_focus=False):
    """Says what is compared, where it is, and what both sides come to and did last."""

    special: ClassVar[Mapping[Tone, str]] = {Tone.STALE: ALARM, Tone.GOOD: FINE}

    comparison: reactive[Comparison | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        """Paint one of the lines."""
        width = self.size.width
        if self.comparison is None:
            return self.blank(width)
        rows = _heading(self.comparison, width)
        return self.paint(rows[y], width) if y < len(rows) else self.blank(width)


class CompareScreen(KeyedScreen):
    """Shows two runs at the same row of their lock-step; one key steps both."""

    counts: ClassVar[str] = COUNT

    comparison: reactive[Comparison | None] = reactive(None, repaint=False, init=False)

    def __init__(self, comparison: Comparison, commands: Iterable[Command]) -> None:
        super().__init__(commands)
        self.set_reactive(CompareScreen.comparison, comparison)
        self._heading: Final = CompareHeading()
        self._pairs: Final = PairList()
        self._memories: Final = (SideMemory("A"), SideMemory("B"))
        self._sources: Final = tuple(
            SourcePanel(Pane.SOURCE, id=f"source-{letter}") for letter in "ab"
        )
        self.answer_line: Final = AnswerLine(Limits(), self.key_names)
        self.playback: Final = self.controlled_by(Playback(self, _Rows(self)))
        self.ways_out = (self.answer_line.try_leave, self.playback.try_leave, *self.ways_out)

    def compose(self) -> ComposeResult:
        """Yield the heading, both memories, both policies, and what both did."""
        yield self._heading
        yield from self._memories
        with Horizontal(id="sources"):
            yield from self._sources
        yield self._pairs
        yield self.answer_line
        yield self.command_bar
        yield Static("Too small: the comparison needs 60 x 18.", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Show the comparison."""
        self.watch_comparison(None, self.comparison)

    @property
    def now(self) -> Comparison:
        """The comparison."""
        assert self.comparison is not None
        return self.comparison

    def watch_comparison(self, before: Comparison | None, comparison: Comparison | None) -> None:
        """Show both sides at another row, or with another one driving."""
        if comparison is None:
            return
        if before is None or before.lockstep is not comparison.lockstep:
            self.playback.look_ahead()
        self._heading.comparison = comparison
        sides = (comparison.left, comparison.right)
        for memory, source, own, other in zip(
            self._memories, self._sources, sides, reversed(sides), strict=True
        ):
            memory.set_reactive(SideMemory.other, other)
            memory.session = own
            source.session = own
        self._pairs.comparison = comparison

    async def press(self, key: str, character: str | None) -> bool:
        """Do the command of a key; where there is none here, say where there may be one."""
        done = await super().press(key, character)
        if not done and (character or "").isprintable() and character:
            self.tell(self.key_names.fill(OPEN_ONE))
        return done

    def on_row_chosen(self, chosen: RowChosen) -> None:
        """Go to a row that was chosen."""
        self.forget_count()
        self._go(chosen.row)

    def on_screen_suspend(self) -> None:
        """Play nothing that is not seen."""
        self.playback.try_leave()

    def on_line_given(self, given: LineGiven) -> None:
        """Say that what was clicked is answered by the debugger."""
        self.tell(self.key_names.fill(OPEN_ONE))

    def action_row(self, by: int) -> None:
        """Step both sides on or back."""
        self._go(self.now.row + by * (self.count or 1))

    def action_start(self) -> None:
        """Go to the start, or to the row that the count says."""
        self._go(self.count or 0)

    def action_end(self) -> None:
        """Go to the last row, or to the one that the count says."""
        self._go(self.now.last if self.count is None else self.count)

    def action_instruction(self, by: int) -> None:
        """Go to the next row in which a guest or the VMM executes an instruction."""
        self._seek(by, executes_instruction, "instruction")

    def action_statement(self, by: int) -> None:
        """Go to the next row in which a statement of a policy is executed."""
        self._seek(by, executes_statement, "statement of a policy")

    def action_divergence(self) -> None:
        """Go to the first divergence, from there on to the first one in memory."""
        first, memory = self.now.differences.first, self.now.differences.first_in_memory
        if first is None:
            self.tell("Both sides are the same to the end.")
        elif self.now.row != first or memory is None or memory == first:
            self._go(first)
            self.tell("Here they part." if memory is None else self.key_names.fill(THEY_PART))
        else:
            self._go(memory)
            self.tell("Here their memory begins to differ.")

    def action_difference(self, by: int) -> None:
        """Go to where the next difference begins, or to where the one before began."""
        self._nearest(self.now.differences.beginnings, by, "difference begins")

    def action_exact(self) -> None:
        """Go to the next exact step of either side, after the last to the first."""
        rows = self.now.rows_of("exact")
        after = [row for row in rows if row > self.now.row]
        if rows:
            self._go(min(after or rows))
        else:
            self.tell("No finding of either side has an exact step.")

    def action_finding(self, by: int) -> None:
        """Go to the next finding of either side, or to the one before."""
        self._nearest(self.now.rows_of("finding"), by, "finding")

    def action_open_side(self, side: str) -> None:
        """Open one side in the debugger."""
        self.post_message(SideOpened(self.now.left if side == "left" else self.now.right))

    def action_swap(self) -> None:
        """Let the other side drive, beside all else: it may take long."""
        now = self.now

        def show(made: Comparison) -> None:
            self.tell("")
            row = made.lockstep.row_of_left(self.now.right.timeline.cursor)
            self.comparison = made.at(row)

        self.answer_line.begin(Task.drive(now.swapped, show))

    def action_copy(self) -> None:
        """Copy the command that opens this comparison."""
        self.post_message(CommandWanted(self.now, self.tell))

    def tell(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show a line above the footer."""
        self.answer_line.tell(Said(text, tone))

    def _go(self, row: int) -> None:
        self.tell("")
        if max(0, min(row, self.now.last)) != self.now.row:
            self.comparison = self.now.at(row)

    def _nearest(self, rows: tuple[int, ...], by: int, what: str) -> None:
        at = bisect_right(rows, self.now.row) if by > 0 else bisect_left(rows, self.now.row) - 1
        if 0 <= at < len(rows):
            self._go(rows[at])
        else:
            self.tell(f"No {what} {'after' if by > 0 else 'before'} this row.")

    def _seek(self, by: int, wanted: Callable[[Step], bool], what: str) -> None:
        row, rows = self.now.row + by, self.now.lockstep.rows
        while 0 < row < len(rows):
            if any(map(wanted, _steps(self.now, row))):
                self._go(row)
                return
            row += by
        self.tell(f"No {what} {'after' if by > 0 else 'before'} this row.")


class _Rows:
    """The rows of a comparison, to be played to the last."""

    unit = "rows"
    ends = ENDS

    def __init__(self, screen: CompareScreen) -> None:
        self._screen = screen

    @property
    def at(self) -> int:
        return self._screen.now.row

    @property
    def last(self) -> int:
        return self._screen.now.last

    def next_stop(self) -> int:
        return self.last

    def go(self, place: int) -> None:
        # What is told of playing stays while it goes on.
        self._screen.comparison = self._screen.now.at(place)

    def why_stopped(self) -> str:
        return ENDED


def _steps(comparison: Comparison, row: int) -> list[Step]:
    """Return the steps that are taken to a row: one on each side, or on one only."""
    (left, right), (left_after, right_after) = comparison.lockstep.rows[row - 1 : row + 1]
    sides: list[tuple[Timeline, range]] = [
        (comparison.lockstep.left, range(left, left_after)),
        (comparison.lockstep.right, range(right, right_after)),
    ]
    return [timeline.steps[at] for timeline, taken in sides for at in taken]


def _divergence(differences: Differences) -> str:
    first, memory = differences.first, differences.first_in_memory
    if first is None:
        return "are the same to the end"
    if memory is None:
        return f"part at row {first}, not in memory"
    return f"part at row {first}, in memory at {memory}"


def _heading(comparison: Comparison, width: int) -> tuple[Row, ...]:
    left, right = comparison.left, comparison.right
    names = comparison.names
    where = f"row {comparison.row} of {comparison.last} "
    title = f" {left.subject.scenario}: A and B {_divergence(comparison.differences)}"
    room = max(width - len(where), 0)
    differs = comparison.differences.states_differ(comparison.row)
    return (
        Row(
            (
                Cell(fitted(title, room), Tone.STRONG),
                Cell(where[:width], Tone.SKIPPED if differs else Tone.STRONG),
            )
        ),
        *side_lines("A", left.timeline, names[0], width),
        *side_lines("B", right.timeline, names[1], width),
    )
