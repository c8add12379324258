from __future__ import annotations

from scenarios.coverage.unset_options import MOST_APART, unset_options, with_options_on

TEXT = """
#ifdef CONFIG_ONE
int one(void) { return 1; }
#endif
#if defined(CONFIG_ONE) && \\
    defined(CONFIG_TWO)
int both(void) { return IS_ENABLED(CONFIG_THREE); }
#endif
"""


def test_an_option_that_the_user_gave_is_not_taken_for_granted() -> None:
    assert unset_options(TEXT, {}) == ("CONFIG_ONE", "CONFIG_THREE", "CONFIG_TWO")
    assert unset_options(TEXT, {"CONFIG_ONE": 0}) == ("CONFIG_THREE", "CONFIG_TWO")


def test_what_a_text_defines_is_told_with_each_option_on_and_with_all() -> None:
    told = [(name, [one.name for one in found]) for name, found in with_options_on(TEXT, {})]
    assert told == [
        ("CONFIG_ONE", ["one"]),
        ("CONFIG_TWO", []),
        ("CONFIG_ONE", ["one", "both"]),
    ]


def test_of_very_many_options_the_last_are_turned_on_together_only() -> None:
    names = [f"CONFIG_{number:03}" for number in range(MOST_APART + 5)]
    text = "".join(f"#ifdef {name}\nint of_{name};\n#endif\n" for name in names)
    told = list(with_options_on(text, {}))
    assert len(told) == MOST_APART + 1
    assert len(told[-1][1]) == len(names)
