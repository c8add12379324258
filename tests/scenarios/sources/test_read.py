from __future__ import annotations

from pathlib import Path

import pytest

from engine.refusal import RefusedError
from scenarios.sources.candidate import CandidateFile
from scenarios.sources.draft import UnreadHunk
from scenarios.sources.read import find_candidates, read_candidates

PARTIAL = b"""--- a/mmu.c
+++ b/mmu.c
@@ -9,2 +9,2 @@ void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
-\tif (now_enabled != was_enabled)
+\tif (now_enabled)
 \t\tstage2_flush_vm(vcpu->kvm);
"""


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.txt"
    with pytest.raises(RefusedError) as refused:
        read_candidates(path)
    assert str(refused.value) == (
        f"{path}: found no readable file (No such file or directory); "
        "expected a C file, patch or mail"
    )


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="Is a directory"):
        read_candidates(tmp_path)


def test_a_hunk_that_shows_part_of_a_function_is_unread_without_a_base() -> None:
    (candidate,) = find_candidates("x.patch", PARTIAL)
    assert candidate.unread == (
        UnreadHunk(
            *("mmu.c", 4, ("kvm_toggle_cache",)),
            why="the base of mmu.c was not given (--base)",
        ),
    )
    assert candidate.files == (CandidateFile("mmu.c", "", (), None, False),)


@pytest.mark.parametrize(
    "text",
    [
        "static inline void vcpu_reset_hcr(struct kvm_vcpu *vcpu)\n{\n}\n",
        "#define HCR_GUEST_FLAGS (HCR_VM | HCR_TVM)\n",
        "int kvm_reset_vcpu(struct kvm_vcpu *vcpu)\n{\n\treturn 0;\n}\n",
    ],
)
def test_a_c_file_is_a_candidate_if_kvm_decides_by_anything_in_it(text: str) -> None:
    header = f"#ifndef X_H\n#define X_H\n{text}#endif\n"
    (candidate,) = find_candidates("x.h", header.encode())
    lines = tuple(range(1, header.count("\n") + 1))
    assert candidate.files == (CandidateFile("x.h", header, lines, None, True),)
    assert (candidate.title, candidate.functions) == ("the whole C file", ())


def test_the_same_bytes_give_the_same_candidates() -> None:
    data = b"void kvm_set_way_flush(struct kvm_vcpu *vcpu)\n{\n}\n"
    assert find_candidates("x", data) == find_candidates("x", data)
