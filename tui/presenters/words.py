"""The words for actors, values, lines and registers that every presenter uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from engine.arm.memory_type import MemoryType
from engine.arm.program import Program
from engine.arm.registers import Field, Sctlr, SystemRegister
from engine.machine.actors import VMM, Actor, actor_name
from engine.machine.effects import OperandValue
from engine.machine.state import Machine, WalkPurpose
from engine.memory.layout import Layout
from engine.memory.line import Version

LARGEST_DECIMAL: Final = 999
"""Values above are addresses or bit patterns more often than counts, and shown in hexadecimal."""

CACHE_BITS: Final = (Sctlr.M, Sctlr.C, Sctlr.I)


def who(actor: Actor) -> str:
    """Return an actor as a sentence names it."""
    return "the VMM" if actor == VMM else actor_name(actor)


def number(value: int) -> str:
    """Return a value: small ones in decimal, others in hexadecimal."""
    return str(value) if -LARGEST_DECIMAL <= value <= LARGEST_DECIMAL else f"{value:#x}"


def pcpus(numbers: Iterable[int]) -> str:
    """Return physical CPUs by name, such as `pcpu0,1`."""
    return "pcpu" + ",".join(map(str, numbers))


def register(name: SystemRegister) -> str:
    """Return a system register as the Arm ARM spells it."""
    return name.value.upper()


def access(kind: MemoryType) -> str:
    """Return a memory type without the word that all types of Normal memory share."""
    return kind.value.removeprefix("Normal ")


def flag(field: Field, value: int) -> str:
    """Return a register field's name where it is set, else a dash for each letter."""
    return field.name if field.get(value) else "-" * len(field.name)


def cache_bits(sctlr_el1: int) -> str:
    """Return SCTLR_EL1's M, C and I, a dash for each that is clear."""
    return " ".join(flag(field, sctlr_el1) for field in CACHE_BITS)


def listed(parts: Iterable[str]) -> str:
    """Return parts as English lists them: `a`, `a and b`, `a, b and c`."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def printable(text: str) -> str:
    """Return text with what a terminal would obey, not show, replaced."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def code(text: str) -> str:
    """Return a piece of source on one line, without the columns its author gave it."""
    return printable(" ".join(text.split()))


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, such as `1 line` or `2 lines`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def operands(values: Iterable[OperandValue]) -> str:
    """Return the operands of a condition with their values, such as `vcpu->vcpu_id is 1`."""
    return ", ".join(f"{code(operand.text)} is {number(operand.value)}" for operand in values)


def truth(outcome: bool) -> str:
    """Return a condition's outcome."""
    return "true" if outcome else "false"


def line_words(layout: Layout, line: int) -> str:
    """Return a line as a sentence names it: by the words on it."""
    return f"the line of {listed(layout.words[word].name for word in layout.lines[line])}"


def line_values(layout: Layout, line: int, copy: tuple[Version, ...]) -> str:
    """Return one copy of a line, word by word, such as `x = 0, y = 1`."""
    return ", ".join(
        f"{layout.words[word].name} = {number(version.value)}"
        for word, version in zip(layout.lines[line], copy, strict=True)
    )


def instruction_text(program: Program, pc: int) -> str:
    """Return an instruction as its author wrote it, without the columns."""
    return code(program.instructions[pc].text)


def place_in(program: Program, pc: int) -> str:
    """Return a place in a program: the nearest label before it and the distance, or `end`.

    Before any label the distance is from `start`.
    """
    if pc >= len(program.instructions):
        return "end"
    labels = [(at, name) for name, at in program.labels if at <= pc]
    if not labels:
        return f"start+{pc}" if pc else "start"
    at, name = max(labels, key=lambda label: label[0])
    return name if at == pc else f"{name}+{pc - at}"


def program_of(machine: Machine, actor: Actor) -> Program | None:
    """Return an actor's program, None for a VMM that has none."""
    return machine.setup.vmm if actor == VMM else machine.setup.programs[actor]


def walk_name(purpose: WalkPurpose) -> str:
    """Return the kernel function that a walk over stage 2 belongs to."""
    match purpose:
        case WalkPurpose.FLUSH_VM:
            return "stage2_flush_vm()"
        case WalkPurpose.MAP_PAGE:
            return "user_mem_abort()"
        case WalkPurpose.UNMAP_VM:
            return "stage2_unmap_vm()"


def in_values(text: str, operands: tuple[OperandValue, ...]) -> str:
    """Return a condition with its operands replaced by their values, such as `1 == 0`."""
    text = code(text)
    values = {code(operand.text): number(operand.value) for operand in operands}
    if not values:
        return text
    texts = sorted(values, key=len, reverse=True)
    pattern = "|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in texts)
    return re.sub(pattern, lambda found: values[found.group()], text)
