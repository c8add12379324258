from __future__ import annotations

import pytest

from engine.arm.a64.branches import UnconditionalBranch
from engine.arm.a64.register_moves import MoveImmediate
from engine.arm.a64.system import Hint, HintKind
from engine.arm.assembler import assemble
from engine.arm.program import Located, Program
from engine.refusal import InFile, RefusedError

NOP = Hint(HintKind.NOP)


def program(text: str, first_line: int = 1) -> Program:
    return assemble(text, source="boot", words={}, vcpus=1, vmm=False, first_line=first_line)


def test_a_program_keeps_its_text_its_lines_and_its_labels() -> None:
    text = "start:\n  mov x0, #1   // one\n\nagain: more:  nop\n\tb again\nend:\n"
    assert program(text) == Program(
        "boot",
        (
            Located(MoveImmediate(0, 1), 2, "mov x0, #1"),
            Located(NOP, 4, "nop"),
            Located(UnconditionalBranch(1), 5, "b again"),
        ),
        (("start", 0), ("again", 1), ("more", 1), ("end", 3)),
        text,
    )


def test_lines_count_from_the_first_line_of_the_program_in_its_file() -> None:
    assert program("nop\n\nnop", first_line=40).instructions == (
        Located(NOP, 40, "nop"),
        Located(NOP, 42, "nop"),
    )


def test_semicolons_separate_statements() -> None:
    assert program("nop; a: nop ;;nop;").instructions == (Located(NOP, 1, "nop"),) * 3


def test_comments_are_no_part_of_a_program() -> None:
    text = "# whole line; nop\n nop // to the end; nop\n/* a; nop\n nop */ nop /* x */\n ; # nop\n"
    assert program(text).instructions == (Located(NOP, 2, "nop"), Located(NOP, 4, "nop"))


def test_comment_openers_inside_comments_open_nothing() -> None:
    text = "// /*\nnop\n/* // */ nop\n# /*\nnop"
    assert [located.line for located in program(text).instructions] == [2, 3, 5]


def test_no_text_is_an_empty_program() -> None:
    assert program("") == Program("boot", (), (), "")
    assert program("\r\n \t\r\n").instructions == ()


def test_numbered_labels_mean_the_nearest_before_or_after() -> None:
    text = "1: b 1f\n b 1b\n1: b 1b\n b 1f\n01: nop\n 0: b 0b"
    assert [located.instruction for located in program(text).instructions] == [
        UnconditionalBranch(2),
        UnconditionalBranch(0),
        UnconditionalBranch(2),
        UnconditionalBranch(4),
        NOP,
        UnconditionalBranch(5),
    ]
    assert program(text).labels == ()


def test_labels_know_upper_from_lower_case_and_mnemonics_do_not() -> None:
    assert program("Loop: B Loop\nloop: b loop").labels == (("Loop", 0), ("loop", 1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "nop\n  nop; b x",
            "boot:11:10: found 'x'; expected a label of the program, but there is none",
        ),
        ("/* a\n*/ /* b\nnop", "boot:11:4: found '/*'; expected a '*/' after it"),
        (
            "a:\n a: nop",
            "boot:11:2: found 'a'; expected a new label: this one is on line 10 already",
        ),
        (
            "loop: nop\nb lop",
            "boot:11:3: found 'lop'; expected a label of the program; did you mean loop?",
        ),
        (
            "nop\n" + "/" * 1001,
            "boot:11:1001: found a line of 1001 characters; expected at most 1000",
        ),
        ("nop\n /* x */ no", "boot:11:10: found 'no'"),
    ],
)
def test_an_error_names_its_line_in_the_file_and_its_column(text: str, message: str) -> None:
    with pytest.raises(RefusedError) as error:
        program(text, first_line=10)
    assert str(error.value).startswith(message)


def test_a_line_of_the_greatest_length_is_read() -> None:
    assert program("nop" + " " * 997).instructions == (Located(NOP, 1, "nop"),)


def test_an_error_reads_place_found_expected() -> None:
    error = RefusedError("'x'", "a number", InFile("boot", line=3, column=7))
    assert str(error) == "boot:3:7: found 'x'; expected a number"
