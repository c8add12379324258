"""`run`: play a scenario's own schedule under a policy, without a screen."""

from __future__ import annotations

import argparse
from typing import Final

from scenarios.schedule import ScheduleError, play
from tui.command_line.arguments import DEFAULT_POLICY, add_policy, add_reading, reading
from tui.command_line.case import opened_case
from tui.command_line.output import complain, say
from tui.command_line.parser import Once, Subparsers, new_command
from tui.command_line.subcommands.run_text import run_as_text
from tui.exit_codes import BAD_INPUT, code_of
from tui.presenters.exports.mail import run_as_mail
from tui.presenters.exports.run_json import run_as_json
from tui.presenters.exports.shared import SharedRun

_FORMATS: Final = {"text": run_as_text, "json": run_as_json, "mail": run_as_mail}
_DEFAULT_FORMAT: Final = "text"


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "run",
        "run secondary-stale-line --policy vcpu0-only",
        "run boot-on-vcpu1 --policy rfc-mail.txt#2 --format json",
    )
    parser.add_argument("name", metavar="NAME", help="a scenario's name, or a path to one")
    add_policy(parser)
    parser.add_argument(
        "--format",
        choices=tuple(_FORMATS),
        action=Once,
        help=f"what to print (default: {_DEFAULT_FORMAT})",
    )
    add_reading(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the run, and say by the exit code what is found in it."""
    try:
        report = prepare(arguments)
    except ScheduleError as error:
        complain(f"{arguments.name}: {error}")
        return BAD_INPUT
    say(_FORMATS[arguments.format or _DEFAULT_FORMAT](report))
    return code_of([report.played.timeline.verdict])


def prepare(arguments: argparse.Namespace) -> SharedRun:
    """Return the run that the arguments ask for, played.

    Raises:
        ScheduleError: the schedule does not end.
    """
    policy_spec = DEFAULT_POLICY if arguments.policy is None else arguments.policy
    case = opened_case(arguments.name, policy_spec, reading(arguments))
    return SharedRun(case, play(case.machine, case.scenario.schedule))
