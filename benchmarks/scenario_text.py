"""A member of the family as a scenario file."""

from __future__ import annotations

from typing import Final

from benchmarks.family import Await, Enable, Guest, Load, Member, Operation, Store, Unless

_RAM: Final = 0x4000_0000
_LINE: Final = 64
_WORD: Final = 8
_SCTLR_ON: Final = 0x00C5_107D
_ON: Final = "x29"
_ONE: Final = "x30"
_FIRST_VARIABLE: Final = 13
"""x0 to x12 point to words, x13 to x28 are variables."""


def scenario_text(member: Member) -> str:
    """Return the text of the member's scenario file; the same member, the same bytes.

    Raises:
        ValueError: a guest has more words than there are registers to point to them.
    """
    words = "".join(
        f"{member.names[word]} = {{ address = {_address(member, word):#x} }}\n"
        for line in member.lines
        for word in line
    )
    vcpus = "".join(_vcpu(member, index, guest) for index, guest in enumerate(member.guests))
    return (
        f'title = "Benchmark: {member.name}"\n'
        'teaches = "How the cost of exploring grows."\n'
        "schedule = []\n\n"
        f"[hardware]\npcpus = {member.vcpus}\n\n"
        f"[memory.words]\n{words}{vcpus}"
    )


def _vcpu(member: Member, index: int, guest: Guest) -> str:
    used = sorted({word for word in map(_word, guest) if word is not None})
    if len(used) > _FIRST_VARIABLE:
        raise ValueError(f"{len(used)} words for one guest: expected at most {_FIRST_VARIABLE}")
    pointers = {word: f"x{number}" for number, word in enumerate(used)}
    registers = {pointers[word]: _address(member, word) for word in used}
    registers |= {_ON: _SCTLR_ON, _ONE: 1}
    values = ", ".join(f"{name} = {value:#x}" for name, value in registers.items())
    lines = "\n".join(
        _instructions(operation, number, pointers) for number, operation in enumerate(guest)
    )
    return (
        f"\n[[vcpu]]\npcpu = {index}\nregisters = {{ {values} }}\n"
        # No interrupt ever comes: who is done takes no more steps.
        f'program = """\n{lines}\ndone:   wfi\n"""\n'
    )


def _word(operation: Operation) -> int | None:
    match operation:
        case Store(word) | Load(word) | Await(word):
            return word
        case Unless() | Enable():
            return None


def _instructions(operation: Operation, number: int, pointers: dict[int, str]) -> str:
    match operation:
        case Store(word):
            return f"        str     {_ONE}, [{pointers[word]}]"
        case Load(word, variable):
            return f"        ldr     {_register(variable)}, [{pointers[word]}]"
        case Await(word, variable):
            register = _register(variable)
            return (
                f"poll{number}:\n        ldr     {register}, [{pointers[word]}]\n"
                f"        cbz     {register}, poll{number}"
            )
        case Unless(variable):
            return f"        cbz     {_register(variable)}, done"
        case Enable():
            return f"        msr     sctlr_el1, {_ON}"


def _register(variable: int) -> str:
    return f"x{_FIRST_VARIABLE + variable}"


def _address(member: Member, word: int) -> int:
    line = member.line_of(word)
    return _RAM + line * _LINE + member.lines[line].index(word) * _WORD
