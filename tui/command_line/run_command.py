"""`run`: play a scenario's own schedule under a policy, without a screen."""

from __future__ import annotations

import argparse

from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from scenarios.schedule import ScheduleError, play
from tui.command_line.arguments import (
    BAD_INPUT,
    DEFAULT_POLICY,
    HOLDS,
    REFUTED,
    Once,
    Subparsers,
    add_policy,
    new_command,
)
from tui.command_line.output import complain, say
from tui.command_line.run_json import run_as_json
from tui.command_line.run_report import Run
from tui.command_line.run_text import run_as_text


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "run",
        "play a scenario's own schedule; exit with 0 if it holds, 1 if it is refuted",
        "run secondary-stale-line --policy vcpu0-only",
        "run boot-on-vcpu1 --policy rfc-mail.txt#2 --format json",
    )
    parser.add_argument("name", metavar="NAME", help="a scenario's name, or a path to one")
    add_policy(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        action=Once,
        help="what to print (default: text)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the run, and say by the exit code whether the policy holds."""
    policy_spec = DEFAULT_POLICY if arguments.policy is None else arguments.policy
    scenario = load_scenario(arguments.name)
    policy = load_policy(policy_spec)
    try:
        played = play(scenario.machine(policy), scenario.schedule)
    except ScheduleError as error:
        complain(f"{arguments.name}: {error}")
        return BAD_INPUT
    report = Run(arguments.name, policy_spec, scenario, policy, played)
    say(run_as_json(report) if arguments.format == "json" else run_as_text(report))
    return REFUTED if report.refuted else HOLDS
