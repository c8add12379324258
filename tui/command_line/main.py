"""The entry point: the command line taken apart, its command run, every error said in a line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from os.path import exists, isfile
from typing import TYPE_CHECKING, Final

from scenarios.names import PROGRAM, shipped_names
from tui.command_line.output import abandon_stdout, complain, tolerate_any_encoding
from tui.command_line.parser import COMMANDS, Parser, VersionAction, examples_text
from tui.command_line.standard_input import STDIN, keep_what_is_piped, spelt
from tui.exit_codes import BAD_INPUT, INTERRUPTED, NOBODY_READS, UNDETERMINED

if TYPE_CHECKING:
    from engine.refusal import RefusedError

_SHORT_FORM: Final = "scenario"
_OF_NO_COMMAND: Final = ("-h", "--help", "--version")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name and return the exit code."""
    tolerate_any_encoding()
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        abandon_stdout()
        return NOBODY_READS
    except OSError as error:
        abandon_stdout()
        complain(f"output: found {error.strerror}; expected to write what was asked for")
        return BAD_INPUT
    except Exception as error:
        return _refused(error)
    return code


def _refused(error: Exception) -> int:
    """Say what was wrong with what was given, and return the exit code.

    Raises:
        Exception: it is no refusal, but a mistake of ours.
    """
    # Only now: what ends well, such as a help text, need not wait for what these import.
    from engine.refusal import RefusedError
    from scenarios.coverage.unjudged import UnjudgedError

    match error:
        case UnjudgedError():
            complain(str(error))
            return UNDETERMINED
        case RefusedError():
            complain(str(error), *_more(error))
            return BAD_INPUT
        case _:
            raise error


def _run(arguments: list[str]) -> int:
    arguments = spelt(arguments)
    if not arguments or arguments[0] not in (*COMMANDS, *_OF_NO_COMMAND):
        arguments = _long_form(arguments)
    try:
        parsed = _parser(arguments[0]).parse_args(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    keep_what_is_piped(parsed)
    code: int = parsed.run(parsed)
    return code


def _long_form(arguments: list[str]) -> list[str]:
    """Return arguments that begin with no command after the one that is meant."""
    known = (STDIN, *shipped_names())
    if arguments and arguments[0] not in known and not exists(arguments[0]):
        _ask_for_command(arguments[0])
    if arguments and arguments[0] not in known and _is_policy(arguments[0]):
        return [_SHORT_FORM, "--policy", *arguments]
    return [_SHORT_FORM, *arguments]


def _ask_for_command(word: str) -> None:
    """Make sure that a word is not meant as a command.

    Raises:
        RefusedError: it is nearly one.
    """
    from engine.refusal import RefusedError, quote
    from scenarios.errors import did_you_mean

    way = did_you_mean(word, COMMANDS)
    if way:
        raise RefusedError(quote(word), "a command, or a scenario's name or file", way=way)


def _is_policy(spec: str) -> bool:
    """Say whether a word names a mail, a patch or a C file, and so no scenario."""
    from scenarios.sources.candidate import split_fragment
    from tui.files.piped import holds_policy

    path = spec if isfile(spec) else split_fragment(spec)[0]
    return isfile(path) and holds_policy(path)


def _parser(first: str) -> Parser:
    """Return the parser that a command line needs: of the command it begins with, else a help's.

    Each command has a module of its name, which is imported only where the command is asked for.
    """
    parser = Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [-h] [--version] [COMMAND ...]\n"
        f"       {PROGRAM} NAME|FILE [--policy P] [--at STEP]",
        description="Step a KVM/arm64 guest forward and back through its cache maintenance,\n"
        "and see at which exact step a policy lets a vCPU read stale memory.",
        epilog=examples_text(
            "",
            "secondary-stale-line --policy vcpu0-only",
            "list",
            "run secondary-stale-line --policy vcpu0-only",
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action=VersionAction, help="print the program's name and version"
    )
    subparsers = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, prog=PROGRAM
    )
    if first in COMMANDS:
        import_module(f"tui.command_line.subcommands.{first}_command").add(subparsers)
    else:
        for command, caption in COMMANDS.items():
            subparsers.add_parser(command, help=caption)
    return parser


def _more(error: RefusedError) -> tuple[str, ...]:
    """Return a line about what else is wrong with a file, if anything is."""
    if not error.more:
        return ()
    keys = ", ".join(other.key_path for other in error.more[:5])
    others = f"{len(error.more)} more mistake{'s' if len(error.more) > 1 else ''}"
    return (f"{others}: {keys}{', …' if len(error.more) > 5 else ''}",)
