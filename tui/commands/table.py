"""The commands, declared once: the prompt, its help and its completion are made from these."""

from __future__ import annotations

from typing import Final

import attrs

from engine.arm.operands import one_of
from engine.arm.syntax import quote
from tui.commands.annotate import mark, rename, unmark
from tui.commands.arguments import nothing
from tui.commands.ask import explain, info, list_source, print_value
from tui.commands.branch import branch_lines, choices, switch, take_event
from tui.commands.breakpoints import delete, enable, make_breakpoint, toggle, watch
from tui.commands.command import Command, Lines, Takes
from tui.commands.find import by_findings, by_own_steps, to_exact
from tui.commands.help import TOPICS, all_text, command_text, topic_text
from tui.commands.move import (
    by_events,
    by_instructions,
    by_statements,
    by_steps,
    by_text,
    choose_kind,
    go,
    select,
    to_end,
    to_start,
)
from tui.commands.outside import compare, copy, edit, export, foresee, save, swap
from tui.commands.run import run_on, until
from tui.session.errors import CommandError
from tui.session.session import Session

_MOVER: Final = "[ACTOR] [N]"


def _help(session: Session, argument: str) -> tuple[Session, Lines]:
    if not argument:
        return session, all_text(COMMANDS)
    topics = [topic for topic in TOPICS if topic.startswith(argument)]
    if topics and argument not in NAMES:
        return session, topic_text(topics[0])
    return session, command_text(find(argument))


def _quit(session: Session, argument: str) -> tuple[Session, Lines]:
    nothing(argument)
    return attrs.evolve(session, over=True), ()


COMMANDS: Final = (
    Command(
        "step", ("s",), _MOVER, "N steps on, or N steps of one actor",
        "step vcpu1", Takes.MOVER, by_steps(forward=True), repeats=True,
    ),
    Command(
        "back", (), _MOVER, "N steps back",
        "back 3", Takes.MOVER, by_steps(forward=False), repeats=True,
    ),
    Command(
        "reverse-step", ("rs",), _MOVER, "the same as back",
        "reverse-step", Takes.MOVER, by_steps(forward=False), repeats=True,
    ),
    Command(
        "stepi", ("si",), _MOVER, "to the next instruction of a guest or the VMM",
        "stepi vcpu0 2", Takes.MOVER, by_instructions(forward=True), repeats=True,
    ),
    Command(
        "reverse-stepi", ("rsi",), _MOVER, "to the previous instruction",
        "reverse-stepi", Takes.MOVER, by_instructions(forward=False), repeats=True,
    ),
    Command(
        "next", ("n",), _MOVER, "to the next statement of the policy's C",
        "next", Takes.MOVER, by_statements(forward=True), repeats=True,
    ),
    Command(
        "reverse-next", ("rn",), _MOVER, "to the previous statement of the policy's C",
        "reverse-next", Takes.MOVER, by_statements(forward=False), repeats=True,
    ),
    Command(
        "continue", ("c",), "[N]", "to the next breakpoint, watch or finding, or the end",
        "continue", Takes.COUNT, run_on(forward=True), repeats=True,
    ),
    Command(
        "reverse-continue", ("rc",), "[N]", "back to the last one before, or the start",
        "rc", Takes.COUNT, run_on(forward=False), repeats=True,
    ),
    Command(
        "until", ("u",), "EXPR", "to the next step after which EXPR is true",
        "until stale[vcpu1][x]", Takes.EXPRESSION, until, repeats=True,
    ),
    Command(
        "goto", ("g",), "N|+N|-N", "to step N, or N steps on or back",
        "goto 12", Takes.PLACE, go,
    ),
    Command("start", (), "", "to before the first step", "start", Takes.NOTHING, to_start),
    Command("end", (), "", "to the last step", "end", Takes.NOTHING, to_end),
    Command(
        "ownstep", (), "[N]", "to the next step of the chosen actor, or of who moved last",
        "ownstep", Takes.COUNT, by_own_steps(forward=True), repeats=True,
    ),
    Command(
        "reverse-ownstep", ("ro",), "[N]", "to its step before",
        "reverse-ownstep 2", Takes.COUNT, by_own_steps(forward=False), repeats=True,
    ),
    Command(
        "exact", ("x",), "", "to the exact step of a finding", "exact", Takes.NOTHING, to_exact,
    ),
    Command(
        "nextfinding", ("f",), "", "to the next finding",
        "nextfinding", Takes.NOTHING, by_findings(forward=True), repeats=True,
    ),
    Command(
        "prevfinding", (), "", "to the finding before",
        "prevfinding", Takes.NOTHING, by_findings(forward=False), repeats=True,
    ),
    Command(
        "kind", (), "[KIND]", "which kind of event nextevent goes to (help events lists them)",
        "kind fill", Takes.KIND, choose_kind,
    ),
    Command(
        "nextevent", ("ne",), "[KIND] [N]", "to the next event of a kind",
        "nextevent flush", Takes.KIND, by_events(forward=True), repeats=True,
    ),
    Command(
        "prevevent", ("pe",), "[KIND] [N]", "to the previous event of a kind",
        "prevevent skip", Takes.KIND, by_events(forward=False), repeats=True,
    ),
    Command(
        "search", ("/",), "[TEXT]", "to the next step whose sentence has TEXT in it",
        "search written back", Takes.TEXT, by_text(forward=True), repeats=True,
    ),
    Command(
        "reverse-search", ("?",), "[TEXT]", "to the previous step whose sentence has TEXT in it",
        "reverse-search fills", Takes.TEXT, by_text(forward=False), repeats=True,
    ),
    Command(
        "vcpu", (), "[ACTOR|all]", "whose instructions and statements stepi and next go by",
        "vcpu vcpu1", Takes.ACTOR, select,
    ),
    Command(
        "break", ("b",), "PLACE [if EXPR] | if EXPR",
        "stop before a place, after an event, or where EXPR becomes true",
        "break vcpu1:load if cache[x] != none", Takes.LOCATION, make_breakpoint(temporary=False),
    ),
    Command(
        "tbreak", ("tb",), "PLACE [if EXPR] | if EXPR", "the same, once",
        "tbreak skip", Takes.LOCATION, make_breakpoint(temporary=True),
    ),
    Command(
        "watch", (), "EXPR", "stop where the value of EXPR changes",
        "watch cache[x]", Takes.EXPRESSION, watch,
    ),
    Command(
        "toggle", (), "PLACE", "set a breakpoint at a place, or take it away",
        "toggle 12", Takes.LOCATION, toggle,
    ),
    Command(
        "delete", ("d",), "[N...]", "delete breakpoints and watches, or all of them",
        "delete 2", Takes.BREAKPOINT, delete,
    ),
    Command(
        "enable", (), "[N...]", "let breakpoints stop again",
        "enable 1", Takes.BREAKPOINT, enable(on=True),
    ),
    Command(
        "disable", (), "[N...]", "keep breakpoints without stopping at them",
        "disable 1 2", Takes.BREAKPOINT, enable(on=False),
    ),
    Command(
        "print", ("p",), "EXPR", "the value of an expression (help expressions explains them)",
        "print sees[vcpu1][x]", Takes.EXPRESSION, print_value,
    ),
    Command(
        "why", (), "[WORD|EXPR|finding N]",
        "where a value comes from; alone, the finding at hand",
        "why cache[x]", Takes.EXPRESSION, explain,
    ),
    Command(
        "info", ("i",), "[TOPIC]",
        "what is known about a topic; alone, the topics",
        "info memory", Takes.TOPIC, info,
    ),
    Command(
        "list", ("l",), "[LINE|ACTOR]", "the policy's source around a line, or a program",
        "list vcpu1", Takes.ACTOR, list_source,
    ),
    Command(
        "choices", (), "", "what can happen now, and what it would do",
        "choices", Takes.NOTHING, choices,
    ),
    Command(
        "foresee", (), "", "what can follow each of them, and where there is no return",
        "foresee", Takes.NOTHING, foresee,
    ),
    Command(
        "take", (), "EVENT|N", "let it happen; a future other than the recorded is a new branch",
        "take fill x on pcpu0", Takes.CHOICE, take_event,
    ),
    Command("branches", (), "", "the branches", "branches", Takes.NOTHING, branch_lines),
    Command(
        "switch", (), "NAME", "to another branch, where it was left",
        "switch main", Takes.BRANCH, switch,
    ),
    Command(
        "rename", (), "NAME", "give the branch at hand another name",
        "rename rescued", Takes.TEXT, rename,
    ),
    Command(
        "mark", ("m",), "[TEXT]", "put a bookmark at the step at hand",
        "mark here it is skipped", Takes.TEXT, mark,
    ),
    Command(
        "unmark", (), "[STEP]", "take a bookmark away", "unmark 13", Takes.STEP, unmark,
    ),
    Command(
        "compare", (), "P|BRANCH", "this run beside another policy's, or another branch",
        "compare upstream", Takes.OTHER, compare,
    ),
    Command(
        "policy", (), "[P]", "put another policy into this run's KVM; alone, tell which it has",
        "policy upstream", Takes.POLICY, swap,
    ),
    Command(
        "edit", (), "", "edit the policy in $EDITOR, and take it up", "edit", Takes.NOTHING, edit,
    ),
    Command(
        "copy", (), "[mail]", "the command that replays this, or the run as a mail",
        "copy mail", Takes.TEXT, copy,
    ),
    Command(
        "export", (), "FORM FILE",
        "write the run to a file: mail, markdown, json, itf or svg",
        "export mail run.txt", Takes.FORM, export,
    ),
    Command(
        "save", (), "[FILE]", "write the session to a file, by default its own",
        "save review.session", Takes.TEXT, save,
    ),
    Command(
        "help", ("h",), "[COMMAND|expressions|events]", "this list, or one word explained",
        "help break", Takes.COMMAND, _help,
    ),
    Command("quit", ("q",), "", "leave", "quit", Takes.NOTHING, _quit),
)  # fmt: skip

NAMES: Final = {word: command for command in COMMANDS for word in (command.name, *command.short)}


def find(word: str) -> Command:
    """Return the command that a word means.

    Raises:
        CommandError: it means none, or several.
    """
    if word in NAMES:
        return NAMES[word]
    begun = _begun(word)
    if len(begun) == 1:
        return begun[0]
    names = [command.name for command in begun or COMMANDS]
    kind = "a command" if begun else "a command (help lists them)"
    expected = one_of(names, word, kind)
    if begun:
        expected = f"one of {', '.join(names)}"
    raise CommandError(quote(word), expected)


def _begun(word: str) -> list[Command]:
    return [command for command in COMMANDS if word and command.name.startswith(word)]
