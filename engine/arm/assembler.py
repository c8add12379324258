"""Assembly as GNU as takes it, read into programs, and programs linked to one another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import attrs

from engine.arm.a64.bit_fields import BIT_FIELDS
from engine.arm.a64.branches import BRANCHES
from engine.arm.a64.choice import CHOICES
from engine.arm.a64.conditionals import CONDITIONALS
from engine.arm.a64.data_processing import DATA_PROCESSING, Arithmetic
from engine.arm.a64.exclusives import ATOMICS, EXCLUSIVES
from engine.arm.a64.left_out import LEFT_OUT
from engine.arm.a64.maintenance import MAINTENANCE, TLB_MAINTENANCE
from engine.arm.a64.memory import MEMORY_ACCESSES, PAIRS
from engine.arm.a64.named_operations import GUEST, VMM, PsciCpuOn, SetOneReg
from engine.arm.a64.operand_forms import Immediate
from engine.arm.a64.register_moves import MOVES, MoveImmediate
from engine.arm.a64.system import BARRIERS_AND_HINTS, PRIVILEGED
from engine.arm.assembly.code_range import CodeRange, code_base
from engine.arm.assembly.operands import (
    REGISTERS,
    STACK_POINTERS,
    AssemblyNames,
    ForeignLabel,
    OperandReader,
    Operands,
    local_number,
)
from engine.arm.assembly.syntax import (
    AssemblyStatement,
    AssemblyToken,
    AssemblyTokenKind,
    statements,
)
from engine.arm.program import Instruction, Located, Program
from engine.refusal import InFile, RefusedError, quote, suggestion

MAX_INSTRUCTIONS: Final = 10_000

A64: Final[Mapping[str, OperandReader[Instruction]]] = {
    **MOVES,
    **DATA_PROCESSING,
    **BIT_FIELDS,
    **CONDITIONALS,
    **MEMORY_ACCESSES,
    **ATOMICS,
    **MAINTENANCE,
    **BRANCHES,
    **CHOICES,
    **BARRIERS_AND_HINTS,
}
"""What guest and VMM programs may both hold."""

_GUEST: Final[Mapping[str, OperandReader[Instruction]]] = {
    **A64,
    **EXCLUSIVES,
    **TLB_MAINTENANCE,
    **PRIVILEGED,
    **GUEST,
}
_VMM: Final[Mapping[str, OperandReader[Instruction]]] = {**A64, **VMM}
_FAMILIES: Final = (
    "moves, arithmetic, logic, shifts, bit fields, csel and kin, ldr, str, ldp, stp, ldar, stlr, "
    "cas, swp, ldadd and kin, branches, choose, dc, ic, barriers, hints, "
)


def assemble(
    text: str,
    *,
    source: str,
    words: Mapping[str, int],
    vcpus: int,
    vmm: bool,
    first_line: int = 1,
    base: int = code_base(0),
    elsewhere: Collection[str] = (),
) -> Program:
    """Read one actor's program; what it names in other programs is left to `link()`.

    `source` names the program, in errors too; `words` gives the address of each word of guest
    RAM; `first_line` is the line of its file on which the text begins; `base` is the address of
    its first instruction; `elsewhere` are the labels of programs that it may ask the address of.

    Raises:
        RefusedError: if the text is no program, and nothing else whatever the text.
    """
    parsed = tuple(statements(text, source, first_line))
    labels, local_labels, length = _labels(parsed, source)
    code = CodeRange(base, length)
    names = AssemblyNames(source, labels, local_labels, words, vcpus, vmm, code, elsewhere)
    instructions: list[Located] = []
    foreign: list[ForeignLabel] = []
    for statement in parsed:
        if statement.text:
            operands = Operands(names, statement, len(instructions))
            for part, instruction in enumerate(_read(operands)):
                located = Located(instruction, statement.line, statement.text, part > 0)
                instructions.append(located)
            foreign += [operands.foreign] if operands.foreign else []
    return Program(source, tuple(instructions), tuple(labels.items()), text, tuple(foreign), base)


def label_names(text: str, source: str) -> tuple[str, ...]:
    """Return the labels of a program that is still to be read.

    Raises:
        RefusedError: if the text has no statements, or a label that cannot be one.
    """
    labels, _, _ = _labels(tuple(statements(text, source, 1)), source)
    return tuple(labels)


def link(
    vcpus: Sequence[Program], vmm: Program | None = None
) -> tuple[tuple[Program, ...], Program | None]:
    """Return the programs with every label that one names in another resolved.

    `vcpus` holds the program of vcpu0, vcpu1 and so on: as many as each was assembled for.

    Raises:
        RefusedError: if a vCPU's program has no such label.
    """
    return tuple(_link(program, vcpus) for program in vcpus), vmm and _link(vmm, vcpus)


def _link(program: Program, vcpus: Sequence[Program]) -> Program:
    instructions = list(program.instructions)
    for name in program.foreign:
        located = instructions[name.index]
        if name.vcpu is None:
            linked = _address(located.instruction, _found(program, name, vcpus) & name.mask)
        else:
            known = dict(vcpus[name.vcpu].labels)
            if name.label not in known:
                kind = f"a label of vcpu{name.vcpu}'s program"
                place = _place(program, name)
                raise RefusedError.unknown(quote(name.label), name.label, known, kind, place)
            linked = _enter(located.instruction, known[name.label])
        instructions[name.index] = attrs.evolve(located, instruction=linked)
    return attrs.evolve(program, instructions=tuple(instructions), foreign=())


def _found(program: Program, name: ForeignLabel, vcpus: Sequence[Program]) -> int:
    """Return the address of a label that some program has."""
    found = {
        other.code.address(at): other.name
        for other in vcpus
        for label, at in other.labels
        if label == name.label
    }
    if len(found) > 1:
        owners = " and ".join(f"{owner}'s" for owner in found.values())
        expected = f"a label that is in one program: it is in {owners}"
        raise RefusedError(quote(name.label), expected, _place(program, name))
    return next(iter(found))


def _place(program: Program, name: ForeignLabel) -> InFile:
    return InFile(program.name, line=name.line, column=name.column)


def _address(instruction: Instruction, address: int) -> Instruction:
    if isinstance(instruction, MoveImmediate):
        return attrs.evolve(instruction, value=address)
    assert isinstance(instruction, Arithmetic)
    return attrs.evolve(instruction, right=Immediate(address))


def _enter(instruction: Instruction, pc: int) -> Instruction:
    if isinstance(instruction, PsciCpuOn):
        return attrs.evolve(instruction, entry=pc)
    assert isinstance(instruction, SetOneReg)
    return attrs.evolve(instruction, value=pc)


def _labels(
    parsed: Sequence[AssemblyStatement], source: str
) -> tuple[Mapping[str, int], Mapping[str, Sequence[int]], int]:
    """Return where each label is, and each of the numbered ones, and how many instructions."""
    labels: dict[str, int] = {}
    lines: dict[str, int] = {}
    local_labels: dict[str, list[int]] = {}
    pc = 0
    for statement in parsed:
        for token in statement.labels:
            if token.kind is AssemblyTokenKind.NUMBER and token.text.isdecimal():
                local_labels.setdefault(local_number(token.text), []).append(pc)
                continue
            if expected := _label_refused(token, lines):
                place = InFile(source, line=statement.line, column=token.column)
                raise RefusedError(quote(token.text), expected, place)
            labels[token.text], lines[token.text] = pc, statement.line
        pc += _length(statement)
        if pc > MAX_INSTRUCTIONS:
            at = statement.tokens[0].column
            found, expected = "one instruction more", f"at most {MAX_INSTRUCTIONS}"
            raise RefusedError(found, expected, InFile(source, line=statement.line, column=at))
    return labels, local_labels, pc


def _length(statement: AssemblyStatement) -> int:
    """Return how many instructions of the model a statement is."""
    if not statement.text:
        return 0
    return 2 if statement.tokens[0].word in PAIRS else 1


def _label_refused(token: AssemblyToken, lines: Mapping[str, int]) -> str | None:
    """Return what is expected where a label cannot be defined, None where it can."""
    if token.kind is not AssemblyTokenKind.SYMBOL or token.text == ".":
        return "a label: a letter, '_', '.' or '$' and more of these or digits"
    if token.word in REGISTERS or token.word in STACK_POINTERS:
        return "a label that is not the name of a register"
    if token.text in lines:
        return f"a new label: this one is on line {lines[token.text]} already"
    return None


def _read(operands: Operands) -> tuple[Instruction, ...]:
    mnemonic = operands.mnemonic
    if mnemonic.word in PAIRS:
        pair = PAIRS[mnemonic.word](operands)
        operands.end()
        return pair
    read = (_VMM if operands.names.vmm else _GUEST).get(mnemonic.word)
    if read is None:
        raise operands.error(mnemonic, _supported(mnemonic, operands.names.vmm))
    instruction = read(operands)
    operands.end()
    return (instruction,)


def _supported(mnemonic: AssemblyToken, vmm: bool) -> str:
    """Return what is expected in place of a mnemonic that the program may not hold."""
    word = mnemonic.word
    if vmm and word in _GUEST:
        return f"an instruction of the VMM: {word} is a guest's"
    if not vmm and word in _VMM:
        return f"an instruction of a guest: {word} is the VMM's"
    if mnemonic.text in ("#", "@"):
        return "an instruction (a comment begins with //)"
    if word.startswith(".") and mnemonic.kind is AssemblyTokenKind.SYMBOL:
        return "an instruction: directives are not supported"
    if word in LEFT_OUT:
        return LEFT_OUT[word]
    known = _VMM if vmm else {**_GUEST, **PAIRS}
    own = ", ".join((*VMM,) if vmm else (*EXCLUSIVES, *TLB_MAINTENANCE, *PRIVILEGED, *GUEST))
    near = suggestion(known, word)
    nearest = f"; {near}" if near else ""
    return f"an instruction{nearest} (supported: {_FAMILIES}{own})"
