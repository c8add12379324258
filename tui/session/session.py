"""A session: the branches of a run, what to stop at, bookmarks, and what was asked last."""

from __future__ import annotations

from typing import Final

import attrs

from engine.machine.actors import Actor
from engine.machine.events import Event
from engine.machine.setup import Setup
from engine.timeline import Timeline
from engine.transition import Step
from scenarios.case import Case, Subject
from scenarios.run import NO_NOTES, Notes, Run, notes_up_to, played_run
from scenarios.schedule import Skipped
from tui.session.branches import Branch, Branches
from tui.session.requests import Request
from tui.session.stops import NO_STOPS, Breakpoint, Stops

FIRST_KIND: Final = "flush"


@attrs.frozen
class Bookmark:
    """A remark of the user's at a step; branches that share the step share it."""

    branch: str
    step: int
    text: str


@attrs.frozen
class Work:
    """What the user has made of a run."""

    runs: tuple[tuple[str, tuple[Step, ...]], ...] = attrs.field(default=(), repr=False)
    """Per branch its name and steps."""
    breakpoints: tuple[Breakpoint, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()

    def worth_keeping(self, begun: Work) -> bool:
        """Say whether it is more than names and a run that can be had again as it was begun."""
        if len(self.runs) > 1 or self.breakpoints or self.bookmarks:
            return True
        return self._first_steps != begun._first_steps

    def begun_with(self, steps: tuple[Step, ...]) -> Work:
        """Return the work as if its first branch had had these steps from the beginning."""
        runs = tuple((name, steps) for name, _ in self.runs[:1])
        return attrs.evolve(self, runs=(*runs, *self.runs[1:]))

    @property
    def _first_steps(self) -> tuple[Step, ...]:
        return self.runs[0][1] if self.runs else ()


NO_WORK: Final = Work()


@attrs.frozen
class PromptMemory:
    """What commands go by where they do not say it themselves."""

    actor: Actor | None = None
    """Whose instructions and statements to step by, anybody's for None."""
    kind: str = FIRST_KIND
    """The kind of event that is looked for where none is named."""
    last: str = ""
    """What an empty line does again."""
    sought: str = ""
    """What was searched for last."""


@attrs.frozen(eq=False)
class Session:
    """All that a debugger knows; a command makes a new one."""

    case: Case
    branches: Branches
    notes: Notes = attrs.field(default=NO_NOTES, repr=False)
    """The scenario's remarks on the first branch."""
    prepared: bool = False
    """The first branch is another run than that of the scenario's own schedule."""
    skipped: tuple[Skipped, ...] = ()
    """What that schedule passed over, where the first branch is its run."""
    stops: Stops = NO_STOPS
    bookmarks: tuple[Bookmark, ...] = ()
    """In the order of branches, then of steps."""
    prompt: PromptMemory = PromptMemory()
    file: str = ""
    """Where it was read from, or saved last; empty if nowhere."""
    saved: Work = attrs.field(default=NO_WORK, repr=False)
    """What it was when it was begun, read or saved."""
    request: Request | None = None
    """What the last command asks of who performs it."""
    over: bool = False

    @classmethod
    def start(
        cls,
        case: Case,
        timeline: Timeline,
        notes: Notes = NO_NOTES,
        skipped: tuple[Skipped, ...] = (),
    ) -> Session:
        """Return the session that has only this run, at its cursor."""
        return cls(case, Branches.of(timeline), notes, skipped=skipped).kept()

    @classmethod
    def play(cls, case: Case) -> Session:
        """Return the session of a scenario's own schedule, at step 0.

        Raises:
            ScheduleError: the schedule does not end.
        """
        run = played_run(case)
        return cls.start(case, run.timeline, run.notes, run.skipped)

    def grown(self, run: Run) -> Session:
        """Return the session once more of its schedule has been played, the cursors as they are.

        If the user has gone on from where it ended before, the schedule is a branch of its own.
        Under a policy that was put into KVM meanwhile it is not played.
        """
        first, timeline = self.branches.first, run.timeline
        if timeline.initial.setup is not self.setup:
            return self
        if first.timeline.steps == timeline.steps[: len(first.timeline.steps)]:
            longer = attrs.evolve(first, timeline=timeline.seek(first.timeline.cursor))
            every = (longer, *self.branches.every[1:])
            return attrs.evolve(
                self,
                branches=attrs.evolve(self.branches, every=every),
                notes=run.notes,
                skipped=run.skipped,
                prepared=False,
                saved=self.saved.begun_with(timeline.steps),
            )
        there = self.switch(first.name).fork(timeline, 0, stem="schedule")
        return there.switch(self.branch.name)

    @property
    def work(self) -> Work:
        """What the user has made of the run: branches, stops and bookmarks, not where one is."""
        runs = tuple((each.name, each.timeline.steps) for each in self.branches)
        return Work(runs, self.stops.breakpoints, self.bookmarks)

    @property
    def unsaved(self) -> bool:
        """Whether there is work that would be lost."""
        work = self.work
        return work != self.saved and work.worth_keeping(self.saved)

    def kept(self) -> Session:
        """Return the session as one whose work is safe."""
        return attrs.evolve(self, saved=self.work)

    @property
    def branch(self) -> Branch:
        """The branch that is looked at."""
        return self.branches.at_hand

    @property
    def timeline(self) -> Timeline:
        """The run that is looked at, its cursor at the step at hand."""
        return self.branch.timeline

    @property
    def setup(self) -> Setup:
        """What is the same in all branches."""
        return self.timeline.initial.setup

    @property
    def subject(self) -> Subject:
        """What is run, for the heading."""
        subject = self.case.subject
        return attrs.evolve(subject, title=self.branch.title or subject.title)

    @property
    def run(self) -> Run:
        """The run that is looked at, with the scenario's remarks as far as it follows them."""
        notes = self.notes
        for _, at in self.branches.ancestors(self.branch):
            notes = notes_up_to(notes, at)
        return Run(self.timeline, self.subject, notes)

    @property
    def marked(self) -> dict[int, str]:
        """The bookmarks on the branch that is looked at, by step."""
        reach = {
            self.branch.name: len(self.timeline.steps),
            **dict(self.branches.ancestors(self.branch)),
        }
        return {
            each.step: each.text
            for each in self.bookmarks
            if each.step <= reach.get(each.branch, -1)
        }

    def at(self, timeline: Timeline) -> Session:
        """Return the session with the branch at hand moved or extended."""
        return attrs.evolve(self, branches=self.branches.at(timeline))

    def extended(self, event: Event) -> Session:
        """Return the session with an event after the cursor, where the branch at hand ends."""
        longer = self.at(self.timeline.extend((event,)))
        return attrs.evolve(longer, prepared=self.prepared or not self.branches.current)

    def seek(self, step: int) -> Session:
        """Return the session at another step of the same branch."""
        return self.at(self.timeline.seek(step))

    def switch(self, name: str) -> Session:
        """Return the session at another of its branches, where that was left."""
        return attrs.evolve(self, branches=self.branches.switch(name))

    def sharing(self, timeline: Timeline, at: int) -> Session | None:
        """Return the session at a branch that shares a run's first steps, None if none does."""
        there = self.branches.sharing(timeline, at)
        return None if there is None else attrs.evolve(self, branches=there)

    def at_run(self, timeline: Timeline, title: str) -> Session:
        """Return the session at the branch that is a run, which is made if there is none."""
        return attrs.evolve(self, branches=self.branches.at_run(timeline, title))

    def fork(
        self, timeline: Timeline, at: int, *, stem: str = "branch", title: str = ""
    ) -> Session:
        """Return the session at a new branch, which shares the steps up to `at` with this one.

        The old future is kept: the branch at hand stays, where it is.
        """
        forked = self.branches.fork(timeline, at, stem=stem, title=title)
        return attrs.evolve(self, branches=forked)
