"""Requests: what commands ask for beyond their run, done with this screen for surroundings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from textual.app import SuspendNotSupported

from engine.refusal import RefusedError
from scenarios.names import policy_names, policy_title
from tui.commands.command import Lines
from tui.presenters.cells import Tone
from tui.presenters.layout import Pane
from tui.presenters.reports.plain import printable
from tui.screens.choice import ChoiceScreen
from tui.screens.controllers.arrangement import Arranger
from tui.screens.controllers.foresight import Foresight
from tui.screens.controllers.prompt_line import PromptLine
from tui.screens.run_screen import RunScreen
from tui.session.requests import Edit, Request
from tui.session.session import Session
from tui.widgets.messages import ComparisonWanted
from tui.widgets.search_thread import SearchWork
from tui.widgets.task import Task

if TYPE_CHECKING:
    from engine.machine.setup import Setup
    from tui.session.comparison import Comparison

_T = TypeVar("_T")

_OTHER: Final = "another one: type its name, or a file"


class Requests:
    """Does what commands ask for, and asks which policy, branch or file they mean."""

    def __init__(
        self, screen: RunScreen, prompt_line: PromptLine, arranger: Arranger, foresight: Foresight
    ) -> None:
        self.directory: Path | None = None
        """Where copies go: of policies that are edited, of what was copied."""
        self._screen = screen
        self._prompt_line = prompt_line
        self._arranger = arranger
        self._foresight = foresight
        self._draft: tuple[Setup, str] | None = None
        """A file that was edited and is no policy yet, and in whose place."""

    @property
    def now(self) -> Session:
        """The session that asks."""
        return self._screen.now

    def do(self, request: Request) -> None:
        """Do what a command asks for, or say what is wrong with it."""
        from tui.files.outside_work import do

        try:
            do(request, self)
        except RefusedError as error:
            self._screen.complain(str(error))

    def action_save(self) -> None:
        """Save the session, asking for a file if it came from none."""
        if self.now.file:
            self._screen.perform("save")
        else:
            self._prompt_line.action_prompt_for(f"save {self.now.case.scenario.name}.session")

    def action_edit_policy(self) -> None:
        """Edit the policy, and put what comes of it into this run's KVM."""
        self.do(Edit())

    def action_choose_policy(self) -> None:
        """Ask which policy to put into this run's KVM."""
        names = policy_names()
        at = names.index(self.now.case.policy.name) if self.now.case.policy.name in names else 0
        lines = (*map(_described, names), _OTHER)
        self._choose("policy", "Which policy shall KVM have?", names, lines, at)

    def action_choose_compared(self) -> None:
        """Ask what to compare this run with: another branch, or another policy."""
        chosen = self._screen.panes.branches.chosen_branch
        if chosen is not None and chosen != self.now.branch.name:
            self._screen.perform(f"compare {chosen}")
            return
        branches = [name for name in self.now.branches.names if name != self.now.branch.name]
        names = (*branches, *policy_names())
        lines = (*(f"the branch {name}" for name in branches), *map(_described, policy_names()))
        at = names.index("upstream")
        self._choose("compare", "Compare with what?", names, (*lines, _OTHER), at)

    def wrote(self, session: Session, lines: Lines) -> None:
        """Go on with a session of which something was written, and say so."""
        self._screen.session = session
        self._screen.tell("; ".join(lines), Tone.GOOD)

    def hand_over(self, text: str, *, mail: bool) -> None:
        """Put a text where it can be pasted, and say where."""
        from tui.files.outside_work import COPIED_COMMAND, COPIED_MAIL, copied

        self._screen.app.copy_to_clipboard(text)
        said = copied(text, self.directory, COPIED_MAIL if mail else COPIED_COMMAND)
        self._screen.tell(f"{said}." if mail else f"{said}: {text}")

    def picture(self, session: Session) -> str:
        """Return the screen as SVG."""
        from tui.presenters.exports.screenshot import self_contained

        title = printable(f"{session.case.scenario.name} under {session.case.policy.name}")
        at = f"step {session.timeline.cursor} of {len(session.timeline.steps)}"
        return self_contained(self._screen.app.export_screenshot(title=f"{title}, {at}"))

    def drive(self, work: SearchWork[int, _T], done: Callable[[_T], None]) -> None:
        """Drive another run by this one, beside all else; only what was asked for is shown."""
        asked = self.now

        def take_up(made: _T) -> None:
            if asked.work == self.now.work and asked.setup is self.now.setup:
                self._screen.tell("")
                done(made)
            else:
                self._screen.complain("The run has changed meanwhile: ask once more.")

        self._screen.answer_line.begin(Task.drive(work, take_up))

    def show_run(self, session: Session, lines: Lines) -> None:
        """Show another run in place of this one, and say what became of it."""
        self._screen.show(session)
        self._screen.tell("; ".join(lines))

    def show_comparison(self, made: Comparison) -> None:
        """Show a comparison."""
        self._screen.post_message(ComparisonWanted(made))

    def show_foreseen(self) -> None:
        """Show what can follow, and say where there is no return."""
        self._arranger.show(Pane.CHOICES)
        self._screen.tell(self._foresight.sentence)

    def edit(self) -> None:
        """Have the policy edited, and take up what comes of it; what is no policy can be mended."""
        from tui.files.editor import edit
        from tui.files.outside_work import policy_file, put_in, under

        now, draft = self.now, self._draft
        mended = draft is not None and draft[0] is now.setup
        path = draft[1] if draft is not None and mended else policy_file(now.case, self.directory)
        try:
            before = Path(path).read_bytes()
            with self._screen.app.suspend():
                wrong = edit(path)
            after = Path(path).read_bytes()
            case = now.case if wrong or after == before else under(now.case, path)
        except SuspendNotSupported:
            wrong = f"This terminal cannot be lent to an editor: edit {path}, then :policy it"
        except OSError as error:
            wrong = f"{path}: {error.strerror}: the policy is as it was."
        except RefusedError as error:
            self._draft = (now.setup, path)
            wrong = f"{error}; {self._screen.key_names.fill('{edit}')} opens {path} again"
        if wrong:
            self._screen.complain(wrong)
        elif case is now.case:
            self._screen.tell(f"{path} is as it was.")
        else:
            self._draft = None
            put_in(case, self)

    def _choose(
        self, command: str, question: str, names: tuple[str, ...], lines: Lines, at: int
    ) -> None:
        """Ask what a command is to be done with; the last line stands for what is typed."""

        def take_up(chosen: int | None) -> None:
            if chosen is None:
                return
            if chosen < len(names):
                self._screen.perform(f"{command} {names[chosen]}")
            else:
                self._prompt_line.action_prompt_for(f"{command} ")

        self._screen.app.push_screen(ChoiceScreen(question, lines, at), take_up)


def _described(policy: str) -> str:
    return f"{policy:24} {policy_title(policy)}"
