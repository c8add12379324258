"""Every guest: whether any breaks the policy at hand, found out beside all else, and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from engine.explorer.limits import LimitReason, Limits
from engine.findings import Verdict
from engine.policy.policy import Policy
from engine.timeline import Timeline
from scenarios.hardware import choices_for, fit
from tui.presenters.cells import Said, Tone
from tui.screens.run_screen import RunScreen
from tui.session.session import Session
from tui.widgets.messages import RunWanted
from tui.widgets.task import Task

if TYPE_CHECKING:
    from scenarios.case import Case
    from scenarios.checking import CellOutcome, CheckedCell, Progressed
    from tui.presenters.reports.every_guest import Answered

_TONES: Final = {
    Verdict.SAFE: Tone.GOOD,
    Verdict.UNSAFE: Tone.STALE,
    Verdict.UNDETERMINED: Tone.SKIPPED,
}
_OPENS: Final = "{every-guest} opens it"
_CANCELLED: Final = Said("every guest: undetermined: cancelled", Tone.SKIPPED)


class GuestAsker:
    """Asks of every guest, once a policy, and opens the shortest that breaks it."""

    def __init__(self, screen: RunScreen, limits: Limits | None) -> None:
        self._screen = screen
        self._limits = limits
        self._known: tuple[Policy, Answered] | None = None
        """The answer for a policy."""

    def action_every_guest(self) -> None:
        """Ask whether any guest breaks the policy; once one is known to, open it."""
        case, known = self._screen.now.case, self._known
        if known is None or known[0] is not case.policy:
            self._ask(case)
        elif known[1].shortest is None:
            self._tell(known[1])
        else:
            self._open(case, known[1])

    def _ask(self, case: Case) -> None:
        limits = self._limits

        def work(progress: Callable[[Progressed], bool]) -> Answered:
            return _answered(case, limits, progress)

        def done(answered: Answered) -> None:
            early = answered.answer.ended_early
            if early is None or early.outcome.reason != LimitReason.CANCELLED.value:
                self._known = (case.policy, answered)
            self._tell(answered)

        self._screen.answer_line.begin(
            Task(work, _under_way, lambda _: _CANCELLED, _not_known, done)
        )

    def _tell(self, answered: Answered) -> None:
        from tui.presenters.reports.every_guest import told_answer

        told = told_answer(answered)
        if answered.shortest is not None:
            told = f"{told}. {self._screen.key_names.fill(_OPENS)}"
        self._screen.tell(told, _TONES[answered.verdict])

    def _open(self, case: Case, answered: Answered) -> None:
        """Open the run of the shortest guest, where it must be looked at."""
        assert answered.shortest is not None
        checked, found = answered.shortest
        there = attrs.evolve(
            case,
            scenario=fit(checked.cell.scenario, checked.cell.hardware),
            scenario_spec=checked.scenario_spec,
            session="",
        )
        timeline = Timeline.replay(checked.cell.machine, found.events)
        at = found.step if found.exact is None else found.exact
        session = attrs.evolve(Session.start(there, timeline.seek(at)), prepared=True)
        self._screen.post_message(RunWanted(self._screen, session))


def _answered(
    case: Case, limits: Limits | None, progress: Callable[[Progressed], bool]
) -> Answered:
    """Search the general guests for a case's policy, on the hardware that the user chose."""
    from scenarios.checking import explore_cells
    from scenarios.every_guest import GUEST_LIMITS, EveryGuest, GuestQuestion, ask_every_guest
    from tui.presenters.reports.every_guest import Answered

    def explore(cells: Sequence[CheckedCell]) -> Sequence[CellOutcome]:
        return explore_cells(cells, None, progress)

    policy, given = case.policy, case.hardware
    questions = [
        GuestQuestion(policy, choice, GUEST_LIMITS if limits is None else limits)
        for choice in choices_for(policy, given)
    ]
    answers = ask_every_guest(questions, explore)
    return Answered(case.policy_spec, policy, case.options, EveryGuest.together(answers), given)


def _under_way(progressed: Progressed | None, seconds: float) -> Said:
    told = ["begins"]
    if progressed is not None and progressed.cell is not None:
        told = [progressed.cell.scenario.name]
        if progressed.counts is not None:
            told.append(f"{progressed.counts.states:,} states")
    return Said(f"every guest: exploring, {', '.join((*told, f'{seconds:.0f} s'))}")


def _not_known(why: str) -> Said:
    return Said(f"every guest: undetermined: {why}", Tone.SKIPPED)
