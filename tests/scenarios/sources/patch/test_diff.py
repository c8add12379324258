from __future__ import annotations

import pytest

from scenarios.sources.patch.find import find_diff
from scenarios.sources.source_text import SourceLine

HEADING = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)"


def functions(*body: str, heading: str = HEADING) -> tuple[str, ...]:
    """Return the functions that a hunk with these lines changes."""
    texts = ("--- a/mmu.c", "+++ b/mmu.c", f"@@ @@ {heading}", *body, "-- ")
    diff, _ = find_diff("x.patch", [SourceLine(text, n) for n, text in enumerate(texts, 1)])
    return diff.hunks[0].functions


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ((" \tone();", "+\ttwo();", " \tthree();"), ("kvm_toggle_cache",)),
        ((" out:", "+\ttwo();", " \tthree();"), ("kvm_toggle_cache",)),
        ((" #ifdef CONFIG_X", "+\ttwo();", " #endif"), ("kvm_toggle_cache",)),
        ((" \tone();", " }", " ", "+#define TWO 2"), ()),
        ((" /*", "  * Below.", "  */", "+int two;", " "), ()),
        ((" static const struct row rows[] = {", "+\t{ two },", " \t{ three },"), ()),
        ((" ", "+int two(void)", "+{", "+\treturn 2;", "+}"), ("two",)),
        (
            (" \tone();", "-\tgone();", " }", " ", " void", " other(int x)", " {", "+\ttwo();"),
            ("kvm_toggle_cache", "other"),
        ),
        ((" bool declared(void);", "+\ttwo();"), ()),
    ],
)
def test_a_hunk_changes_the_functions_that_its_changed_lines_stand_in(
    body: tuple[str, ...], changed: tuple[str, ...]
) -> None:
    assert functions(*body) == changed


def test_a_hunk_without_a_heading_changes_what_it_shows() -> None:
    assert functions(" \tone();", "+\ttwo();", heading="") == ()
