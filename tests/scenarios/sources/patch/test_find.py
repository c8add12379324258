"""Diffs in a text: which files and lines they are of, and what is no diff."""

from __future__ import annotations

import pytest

from engine.refusal import RefusedError
from scenarios.sources.patch.diff import Diff
from scenarios.sources.patch.find import MAX_HUNKS, find_diff
from scenarios.sources.source_text import SourceLine

HUNK = "@@ -1,2 +1,2 @@| a|-b|+c"


def _found(text: str) -> tuple[Diff, frozenset[int]]:
    return find_diff("m", [SourceLine(part, n) for n, part in enumerate(text.split("|"), 1)])


@pytest.mark.parametrize(
    ("head", "path", "old", "removes"),
    [
        ("--- a/x/mmu.c|+++ b/x/mmu.c", "x/mmu.c", "x/mmu.c", False),
        ("--- x/mmu.c.orig\t2020|+++ x/mmu.c\t2021", "x/mmu.c", "x/mmu.c.orig", False),
        ("--- orig/mmu.c|+++ new/mmu.c", "mmu.c", "mmu.c", False),
        ("--- /dev/null|+++ b/mmu.c", "mmu.c", "", False),
        ("--- a/mmu.c|+++ /dev/null", "mmu.c", "mmu.c", True),
        ("diff --git a/x.c b/y.c|--- a/x.c|+++ b/y.c", "y.c", "x.c", False),
        ("diff --git a/x.c b/y.c", "y.c", "x.c", False),
        ("  --- a/x.c|  +++ b/x.c", "x.c", "x.c", False),
    ],
)
def test_a_hunk_is_of_the_file_that_its_heading_names(
    head: str, path: str, old: str, removes: bool
) -> None:
    diff, used = _found(f"Hello|{head}|{HUNK}|-- |bye")
    (hunk,) = diff.hunks
    assert (hunk.path, hunk.old_path, hunk.removes) == (path, old, removes)
    assert diff.paths[-1:] == (path,)
    lines = head.count("|") + 1
    assert used == frozenset(range(1, 1 + lines + 4))
    assert (f"{path} is removed by the patch" in diff.notes) is removes


def test_a_file_that_is_only_renamed_has_both_its_names() -> None:
    head = "diff --git a/x.c b/y.c|similarity index 100%|rename from x.c|rename to y.c|prose"
    diff, used = _found(head)
    assert (diff.renames, diff.paths, diff.hunks) == ((("x.c", "y.c"),), ("y.c",), ())
    assert used == frozenset(range(4))
    assert _found("diff --git a/x.c b/x.c|rename to x.c")[0].renames == ()
    assert _found("rename from x.c|rename to y.c") == (Diff(()), frozenset())


def test_what_git_says_of_a_file_is_no_prose() -> None:
    head = "diff --git a/x.c b/x.c|new file mode 100644|index 0..1"
    assert _found(f"{head}|--- /dev/null|+++ b/x.c|@@ -0,0 +1 @@|+a|-- ")[1] == frozenset(range(7))
    assert _found("index 0..1|new file mode 100644")[1] == frozenset()


@pytest.mark.parametrize(
    ("header", "start", "section"),
    [
        ("@@ -7,2 +1,2 @@ void f(void)", 7, "void f(void)"),
        ("@@ -7,2 +1,2 @@", 7, ""),
        ("@@ ... @@ f", 0, "f"),
        ("@@ f", 0, "f"),
        ("@@", 0, ""),
    ],
)
def test_a_hunks_header_says_where_it_begins_or_nothing(
    header: str, start: int, section: str
) -> None:
    (hunk,) = _found(f"{header}| a|-b|+c|-- ")[0].hunks
    assert (hunk.source_start, hunk.section, hunk.number) == (start, section, 1)


def test_a_hunk_that_changes_nothing_is_none() -> None:
    assert _found("@@ -1,2 +1,2 @@| a| b|-- ")[0].hunks == ()


def test_a_merges_diff_is_refused() -> None:
    for head in ("diff --cc x.c", "diff --combined x.c", "@@@ -1,2 -1,2 +1,2 @@@"):
        with pytest.raises(RefusedError, match="a merge's combined diff"):
            _found(f"{head}|x")


def test_a_patch_has_no_more_hunks_than_is_good() -> None:
    assert len(_found("|".join([f"{HUNK}"] * MAX_HUNKS))[0].hunks) == MAX_HUNKS
    with pytest.raises(RefusedError, match=f"more than {MAX_HUNKS} hunks"):
        _found("|".join([f"{HUNK}"] * (MAX_HUNKS + 1)))


def test_a_new_files_header_ends_a_hunk_without_counts() -> None:
    new = "--- /dev/null|+++ b/new.c|@@ -0,0 +1 @@|+c();|-- "
    diff, _ = _found(f"--- a/mmu.c|+++ b/mmu.c|@@ @@|-a();|+b();|{new}")
    assert [(hunk.path, [line.text for line in hunk.lines]) for hunk in diff.hunks] == [
        ("mmu.c", ["a();", "b();"]),
        ("new.c", ["c();"]),
    ]


def _missing(text: str) -> list[tuple[str, int]]:
    return [(each.what, each.line) for each in _found(text)[0].missing]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("*** a/kvm/mmu.c|--- b/kvm/mmu.c|***|*** 1 ****|! a", "the context diff of kvm/mmu.c"),
        ("11,12c11|< a", "a diff without context"),
        ("Only in b/virt/kvm: arm.c", "virt/kvm/arm.c"),
        ("--- a/x.c|+++ b/x.c|@@ -1,2 +1,2 @@| [-a-]{+b+}| c", "the diff by words of x.c"),
    ],
)
def test_a_diff_of_another_form_is_missing(text: str, what: str) -> None:
    assert [name for name, _ in _missing(f"{text}|")] == [what]


def test_a_diff_of_another_form_is_no_matter_where_kvm_is_not_made_of_it() -> None:
    assert _missing("*** a/fs/x.c|--- b/fs/x.c") == []
    assert _missing("Only in b/fs: x.c") == []


def test_what_a_hunk_lacks_is_missing_but_where_kvm_is_not_made_of_it() -> None:
    cut = "+++ b/{0}|@@ -1,9 +1,9 @@| a|-b|+c"
    for path, wanted in (("kvm/mmu.c", [("hunk @@ -1,9 +1,9 @@ of kvm/mmu.c", 3)]), ("fs/x.c", [])):
        assert _missing(f"--- a/{path}|{cut.format(path)}") == wanted
    followed = "@@ -1,2 +1,2 @@| a|-b|+c||[...]"
    assert _missing(followed) == [("hunk @@ -1,2 +1,2 @@", 6)]
    inside = "@@ -1,2 +1,2 @@| a|[...]|-b|+c"
    assert _missing(inside) == [("hunk @@ -1,2 +1,2 @@", 3)]


def test_a_file_without_a_hunk_is_bare_and_one_with_an_empty_hunk_is_not() -> None:
    assert _found("--- a/x.c|+++ b/x.c|")[0].bare == (("x.c", 1),)
    assert _found("--- a/x.c|+++ b/x.c|@@ -1,2 +1,2 @@| a| b|-- ")[0].bare == ()
