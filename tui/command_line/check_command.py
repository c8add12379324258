"""`check`: decide scenarios under policies over every interleaving."""

from __future__ import annotations

import argparse
from os import sep

from scenarios.library import load_scenario, scenario_names
from scenarios.policy_library import load_policy, policy_names
from tui.command_line.arguments import (
    Subparsers,
    add_jobs,
    add_limits,
    add_reading,
    new_command,
    reading,
)
from tui.command_line.formats import JSON, MARKDOWN, TEXT, add_format, errors_too
from tui.command_line.matrix import Checks, Named, Search, check_all, named_once
from tui.command_line.output import say
from tui.exit_codes import INTERRUPTED, code_of
from tui.presenters.reports.check_json import results_as_json
from tui.presenters.reports.check_markdown import check_as_markdown
from tui.presenters.reports.check_text import check_as_text


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "check",
        "check every interleaving; exit with 0 if all is safe, 1 if anything is "
        "unsafe, else 3 if anything is undetermined",
        "check",
        "check boot-on-vcpu1 --policy upstream --policy mail.txt#2",
        "check --file my-own.toml --policy mine.c --jobs 2",
    )
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="a scenario's name, or a path to one (default: all that ship)",
    )
    parser.add_argument(
        "--file",
        metavar="TOML",
        action="append",
        dest="files",
        default=[],
        help="a path to a scenario; repeatable",
    )
    parser.add_argument(
        "--policy",
        metavar="P",
        action="append",
        dest="policies",
        help="a built-in policy's name, or a path to C, a patch or a mail; FILE#2 is the second "
        "candidate in it; repeatable (default: all built-in ones)",
    )
    add_format(parser, TEXT, JSON, MARKDOWN, short=(JSON, MARKDOWN))
    parser.add_argument(
        "--exhaustive",
        action="store_true",
        help="visit every state instead of as few as decide",
    )
    add_limits(parser)
    add_jobs(parser)
    add_reading(parser)
    parser.set_defaults(run=errors_too(run))


def run(arguments: argparse.Namespace) -> int:
    """Print what holds of every run, and say by the exit code whether all of it is safe."""
    how = reading(arguments)
    paths = (file if sep in file else f".{sep}{file}" for file in arguments.files)
    specs = named_once((*arguments.names, *paths)) or scenario_names()
    scenarios = [(spec, load_scenario(spec)) for spec in specs]
    policies = [
        Named(spec, load_policy(spec, options=how.options, base=how.base))
        for spec in named_once(arguments.policies or policy_names())
    ]
    search = Search(arguments.max_states, arguments.jobs or 1, arguments.exhaustive)
    checks = check_all(scenarios, policies, how, search)
    match arguments.format:
        case "json":
            say(results_as_json(checks.rows))
        case "markdown":
            say(check_as_markdown(checks.rows))
        case _:
            say(check_as_text(checks.rows, interrupted=checks.interrupted))
    return _exit_code(checks)


def _exit_code(checks: Checks) -> int:
    if checks.interrupted:
        return INTERRUPTED
    return code_of(row.result.outcome.verdict for row in checks.rows)
