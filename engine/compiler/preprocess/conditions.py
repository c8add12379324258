"""The conditions of #if: integer constant expressions over CONFIG_ names and macros."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import attrs

from engine.compiler.preprocess.doubts import Doubts
from engine.compiler.preprocess.macros import Expander, Macro
from engine.compiler.preprocess.tokens import Token, TokenKind
from engine.policy.c_types import LLONG
from engine.policy.integers import binary, literal
from engine.policy.operators import BinaryOperator
from engine.refusal import RefusedError

ALWAYS_ON: Final[Mapping[str, int]] = dict.fromkeys(
    ("CONFIG_ARM64", "CONFIG_64BIT", "CONFIG_KVM", "CONFIG_MMU", "CONFIG_SMP"), 1
)
"""What every arm64 kernel with KVM has."""

_PRECEDENCE: Final = {
    operator: level
    for level, operators in enumerate(
        (
            ("||",),
            ("&&",),
            ("|",),
            ("^",),
            ("&",),
            ("==", "!="),
            ("<", "<=", ">", ">="),
            ("<<", ">>"),
            ("+", "-"),
            ("*", "/", "%"),
        )
    )
    for operator in operators
}

_UNDEFINED: Final = frozenset(
    ("__ASSEMBLY__", "__ASSEMBLER__", "__arm__", "__KVM_NVHE_HYPERVISOR__", "MODULE")
)
"""What no C of KVM's for arm64 has defined."""

_NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)

MAX_CONDITION: Final = 200
"""Tokens that a condition may have once its macros are expanded."""

_TESTS: Final = ("defined", "IS_ENABLED", "IS_BUILTIN", "IS_REACHABLE", "IS_MODULE")


@attrs.frozen
class Unknown(Exception):
    """A condition cannot be evaluated, because of a word of it."""

    name: str


@attrs.frozen
class Inclusion:
    """Whether the text below an #if counts, and the first word that the source does not explain.

    As for cpp a name is not defined, and 0, that nothing defines; but headers that are not read
    may, so whoever uses code inside has to know.
    """

    holds: bool
    unknown: str | None = None


def config_value(name: str, configs: Mapping[str, int]) -> int:
    """Return a CONFIG_ name's value, 0 where it is off."""
    return configs.get(name, ALWAYS_ON.get(name, 0))


def decide(
    directive: str,
    tokens: list[Token],
    macros: Mapping[str, Macro],
    configs: Mapping[str, int],
    expander: Expander,
) -> Inclusion:
    """Say whether the text below an #if, #ifdef or #ifndef counts; no if that cannot be said."""
    names = _Names(macros, configs, expander.doubts)
    try:
        met = _holds(directive, tokens, names, expander)
    except Unknown as unknown:
        return Inclusion(False, next(iter(names.unknown), unknown.name))
    return Inclusion(met, next(iter(names.unknown), None))


@attrs.define
class _Names:
    """What names stand for, and those that were asked for and are unknown."""

    macros: Mapping[str, Macro]
    configs: Mapping[str, int]
    doubts: Doubts
    unknown: list[str] = attrs.Factory(list)

    def defined(self, name: str) -> bool:
        """Say whether a name is defined."""
        if name in self.doubts.known:
            self.unknown.append(name)
        if name in self.macros or name in ("__KERNEL__", "__aarch64__", "__LP64__"):
            return True
        if name.startswith("CONFIG_"):
            return bool(config_value(name, self.configs))
        if name not in _UNDEFINED:
            self.unknown.append(name)
        return False

    def value(self, name: str) -> int:
        """Return the value of a name that is no macro."""
        if name.startswith("CONFIG_"):
            return config_value(name, self.configs)
        if name not in _UNDEFINED:
            self.unknown.append(name)
        return 0


def _holds(directive: str, tokens: list[Token], names: _Names, expander: Expander) -> bool:
    if directive in ("ifdef", "ifndef"):
        if not tokens:
            raise Unknown("nothing")
        return names.defined(tokens[0].text) == (directive == "ifdef")
    replaced = _replace_tests(tokens, names)
    try:
        expanded = expander.expand(replaced)
    except RefusedError as error:
        raise Unknown(error.what_was_found) from None
    finally:
        names.unknown.extend(names.doubts.take())
    return bool(_Parser(expanded, names).whole())


def _replace_tests(tokens: list[Token], names: _Names) -> list[Token]:
    result: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.text not in _TESTS or token.text in names.macros:
            result.append(token)
            index += 1
            continue
        bracket = index + 1 < len(tokens) and tokens[index + 1].text == "("
        at = index + 2 if bracket else index + 1
        if at >= len(tokens) or tokens[at].kind is not TokenKind.NAME:
            raise Unknown(token.text)
        name = tokens[at].text
        if token.text == "defined":
            value = int(names.defined(name))
        elif token.text == "IS_MODULE":
            value = 0
        else:
            value = int(bool(config_value(name, names.configs)))
        result.append(attrs.evolve(token, kind=TokenKind.NUMBER, text=str(value)))
        index = at + 2 if bracket else at + 1
    return result


@attrs.define
class _Parser:
    tokens: list[Token]
    names: _Names
    index: int = 0

    def whole(self) -> int:
        if len(self.tokens) > MAX_CONDITION:
            raise Unknown(f"more than {MAX_CONDITION} tokens")
        value = self._conditional()
        if self.index < len(self.tokens):
            raise Unknown(self.tokens[self.index].text)
        return value

    def _peek(self) -> str:
        return self.tokens[self.index].text if self.index < len(self.tokens) else ""

    def _conditional(self) -> int:
        condition = self._level(0)
        if self._peek() != "?":
            return condition
        self.index += 1
        then = self._conditional()
        if self._peek() != ":":
            raise Unknown(self._peek() or "an unfinished condition")
        self.index += 1
        otherwise = self._conditional()
        return then if condition else otherwise

    def _level(self, least: int) -> int:
        left = self._unary()
        while _PRECEDENCE.get(self._peek(), -1) >= least:
            operator = self._peek()
            self.index += 1
            right = self._level(_PRECEDENCE[operator] + 1)
            if operator == "||":
                left = int(bool(left or right))
            elif operator == "&&":
                left = int(bool(left and right))
            else:
                left = binary(BinaryOperator(operator), left, right, LLONG)
        return left

    def _unary(self) -> int:
        token = self._peek()
        self.index += 1
        if token == "!":
            return int(not self._unary())
        if token == "-":
            return -self._unary()
        if token == "+":
            return self._unary()
        if token == "~":
            return ~self._unary()
        if token == "(":
            value = self._conditional()
            if self._peek() != ")":
                raise Unknown(self._peek() or "an unfinished condition")
            self.index += 1
            return value
        number = literal(token)
        if number is not None:
            return number[0]
        if _NAME.fullmatch(token):
            return self.names.value(token)
        raise Unknown(token or "an unfinished condition")
