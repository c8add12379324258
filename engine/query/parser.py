"""The operators of the query language: from text to an expression whose types fit.

From the loosest: `or` (`||`), `and` (`&&`), `not`, comparisons, `|`, `^`, `&`, `<< >>`, `+ -`, and
the prefixes `- ~ !`. Other than in C, `a & b == c` compares `a & b`, as is always meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from engine.machine.setup import Setup
from engine.machine.state import Power
from engine.query.expressions import (
    Literal,
    Old,
    Operator,
    PcRead,
    PlaceName,
    QueryBinary,
    QueryExpression,
    QueryUnary,
    QueryUnaryOperator,
    Type,
    type_of,
)
from engine.query.inputs import Inputs
from engine.query.primaries import constant, reading
from engine.query.reader import QueryReader
from engine.query.tokens import QueryToken, QueryTokenKind, tokens
from engine.query.vocabulary import QueryNames
from engine.refusal import Column, RefusedError

DEEPEST: Final = 40
"""How deep parentheses and prefixes may be nested."""

_SPELLED: Final[Mapping[str, Operator]] = {
    **{operator.value: operator for operator in Operator},
    "||": Operator.OR,
    "&&": Operator.AND,
}
_COMPARISONS: Final = (
    *(Operator.EQ, Operator.NE, Operator.LT),
    *(Operator.LE, Operator.GT, Operator.GE),
)
_ARITHMETIC: Final = (
    (Operator.BIT_OR,),
    (Operator.BIT_XOR,),
    (Operator.BIT_AND,),
    (Operator.SHIFT_LEFT, Operator.SHIFT_RIGHT),
    (Operator.ADD, Operator.SUB),
)
_PREFIXES: Final = {
    "-": QueryUnaryOperator.NEGATE,
    "~": QueryUnaryOperator.INVERT,
    "!": QueryUnaryOperator.NOT,
}
_POWER: Final = {power.value: power for power in Power}


@attrs.frozen
class Query:
    """An expression with the text that it was read from."""

    text: str
    expression: QueryExpression
    inputs: Inputs = attrs.field(eq=False, repr=False)
    """What it depends on."""

    @property
    def type(self) -> Type:
        """What kind of value it has."""
        return type_of(self.expression)


def parse(text: str, setup: Setup) -> Query:
    """Return the query that a text is, its names resolved in a machine.

    Raises:
        RefusedError: it is none.
    """
    expression = whole(QueryReader(tokens(text), QueryNames(setup)))
    return Query(text.strip(), expression, Inputs.of(expression, setup.layout.line_of))


def whole(reader: QueryReader) -> QueryExpression:
    """Read an expression to the end of the text."""
    expression = _or(reader, 0)
    if reader.token.text in _SPELLED:
        raise reader.error(reader.token, "one comparison, or `and` or `or` between two")
    reader.end()
    return expression


def condition(text: str, setup: Setup) -> Query:
    """Return a query that is true or false; a number is true if it is not 0.

    Raises:
        RefusedError: it is none.
    """
    query = parse(text, setup)
    _counts(query.expression, tokens(text)[0])
    return query


def _or(reader: QueryReader, depth: int) -> QueryExpression:
    left_at, left = reader.token, _and(reader, depth)
    while reader.accept("or", "||"):
        right_at, right = reader.token, _and(reader, depth)
        left = QueryBinary(Operator.OR, _counts(left, left_at), _counts(right, right_at))
    return left


def _and(reader: QueryReader, depth: int) -> QueryExpression:
    left_at, left = reader.token, _not(reader, depth)
    while reader.accept("and", "&&"):
        right_at, right = reader.token, _not(reader, depth)
        left = QueryBinary(Operator.AND, _counts(left, left_at), _counts(right, right_at))
    return left


def _not(reader: QueryReader, depth: int) -> QueryExpression:
    if not reader.accept("not"):
        return _comparison(reader, depth)
    at = reader.token
    return QueryUnary(QueryUnaryOperator.NOT, _counts(_not(reader, _deeper(reader, depth)), at))


def _comparison(reader: QueryReader, depth: int) -> QueryExpression:
    left_at, left = reader.token, _arithmetic(reader, 0, depth)
    operator = _SPELLED.get(reader.token.text)
    if operator not in _COMPARISONS:
        return left
    reader.advance()
    equality = operator in (Operator.EQ, Operator.NE)
    match left, type_of(left):
        case ((PcRead(actor, True) | Old(PcRead(actor, True))), Type.PLACE) if equality:
            return QueryBinary(operator, left, _place(reader, actor, depth))
        case _, Type.POWER if equality:
            return QueryBinary(operator, left, _power(reader, depth))
        case _:
            right_at, right = reader.token, _arithmetic(reader, 0, depth)
            return QueryBinary(operator, _counts(left, left_at), _counts(right, right_at))


def _place(reader: QueryReader, actor: int, depth: int) -> QueryExpression:
    """Read what a place is compared with: a label, or the same actor's place at another time."""
    if reader.token.text in ("at", "old") and reader.following.text in ("[", "("):
        at, other = reader.token, _arithmetic(reader, 0, depth)
        match other:
            case PcRead(whose, True) | Old(PcRead(whose, True)) if whose == actor:
                return other
            case _:
                raise reader.error(at, "a label, or a place in the same program")
    return PlaceName(actor, reader.place(actor))


def _power(reader: QueryReader, depth: int) -> QueryExpression:
    if reader.following.text in ("[", "("):
        at, other = reader.token, _arithmetic(reader, 0, depth)
        if type_of(other) is not Type.POWER:
            raise reader.error(at, "on or off")
        return other
    return Literal(reader.known(_POWER, "on or off"), Type.POWER)


def _arithmetic(reader: QueryReader, level: int, depth: int) -> QueryExpression:
    if level == len(_ARITHMETIC):
        return _prefixed(reader, depth)
    left_at, left = reader.token, _arithmetic(reader, level + 1, depth)
    while (operator := _SPELLED.get(reader.token.text)) in _ARITHMETIC[level]:
        assert operator is not None
        reader.advance()
        right_at, right = reader.token, _arithmetic(reader, level + 1, depth)
        left = QueryBinary(operator, _counts(left, left_at), _counts(right, right_at))
    return left


def _prefixed(reader: QueryReader, depth: int) -> QueryExpression:
    token = reader.token
    operator = _PREFIXES.get(token.text)
    if operator is not None:
        reader.advance()
        at, deeper = reader.token, _deeper(reader, depth)
        return QueryUnary(operator, _counts(_prefixed(reader, deeper), at))
    if reader.accept("("):
        inner = _or(reader, _deeper(reader, depth))
        reader.expect(")")
        return inner
    if token.text == "old" and reader.following.text == "(":
        reader.advance()
        reader.advance()
        before = _or(reader, _deeper(reader, depth))
        reader.expect(")")
        return Old(before)
    if token.kind is QueryTokenKind.NUMBER:
        return Literal(reader.advance().value, Type.NUMBER)
    return constant(reader) or reading(reader)


def _deeper(reader: QueryReader, depth: int) -> int:
    if depth >= DEEPEST:
        raise reader.error(reader.token, f"no more than {DEEPEST} levels of nesting")
    return depth + 1


def _counts(expression: QueryExpression, at: QueryToken) -> QueryExpression:
    """Return an expression that stands where a number or a truth has to."""
    match type_of(expression):
        case Type.NUMBER | Type.TRUTH:
            return expression
        case Type.PLACE:
            expected = "a number: places are only compared, as in at[1] == LABEL (or use pc[1])"
        case Type.POWER:
            expected = "a number: power states are only compared, as in power[1] == on"
    raise RefusedError(at.shown, expected, Column(at.column))
