"""A run whose commands reach beyond it: to files, the clipboard, other policies and branches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from textual.app import SuspendNotSupported

from engine.explorer.limits import Limits
from scenarios.case import Case
from scenarios.policy_library import policy_names, policy_title
from tui.commands.command import Lines
from tui.keys.command import Command
from tui.presenters.cells import Tone
from tui.presenters.layout import Arrangement, Pane
from tui.presenters.reports.plain import printable
from tui.screens.choice import ChoiceScreen
from tui.screens.played_screen import PlayedScreen
from tui.session.errors import CommandError
from tui.session.history import Visits
from tui.session.requests import Compare, Copy, Edit, Export, Foresee, Form, Request, Save, Swap
from tui.session.session import Session
from tui.widgets.messages import ComparisonWanted
from tui.widgets.search_thread import Search
from tui.widgets.task import Task

if TYPE_CHECKING:
    from engine.machine.setup import Setup
    from tui.presenters.panels.side_by_side import told_alike
    from tui.session.comparison import Comparison

_T = TypeVar("_T")

STILL_BUSY: Final = "Still at work: {leave} cancels."
_OTHER: Final = "another one: type its name, or a file"


class FulfillingScreen(PlayedScreen):
    """Adds to a run what its commands request for, and the way back to what was shown before."""

    copies: Path | None = None
    """Where copies of policies go that are edited."""
    _draft: tuple[Setup, str] | None = None
    """A file that was edited and is no policy yet, and in whose place."""

    def __init__(
        self,
        session: Session,
        commands: Iterable[Command],
        limits: Limits | None = None,
        arrangement: Arrangement | None = None,
    ) -> None:
        super().__init__(session, commands, limits, arrangement)
        self._visits = Visits()

    def perform(self, line: str) -> None:
        """Do a line of the prompt, and note where it leads away from."""
        before = self.now
        super().perform(line)
        if self.now.setup is before.setup and self.now.branch.name != before.branch.name:
            names = self.now.branches.names
            if before.branch.name in names:
                self._visits = self._visits.leave(before)

    def fulfil(self, request: Request) -> None:
        """Do what a command wishes for."""
        try:
            self._fulfil(request)
        except CommandError as error:
            self.complain(str(error))

    def action_save(self) -> None:
        """Save the session, asking for a file if it came from none."""
        if self.now.file:
            self.perform("save")
        else:
            self.action_prompt_for(f"save {self.now.case.scenario.name}.session")

    def action_edit_policy(self) -> None:
        """Edit the policy, and put what comes of it into this run's KVM."""
        self.fulfil(Edit())

    def action_choose_policy(self) -> None:
        """Ask which policy to put into this run's KVM."""
        names = policy_names()
        at = names.index(self.now.case.policy.name) if self.now.case.policy.name in names else 0

        def take_up(chosen: int | None) -> None:
            if chosen is not None:
                self._choose("policy", names, chosen)

        lines = (*map(_described, names), _OTHER)
        self.app.push_screen(ChoiceScreen("Which policy shall KVM have?", lines, at), take_up)

    def action_choose_compared(self) -> None:
        """Ask what to compare this run with: another branch, or another policy."""
        chosen = self.panes.branches.chosen_branch
        if chosen is not None and chosen != self.now.branch.name:
            self.perform(f"compare {chosen}")
            return
        branches = [each.name for each in self.now.branches if each.name != self.now.branch.name]
        names = (*branches, *policy_names())
        at = names.index("upstream")

        def take_up(chosen: int | None) -> None:
            if chosen is not None:
                self._choose("compare", names, chosen)

        lines = (*(f"the branch {name}" for name in branches), *map(_described, policy_names()))
        question = "Compare with what?"
        self.app.push_screen(ChoiceScreen(question, (*lines, _OTHER), at), take_up)

    def action_former(self) -> None:
        """Go back to the run that was shown before."""
        self._visit(self._visits.back(self.now), "No run was shown before this one.")

    def action_later(self) -> None:
        """Go forward again to the run that was gone back from."""
        self._visit(self._visits.forward(self.now), "No run was gone back from.")

    async def action_leave(self) -> None:
        """Cancel a task, else go back from what is open."""
        if self.answer_line.busy:
            self.answer_line.cancel()
        else:
            await super().action_leave()

    def show(self, session: Session) -> None:
        """Show another run in place of this one, to which `former` leads back."""
        self._visits = self._visits.leave(self.now)
        self.session = session

    def compare(self, made: Comparison) -> None:
        """Show a comparison."""
        self.post_message(ComparisonWanted(made))

    def _fulfil(self, request: Request) -> None:
        from tui.files import outside_work as desk

        match request:
            case Save(path):
                self.session, lines = desk.save(self.now, path)
                self.tell("; ".join(lines), Tone.GOOD)
            case Export(form, path):
                self.tell("; ".join(desk.export(self.now, form, path, self._picture)), Tone.GOOD)
            case Copy(mail):
                now = self.now
                text = desk.as_text(now, Form.MAIL) if mail else desk.replay_command(now)
                self.app.copy_to_clipboard(text)
                name = desk.COPIED_MAIL if mail else desk.COPIED_COMMAND
                said = desk.copied(text, self.copies, name)
                self.tell(f"{said}." if mail else f"{said}: {text}")
            case Swap(policy):
                self._swap(desk.under(self.now.case, policy))
            case Edit():
                self._edit()
            case Foresee():
                self.show_pane(Pane.CHOICES)
            case Compare(other):
                if other in self.now.branches.names:
                    self.compare(desk.comparison(self.now, other))
                else:
                    self._compare(desk.under(self.now.case, other))

    def _drive(self, work: Search[int, _T], done: Callable[[_T], None]) -> None:
        """Drive another run by this one, beside all else; only what was asked for is shown."""
        if self.answer_line.busy:
            self.complain(self.key_names.fill(STILL_BUSY))
            return
        asked = self.now

        def take_up(made: _T) -> None:
            if asked.work == self.now.work and asked.setup is self.now.setup:
                self.tell("")
                done(made)
            else:
                self.complain("The run has changed meanwhile: ask once more.")

        self.answer_line.begin(Task.drive(work, take_up))

    def _swap(self, case: Case) -> None:
        """Put another policy into this run's KVM."""
        from tui.commands.policy_swap import swapped

        now = self.now

        def show(made: tuple[Session, Lines]) -> None:
            session, lines = made
            self.show(session)
            self.tell("; ".join(lines))

        self._drive(lambda told: swapped(now, case, told), show)

    def _compare(self, case: Case) -> None:
        """Show this run beside what it is in another case."""
        from tui.session.comparison import Comparison

        now = self.now
        self._drive(lambda told: Comparison.under(now, case, told_alike, told), self.compare)

    def _edit(self) -> None:
        """Have the policy edited, and take up what comes of it; what is no policy can be mended."""
        from tui.files.editor import edit
        from tui.files.outside_work import policy_file, under

        now, draft = self.now, self._draft
        mended = draft is not None and draft[0] is now.setup
        path = draft[1] if draft is not None and mended else policy_file(now.case, self.copies)
        try:
            before = Path(path).read_bytes()
            with self.app.suspend():
                wrong = edit(path)
            after = Path(path).read_bytes()
            case = now.case if wrong or after == before else under(now.case, path)
        except SuspendNotSupported:
            wrong = f"This terminal cannot be lent to an editor: edit {path}, then :policy it"
        except OSError as error:
            wrong = f"{path}: {error.strerror}: the policy is as it was."
        except CommandError as error:
            self._draft = (now.setup, path)
            wrong = f"{error}; {self.key_names.fill('{edit}')} opens {path} again"
        if wrong:
            self.complain(wrong)
        elif case is now.case:
            self.tell(f"{path} is as it was.")
        else:
            self._draft = None
            self._swap(case)

    def _choose(self, command: str, names: tuple[str, ...], chosen: int) -> None:
        if chosen < len(names):
            self.perform(f"{command} {names[chosen]}")
        else:
            self.action_prompt_for(f"{command} ")

    def _visit(self, there: tuple[Session, Visits] | None, otherwise: str) -> None:
        if there is None:
            self.tell(otherwise)
        else:
            self.session, self._visits = there
            self.answer("", ())

    def _picture(self, session: Session) -> str:
        from tui.presenters.exports.screenshot import self_contained

        title = printable(f"{session.case.scenario.name} under {session.case.policy.name}")
        at = f"step {session.timeline.cursor} of {len(session.timeline.steps)}"
        return self_contained(self.app.export_screenshot(title=f"{title}, {at}"))


def _described(policy: str) -> str:
    return f"{policy:24} {policy_title(policy)}"
