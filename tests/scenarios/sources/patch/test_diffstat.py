"""What a diffstat says of a diff, and what of that is not there."""

from __future__ import annotations

import pytest

from scenarios.sources.draft import Missing
from scenarios.sources.patch.diffstat import Stat, diffstat, not_shown
from scenarios.sources.patch.find import find_diff
from scenarios.sources.source_text import SourceLine

PATCH = "--- a/virt/kvm/mmu.c|+++ b/virt/kvm/mmu.c|@@ -1,2 +1,2 @@| a|-b|+c|-- "


def _lines(text: str) -> list[SourceLine]:
    return [SourceLine(part, n) for n, part in enumerate(text.split("|"), 1)]


@pytest.mark.parametrize(
    ("row", "path", "changed"),
    [
        (" virt/kvm/mmu.c | 4 ++--", "virt/kvm/mmu.c", 4),
        (" .../kvm/mmu.c | 12 +++", "/kvm/mmu.c", 12),
        (" {virt => arch/arm64}/kvm/mmu.c | 3 +-", "arch/arm64/kvm/mmu.c", 3),
        (" arch/{ => arm64}/mmu.c | 0", "arch/arm64/mmu.c", 0),
        (" old.c => new.c | 2 +-", "new.c", 2),
        (" virt/x.bin | Bin 0 -> 12 bytes", "virt/x.bin", 0),
    ],
)
def test_a_row_of_a_diffstat_has_the_path_after_the_patch(
    row: str, path: str, changed: int
) -> None:
    assert diffstat([SourceLine(row, 7)]) == (Stat(path, 7, changed),)


@pytest.mark.parametrize("text", ["a | b", "flushes | 3", " 2 files changed, 3 insertions(+)", ""])
def test_other_tables_are_no_diffstat(text: str) -> None:
    assert diffstat([SourceLine(text, 1)]) == ()


@pytest.mark.parametrize(
    ("stat", "missing"),
    [
        (Stat("virt/kvm/mmu.c", 1, 2), None),
        (Stat("/kvm/mmu.c", 1, 2), None),
        (Stat("virt/kvm/mmu.c", 1, 1), None),
        (Stat("Documentation/virt/kvm/x.rst", 1, 9), None),
        (
            Stat("virt/kvm/mmu.c", 1, 3),
            ("virt/kvm/mmu.c", "has 3 changed lines by the diffstat, and 2 are there"),
        ),
        (Stat("/kvm/arm.c", 1, 3), ("kvm/arm.c", "is in the diffstat, and its diff is not there")),
    ],
)
def test_what_the_diff_does_not_show_is_missing(
    stat: Stat, missing: tuple[str, str] | None
) -> None:
    diff, _ = find_diff("m", _lines(PATCH))
    wanted = (
        () if missing is None else (Missing(missing[0], 1, missing[1], "give the whole patch"),)
    )
    assert not_shown([stat], [diff]) == wanted


def test_a_letter_without_a_diff_is_not_compared_and_a_file_of_no_hunk_is_there() -> None:
    stats = diffstat(_lines(" virt/kvm/mmu.c | 2 +-| virt/kvm/arm.c | 0"))
    letter, _ = find_diff("m", _lines("no diff"))
    bare = "diff --git a/virt/kvm/arm.c b/virt/kvm/arm.c|new file mode 100644|"
    diff, _ = find_diff("m", _lines(bare + PATCH))
    assert (not_shown(stats, [letter]), not_shown(stats, [diff])) == ((), ())
