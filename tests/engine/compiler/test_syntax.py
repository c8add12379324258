"""What the parser's nodes are called in the source."""

from __future__ import annotations

import pytest

from engine.compiler.preprocess.preprocessor import preprocess
from engine.compiler.syntax import Unit, declared_name, field, parse, walk
from engine.policy.source import SourceFile


def _unit(text: str) -> Unit:
    return parse(preprocess(SourceFile("p.c", text), {}))


@pytest.mark.parametrize(
    ("declaration", "name"),
    [
        ("int a;", "a"),
        ("int *a[3];", "a"),
        ("static int (a);", "a"),
        ("int (*a)(int);", "a"),
        ("int (*a[2])(void);", "a"),
        ("int (/* why */ a);", "a"),
    ],
)
def test_a_declarator_declares_the_name_within_all_that_is_around_it(
    declaration: str, name: str
) -> None:
    unit = _unit(declaration)
    assert declared_name(field(unit.root.named_children[0], "declarator")) == name


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("v->a", "v->a"),
        ("ON", "v->on"),
        ("v->a == ON", "v->a == v->on"),
        ("ON == v->a", "v->on == v->a"),
        ("v->a  /* why */  == 1", "v->a == 1"),
    ],
)
def test_an_operand_is_told_as_it_is_written_but_for_macros_at_its_ends(
    condition: str, text: str
) -> None:
    unit = _unit(f"#define ON v->on\nvoid f(void)\n{{\n\tif ({condition})\n\t\tg();\n}}\n")
    (branch,) = (node for node in walk(unit.root) if node.type == "if_statement")
    assert unit.operand_text(field(branch, "condition").named_children[0]) == text


def test_what_a_macro_puts_right_behind_a_construct_is_not_its_end() -> None:
    unit = _unit("#define STOP b();\nvoid f(void) { /* why */ a();STOP }\n")
    first, _ = (node for node in walk(unit.root) if node.type == "expression_statement")
    assert not unit.code.moved(first.start_byte, first.end_byte)
