from __future__ import annotations

import pytest

from engine.refusal import InFile, RefusedError
from scenarios.sources.candidate import (
    Candidate,
    CandidateFile,
    name_candidates,
    pick_candidate,
    split_fragment,
)
from scenarios.sources.draft import Draft
from scenarios.sources.source_text import SourceLine

FUNCTION = "void kvm_set_way_flush(struct kvm_vcpu *vcpu) { stage2_flush_vm(vcpu->kvm); }"


@pytest.mark.parametrize(
    ("argument", "parts"),
    [
        ("mail.txt", ("mail.txt", None)),
        ("mail.txt#2", ("mail.txt", 2)),
        ("a#1/mail#12", ("a#1/mail", 12)),
        ("mail.txt#", ("mail.txt#", None)),
        ("mail.txt#two", ("mail.txt#two", None)),
        ("mail.txt#-1", ("mail.txt#-1", None)),
        ("#2", ("#2", None)),
        ("upstream", ("upstream", None)),
        ("mail#\u00b2", ("mail#\u00b2", None)),
    ],
)
def test_a_fragment_picks_a_candidate(argument: str, parts: tuple[str, int | None]) -> None:
    assert split_fragment(argument) == parts


def test_one_candidate_has_the_name_of_its_file() -> None:
    drafts = [Draft.of_code("code", (SourceLine(FUNCTION, 7),), ("a note",))]
    assert name_candidates("m.txt", drafts) == (
        Candidate(
            name="m.txt",
            title="code",
            source="m.txt",
            files=(CandidateFile("m.txt", FUNCTION + "\n", (7,), None, False),),
            notes=("a note",),
        ),
    )


def test_the_same_code_with_other_white_space_and_comments_is_noted_as_a_duplicate() -> None:
    spaced = (SourceLine(FUNCTION.replace(" ", "  "), 3), SourceLine("/* again */", 4))
    drafts = [Draft.of_code("a", (SourceLine(FUNCTION, 1),)), Draft.of_code("b", spaced)]
    first, second = name_candidates("m.txt", drafts)
    assert (first.name, first.notes) == ("m.txt#1", ())
    assert (second.name, second.notes) == (
        "m.txt#2",
        ("a duplicate: the same code as m.txt#1",),
    )


def test_a_line_of_the_text_leads_back_to_the_users_file() -> None:
    lines = (SourceLine("int a;", 0), SourceLine("int b;", 12))
    (candidate,) = name_candidates("m.txt", [Draft.of_code("code", lines)])
    assert [candidate.user_line(n) for n in (0, 1, 2, 3)] == [0, 0, 12, 0]
    assert candidate.first_line == 12


def test_a_candidate_that_is_not_there_is_refused_with_the_numbers_there_are() -> None:
    candidates = name_candidates("m.txt", [Draft.of_code("code", (SourceLine(FUNCTION, 1),))] * 2)
    assert pick_candidate(candidates, 2) is candidates[1]
    with pytest.raises(RefusedError) as refused:
        pick_candidate(candidates, 3)
    assert str(refused.value) == (
        "m.txt: found 2 candidates, none of them #3; expected a number from #1 to #2"
    )


def test_an_error_names_the_place_what_was_found_and_what_is_expected() -> None:
    assert (
        str(RefusedError("this", "that", InFile("m.txt", line=3, column=1)))
        == "m.txt:3:1: found this; expected that"
    )
