"""Sessions opened as the command line opens them, without a screen."""

from __future__ import annotations

import argparse

from scenarios.schedule import Playing
from tui.command_line.arguments import reading
from tui.command_line.opening import opened_session
from tui.command_line.parser import Parser
from tui.command_line.subcommands.scenario_command import add
from tui.session.session import Session


def parsed(*arguments: str) -> argparse.Namespace:
    """Return the arguments of `scenario` taken apart."""
    parser = Parser(prog="kvmcache-tui", allow_abbrev=False)
    add(parser.add_subparsers())
    return parser.parse_args(["scenario", *arguments])


def opened(*arguments: str, first: int | None = None) -> tuple[Session, Playing | None]:
    """Return the session that arguments open, and what is left of its schedule."""
    taken_apart = parsed(*arguments)
    return opened_session(taken_apart, reading(taken_apart), first)
