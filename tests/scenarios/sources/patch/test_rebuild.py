from __future__ import annotations

import difflib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.sources.base import Builtin, read_tree
from scenarios.sources.c_text.tokens import tokenize
from scenarios.sources.read import find_candidates

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
