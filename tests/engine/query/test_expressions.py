from __future__ import annotations

import pytest

from engine.query.expressions import (
    CLineRead,
    GeneralRegisterRead,
    InKvmRead,
    LineFact,
    LineRead,
    Literal,
    LocalRead,
    Old,
    Operator,
    PcRead,
    PlaceName,
    PowerRead,
    QueryBinary,
    QueryExpression,
    QueryUnary,
    QueryUnaryOperator,
    Source,
    StaleRead,
    StaticRead,
    StepRead,
    SystemRegisterRead,
    Type,
    VersionRead,
    type_of,
)

ONE = Literal(1, Type.NUMBER)


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        (ONE, Type.NUMBER),
        (Literal(False, Type.TRUTH), Type.TRUTH),
        (VersionRead(Source.RAM, 0, None), Type.NUMBER),
        (VersionRead(Source.DUE, 0, 1, number=True), Type.NUMBER),
        (LineRead(LineFact.DIRTY, 0), Type.TRUTH),
        (LineRead(LineFact.MAPPED, 0), Type.TRUTH),
        (LineRead(LineFact.HOLDERS, 0), Type.NUMBER),
        (StaleRead(1, 0), Type.TRUTH),
        (SystemRegisterRead(0, None), Type.NUMBER),
        (GeneralRegisterRead(0, 5), Type.NUMBER),
        (PcRead(0, place=False), Type.NUMBER),
        (PcRead(0, place=True), Type.PLACE),
        (PlaceName(0, 2), Type.PLACE),
        (InKvmRead(0), Type.TRUTH),
        (PowerRead(0), Type.POWER),
        (CLineRead(), Type.NUMBER),
        (StepRead(), Type.NUMBER),
        (StaticRead(0), Type.NUMBER),
        (LocalRead(0, "mine"), Type.NUMBER),
        (QueryUnary(QueryUnaryOperator.NOT, ONE), Type.TRUTH),
        (QueryUnary(QueryUnaryOperator.NEGATE, ONE), Type.NUMBER),
    ],
)
def test_what_is_read_has_a_type_and_what_it_was_has_the_same(
    expression: QueryExpression, kind: Type
) -> None:
    assert type_of(expression) is kind
    assert type_of(Old(expression)) is kind


def test_comparisons_and_what_joins_them_are_truths_and_arithmetic_is_a_number() -> None:
    truths = {each for each in Operator if type_of(QueryBinary(each, ONE, ONE)) is Type.TRUTH}
    assert {each.value for each in truths} == {"or", "and", "==", "!=", "<", "<=", ">", ">="}
    numbers = set(Operator) - truths
    assert {type_of(QueryBinary(each, ONE, ONE)) for each in numbers} == {Type.NUMBER}
