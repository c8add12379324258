"""What C texts define at file scope."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.coverage.definitions import UNREAD, Definition, definitions_of

NO_CONFIGS: dict[str, int] = {}

TEXT = """\
// SPDX-License-Identifier: GPL-2.0
#ifndef __OURS_H
#define __OURS_H

#include <linux/ours.h>

#define OURS_LIMIT	(4 + EXTRA)
#define sweep(k)	do { wash(k); } while (0)

/* How many there were. */
static unsigned long swept;
extern struct kvm *everybody;
struct basket {
	int apples;
};
enum colour { RED, GREEN = 3 };
typedef int (*walker_fn)(struct kvm *kvm, u64 addr);
static DEFINE_SPINLOCK(basket_lock);
static void fetch(struct kvm *kvm);

static const struct kvm_ops ops = {
	.walk = fetch,
	.limit = OURS_LIMIT,
};

static void fetch(struct kvm *kvm)
{
	spin_lock(&basket_lock);
	if (swept++ < OURS_LIMIT)
		sweep(kvm);	/* all of it */
	spin_unlock(&basket_lock);
}
EXPORT_SYMBOL_GPL(fetch);

__attribute__((cold)) int __must_check tally(int a) __acquires(basket_lock)
{
	return a ? -a : swept;
}
module_init(ours_init);
#endif
"""


def named(text: str, configs: dict[str, int] | None = None) -> dict[str, Definition]:
    return {found.name: found for found in definitions_of(text, configs or {})}


def shape(found: Definition) -> tuple[str, str, int, int, bool]:
    return found.name, found.kind, found.first_line, found.last_line, found.static


def test_every_kind_of_definition_is_found_with_its_lines() -> None:
    assert [shape(found) for found in definitions_of(TEXT, NO_CONFIGS)] == [
        ("#include < linux / ours . h >", "macro", 5, 5, False),
        ("OURS_LIMIT", "macro", 7, 7, False),
        ("sweep", "macro", 8, 8, False),
        ("swept", "variable", 11, 11, True),
        ("everybody", "type", 12, 12, False),
        ("basket", "type", 13, 15, False),
        ("colour", "type", 16, 16, False),
        ("walker_fn", "type", 17, 17, False),
        ("basket_lock", "variable", 18, 18, True),
        ("fetch", "type", 19, 19, True),
        ("ops", "variable", 21, 24, True),
        ("fetch", "function", 26, 32, True),
        ("EXPORT_SYMBOL_GPL(fetch)", "variable", 33, 33, False),
        ("tally", "function", 35, 38, False),
        ("module_init(ours_init)", "variable", 39, 39, False),
    ]
    assert all(found.unread is None for found in definitions_of(TEXT, NO_CONFIGS))


def test_the_macros_of_a_text_are_expanded_and_still_mentioned() -> None:
    (fetch,) = (
        found
        for found in definitions_of(TEXT, NO_CONFIGS)
        if (found.name, found.kind) == ("fetch", "function")
    )
    body = "( 4 + EXTRA ) ) do { wash ( kvm ) ; } while ( 0 ) ;"
    assert body in " ".join(fetch.tokens)
    assert {"OURS_LIMIT", "EXTRA", "sweep", "wash", "basket_lock"} <= fetch.mentions


def test_comments_and_spacing_are_no_difference_and_tokens_that_touch_are() -> None:
    here = named("int f(int a, int b)\n{\n\treturn a++ + b;\n}\n")["f"]
    assert here.tokens == named("int f(int a,int b){return a++/* one */+b;}")["f"].tokens
    assert here.tokens != named("int f(int a, int b) { return a + ++b; }")["f"].tokens


def test_the_eras_write_hcr_el2_in_three_ways_and_mean_one() -> None:
    texts = (
        "void f(struct kvm_vcpu *vcpu) { vcpu->arch.hcr_el2 |= HCR_TVM; }",
        "void f(struct kvm_vcpu *vcpu) { vcpu_set_hcr(vcpu, vcpu_get_hcr(vcpu) | HCR_TVM); }",
        "void f(struct kvm_vcpu *vcpu) { *vcpu_hcr(vcpu) |= HCR_TVM; }",
    )
    assert len({named(text)["f"].tokens for text in texts}) == 1


def test_a_function_that_is_called_hcr_is_no_spelling_of_an_era() -> None:
    era = named("void f(struct kvm_vcpu *vcpu) { *vcpu_hcr(vcpu) |= HCR_TVM; }")["f"]
    own = named("void f(struct kvm_vcpu *vcpu) { HCR(vcpu) |= HCR_TVM; }")["f"]
    both = named("void f(struct kvm_vcpu *vcpu) { HCR(vcpu) |= vcpu->arch.hcr_el2; }")["f"]
    assert len({era.tokens, own.tokens, both.tokens}) == 3
    assert both.tokens[both.tokens.index("{") + 1] != "HCR"


def test_conditionals_are_decided_by_the_configs_given() -> None:
    text = "#ifdef CONFIG_OURS\nint f(void) { return 1; }\n#else\nint g(void) { return 2; }\n#endif"
    assert list(named(text)) == ["g"]
    assert list(named(text, {"CONFIG_OURS": 1})) == ["f"]


def test_a_condition_that_nobody_can_decide_keeps_both_branches_and_says_so() -> None:
    text = "int f(void)\n{\n#ifndef HEADERS_SAY\n\treturn 1;\n#else\n\treturn 2;\n#endif\n}\n"
    found = named(text)["f"]
    assert found.unread is None
    assert " ".join(found.tokens) == (
        "int f ( void ) { #ifndef HEADERS_SAY return 1 ; #else return 2 ; #endif }"
    )


def test_what_stands_under_an_undecided_condition_is_not_what_stands_free() -> None:
    free = "int f(void) { return 1; }\n"
    under = f"#ifdef HEADERS_SAY\n{free}#define ONE 1\n#else\n{free}#endif\nint g = ONE;\n"
    first, macro, second, after = definitions_of(under, NO_CONFIGS)
    assert (first.name, macro.name, second.name, after.name) == ("f", "ONE", "f", "g")
    assert len({first.tokens, second.tokens, named(free)["f"].tokens}) == 3
    assert after.tokens == ("int", "g", "=", "ONE", ";")


def test_the_guard_of_a_header_is_no_condition_and_a_default_is_one() -> None:
    guarded = "#ifndef __OURS\n#define __OURS\nint a = 1;\n#endif\n"
    default = "#ifndef OURS\n#define OURS 1\n#endif\nint a = OURS;\n"
    assert list(named(guarded)) == ["a"]
    assert named(guarded)["a"].tokens == ("int", "a", "=", "1", ";")
    assert named(default)["a"].tokens == ("int", "a", "=", "OURS", ";")


def test_brackets_that_do_not_pair_are_a_definition_that_equals_no_other() -> None:
    text = "int f(void)\n{\n\tif (1) {\n\treturn 1;\n}\n\nint g(void)\n{\n\treturn 2;\n}\n"
    broken, whole = definitions_of(text, NO_CONFIGS)
    assert (broken.name, broken.first_line, broken.last_line) == ("f", 1, 5)
    assert broken.unread == "the end of the text inside a definition"
    assert broken.tokens[0] == UNREAD
    assert (whole.name, whole.unread) == ("g", None)
    assert "if" in broken.mentions


def test_text_that_ends_in_a_definition_is_not_lost() -> None:
    (found,) = definitions_of("static int half_of_it", NO_CONFIGS)
    assert (found.name, found.tokens[0]) == ("half_of_it", UNREAD)


def test_text_that_cannot_be_split_into_tokens_is_one_unread_definition() -> None:
    text = "int f(void) { return " + "(" * 400 + "1" + ")" * 400 + "; }\n"
    (found,) = definitions_of(text, NO_CONFIGS)
    assert found.unread == "brackets nested too deeply"
    assert found.tokens == (UNREAD, text)
    assert found.mentions >= {"f", "int"}


def test_a_macro_call_that_fails_makes_its_function_unread() -> None:
    text = "#define two(a, b) a + b\nint f(void) { return two(1); }\nint g(void) { return 1; }\n"
    found = named(text)
    assert found["f"].unread == "macro two with 1 arguments"
    assert found["g"].unread is None


def test_conditionals_that_do_not_balance_are_said() -> None:
    assert [one.unread for one in definitions_of("#endif\nint a;\n", NO_CONFIGS)] == [
        "#endif without #if",
        None,
    ]
    assert {one.unread for one in definitions_of("#if CONFIG_X\nint a;\n", {"CONFIG_X": 1})} == {
        None,
        "#if without #endif",
    }


def test_a_function_whose_name_is_unclear_is_unread_and_names_all() -> None:
    (found,) = definitions_of("int __odd(1) void sweep_all(struct kvm *kvm) { }\n", NO_CONFIGS)
    assert found.unread == "a function whose name is unclear"
    assert "sweep_all" in found.mentions


def test_a_function_that_another_swallows_is_unread() -> None:
    text = "void (*pick(int a))(int)\n{\n\treturn f;\n}\nint g(void)\n{\n\treturn 1;\n}\nint b;\n"
    (found,) = definitions_of(text, NO_CONFIGS)
    assert (found.name, found.unread) == ("pick", "bodies with no `;` between them")
    assert "g" in found.mentions


def test_pointers_to_functions_are_named_by_the_pointer() -> None:
    text = "static void (*sweep)(int);\nint (*tally)(void) = count;\ntypedef void fn_t(int);\n"
    assert [(one.name, one.kind) for one in definitions_of(text, NO_CONFIGS)] == [
        ("sweep", "variable"),
        ("tally", "variable"),
        ("fn_t", "type"),
    ]


def test_hostile_texts_take_no_longer_than_their_length() -> None:
    for text in ("{}" * 9_000, "void f(void) {{\n}\n" * 3_000, ")" * 9_000, "#if X\n" * 3_000):
        assert any(found.unread for found in definitions_of(text, NO_CONFIGS))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_edit_of_a_token_changes_some_definition(data: st.DataObject) -> None:
    code = TEXT[TEXT.index("#define OURS_LIMIT") : TEXT.index("#endif")]
    before = code_of(code)
    names = ("swept", "kvm", "basket_lock", "4", "-", "<", "RED", "fetch", "ours_init", "cold", "=")
    word = data.draw(st.sampled_from([name for name in names if name in code]))
    places = [n for n in range(len(code)) if code.startswith(word, n) and not in_comment(code, n)]
    place = data.draw(st.sampled_from(places))
    new = data.draw(st.sampled_from(("", "other", word + " other", "other " + word, "7")))
    edited = code[:place] + new + code[place + len(word) :]
    assert code_of(edited) != before


def in_comment(text: str, place: int) -> bool:
    return text.rfind("/*", 0, place) > text.rfind("*/", 0, place)


def code_of(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.name, one.kind, one.tokens) for one in definitions_of(text, NO_CONFIGS)]


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="{}()[];=,#\\\n\"'/*abif012 \x00é", max_size=80))
def test_any_text_gives_definitions_and_never_an_error(text: str) -> None:
    for found in definitions_of(text, NO_CONFIGS):
        assert 1 <= found.first_line <= found.last_line <= text.count("\n") + 1
        assert (found.unread is not None) == (found.tokens[0] == UNREAD)
