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


def test_each_file_is_said_to_be_applied_to_what_was_given_for_it(tmp_path: Path) -> None:
    for name, text in (("one/mmu.c", "int a;\n"), ("two/arm.c", "int b;\n"), ("two/x.c", "")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    tree = read_tree([str(tmp_path / "one"), str(tmp_path / "two"), str(tmp_path / "two" / "x.c")])
    mmu = "--- a/kvm/mmu.c|+++ b/kvm/mmu.c|@@ -1 +1 @@|-int a;|+int c;|"
    arm = "--- a/kvm/arm.c|+++ b/kvm/arm.c|@@ -1 +1 @@|-int b;|+int d;|"
    new = "--- /dev/null|+++ b/kvm/new.c|@@ -0,0 +1 @@|+int e;|"
    told = [
        onto_tree("x.patch", _diff(f"{text}-- "), tree, State()).notes
        for text in (mmu, arm, mmu + arm, new)
    ]
    assert told == [
        ("applied to one/", "kvm/mmu.c is mmu.c of the base"),
        ("applied to two/", "kvm/arm.c is arm.c of the base"),
        (
            *("kvm/mmu.c: applied to one/", "kvm/arm.c: applied to two/"),
            *("kvm/mmu.c is mmu.c of the base", "kvm/arm.c is arm.c of the base"),
        ),
        (),
    ]
