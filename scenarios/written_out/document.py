"""A scenario's text: the set-up of the original, actions as straight programs, a schedule."""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from engine.arm.a64.named_operations import PsciCpuOn, SetOneReg
from engine.arm.a64.system import HypervisorCall
from engine.arm.implementors import IMPLEMENTORS
from engine.machine.actors import VMM, Actor, actor_name
from scenarios.scenario import Scenario
from scenarios.written_out.actions import Action

_WIDTH: Final = 98
_HEX_FROM: Final = 0x1000
_LABEL: Final = 8
_COMMENT: Final = 36
NO_BREAK: Final = "\u00a0"
"""What stands for a space at which no line is broken."""
_STOP: Final = "wfi"
"""What a vCPU does at the end of a part, until it is started anew."""
_REGISTER: Final = re.compile(r"\b[xw]([0-9]+)\b|\b(w?sp)\b")
_GENERAL: Final = re.compile(r"x[0-9]+|sp")
_SYMBOL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")

Table = Mapping[str, Any]
Remark = tuple[int, str]
"""A note's entry, from 1, and its text."""


@attrs.frozen
class Telling:
    """What is told of the programs: the run, and what it comes to."""

    title: str
    teaches: str
    schedule: tuple[tuple[str, str], ...] = ()
    """Entries, each with a comment."""
    notes: tuple[Remark, ...] = ()
    expect: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Per policy the kinds of finding; none: it is safe."""
    comments: Mapping[tuple[Actor, int], str] = attrs.field(factory=dict)
    """By actor and line of its program, from 1."""


@attrs.frozen
class Document:
    """A scenario with the set-up of another, where only so many vCPUs do only some actions."""

    origin: Scenario
    vcpus: int
    actions: tuple[Action, ...]

    def text(self, told: Telling) -> str:
        """Return the file."""
        return "\n\n".join("\n".join(block) for block in self._blocks(told)) + "\n"

    def lines(self, actor: Actor) -> tuple[str, ...]:
        """Return the lines of an actor's program."""
        lines: list[tuple[str, str]] = []
        counts: dict[str, int] = {}
        for number in range(self._parts(actor)):
            part = self._part(actor, number)
            if self._is_entry(actor, number):
                if lines and part:
                    lines.append(("", _STOP))
                lines.append((_entry(number), ""))
            for action in part:
                count = counts[action.name] = counts.get(action.name, 0) + 1
                label = f"{action.name}{count if count > 1 else ''}" if action.name else ""
                first, *more = self._written(action)
                lines += [(label, first), *(("", each) for each in more)]
        width = max((_LABEL, *(len(label) + 2 for label, _ in lines)))
        return tuple(_line(label, text, width) for label, text in lines)

    def names_vcpu(self, vcpu: int) -> bool:
        """Say whether some action is of a vCPU, or names it."""
        name = actor_name(vcpu)
        return any(
            action.actor == vcpu or name in _SYMBOL.findall(action.text) for action in self.actions
        )

    def _blocks(self, told: Telling) -> Iterator[list[str]]:
        yield [
            f"title = {_value(_printable(told.title))}",
            'teaches = """',
            *_paragraph(told.teaches, _WIDTH),
            '"""',
            'blame = "policy"',
        ]
        yield list(_schedule(told.schedule))
        yield ["[hardware]", *_keys(self._hardware())]
        yield ["[memory]", *self._memory()]
        for vcpu in range(self.vcpus):
            yield ["[[vcpu]]", *self._vcpu(vcpu), *self._program(vcpu, told)]
        if any(action.actor == VMM for action in self.actions):
            head = [f"pcpu = {self.origin.vmm.pcpu}"] if self.origin.vmm.pcpu else []
            yield ["[vmm]", *head, *self._program(VMM, told)]
        for entry, text in told.notes:
            yield ["[[note]]", f"entry = {entry}", *_note(text)]
        if told.expect:
            expected = (
                f"{_key(policy)} = {_value(list(kinds) or 'safe')}" for policy, kinds in told.expect
            )
            yield ["# Over every interleaving.", "[expect]", *expected]

    def _hardware(self) -> Table:
        """Return the table of the hardware, which may have been chosen to be another."""
        hardware = self.origin.hardware
        names = {known.code: known.name for known in IMPLEMENTORS}
        given = {key: each for key, each in self._tables["hardware"].items() if key != "fwb"}
        if hardware.fwb:
            given["fwb"] = True
        name = names.get(hardware.implementor, hardware.implementor)
        if "implementor" in given or name != "arm":
            given["implementor"] = name
        return given

    def _memory(self) -> Iterator[str]:
        given = dict(self._tables["memory"])
        words = {name: each for name, each in given.pop("words").items() if name in self._words}
        one = f"words = {_value(words)}"
        if len(one) <= _WIDTH:
            yield one
        yield from _keys(given)
        if len(one) > _WIDTH:
            for name, word in words.items():
                yield f"words.{name} = {_value(word)}"

    def _vcpu(self, vcpu: int) -> Iterator[str]:
        given = self._tables["vcpu"][vcpu]
        yield from _keys({key: given[key] for key in ("pcpu", "power") if key in given})
        registers = self._registers(vcpu)
        if registers:
            words = {word.address: word.name for word in self.origin.layout.words}
            pointers = [
                f"{name} points to {words[n]}" for name, n in registers.items() if n in words
            ]
            comment = f"# {', '.join(pointers)}" if pointers else ""
            line = f"registers = {_value(registers)}"
            if len(line) + len(comment) + 6 <= _WIDTH:
                yield f"{line}      {comment}".rstrip()
            else:
                yield from (each for each in (comment, line) if each)
        attributes = given.get("attributes", {})
        kept = {name: each for name, each in attributes.items() if self._has_page(name)}
        yield from _keys({"attributes": kept} if kept else {})

    def _program(self, actor: Actor, told: Telling) -> Iterator[str]:
        lines = self.lines(actor)
        if not lines:
            yield 'program = ""'
            return
        yield 'program = """'
        for number, line in enumerate(lines, 1):
            comment = told.comments.get((actor, number), "")
            line = _escaped(line)
            yield f"{line:<{_COMMENT - 1}} // {comment}" if comment else line
        yield '"""'

    def _registers(self, vcpu: int) -> dict[str, Any]:
        """Return what a vCPU is given, of x0 to x30 and sp only those that its program names."""
        mine = [action for action in self.actions if action.actor == vcpu]
        given = self._tables["vcpu"][vcpu].get("registers", {})
        if any(isinstance(action.instruction, HypervisorCall) for action in mine):
            return dict(given)
        named = {
            f"x{number}" if number else "sp"
            for action in mine
            for number, _ in _REGISTER.findall(action.text)
        }
        return {
            name: value
            for name, value in given.items()
            if name in named or not _GENERAL.fullmatch(name)
        }

    @property
    def _words(self) -> frozenset[str]:
        """The words that something names or points to; all of them if nothing does."""
        layout = self.origin.layout
        memory = self._tables["memory"]
        named = {name for action in self.actions for name in _SYMBOL.findall(action.text)}
        named |= {alias["of"] for alias in memory.get("aliases", {}).values()}
        named |= {each for cached in memory.get("cached", ()) for each in _cached_words(cached)}
        if isinstance(memory.get("mapped"), list):
            named |= set(memory["mapped"])
        values = [each for vcpu in range(self.vcpus) for each in self._registers(vcpu).values()]
        named |= {each for each in values if isinstance(each, str)}
        used = {word.name for word in layout.words if word.name in named or word.address in values}
        return frozenset(used) or frozenset(word.name for word in layout.words)

    def _has_page(self, name: str) -> bool:
        return name in self._words or name in self._tables["memory"].get("aliases", {})

    @property
    def _tables(self) -> Table:
        return tomllib.loads(self.origin.text)

    def _parts(self, actor: Actor) -> int:
        mine = (action.part for action in self.actions if action.actor == actor)
        named = (action.starts or 0 for action in self.actions if action.target == actor)
        return max((*mine, *named), default=0) + 1

    def _part(self, actor: Actor, part: int) -> list[Action]:
        return [each for each in self.actions if each.actor == actor and each.part == part]

    def _is_entry(self, vcpu: int, part: int) -> bool:
        """Say whether some action names the place where a vCPU goes on at a part."""
        return any(
            each.target == vcpu
            and (each.starts or 0) == part
            and any(
                line.endswith(f", {_entry(part)}") or f", {_entry(part)}, " in line
                for line in self._written(each)
            )
            for each in self.actions
        )

    def _written(self, action: Action) -> Iterator[str]:
        """Yield an action's instruction, and what has its target go on at the part it starts."""
        instruction, part = action.instruction, action.starts or 0
        if isinstance(instruction, PsciCpuOn):
            context = instruction.context
            entry = (_entry(part),) if part or context is not None else ()
            register = () if context is None else (f"x{context}",)
            operands = (actor_name(instruction.vcpu), *entry, *register)
            yield f"psci_cpu_on {', '.join(operands)}"
            return
        if not isinstance(instruction, SetOneReg) or action.target is None:
            yield action.text
        if action.target is not None and (part or isinstance(instruction, SetOneReg)):
            yield f"set_one_reg {actor_name(action.target)}, pc, {_entry(part)}"


def _entry(part: int) -> str:
    """Return the label at which a vCPU goes on when it is started for the n-th time."""
    return f"again{part if part > 1 else ''}" if part else "entry"


def _line(label: str, text: str, width: int) -> str:
    return f"{f'{label}:' if label else '':<{width}}{text}".rstrip()


def _schedule(entries: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not entries:
        yield "schedule = []"
        return
    yield "schedule = ["
    for text, comment in entries:
        entry = f"    {_value(text)},"
        yield f"{entry:<27} # {comment}" if comment else entry
    yield "]"


def _note(text: str) -> Iterator[str]:
    line = f"text = {_value(_printable(text))}"
    if len(line) <= _WIDTH:
        yield line
    else:
        *most, last = _paragraph(text, _WIDTH - 3)
        yield from ('text = """', *most, f'{last}"""')


def _keys(table: Table) -> Iterator[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items())


def _cached_words(cached: Table) -> Iterable[str]:
    return (cached["line"], *cached.get("values", {}))


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else f'"{_escaped(key)}"'


def _value(value: Any) -> str:
    """Return a value as TOML has it on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return _hexadecimal(value) if value >= _HEX_FROM else str(value)
        case str():
            return f'"{_escaped(value)}"'
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{ {', '.join(_keys(value))} }}" if value else "{}"
        case _:
            raise TypeError(value)


def _hexadecimal(value: int) -> str:
    digits = f"{value:X}"
    groups = textwrap.wrap(digits.zfill(-(-len(digits) // 4) * 4), 4)
    return f"0x{'_'.join(groups)}"


def _paragraph(text: str, width: int) -> list[str]:
    lines = textwrap.wrap(_kept(text), width, break_long_words=False, break_on_hyphens=False)
    return [_escaped(_printable(line)) for line in lines]


def _printable(text: str) -> str:
    """Return a text as a scenario may say it: with `?` for what is not printable."""
    shown = (each if each.isprintable() else "?" for each in text.replace(NO_BREAK, " "))
    return "".join(shown)


def _kept(text: str) -> str:
    """Return a text without line ends but those where it may be broken."""
    return "".join(each if each.isprintable() or each == NO_BREAK else "?" for each in text)


def _escaped(text: str) -> str:
    """Return a text as a basic string holds it."""
    return "".join(
        f"\\{each}" if each in '"\\' else each if each.isprintable() else f"\\U{ord(each):08x}"
        for each in text
    )
