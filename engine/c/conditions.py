"""The conditions of #if: integer constant expressions over CONFIG_ names and macros."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from engine.c.integers import binary, literal
from engine.c.lexer import Token, TokenKind
from engine.c.macros import Expander, Macro
from engine.c.operators import BinaryOperator
from engine.c.source import PolicyError
from engine.c.types import LLONG

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

MAX_CONDITION: Final = 200
"""Tokens that a condition may have once its macros are expanded."""

_TESTS: Final = ("defined", "IS_ENABLED", "IS_BUILTIN", "IS_REACHABLE", "IS_MODULE")


@attrs.frozen
class Unknown(Exception):
    """A condition depends on what the source does not say."""

    name: str


def config_value(name: str, configs: Mapping[str, int]) -> int:
    """Return a CONFIG_ name's value, 0 where it is off."""
    return configs.get(name, ALWAYS_ON.get(name, 0))


def holds(
    directive: str,
    tokens: list[Token],
    macros: Mapping[str, Macro],
    configs: Mapping[str, int],
    expander: Expander,
) -> bool:
    """Say whether the text below an #if, #ifdef or #ifndef counts.

    Raises:
        Unknown: the condition asks about a name that is no CONFIG_ name and no macro.
    """
    if directive in ("ifdef", "ifndef"):
        if not tokens:
            raise Unknown("nothing")
        return _defined(tokens[0].text, macros, configs) == (directive == "ifdef")
    replaced = _replace_tests(tokens, macros, configs)
    try:
        expanded = expander.expand(replaced)
    except PolicyError as error:
        raise Unknown(error.found) from None
    return bool(_Parser(expanded, configs).whole())


def _defined(name: str, macros: Mapping[str, Macro], configs: Mapping[str, int]) -> bool:
    if name in macros:
        return True
    if name.startswith("CONFIG_"):
        return bool(config_value(name, configs))
    if name in ("__KERNEL__", "__aarch64__", "__LP64__"):
        return True
    if name in ("__ASSEMBLY__", "__ASSEMBLER__", "__arm__", "__KVM_NVHE_HYPERVISOR__", "MODULE"):
        return False
    raise Unknown(name)


def _replace_tests(
    tokens: list[Token], macros: Mapping[str, Macro], configs: Mapping[str, int]
) -> list[Token]:
    result: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.text not in _TESTS or token.text in macros:
            result.append(token)
            index += 1
            continue
        bracket = index + 1 < len(tokens) and tokens[index + 1].text == "("
        at = index + 2 if bracket else index + 1
        if at >= len(tokens) or tokens[at].kind is not TokenKind.NAME:
            raise Unknown(token.text)
        name = tokens[at].text
        if token.text == "defined":
            value = int(_defined(name, macros, configs))
        elif token.text == "IS_MODULE":
            value = 0
        else:
            value = int(bool(config_value(name, configs)))
        result.append(attrs.evolve(token, kind=TokenKind.NUMBER, text=str(value)))
        index = at + 2 if bracket else at + 1
    return result


@attrs.define
class _Parser:
    tokens: list[Token]
    configs: Mapping[str, int]
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
        if token.startswith("CONFIG_"):
            return config_value(token, self.configs)
        raise Unknown(token or "an unfinished condition")
