from __future__ import annotations

import pytest

from engine.refusal import (
    Column,
    InFile,
    KeyPath,
    ListEntry,
    RefusedError,
    Whereabouts,
    quote,
    suggestion,
)


def test_an_error_shows_long_and_unprintable_text_short_and_safe() -> None:
    assert quote("a" * 41) == f"'{'a' * 39}…'"
    assert quote("\x1b") == r"'\x1b'"


def test_names_that_are_close_are_offered_and_else_all() -> None:
    known = ("upstream", "never", "refcount")
    assert suggestion(known, "upstraem") == "did you mean upstream?"
    assert suggestion(known, "zzz") == ""

    def expected(wanted: str, names: tuple[str, ...]) -> tuple[str, str]:
        refused = RefusedError.unknown(quote(wanted), wanted, names, "a policy", Column(3))
        assert (refused.found, refused.place) == (f"'{wanted}'", Column(3))
        return refused.expected, refused.way

    assert expected("nver", known) == ("a policy", "did you mean never?")
    assert expected("zzz", known) == ("a policy: upstream, never, refcount", "")
    assert expected("zzz", ()) == ("a policy, but there is none", "")


def test_of_very_many_names_some_are_listed() -> None:
    known = [f"word{number}" for number in range(20)]
    refused = RefusedError.unknown("'?'", "?", known, "a word")
    assert refused.expected == f"a word: {', '.join(known[:12])}, …"


def test_a_likely_cause_follows_what_was_found_and_a_way_forward_what_was_expected() -> None:
    refused = RefusedError(
        *("`STAGE2`", "its definition", InFile("p.c", line=3, column=7)),
        cause="which nobody can decide",
        way="give --config",
    )
    assert refused.what_was_found == "`STAGE2`, which nobody can decide"
    assert refused.what_to_do == "its definition; give --config"
    assert str(refused) == (
        "p.c:3:7: found `STAGE2`, which nobody can decide; expected its definition; give --config"
    )


def test_a_refusal_in_a_file_knows_its_line_and_column_and_no_other_does() -> None:
    refused = RefusedError("'x'", "a number", InFile("p.c", line=3, column=7))
    assert (refused.file, refused.line, refused.column) == ("p.c", 3, 7)
    whole = refused.at(InFile("p.c"))
    assert (whole.file, whole.line, whole.column) == ("p.c", 0, 0)
    typed = refused.at(Column(5))
    assert (typed.file, typed.line, typed.column) == ("", 0, 0)


@pytest.mark.parametrize(
    ("place", "begins"),
    [
        (None, ""),
        (KeyPath("vcpu[1].pcpu"), "vcpu[1].pcpu: "),
        (KeyPath(""), ""),
        (InFile("boot.toml"), "boot.toml: "),
        (InFile("boot.toml", "title"), "boot.toml: title: "),
        (InFile("boot.toml", "", 3, 7), "boot.toml:3:7: "),
        (InFile("boot.toml", "vmm.program", 3), "boot.toml:3: vmm.program: "),
        (ListEntry(1, "vcpu9"), "entry 2: "),
        (Column(5), "column 5: "),
    ],
)
def test_a_refusal_begins_with_its_place(place: Whereabouts | None, begins: str) -> None:
    assert str(RefusedError("'x'", "a number", place)) == f"{begins}found 'x'; expected a number"


def test_a_refusal_of_a_key_is_one_in_the_file_that_has_it() -> None:
    refused = RefusedError("'x'", "a number", KeyPath("title"))
    in_file = refused.in_file("boot.toml")
    assert (in_file.found, in_file.expected) == (refused.found, refused.expected)
    assert in_file.place == InFile("boot.toml", "title")
    assert in_file.in_file("other.toml").place == in_file.place
    assert RefusedError("'x'", "a number").in_file("boot.toml").place == InFile("boot.toml")


def test_a_refusal_knows_its_key_wherever_that_is() -> None:
    refused = RefusedError("'x'", "a number", KeyPath("title"))
    others = [refused.at(place) for place in (InFile("f", "do"), ListEntry(1, "x"), Column(1))]
    assert [each.key_path for each in (refused, *others)] == ["title", "do", "[1]", ""]
