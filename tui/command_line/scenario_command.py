"""`scenario`: open the debugger on a scenario, or the picker."""

from __future__ import annotations

import argparse
import sys

from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tui.command_line.arguments import (
    DEFAULT_POLICY,
    HOLDS,
    Once,
    Subparsers,
    UsageError,
    add_policy,
    new_command,
    step_number,
)


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "scenario",
        "open the debugger on a scenario, or pick one",
        "scenario secondary-stale-line --policy vcpu0-only",
        "scenario my-own.toml --at 9",
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
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the screen and come back when the user leaves it."""
    if arguments.name is None and arguments.at is not None:
        raise UsageError("--at without a scenario", "NAME or FILE before it")
    scenario = policy = None
    if arguments.name is not None or arguments.policy is not None:
        policy = load_policy(DEFAULT_POLICY if arguments.policy is None else arguments.policy)
    if arguments.name is not None:
        scenario = load_scenario(arguments.name)
    _expect_terminal()

    from tui.app import DebuggerApp

    app = DebuggerApp(scenario=scenario, policy=policy, at=arguments.at)
    app.run()
    return app.return_code or HOLDS


def _expect_terminal() -> None:
    for name, stream in (("stdin", sys.__stdin__), ("stderr", sys.__stderr__)):
        if stream is None or not stream.isatty():
            expected = "a terminal for the screen (without one: kvmcache-tui run NAME)"
            raise UsageError(f"no terminal on {name}", expected)
