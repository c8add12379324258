"""The operands of one statement, read from left to right."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import Final, TypeAlias, TypeVar

import attrs

from engine.arm.assembly.code_range import CodeRange
from engine.arm.assembly.syntax import AssemblyStatement, AssemblyToken, AssemblyTokenKind
from engine.arm.core import SP, ZERO
from engine.arm.registers import MASK
from engine.refusal import InFile, RefusedError, quote

_ALIASES: Final = {"fp": (29, True), "lr": (30, True), "ip0": (16, True), "ip1": (17, True)}
REGISTERS: Final[Mapping[str, tuple[int, bool]]] = {
    **{f"x{number}": (number, True) for number in range(ZERO)},
    **{f"w{number}": (number, False) for number in range(ZERO)},
    "xzr": (ZERO, True),
    "wzr": (ZERO, False),
    **_ALIASES,
}
"""What registers are called: a number, and whether the name is the whole register's."""

STACK_POINTERS: Final[Mapping[str, tuple[int, bool]]] = {"sp": (SP, True), "wsp": (SP, False)}
"""What register 31 is called where an encoding does not mean the zero register by it."""

_LIKE_REGISTER: Final = re.compile(r"w?sp|[xw][0-9]+")
_VCPU: Final = re.compile(r"vcpu(0|[1-9][0-9]{0,5})")

_E = TypeVar("_E", bound=Enum)
_I = TypeVar("_I")


@attrs.frozen
class AssemblyNames:
    """What a statement may refer to: labels, local labels, words, and how many vCPUs there are."""

    source: str
    labels: Mapping[str, int]
    local_labels: Mapping[str, Sequence[int]]
    """By number without leading zeros, where each of that number is, in order."""
    words: Mapping[str, int]
    vcpus: int
    vmm: bool
    code: CodeRange = attrs.field(factory=CodeRange)
    elsewhere: Collection[str] = ()
    """The labels of other programs."""


@attrs.frozen
class Register:
    """A register operand and the token that names it."""

    number: int
    wide: bool
    token: AssemblyToken


@attrs.frozen
class ForeignLabel:
    """A label of another program that the instruction at `index` names, and where it does."""

    index: int
    vcpu: int | None
    """Whose program has it; None for whichever has: it is asked for its address."""
    label: str
    line: int
    column: int
    mask: int = MASK
    """The bits of its address that are asked for."""


@attrs.define
class Operands:
    """A reader that moves over a statement's tokens; every method raises RefusedError."""

    names: AssemblyNames
    statement: AssemblyStatement
    pc: int
    """The index of this instruction."""
    foreign: ForeignLabel | None = None
    """The label of another program that the statement was found to name."""
    _next: int = attrs.field(default=1, init=False)

    @property
    def token(self) -> AssemblyToken:
        """The token to read next."""
        return self.statement.tokens[self._next]

    @property
    def following(self) -> AssemblyToken:
        """The token after that."""
        return self.statement.tokens[min(self._next + 1, len(self.statement.tokens) - 1)]

    @property
    def mnemonic(self) -> AssemblyToken:
        """The token the statement begins with."""
        return self.statement.tokens[0]

    def error(self, token: AssemblyToken, expected: str, found: str | None = None) -> RefusedError:
        """Return the error of finding a token, or more from it on, where it is not expected."""
        return RefusedError(found or self._shown(token), expected, self._place(token))

    def unknown(
        self, token: AssemblyToken, wanted: str, known: Iterable[str], kind: str
    ) -> RefusedError:
        """Return the error for a word that is none of those that may stand there."""
        return RefusedError.unknown(self._shown(token), wanted, known, kind, self._place(token))

    def _shown(self, token: AssemblyToken) -> str:
        at_end = token.kind is AssemblyTokenKind.END
        return "the end of the statement" if at_end else quote(token.text)

    def _place(self, token: AssemblyToken) -> InFile:
        return InFile(self.names.source, line=self.statement.line, column=token.column)

    def since(self, start: AssemblyToken) -> str:
        """Return the text from a token to the last one read, quoted."""
        last = self.statement.tokens[self._next - 1]
        origin = self.mnemonic.column
        return quote(
            self.statement.text[start.column - origin : last.column + len(last.text) - origin]
        )

    def advance(self) -> AssemblyToken:
        """Read one token, whatever it is; the END stays."""
        token = self.token
        if token.kind is not AssemblyTokenKind.END:
            self._next += 1
        return token

    def at(self, text: str) -> bool:
        """Say whether this punctuation or keyword is next."""
        return self.token.word == text

    def accept(self, text: str) -> bool:
        """Read a piece of punctuation or a keyword if it is next, and say whether it was."""
        found = self.at(text)
        if found:
            self.advance()
        return found

    def expect(self, text: str, expected: str | None = None) -> None:
        """Read a piece of punctuation that has to be next."""
        if not self.accept(text):
            raise self.error(self.token, expected or f"'{text}'")

    def comma(self) -> None:
        """Read the comma between two operands."""
        self.expect(",", "',' and another operand")

    def end(self) -> None:
        """Require that nothing follows."""
        if self.token.kind is not AssemblyTokenKind.END:
            comment = " (a comment begins with //)" if self.token.text in ("#", "@") else ""
            raise self.error(self.token, f"the end of the statement{comment}")

    def at_register(self) -> bool:
        """Say whether a register is next, or what `register()` refuses with its reason."""
        return bool(_LIKE_REGISTER.fullmatch(self.token.word)) or self.token.word in REGISTERS

    def register(self, wide: bool | None = None, why: str = "as wide as the others") -> Register:
        """Read a register, of a given width unless None; `why` tells why it must be that wide."""
        token = self.token
        if token.word in STACK_POINTERS:
            letter = token.word[0] if token.word == "wsp" else "x"
            expected = f"a register {letter}0 to {letter}30 or {letter}zr: not the stack pointer"
            raise self.error(token, f"{expected} here")
        return self._register(REGISTERS, wide, why)

    def register_or_sp(
        self, wide: bool | None = None, why: str = "as wide as the others"
    ) -> Register:
        """Read a register that may be the stack pointer; what it means by xzr is left open."""
        return self._register({**REGISTERS, **STACK_POINTERS}, wide, why)

    def _register(
        self, known: Mapping[str, tuple[int, bool]], wide: bool | None, why: str
    ) -> Register:
        token = self.token
        if token.word not in known:
            letter = "w" if wide is False else "x"
            raise self.error(token, f"a register {letter}0 to {letter}30 or {letter}zr")
        number, found_wide = known[token.word]
        register = Register(number, found_wide, token)
        if wide is not None:
            self.width(register, wide, why)
        self.advance()
        return register

    def width(self, register: Register, wide: bool, why: str) -> None:
        """Require that a register is read whole, or as a w register."""
        if register.wide != wide:
            letter, bits = ("x", 64) if wide else ("w", 32)
            expected = f"a {bits}-bit register, {letter}0 to {letter}30 or {letter}zr: {why}"
            raise self.error(register.token, expected)

    def not_zero(self, register: Register) -> None:
        """Refuse the zero register where the encoding has the stack pointer instead."""
        if register.number == ZERO:
            letter = "x" if register.wide else "w"
            raise self.error(
                register.token,
                f"a register {letter}0 to {letter}30: register 31 here is the stack pointer",
            )

    def not_sp(self, register: Register) -> None:
        """Refuse the stack pointer where the encoding has the zero register instead."""
        if register.number == SP:
            letter = "x" if register.wide else "w"
            expected = f"a register {letter}0 to {letter}30 or {letter}zr: not the stack pointer"
            raise self.error(register.token, f"{expected} here")

    def member(self, members: Mapping[str, _E], kind: str) -> _E:
        """Read a keyword that names a member of an enumeration."""
        token = self.token
        if token.word not in members:
            raise self.unknown(token, token.word, members, kind)
        self.advance()
        return members[token.word]

    def label(self) -> int:
        """Read a label of this program, `1b`, `1f` or `.`, and return the index it stands for."""
        token = self.advance()
        if token.text == ".":
            return self.pc
        if token.kind is AssemblyTokenKind.LOCAL:
            return self._local_label(token)
        if token.text not in self.names.labels:
            raise self.unknown(token, token.text, self.names.labels, "a label of the program")
        return self.names.labels[token.text]

    def _local_label(self, token: AssemblyToken) -> int:
        number, forward = local_number(token.text[:-1]), token.text[-1] == "f"
        places = self.names.local_labels.get(number, ())
        # A label stands before the instruction of its index: that one is behind, not ahead.
        ahead = bisect_right(places, self.pc)
        found = places[ahead : ahead + 1] if forward else places[max(ahead - 1, 0) : ahead]
        if not found:
            where = "after" if forward else "before"
            raise self.error(token, f"a label '{quote(number)[1:-1]}:' {where} this instruction")
        return found[0]

    def vcpu(self) -> int:
        """Read `vcpu0`, `vcpu1` and so on."""
        token = self.token
        match = _VCPU.fullmatch(token.word)
        if not match or int(match[1]) >= self.names.vcpus:
            last = self.names.vcpus - 1
            raise self.error(token, "vcpu0" if last == 0 else f"a vCPU, vcpu0 to vcpu{last}")
        self.advance()
        return int(match[1])

    def address_elsewhere(self) -> bool:
        """Read a label that another program alone has, if one is next, to be linked."""
        token = self.token
        names = self.names
        if token.text in names.words or token.text in names.labels:
            return False
        if token.text not in names.elsewhere:
            return False
        self.advance()
        self.foreign = ForeignLabel(self.pc, None, token.text, self.statement.line, token.column)
        return True

    def foreign_label(self, vcpu: int) -> None:
        """Read a label of a vCPU's program, to be linked when all programs are read."""
        token = self.token
        if token.kind is not AssemblyTokenKind.SYMBOL:
            raise self.error(token, f"a label of vcpu{vcpu}'s program")
        self.advance()
        self.foreign = ForeignLabel(self.pc, vcpu, token.text, self.statement.line, token.column)


OperandReader: TypeAlias = Callable[[Operands], _I]
"""Reads the operands of one mnemonic into an instruction of a family."""


def local_number(digits: str) -> str:
    """Return the digits of a local label without leading zeros: 01 and 1 are the same."""
    return digits.lstrip("0") or "0"
