from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.refusal import RefusedError
from scenarios.sources.base import Builtin, read_tree
from scenarios.sources.c_text.tokens import tokenize
from scenarios.sources.patch.find import find_diff
from scenarios.sources.patch.placement import State, text_of
from scenarios.sources.patch.rebuild import onto_builtin
from scenarios.sources.read import find_candidates
from scenarios.sources.source_text import SourceLine

UPSTREAM = Path(__file__).parents[1] / "corpus" / "upstream.c"
TREE = read_tree([str(UPSTREAM)])
LINES = UPSTREAM.read_text().splitlines(keepends=True)
BODY = [n for n, line in enumerate(LINES) if line.startswith("\t") and "(" in line]
STATEMENTS = ("\tsmp_mb();\n", "\tflag++;\n", "\tif (flag)\n\t\treturn;\n", "\t/* why */\n")
EDITS = st.dictionaries(st.sampled_from(BODY), st.sampled_from(STATEMENTS), min_size=1, max_size=5)


def _code(text: str) -> list[str]:
    return [token.text for token in tokenize(text.splitlines())]


@settings(deadline=None, max_examples=80)
@given(EDITS, st.integers(1, 4), st.booleans())
def test_a_patch_made_from_the_base_gives_the_changed_text(
    edits: dict[int, str], context: int, insert: bool
) -> None:
    changed = "".join(
        edits.get(n, "") + (line if insert or n not in edits else "")
        for n, line in enumerate(LINES)
    )
    diff = difflib.unified_diff(
        LINES, changed.splitlines(keepends=True), "a/upstream.c", "b/upstream.c", n=context
    )
    (candidate,) = find_candidates("x.patch", "".join(diff).encode(), base=TREE)
    assert _code(candidate.text) == _code(changed)


ERA = """--- a/arch/arm64/kvm/mmu.c
+++ b/arch/arm64/kvm/mmu.c
@@ -2100,7 +2100,7 @@ void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
 \tbool quirk = vcpu_has_quirk(vcpu);
 \tbool now_enabled = vcpu_has_cache_enabled(vcpu);
\x20
-\tif (now_enabled != was_enabled && !quirk)
+\tif (now_enabled && !was_enabled && !quirk)
 \t\tstage2_flush_vm(vcpu->kvm);
\x20
 \tif (now_enabled)
"""


def test_where_kernel_eras_differ_two_lines_of_context_may_lie_beyond_what_both_have() -> None:
    base = Builtin("upstream", UPSTREAM.read_text())
    (candidate,) = find_candidates("x.patch", ERA.encode(), base=base)
    lines = candidate.text.splitlines()
    assert "\tif (now_enabled && !was_enabled && !quirk)" in lines
    assert not any("bool quirk" in line for line in lines)
    assert any("taken as the base" in note for note in candidate.notes)


TWICE = """\
static int rounds = 3;

static bool first(struct kvm_vcpu *vcpu)
{
	return true;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	one();
	two();
	three();
	two();
	four();
}
"""


def _rebuilt(*parts: str) -> State:
    """Put a patch onto the text above; each part begins with the file it changes."""
    lines = [
        line
        for path, _, hunk in (part.partition("|") for part in parts)
        for line in (f"--- a/{path}", f"+++ b/{path}", *hunk.split("|"))
    ]
    diff, _ = find_diff("x.patch", [SourceLine(text, n) for n, text in enumerate(lines, 1)])
    return onto_builtin("x.patch", diff, Builtin("twice", TWICE), State())


def _text(*parts: str) -> str:
    return "".join(text_of(file.lines) for file in _rebuilt(*parts).files)


MMU, SYS_REGS, OTHER = (f"arch/arm64/kvm/{name}.c" for name in ("mmu", "sys_regs", "vgic"))
FIRST = "@@ @@ void kvm_toggle_cache(void)| \ttwo();|-\tthree();|+\tTHREE();"
SECOND = "@@ @@ void kvm_toggle_cache(void)|-\ttwo();|+\tTWO();"


def test_the_hunks_of_a_file_go_below_one_another() -> None:
    assert _text(f"{MMU}|{FIRST}|{SECOND}") == TWICE.replace(
        "three();\n\ttwo();", "THREE();\n\tTWO();"
    )


def test_a_hunk_of_another_file_may_go_above_those_before_it() -> None:
    with pytest.raises(RefusedError, match="its context fits 2 places"):
        _text(f"{MMU}|{FIRST}", f"{SYS_REGS}|{SECOND}")


@pytest.mark.parametrize("name", ["mmu", "sys_regs", "coproc", "coproc_a15", "arm"])
def test_in_a_file_that_policies_are_in_a_hunk_may_change_what_is_beside_their_functions(
    name: str,
) -> None:
    hunk = "@@ @@|-static int rounds = 3;|+static int rounds = 4;"
    assert _text(f"arch/arm64/kvm/{name}.c|{hunk}") == TWICE.replace("= 3", "= 4")


def test_in_another_file_it_is_of_other_code() -> None:
    hunk = "@@ -1 +1 @@|-static int rounds = 3;|+static int rounds = 4;"
    state = _rebuilt(f"{OTHER}|{hunk}")
    assert not state.files
    assert [each.path for each in state.unread] == [OTHER]


CALLS = "@@ @@ void kvm_toggle_cache(void)|-\tthree();|+\tthree(first(vcpu), last(vcpu));"
LAST = "static bool last(struct kvm_vcpu *vcpu)|{|\treturn false;|}"


def _added(code: str) -> str:
    return "|".join(f"+{line}" for line in code.split("|"))


def test_what_a_patch_adds_elsewhere_is_taken_along_where_a_policy_needs_it() -> None:
    text = _text(f"{MMU}|{CALLS}", f"{OTHER}|@@ -9,0 +9,4 @@|{_added(LAST)}")
    assert text.startswith(LAST.replace("|", "\n"))


@pytest.mark.parametrize(
    ("beside", "unread"), [(" int shown;|+/* why */|+", ()), (" int shown;|+int x;|+", (14,))]
)
def test_a_hunk_is_read_once_all_the_code_that_it_adds_is_taken_along(
    beside: str, unread: tuple[int, ...]
) -> None:
    hunk = f"@@ -9,1 +9,7 @@|{_added(LAST)}|{beside}"
    state = _rebuilt(f"{MMU}|{CALLS}", f"{OTHER}|{hunk}")
    assert tuple(each.line for each in state.unread) == unread


def test_what_a_patch_shows_of_another_file_but_does_not_add_is_not_taken_along() -> None:
    shown = "|".join(f" {line}" for line in LAST.split("|"))
    text = _text(f"{MMU}|{CALLS}", f"{OTHER}|@@ -9,4 +9,5 @@|{shown}|+int unused;")
    assert "return false" not in text


def test_what_the_base_defines_is_not_taken_from_another_file() -> None:
    code = LAST.replace("last", "first")
    text = _text(f"{MMU}|{CALLS}", f"{OTHER}|@@ -9,0 +9,4 @@|{_added(code)}")
    assert text.count("static bool first(") == 1


def test_a_new_file_needs_no_base_but_a_changed_one_does() -> None:
    new = "--- /dev/null\n+++ b/kvm/new.c\n@@ -0,0 +1,2 @@\n+int a;\n+int b;\n"
    other = "--- a/kvm/old.c\n+++ b/kvm/old.c\n@@ -1 +1 @@\n-int a;\n+int c;\n"
    (candidate,) = find_candidates("x.patch", f"{new}{other}".encode())
    assert [(file.path, file.text, file.before) for file in candidate.files] == [
        ("kvm/new.c", "int a;\nint b;\n", "")
    ]
    assert [(hunk.path, hunk.why) for hunk in candidate.unread] == [
        ("kvm/old.c", "the base of kvm/old.c was not given (--base)")
    ]
