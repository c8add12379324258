"""Patches of a series put onto the files of a tree."""

from __future__ import annotations

from pathlib import Path

from scenarios.sources.base import read_tree
from scenarios.sources.patch.diff import Diff
from scenarios.sources.patch.find import find_diff
from scenarios.sources.patch.placement import State, onto_tree
from scenarios.sources.source_text import SourceLine


def _diff(text: str) -> Diff:
    lines = [SourceLine(part, number) for number, part in enumerate(text.split("|"), 1)]
    return find_diff("x.patch", lines)[0]


def _rename(old: str, new: str) -> Diff:
    head = f"diff --git a/{old} b/{new}|similarity index 100%|"
    return _diff(f"{head}rename from {old}|rename to {new}|-- ")


def test_a_file_is_found_in_the_tree_by_the_name_it_had_before_any_patch(tmp_path: Path) -> None:
    (tmp_path / "kvm").mkdir()
    (tmp_path / "kvm" / "mmu.c").write_text("int a;\nint b;\n")
    tree = read_tree([str(tmp_path)])
    state = State()
    for each in (_rename("kvm/mmu.c", "kvm/moved.c"), _rename("kvm/arm.c", "kvm/other.c")):
        state = onto_tree("x.patch", each, tree, state.under())
    change = "--- a/kvm/moved.c|+++ b/kvm/moved.c|@@ -1,2 +1,2 @@|-int a;|+int c;| int b;|-- "
    state = onto_tree("x.patch", _diff(change), tree, state.under())
    assert [[line.text for line in file.lines] for file in state.files] == [["int c;", "int b;"]]
    assert state.unread == ()
