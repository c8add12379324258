"""Code in prose that is in no function and in no hunk."""

from __future__ import annotations

import pytest

from scenarios.sources.c_text.loose import body_of, loose_code, unquoted
from scenarios.sources.source_text import SourceLine


def _lines(text: str) -> list[SourceLine]:
    return [SourceLine(part, n) for n, part in enumerate(text.split("|"), 1)]


def _loose(text: str, *taken: int, marked_only: bool = False) -> list[list[int]]:
    found = loose_code(_lines(text), taken, marked_only=marked_only)
    return [[line.number for line in piece] for piece in found]


@pytest.mark.parametrize(
    "text",
    [
        *("\tif (vcpu->vcpu_id == 0)", "if (now_enabled != was_enabled)", "\tif (a &&"),
        *("stage2_flush_vm(vcpu->kvm);", "*vcpu_hcr(vcpu) &= ~HCR_TVM;", "vcpu->x++;", "return 0;"),
        *(
            "\t} else {",
            "\tflush(a,",
            "\twhile (!done) {",
            "a = b; /* why */",
            "\tdo {",
            "goto out;",
        ),
    ],
)
def test_a_statement_is_code_whether_it_is_marked_or_not(text: str) -> None:
    assert [_loose(text), _loose(f"+{text}"), _loose(f"-{text}")] == [[[1]], [[1]], [[1]]]
    assert (_loose(text, marked_only=True), _loose(f"+{text}", marked_only=True)) == ([], [[1]])


@pytest.mark.parametrize("marks", ["| ", "|", "JD> ", "%", "\u2502 ", "| | ", "    ", "# ", "\t"])
def test_a_row_is_code_whatever_stands_before_it(marks: str) -> None:
    line = [SourceLine(f"{marks}+\tstage2_flush_vm(vcpu->kvm);", 1)]
    assert loose_code(line, (), marked_only=True) == (tuple(line),)
    assert unquoted(line[0].text) == "+\tstage2_flush_vm(vcpu->kvm);"


@pytest.mark.parametrize(
    "text", ["x|= 1;", "vcpu->x = 1;", "a > b", "  - foo();", "* call();", "}"]
)
def test_nothing_stands_before_what_is_no_row(text: str) -> None:
    assert unquoted(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *("- vcpu0 is not special;", "- call stage2_flush_vm()", "+1 from me", "however;"),
        *("if (as you say) it works", "if (you ask me)", "that is it;", "else", "default:"),
        *("mmu.c | 2 +-", "I think x = y; but", "-- ", "--- a/x", "+++ b/x", "x == y;"),
        *("see https://x.example/?a=b;", "is that so, or must I return?", ""),
    ],
)
def test_prose_is_no_code(text: str) -> None:
    assert _loose(text) == []


def test_what_stands_close_together_is_one_piece() -> None:
    assert _loose("a();|b();||c();|so|and|so|d();") == [[1, 2, 4], [8]]


def test_what_is_taken_is_not_loose_and_parts_what_is() -> None:
    assert _loose("a();|b();|c();", 1) == [[1], [3]]


def test_a_body_goes_on_as_far_as_its_lines_are_set_off() -> None:
    assert body_of(_lines("int f(void)|{|\ta();|...||}|Well"), 0) == range(6)
