"""Places in a source, and the message of a refusal."""

from __future__ import annotations

from engine.policy.source import Place, SourceFile


def test_a_place_counts_lines_and_columns_from_one() -> None:
    source = SourceFile("p.c", "ab\ncde\n")
    assert source.place(0, 2) == Place("p.c", 1, 1, 1, 3)
    assert source.place(4, 6) == Place("p.c", 2, 2, 2, 4)
    assert source.place(7, 7) == Place("p.c", 3, 1, 3, 1)


def test_a_refusal_names_the_place_what_was_found_and_what_is_supported() -> None:
    error = Place("p.c", 3, 7, 3, 9).refusal("`asm`", "C")
    assert str(error) == "p.c:3:7: found `asm`; expected C"


def test_a_line_is_that_of_the_users_own_file_where_it_is_from_there() -> None:
    source = SourceFile("p.c", "a\nb\nc\n", lines=(7, 0, 9))
    assert [source.user_line(line) for line in range(5)] == [0, 7, 0, 9, 0]
    assert SourceFile("p.c", "a\n").user_line(5) == 5
