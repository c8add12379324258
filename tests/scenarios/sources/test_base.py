from __future__ import annotations

from pathlib import Path

import pytest

from engine.refusal import RefusedError
from scenarios.sources import base
from scenarios.sources.base import BaseFile, Tree, may_decide, read_tree
from scenarios.sources.read import find_candidates

MMU = "arch/arm64/kvm/mmu.c"
KERNEL = (
    *("arch/arm64/kvm/mmu.c", "arch/arm64/kvm/hyp/pgtable.c", "arch/arm64/include/asm/kvm_mmu.h"),
    *("arch/arm/kvm/reset.c", "virt/kvm/arm/arm.c", "drivers/net/mmu.c", "arch/x86/kvm/mmu.c"),
)
TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)\n{\n\tone(vcpu);\n}\n"
PATCH = """\
--- a/arch/arm64/kvm/mmu.c
+++ b/arch/arm64/kvm/mmu.c
@@ -1,4 +1,4 @@
 void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
 {
-\tone(vcpu);
+\ttwo(vcpu);
 }
"""


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """Return a kernel tree with a few files, whose text is their path."""
    root = tmp_path / "linux"
    for path in (*KERNEL, "arch/arm64/kvm/Makefile", "arch/arm64/kvm/.hidden/mmu.c"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f"/* {path} */\n")
    return root


def paths(files: tuple[BaseFile, ...]) -> list[str]:
    """Return what files are called."""
    return [file.path for file in files]


def test_of_a_kernel_tree_the_files_that_kvm_is_made_of_are_a_base(kernel: Path) -> None:
    tree = read_tree([str(kernel)])
    assert tree.name == "linux/"
    assert paths(tree.kvm_files()) == [
        "arch/arm64/kvm/mmu.c",
        "arch/arm64/kvm/hyp/pgtable.c",
        "arch/arm64/include/asm/kvm_mmu.h",
        "virt/kvm/arm/arm.c",
        "arch/arm/kvm/reset.c",
    ]
    assert [file.text for file in tree.files[:1]] == ["/* arch/arm64/kvm/mmu.c */\n"]


@pytest.mark.parametrize("part", ["arch", "arch/arm64", "arch/arm64/kvm"])
def test_a_part_of_a_tree_knows_where_it_was_in_the_whole(kernel: Path, part: str) -> None:
    tree = read_tree([str(kernel / part)])
    found = tree.find(MMU)
    assert found is not None
    assert found.place == kernel / MMU
    assert found.is_exactly(MMU)


def test_files_and_directories_are_a_base_together_and_each_file_once(kernel: Path) -> None:
    words = ("arch/arm64/kvm/mmu.c", "arch/arm64/kvm", "virt/kvm/arm/arm.c")
    tree = read_tree([str(kernel / word) for word in words])
    assert tree.name == "mmu.c, kvm/, arm.c"
    assert [(file.path, file.given) for file in tree.files] == [
        ("mmu.c", True),
        ("hyp/pgtable.c", False),
        ("arm.c", True),
    ]


def test_a_path_is_looked_for_by_the_end_of_it_that_is_the_same(kernel: Path) -> None:
    tree = read_tree([str(kernel)])
    asked = ("virt/kvm/arm/arm.c", "arch/arm64/kvm/arm.c", "arch/arm64/kvm/reset.c", "lib/x.c")
    found = [tree.find(path) for path in asked]
    assert [file and file.path for file in found] == [
        "virt/kvm/arm/arm.c",
        "virt/kvm/arm/arm.c",
        "arch/arm/kvm/reset.c",
        None,
    ]


def test_no_path_of_a_patch_leads_out_of_what_was_given(kernel: Path) -> None:
    tree = read_tree([str(kernel / "arch/arm64")])
    out = ("../../drivers/net/mmu.c", str(kernel / "drivers/net/mmu.c"), "/etc/passwd")
    places = {file.place for path in out for file in tree.likely(path)}
    assert all(place.is_relative_to(kernel / "arch/arm64") for place in places)


def test_a_base_under_another_name_is_taken_if_the_patch_fits(tmp_path: Path) -> None:
    saved = tmp_path / "what-it-was.txt"
    saved.write_text(TOGGLE)
    (candidate,) = find_candidates("x.patch", PATCH.encode(), base=read_tree([str(saved)]))
    assert candidate.text == TOGGLE.replace("one", "two")
    assert candidate.files[0].path == MMU
    assert candidate.notes == (
        "applied to what-it-was.txt",
        "arch/arm64/kvm/mmu.c is what-it-was.txt of the base",
    )


def test_a_base_under_another_name_that_does_not_fit_is_refused_with_what_would(
    tmp_path: Path,
) -> None:
    saved = tmp_path / "what-it-was.txt"
    saved.write_text(TOGGLE.replace("one", "three"))
    with pytest.raises(RefusedError) as refused:
        find_candidates("x.patch", PATCH.encode(), base=read_tree([str(saved)]))
    assert str(refused.value) == (
        "x.patch:6:1: found hunk @@ -1,4 +1,4 @@ of arch/arm64/kvm/mmu.c (line 3) that does not "
        "apply: the base has no such line there: 'one(vcpu);'; "
        "expected the what-it-was.txt that the patch was made for"
    )


def test_one_file_of_the_base_is_one_file_of_the_patch(tmp_path: Path) -> None:
    """Both fit it; that whose path is nearer has it."""
    other = PATCH.replace("arm64/kvm", "arm/kvm")
    base_file = tmp_path / "arch/arm64/kvm/mmu.c"
    base_file.parent.mkdir(parents=True)
    base_file.write_text(TOGGLE)
    tree = read_tree([str(base_file)])
    (candidate,) = find_candidates("x.patch", (other + PATCH).encode(), base=tree)
    assert [file.path for file in candidate.files] == [MMU]
    assert [(hunk.path, hunk.why) for hunk in candidate.unread] == [
        ("arch/arm/kvm/mmu.c", "mmu.c of the base is taken for arch/arm64/kvm/mmu.c")
    ]


def test_a_directory_without_c_is_no_base(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none\n")
    with pytest.raises(RefusedError) as refused:
        read_tree([str(tmp_path)])
    assert str(refused.value) == (
        f"{tmp_path}: found a directory without a C file; expected a kernel tree, or some of it"
    )


def test_a_directory_too_large_to_search_is_no_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "MAX_ENTRIES", 3)
    for number in range(4):
        (tmp_path / f"{number}.c").write_text("\n")
    with pytest.raises(RefusedError) as refused:
        read_tree([str(tmp_path)])
    assert str(refused.value) == (
        f"{tmp_path}: found a directory of more than 3 files; expected a kernel tree"
    )


def test_a_file_of_a_directory_is_read_when_it_is_needed(kernel: Path) -> None:
    tree = read_tree([str(kernel)])
    (kernel / MMU).unlink()
    found = tree.find(MMU)
    assert isinstance(found, BaseFile)
    with pytest.raises(RefusedError, match="no readable file"):
        _ = found.text


def test_a_tree_of_nothing_has_no_file() -> None:
    assert Tree((), ()).find(MMU) is None


@pytest.mark.parametrize(
    ("path", "decides"),
    [
        ("arch/arm64/kvm/mmu.c", True),
        ("linux-5.4/arch/arm64/kvm/mmu.c", True),
        ("virt/kvm/kvm_main.c", True),
        ("arch/arm64/mm/cache.S", True),
        ("mmu.c", True),
        ("", True),
        ("arch/x86/kvm/mmu.c", False),
        ("drivers/net/mmu.c", False),
        ("tools/testing/selftests/kvm/arch/arm64/kvm/mmu.c", False),
        ("arch/arm64/kvm/Kconfig", False),
        ("Documentation/virt/kvm/api.rst", False),
    ],
)
def test_kvm_is_not_made_of_every_file(path: str, decides: bool) -> None:
    assert may_decide(path) == decides
