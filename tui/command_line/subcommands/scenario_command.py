"""`scenario`: open the debugger on a scenario or a session, compare two policies, or pick one."""

from __future__ import annotations

import argparse
import sys
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.explorer.limits import Limits
from engine.refusal import RefusedError
from scenarios.case import Asked
from scenarios.names import PROGRAM, policy_names
from scenarios.policy_library import load_candidates, load_policy
from scenarios.schedule import Playing, ScheduleError
from scenarios.sources.candidate import split_fragment
from tui.command_line.arguments import Reading, add_limits, add_reading, reading, step_number
from tui.command_line.case import opened_case
from tui.command_line.opening import add_opening, beside, given_policies, opened_session
from tui.command_line.output import abandon_stdout, complain, say
from tui.command_line.parser import Once, Subparsers, new_command
from tui.command_line.standard_input import back_to_terminal
from tui.command_line.subcommands.teaching import add_teaching, grade, mode
from tui.exit_codes import BAD_INPUT, PASSED
from tui.presenters.shell import joined
from tui.session.session import Session

if TYPE_CHECKING:
    from tui.app import DebuggerApp
    from tui.session.comparison import Comparison

FIRST_STEPS: Final = 200
"""The steps of a schedule that are played before the screen opens; the others follow."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = new_command(
        subparsers,
        "scenario",
        "scenario secondary-stale-line --policy vcpu0-only",
        "scenario boot-on-vcpu1 --policy vcpu0-only --policy upstream",
        "scenario my-own.toml --policy mine.c --counterexample stale",
        "scenario --session review.session",
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
    parser.add_argument(
        "--policy",
        metavar="P",
        action="append",
        dest="policies",
        help="a built-in policy's name, or a path to C, a patch or a mail; FILE#2 is the second "
        "candidate in it; twice: compare both in lock-step (default: upstream)",
    )
    parser.add_argument(
        "--at", metavar="STEP", type=step_number, action=Once, help="the step to open it at"
    )
    add_opening(parser)
    parser.add_argument(
        "--batch",
        metavar="FILE",
        action=Once,
        help="do the debugger's commands in a file, - for stdin, and print what they say, "
        "without a screen (echo help | kvmcache-tui NAME --batch - lists them)",
    )
    add_teaching(parser)
    add_limits(parser)
    add_reading(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the screen and come back when the user leaves it."""
    _check(arguments)
    mode(arguments)
    how = reading(arguments)
    headless = arguments.answers is not None or arguments.batch is not None
    if not headless:
        if arguments.stdin_read:
            back_to_terminal()
        _expect_terminal(arguments)
        _expect_one_candidate(arguments, how)
    opened: Session | Comparison | None = None
    rest = None
    if arguments.name is not None or arguments.session is not None:
        at_once = headless or arguments.tour or arguments.quiz or len(given_policies(arguments)) > 1
        try:
            session, rest = opened_session(arguments, how, None if at_once else FIRST_STEPS)
        except ScheduleError as error:
            complain(f"{arguments.name}: {error}")
            return BAD_INPUT
        if headless:
            for line in session.case.changed:
                complain(line)
        if arguments.answers is not None:
            return grade(session, arguments.answers)
        if arguments.batch is not None:
            from tui.command_line.subcommands.batch import run_batch

            return run_batch(session, arguments.batch)
        opened = _beside(session, arguments, how)
    return _show(opened, rest, arguments, how)


def _check(arguments: argparse.Namespace) -> None:
    """Refuse options that do not go together."""
    nothing = arguments.name is None and arguments.session is None
    for option in ("at", "counterexample", "events", "batch"):
        if nothing and getattr(arguments, option) is not None:
            raise RefusedError(f"--{option} without a scenario", "NAME or FILE before it")
    if arguments.counterexample is not None and arguments.events is not None:
        raise RefusedError("--counterexample with --events", "one of them")
    taught = arguments.tour or arguments.quiz
    if arguments.batch is not None and taught:
        raise RefusedError("--batch with --tour or --quiz", "one of them")
    if len(given_policies(arguments)) > 1 and (nothing or arguments.batch is not None or taught):
        expected = "NAME or FILE, and neither --batch, --tour nor --quiz (in a script: compare P)"
        raise RefusedError("two policies", expected)


def _beside(session: Session, arguments: argparse.Namespace, how: Reading) -> Session | Comparison:
    """Return a session beside what it is under the second policy, if there is one."""
    policies = given_policies(arguments)
    if len(policies) < 2:
        return session
    return beside(session, opened_case(arguments.name, policies[1], how))


def _show(
    opened: Session | Comparison | None,
    rest: Playing | None,
    arguments: argparse.Namespace,
    how: Reading,
) -> int:
    from tui.app import DebuggerApp, Mode
    from tui.files.configuration import read_configuration
    from tui.files.remembered import Keeper
    from tui.files.writing import clear_leftovers
    from tui.files.xdg import config_file
    from tui.keys.keymap import DISTINCT
    from tui.terminal.themes import THEMES

    policies = given_policies(arguments)
    clear_leftovers({Path.cwd(), Path(arguments.session or "").absolute().parent})
    picked, asked = None, None
    if opened is None and policies:
        picked = load_policy(policies[0], options=how.options, base=how.base)
        asked = Asked(policies[0], how.words, how.base)
    app = DebuggerApp(
        opened,
        policy=picked,
        asked=asked,
        mode=Mode(mode(arguments)),
        limits=None if arguments.max_states is None else Limits(arguments.max_states),
        configuration=read_configuration(
            config_file(), groups=DISTINCT, themes=[theme.name for theme in THEMES]
        ),
        keeper=Keeper.of_user(),
        to_play=rest,
    )
    app.run()
    code = app.return_code or PASSED
    try:
        _tell_kept(app)
    except OSError:
        if code == PASSED:
            raise
        # Whoever hung up reads no more.
        abandon_stdout()
    return code


def _tell_kept(app: DebuggerApp) -> None:
    """Say where is what was made of the runs and not saved."""
    for path in app.kept:
        say(f"What you made of the run is kept: {joined((PROGRAM, '--session', path))}\n")
    for why in dict.fromkeys(app.lost):
        complain(f"what you made of the run could not be kept: {why}")
    if sys.stdout is not None:
        sys.stdout.flush()


def _expect_one_candidate(arguments: argparse.Namespace, how: Reading) -> None:
    """Refuse a file of several candidates where the picker is to begin with one."""
    if arguments.name is not None or arguments.session is not None:
        return
    for spec in given_policies(arguments):
        if isfile(split_fragment(spec)[0]):
            candidates = len(load_candidates(spec, base=how.base))
            if candidates > 1:
                review = joined((PROGRAM, "review", spec))
                expected = f"one of them, {spec}#1 to {spec}#{candidates} (for all: {review})"
                raise RefusedError(f"{candidates} candidates in {spec}", expected)


def _expect_terminal(arguments: argparse.Namespace) -> None:
    nothing = arguments.name is None and arguments.session is None
    files = [each for each in given_policies(arguments) if each not in policy_names()]
    without = (
        joined((PROGRAM, "review", *files[:1])) if nothing and files else f"{PROGRAM} run NAME"
    )
    for name, stream in (("stdin", sys.__stdin__), ("stderr", sys.__stderr__)):
        if stream is None or not stream.isatty():
            expected = f"a terminal for the screen (without one: {without})"
            raise RefusedError(f"no terminal on {name}", expected)
