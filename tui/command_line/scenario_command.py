"""`scenario`: open the debugger on a scenario or on a counterexample, or the picker."""

from __future__ import annotations

import argparse
import sys

from engine.c.policy import Policy
from engine.explorer.limits import Counts, Limits
from engine.explorer.verdict import Exploration, Verdict, explore
from engine.findings import Kind
from engine.machine.state import Machine
from engine.timeline import Timeline
from scenarios.hardware import fit
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.scenario import Scenario
from tui.command_line.arguments import (
    DEFAULT_POLICY,
    HOLDS,
    Once,
    Subparsers,
    UsageError,
    add_limits,
    add_policy,
    add_reading,
    new_command,
    reading,
    step_number,
)
from tui.command_line.batch import add_batch, debug
from tui.command_line.exploring import told_counts
from tui.command_line.interruption import interruptible
from tui.command_line.progress import ProgressLine
from tui.command_line.teaching import add_teaching, grade, mode
from tui.presenters.words import listed


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "scenario",
        "open the debugger on a scenario, or pick one",
        "scenario secondary-stale-line --policy vcpu0-only",
        "scenario my-own.toml --policy mine.c --counterexample stale",
        "scenario secondary-stale-line --policy vcpu0-only --tour",
        "scenario secondary-stale-line --quiz --answers anna.txt",
        "scenario boot-on-vcpu1 --policy vcpu0-only --batch commands.txt",
        "scenario",
    )
    parser.add_argument(
        "name",
        metavar="NAME|FILE",
        nargs="?",
        help="a scenario's name, or a path to one (default: pick it on the screen)",
    )
    add_policy(parser)
    parser.add_argument(
        "--at", metavar="STEP", type=step_number, action=Once, help="the step to open it at"
    )
    parser.add_argument(
        "--counterexample",
        choices=tuple(kind.value for kind in Kind),
        action=Once,
        help="look for the shortest run with such a finding, and open that",
    )
    add_batch(parser)
    add_teaching(parser)
    add_limits(parser)
    add_reading(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the screen and come back when the user leaves it."""
    for option in ("at", "counterexample", "batch"):
        if arguments.name is None and getattr(arguments, option) is not None:
            raise UsageError(f"--{option} without a scenario", "NAME or FILE before it")
    opened_as = mode(arguments)
    how = reading(arguments)
    scenario = policy = timeline = None
    if arguments.name is not None or arguments.policy is not None:
        spec = DEFAULT_POLICY if arguments.policy is None else arguments.policy
        policy = load_policy(spec, options=how.options, base=how.base)
    if arguments.name is not None:
        scenario = fit(load_scenario(arguments.name), how.hardware)
    if arguments.answers is None and arguments.batch is None:
        _expect_terminal()
    if scenario is not None and policy is not None and arguments.counterexample is not None:
        kind = Kind(arguments.counterexample)
        timeline = _counterexample(scenario, policy, kind, arguments.max_states)
    if scenario is not None and policy is not None and arguments.answers is not None:
        return grade(scenario, policy, arguments.answers, timeline)
    if scenario is not None and policy is not None and arguments.batch is not None:
        return debug(arguments, scenario, policy, timeline)

    from tui.app import DebuggerApp, Mode

    app = DebuggerApp(
        scenario=scenario,
        policy=policy,
        at=arguments.at,
        timeline=timeline,
        mode=Mode(opened_as),
        limits=None if arguments.max_states is None else Limits(arguments.max_states),
    )
    app.run()
    return app.return_code or HOLDS


def _counterexample(
    scenario: Scenario, policy: Policy, kind: Kind, max_states: int | None
) -> Timeline:
    """Return the shortest run with a finding of that kind.

    Raises:
        UsageError: none is known.
    """
    machine = scenario.machine(policy)
    known = _explored(machine, Limits() if max_states is None else Limits(max_states))
    for each in known.counterexamples:
        if each.finding.kind is kind:
            return Timeline.replay(machine, each.events)
    found = f"no {kind.value} run of {scenario.name} under {policy.name}"
    if known.reason is not None:
        raise UsageError(found, "one within the limit on states")
    if known.verdict is Verdict.SAFE:
        raise UsageError(found, "a policy that is not safe there")
    raise UsageError(found, listed(each.finding.kind.value for each in known.counterexamples))


def _explored(machine: Machine, limits: Limits) -> Exploration:
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


def _expect_terminal() -> None:
    for name, stream in (("stdin", sys.__stdin__), ("stderr", sys.__stderr__)):
        if stream is None or not stream.isatty():
            expected = "a terminal for the screen (without one: kvmcache-tui run NAME)"
            raise UsageError(f"no terminal on {name}", expected)
