"""Patches for the files of a small kernel tree: what they make of each, or why they do not fit."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from engine.refusal import RefusedError
from scenarios.sources.base import read_tree
from scenarios.sources.candidate import Candidate, CandidateFile
from scenarios.sources.read import read_candidates

TREES = Path(__file__).parent / "trees"
BASE = read_tree([str(TREES / "base")])
ANSWER = ".expected"
PATCHES = sorted(path for path in TREES.iterdir() if path.suffix in (".patch", ".mbox"))


def _shown(candidate: Candidate) -> str:
    return "\n".join(
        (
            f"== {candidate.name}: {candidate.title}, from line {candidate.first_line}",
            *(f"note: {note}" for note in candidate.notes),
            *(
                f"unread: {hunk.path}:{hunk.line}: {', '.join(hunk.functions) or '?'}: {hunk.why}"
                for hunk in candidate.unread
            ),
            *(line for file in candidate.files for line in _changes(file)),
            "",
        )
    )


def _changes(file: CandidateFile) -> list[str]:
    """Return what the patch changed in a file, each line after that of the user's file."""
    numbered = [
        f"{n:>3} {text}" for n, text in zip(file.line_map, file.text.splitlines(), strict=True)
    ]
    plain = [text[4:] for text in numbered]
    before = (file.before or "").splitlines()
    changed = list(unified_diff(before, plain, n=0, lineterm=""))[2:]
    added = iter([numbered[n] for n in _added(before, plain)])
    shown = [
        f"+{next(added)}".rstrip() if line.startswith("+") else line.replace("-", "-    ", 1)
        for line in changed
        if not line.startswith("@@")
    ]
    return [f"-- {'file' if file.whole else 'pieces'} {file.path}", *shown]


def _added(before: list[str], after: list[str]) -> list[int]:
    """Return the indices of the lines that a text has and the one before it had not."""
    result, at = [], 0
    for line in unified_diff(before, after, n=len(before) + len(after), lineterm=""):
        if line.startswith(("---", "+++", "@@")) and at == 0:
            continue
        if line.startswith("+"):
            result.append(at)
        at += not line.startswith("-")
    return result


def _read(path: Path) -> str:
    try:
        return "\n".join(_shown(each) for each in read_candidates(path, base=BASE))
    except RefusedError as error:
        return f"refused: {error}\n"


@pytest.mark.parametrize("path", PATCHES, ids=lambda path: path.name)
def test_a_patch_makes_of_the_tree_what_the_file_beside_it_says(path: Path) -> None:
    assert _read(path) == path.with_name(path.name + ANSWER).read_text()
