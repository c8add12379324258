"""What the arguments of `scenario` open: a session, begun anew or read from a file."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from os.path import exists
from typing import TYPE_CHECKING, Final, NoReturn

import attrs

from engine.explorer.limits import Counts, Limits
from engine.findings import Kind
from engine.machine.state import Machine
from engine.refusal import InFile, ListEntry, RefusedError, quote
from engine.timeline import Timeline
from scenarios.case import Case, Words, flat
from scenarios.event_list import SEPARATOR, read_run
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.run import run_of
from scenarios.schedule import Playing
from scenarios.sources.candidate import split_fragment
from tui.command_line.arguments import DEFAULT_POLICY, Reading, add_reading, check_step, reading
from tui.command_line.case import opened_case
from tui.command_line.exploration.interruption import interruptible
from tui.command_line.exploration.progress import ProgressLine, told_counts
from tui.command_line.parser import Once
from tui.presenters.words import listed
from tui.session.session import Session

if TYPE_CHECKING:
    from engine.explorer.explore import Exploration
    from tui.files.session_entry import SessionEntry
    from tui.session.comparison import Comparison

MOST_POLICIES: Final = 2

_OPENED: Final = ("name", "policies")
_READ: Final = ("config", "assume_no_effect", "base", "implementor", "fwb")
"""What a session's file says of itself."""
_PIECE: Final = 2_000
"""Steps that are played between two looks at the clock."""


def add_opening(parser: argparse.ArgumentParser) -> None:
    """Add `--counterexample`, `--events` and `--session`."""
    parser.add_argument(
        "--counterexample",
        choices=tuple(kind.value for kind in Kind),
        action=Once,
        help="look for the shortest run with such a finding, and open that",
    )
    parser.add_argument(
        "--events",
        metavar="EVENTS",
        action=Once,
        help="open the run of these events instead of the schedule's, such as "
        "'13 vcpu0, fill x on pcpu0, 12 vcpu1'",
    )
    parser.add_argument(
        "--session",
        metavar="FILE",
        action=Once,
        help="open a session that was saved: it carries its scenario and its policy",
    )


def given_policies(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Return the policies that were asked for, by the user's words.

    Raises:
        RefusedError: there are more than can be compared.
    """
    policies = tuple(arguments.policies or ())
    if len(policies) > MOST_POLICIES:
        raise RefusedError(f"{len(policies)} policies", "one, or two to compare in lock-step")
    return policies


def opened_session(
    arguments: argparse.Namespace, how: Reading, first: int | None = None
) -> tuple[Session, Playing | None]:
    """Return the session that the arguments ask for, at the step that they ask for.

    Of a schedule only the `first` steps are played, or up to the step asked for; what is left is
    returned as well.

    Raises:
        RefusedError: they do not go together, or ask for what there is not.
        RefusedError: something cannot be read.
        ScheduleError: the schedule does not end.
    """
    if arguments.session is not None:
        session, rest = _saved(arguments), None
    else:
        policy = (*given_policies(arguments), DEFAULT_POLICY)[0]
        case = opened_case(arguments.name, policy, how)
        if arguments.counterexample is not None or arguments.events is not None:
            session, rest = _prepared(arguments, case), None
        else:
            at = arguments.at or 0
            session, rest = _begun(case, None if first is None else max(first, at))
    # What is left of a schedule comes after the step asked for.
    check_step(arguments.at, len(session.timeline.steps))
    return (session if arguments.at is None else session.seek(arguments.at)), rest


def beside(session: Session, case: Case) -> Comparison:
    """Return a session's run beside what it is in another case, telling how far it is."""
    from tui.presenters.panels.side_by_side import told_alike
    from tui.session.comparison import Comparison

    line = ProgressLine()

    def told(steps: int) -> bool:
        if line.is_due():
            line.show(f"{steps} steps driven under {case.policy.name}")
        return True

    try:
        return Comparison.under(session, case, told_alike, told)
    finally:
        line.erase()


def _begun(case: Case, steps: int | None) -> tuple[Session, Playing | None]:
    """Return the session of a schedule's first steps, None: of all, and the rest if there is any.

    It is told how far it is, and so it is up to the first screen.
    """
    playing = Playing(case.machine, case.scenario.schedule)
    line = ProgressLine()
    try:
        while not playing.done and (steps is None or len(playing) <= steps):
            playing.advance(_PIECE if steps is None else min(_PIECE, steps + 1 - len(playing)))
            if line.is_due():
                line.show(f"{len(playing)} steps played")
    finally:
        line.erase()
    run = run_of(case, playing.played)
    session = Session.start(case, run.timeline, run.notes, run.skipped)
    if playing.done:
        return session, None
    return attrs.evolve(session, prepared=True), playing


def _prepared(arguments: argparse.Namespace, case: Case) -> Session:
    """Return the session of a run that is no schedule's."""
    if arguments.counterexample is not None:
        kind = Kind(arguments.counterexample)
        timeline = _counterexample(case, kind, arguments.max_states)
    else:
        timeline = _written(case, arguments.events)
    return attrs.evolve(Session.start(case, timeline), prepared=True)


def _saved(arguments: argparse.Namespace) -> Session:
    if any(getattr(arguments, each) is not None for each in _OPENED):
        raise RefusedError("--session with something else to open", "one of them")
    if any(getattr(arguments, each) is not None for each in _READ):
        raise RefusedError("--session with options for a policy", "neither: those are kept in it")
    from tui.files.session_file import read_session_file, restored

    path = arguments.session
    entry = read_session_file(path)
    case = _carried(entry, path)
    if arguments.counterexample is not None or arguments.events is not None:
        return _prepared(arguments, case)
    return restored(entry, case, path)


def _carried(entry: SessionEntry, path: str) -> Case:
    """Return the case that a session carries; that of the files of now where it is the same.

    Raises:
        RefusedError: the file holds none.
    """
    from tui.files.embedded import changes, embedded_case

    options = entry.policy.options
    words = _options_again(options, path)
    without_base = tuple(each for each in options if each[:1] != ("--base",))
    how = reading(_options_again(without_base, path))
    case = embedded_case(entry, how.options, how.hardware, path)
    unreadable: list[str] = []
    scenario, policy, base = None, None, None
    try:
        scenario = load_scenario(case.scenario_spec)
    except RefusedError as error:
        if exists(case.scenario_spec):
            unreadable.append(f"{quote(case.scenario_spec)} can no longer be read ({error})")
    try:
        base = reading(words).base
        policy = load_policy(case.policy_spec, options=how.options, base=base)
    except RefusedError as error:
        if exists(split_fragment(case.policy_spec)[0]):
            unreadable.append(f"{quote(case.policy_spec)} can no longer be read ({error})")
    differ = (*unreadable, *changes(case, scenario, policy))
    if scenario is not None and policy is not None and not differ:
        return attrs.evolve(case, session="", base=base)
    told = tuple(f"{each}; the session goes on with its own copy" for each in differ)
    return attrs.evolve(case, base=base, changed=told)


def _options_again(options: Words, path: str) -> argparse.Namespace:
    """Return the options by which a session's policy was read.

    Raises:
        RefusedError: the options in its file are none that say so.
    """
    words = list(flat(options))
    found = quote(shlex.join(words))

    class Options(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise RefusedError(
                found, "options that say how it is read", InFile(path, "policy.options")
            )

    parser = Options(add_help=False, allow_abbrev=False)
    add_reading(parser)
    return parser.parse_args(words)


def _written(case: Case, events: str) -> Timeline:
    try:
        return read_run(case.machine, (each for each in events.split(SEPARATOR.strip()) if each))
    except RefusedError as refused:
        place = refused.place
        assert isinstance(place, ListEntry)
        entry, found = quote(place.text), refused.found
        named = found if found.startswith(entry) else f"{entry}: {found}"
        where = f"--events, entry {place.index + 1}"
        raise RefusedError(f"{where}: {named}", refused.expected, way=refused.way) from None


def _counterexample(case: Case, kind: Kind, max_states: int | None) -> Timeline:
    """Return the shortest run with a finding of that kind.

    Raises:
        RefusedError: none is known.
    """
    machine = case.machine
    known = _explored(machine, Limits() if max_states is None else Limits(max_states))
    for each in known.counterexamples:
        if each.finding.kind is kind:
            return Timeline.replay(machine, each.events)
    kinds = tuple(each.finding.kind for each in known.counterexamples)
    raise no_such_run(case, kind, kinds, cut_short=known.reason is not None)


def no_such_run(case: Case, kind: Kind, kinds: Sequence[Kind], *, cut_short: bool) -> RefusedError:
    """Return the error of a counterexample that is not there, beside the kinds that are."""
    found = f"no {kind.value} run of {case.scenario.name} under {case.policy.name}"
    if cut_short:
        return RefusedError(found, "one within the limit on states")
    if not kinds:
        return RefusedError(found, "a policy that is not safe there")
    return RefusedError(found, listed(each.value for each in kinds))


def _explored(machine: Machine, limits: Limits) -> Exploration:
    from engine.explorer.explore import explore

    line = ProgressLine()
    with interruptible() as interruption:

        def tell(counts: Counts) -> bool:
            if line.is_due():
                line.show(told_counts(counts.states, counts.frontier, line.elapsed))
            return not interruption.asked

        try:
            known = explore(machine, limits=limits, progress=tell)
        finally:
            line.erase()
    if interruption.asked:
        raise KeyboardInterrupt
    return known
