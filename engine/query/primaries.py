"""What a query reads: names and what stands in brackets and behind dots."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from engine.arm.core import REGISTERS
from engine.arm.registers import Field, Hcr, Sctlr, SystemRegister
from engine.query.expressions import (
    CLineRead,
    FieldRead,
    GeneralRegisterRead,
    InKvmRead,
    LineFact,
    LineRead,
    Literal,
    LocalRead,
    PcRead,
    PowerRead,
    QueryExpression,
    Source,
    StaleRead,
    StaticRead,
    StepRead,
    SystemRegisterRead,
    Type,
    VersionRead,
)
from engine.query.reader import QueryReader
from engine.query.tokens import QueryTokenKind
from engine.query.vocabulary import BY_NAME, CONSTANTS, WORDS
from engine.refusal import Column, RefusedError, quote

_ALMOST: Final = 0.8
"""How near a word has to be to a constant that is meant; 1 is the same."""

_CONSTANTS: Final = {
    "none": Literal(None, Type.NUMBER),
    "true": Literal(True, Type.TRUTH),
    "false": Literal(False, Type.TRUTH),
}
_SOURCES: Final = {source.value: source for source in Source}
_FACTS: Final = {fact.value: fact for fact in LineFact}
_REGISTERS: Final[dict[str, SystemRegister | None]] = {
    "sctlr": SystemRegister.SCTLR_EL1,
    "hcr": None,
    **{register.value: register for register in SystemRegister if register.trapped_by_tvm},
}
_SCTLR_FIELDS: Final = {field.name: field for field in (Sctlr.M, Sctlr.C, Sctlr.I)}
_HCR_FIELDS: Final = {field.name: field for field in Hcr.ALL}


def constant(reader: QueryReader) -> Literal | None:
    """Read `none`, `true` or `false`, if it comes next."""
    found = _CONSTANTS.get(reader.token.text)
    if found is not None:
        reader.advance()
    return found


def reading(reader: QueryReader) -> QueryExpression:
    """Read one of the vocabulary's names, or a name of the policy's state."""
    token = reader.token
    if token.kind is not QueryTokenKind.NAME or token.text in WORDS:
        raise reader.error(token, "a number, a name such as ram[x], or a parenthesis")
    if token.text not in BY_NAME:
        return _policy_state(reader)
    reader.advance()
    name = token.text
    if name in _SOURCES:
        return _version(reader, _SOURCES[name])
    if name in _FACTS:
        return LineRead(_FACTS[name], _word(reader))
    if name in _REGISTERS:
        return _system_register(reader, _REGISTERS[name])
    return _other(reader, name)


def _other(reader: QueryReader, name: str) -> QueryExpression:
    match name:
        case "stale":
            return StaleRead(_actor(reader), _word(reader))
        case "x":
            return GeneralRegisterRead(_actor(reader), _register(reader))
        case "pc" | "at":
            return PcRead(_actor(reader), place=name == "at")
        case "in_kvm":
            return InKvmRead(_actor(reader))
        case "power":
            return PowerRead(_actor(reader, vcpu=True))
        case "line":
            return CLineRead()
        case "step":
            return StepRead()
        case "local":
            vcpu = _actor(reader, vcpu=True)
            reader.expect(".")
            known = {each: each for each in reader.names.locals}
            return LocalRead(vcpu, reader.known(known, "a local of the policy"))
        case "policy":
            reader.expect(".")
            return _policy_state(reader)
        case _:
            raise AssertionError(f"{name} is declared, and not read")


def _version(reader: QueryReader, source: Source) -> VersionRead:
    actor = _actor(reader) if source in (Source.SEES, Source.DUE) else None
    word = _word(reader)
    if not reader.accept("."):
        return VersionRead(source, word, actor)
    reader.expect("version")
    return VersionRead(source, word, actor, number=True)


def _system_register(reader: QueryReader, register: SystemRegister | None) -> SystemRegisterRead:
    vcpu = _actor(reader, vcpu=True)
    if not reader.accept("."):
        return SystemRegisterRead(vcpu, register)
    fields: dict[str, Field] = {}
    if register is None:
        fields = _HCR_FIELDS
    elif register is SystemRegister.SCTLR_EL1:
        fields = _SCTLR_FIELDS
    return SystemRegisterRead(vcpu, register, reader.known(fields, "a bit of the register"))


def _actor(reader: QueryReader, *, vcpu: bool = False) -> int:
    reader.expect("[")
    actor = reader.actor(vcpu=vcpu)
    reader.expect("]")
    return actor


def _word(reader: QueryReader) -> int:
    reader.expect("[")
    word = reader.known(reader.names.words, "a word of guest RAM")
    reader.expect("]")
    return word


def _register(reader: QueryReader) -> int:
    reader.expect("[")
    number = reader.number(0, REGISTERS - 1, "a register")
    reader.expect("]")
    return number


def _policy_state(reader: QueryReader) -> QueryExpression:
    """Read a name of the policy's state as its source spells it, such as `kvm->arch.flushed`."""
    first = reader.advance()
    name = first.text
    statics, fields = reader.names.statics, reader.names.fields
    while name not in statics and name not in fields:
        follows = reader.token.text
        if follows not in ("->", ".", "["):
            raise _unknown(reader, first.column, first.text, name)
        name += reader.advance().text + reader.advance().text
        if follows == "[":
            name += reader.expect("]").text
    if name in statics:
        return StaticRead(statics[name])
    return FieldRead(*fields[name])


def _unknown(reader: QueryReader, column: int, first: str, name: str) -> RefusedError:
    """Return the error for a name that is neither of the vocabulary nor of the policy."""
    readable = (*BY_NAME, *CONSTANTS)
    kept = reader.names.policy_state
    if name != first and kept and first not in readable and "[" not in name:
        at = Column(column)
        return RefusedError.unknown(quote(name), name, kept, "what the policy keeps", at)
    # Constants are short, and a short word is soon near another: nope is no misspelt none.
    constants = get_close_matches(first, CONSTANTS, cutoff=_ALMOST)
    kind = "a name that a query can read"
    names = (*BY_NAME, *constants, *kept)
    return RefusedError.unknown(quote(first), first, names, kind, Column(column))
