"""What the commands share: the parser, the arguments of several of them, and how they are read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Final, NoReturn, Protocol

import attrs

from engine.arm.syntax import quote
from tui.command_line.output import PROGRAM, complain

HOLDS: Final = 0
REFUTED: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130
NOBODY_READS: Final = 141
"""Exit codes; the last two are what a shell reports for SIGINT and SIGPIPE."""

DEFAULT_POLICY: Final = "upstream"
_MOST_DIGITS: Final = 9


class Subparsers(Protocol):
    """What a command adds itself to."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        """Return the parser of a new command."""


@attrs.frozen
class UsageError(Exception):
    """The command line asks for what cannot be done."""

    found: str
    expected: str

    def __str__(self) -> str:
        """Return the error as one line."""
        return f"found {self.found}; expected {self.expected}"


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in two lines."""

    def error(self, message: str) -> NoReturn:
        """Exit with what was wrong and where to find help."""
        complain(message, f"try: {self.prog} --help")
        self.exit(BAD_INPUT)


class Once(argparse.Action):
    """Stores an option's value, and refuses a second one."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Store the value."""
        if getattr(namespace, self.dest) is not None:
            raise argparse.ArgumentError(self, "found it twice; expected it once")
        setattr(namespace, self.dest, values)


def new_command(
    subparsers: Subparsers, name: str, caption: str, *examples: str
) -> argparse.ArgumentParser:
    """Return a new command's parser, with a caption and examples in its help."""
    return subparsers.add_parser(
        name,
        help=caption,
        description=f"{caption[0].upper()}{caption[1:]}.",
        epilog=examples_text(*examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def examples_text(*examples: str) -> str:
    """Return examples as the last part of a help text."""
    title = "example:" if len(examples) == 1 else "examples:"
    return "\n".join((title, *(f"  {PROGRAM}{example and f' {example}'}" for example in examples)))


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add `--policy P`."""
    parser.add_argument(
        "--policy",
        metavar="P",
        action=Once,
        help="a built-in policy's name, or a path to C, a patch or a mail; FILE#2 is the second "
        f"candidate in it (default: {DEFAULT_POLICY})",
    )


def step_number(text: str) -> int:
    """Return the number of a step.

    Raises:
        ArgumentTypeError: the text is no such number.
    """
    if not (text.isascii() and text.isdecimal()) or len(text) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(
            f"found {quote(text)}; expected a step's number, 0 or more"
        )
    return int(text)
