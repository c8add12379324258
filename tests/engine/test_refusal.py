from __future__ import annotations

from engine.refusal import one_of, quote, suggestion


def test_an_error_shows_long_and_unprintable_text_short_and_safe() -> None:
    assert quote("a" * 41) == f"'{'a' * 39}…'"
    assert quote("\x1b") == r"'\x1b'"


def test_names_that_are_close_are_offered_and_else_all() -> None:
    known = ("upstream", "never", "refcount")
    assert suggestion(known, "upstraem") == "; did you mean upstream?"
    assert suggestion(known, "zzz") == ""
    assert one_of(known, "nver", "a policy") == "a policy; did you mean never?"
    assert one_of(known, "zzz", "a policy") == "a policy: upstream, never, refcount"
    assert one_of((), "zzz", "a policy") == "a policy, but there is none"


def test_of_very_many_names_some_are_listed() -> None:
    known = [f"word{number}" for number in range(20)]
    assert one_of(known, "?", "a word") == f"a word: {', '.join(known[:12])}, …"
