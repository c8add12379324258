"""Random edits of a small kernel tree, mailed as patches: only what is run can be called safe."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from itertools import islice
from pathlib import Path

import pytest

from engine.policy.policy import Options
from engine.refusal import RefusedError
from scenarios.hardware import HardwareChoice
from scenarios.policy_library import load_candidates
from scenarios.sources.base import read_tree
from scenarios.sources.c_text.tokens import definitions, tokenize
from tui.command_line.arguments import Reading
from tui.command_line.exploration.matrix import CellSearch
from tui.command_line.subcommands.review_command import exit_code, review
from tui.exit_codes import BAD_INPUT, PASSED

TREE = Path(__file__).parent / "trees" / "small"
FILES = ("arch/arm64/kvm/mmu.c", "arch/arm64/include/asm/kvm_emulate.h")
RUN = ("kvm_toggle_cache", "kvm_set_way_flush", "vcpu_has_cache_enabled")
FEW = ("off-and-on-again", "secondary-stale-line")
SWAPS = (
    *(("!=", "=="), ("==", "!="), ("if (", "if (!"), ("&", "|"), ("= ", "= 1 + "), ("6", "7")),
    *(("return ", "return !"), ("vcpu->kvm", "vcpu->kvm + 0"), ("err", "error"), ("HCR_TVM", "0")),
    *(("~", ""), ("int", "long"), ("101", "100"), ("was_enabled", "!was_enabled")),
)


def _edited(lines: Sequence[str], rng: random.Random) -> list[str] | None:
    """Return the lines with one of them changed, doubled or left out; None where none would be."""
    at = rng.randrange(len(lines))
    if not lines[at].strip():
        return None
    match rng.choice(("swap", "swap", "swap", "drop", "double")):
        case "drop":
            return [*lines[:at], *lines[at + 1 :]]
        case "double":
            return [*lines[: at + 1], *lines[at:]]
        case _:
            old, new = rng.choice(SWAPS)
            changed = lines[at].replace(old, new, 1)
            return None if changed == lines[at] else [*lines[:at], changed, *lines[at + 1 :]]


def _functions(lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    tokens = tokenize(lines)
    return {
        found.name: tuple(token.text for token in tokens[found.first : found.end])
        for found in definitions(tokens)
    }


def _edits(seed: int, *, inside: bool) -> Iterator[tuple[str, list[str], str]]:
    """Yield a file's path, its lines after an edit, and the patch that makes it."""
    rng = random.Random(seed)
    while True:
        path = rng.choice(FILES[:1] if inside else FILES)
        lines = (TREE / path).read_text("utf-8").splitlines()
        edited = _edited(lines, rng)
        if edited is None:
            continue
        before, after = _functions(lines), _functions(edited)
        same = [before.get(name) == after.get(name) for name in RUN]
        kept = [before.get(name) for name in before] == [after.get(name) for name in before]
        if inside != (False in same and set(before) == set(after)) or (kept and inside):
            continue
        diff = unified_diff(lines, edited, f"a/{path}", f"b/{path}", lineterm="")
        text = "".join(f"{line}\n" for line in diff)
        yield path, edited, f"Subject: [PATCH] An edit\n\nAn edit.\n---\n{text}-- \n2.39\n"


def _reviewed(path: Path, *, with_tree: bool) -> tuple[int, str]:
    """Return the exit code of a review, and the verdict of its candidate."""
    base = read_tree([str(TREE)]) if with_tree else None
    how = Reading(Options(), base, HardwareChoice(), ())
    try:
        candidates = load_candidates(str(path), base=base)
        made = review(str(path), candidates, FEW, how, CellSearch(None, jobs=1, compare_all=True))
    except RefusedError:
        return BAD_INPUT, "unreadable"
    return exit_code(made.candidates), made.candidates[0].judgement.value


@pytest.mark.parametrize("seed", range(4))
def test_an_edit_outside_of_what_is_run_is_never_called_safe(seed: int, tmp_path: Path) -> None:
    for number, (_, _, patch) in enumerate(islice(_edits(seed, inside=False), 15)):
        mail = tmp_path / f"{number}.patch"
        mail.write_text(patch, "utf-8")
        code, _ = _reviewed(mail, with_tree=True)
        assert code != PASSED, patch


@pytest.mark.parametrize("seed", range(4))
def test_an_edit_of_what_is_run_is_judged_like_the_edited_source(seed: int, tmp_path: Path) -> None:
    for number, (_, edited, patch) in enumerate(islice(_edits(seed, inside=True), 8)):
        mail, whole = tmp_path / f"{number}.patch", tmp_path / f"{number}.c"
        mail.write_text(patch, "utf-8")
        whole.write_text("".join(f"{line}\n" for line in edited), "utf-8")
        patched, given_whole = _reviewed(mail, with_tree=True), _reviewed(whole, with_tree=False)
        assert patched == given_whole, patch
