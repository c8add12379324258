from __future__ import annotations

from pathlib import Path

import pytest

from engine.refusal import RefusedError
from scenarios.sources.base import Builtin, Tree, read_tree
from scenarios.sources.candidate import Candidate, CandidateFile
from scenarios.sources.read import read_candidates

CORPUS = Path(__file__).parent / "corpus"
ANSWER = ".expected"
SOURCES = sorted(
    path
    for path in CORPUS.iterdir()
    if path.name != "upstream.c" and not path.name.endswith((ANSWER, ".base.c", ".base"))
)


def _base(path: Path) -> Tree | Builtin:
    named = [path.with_suffix(suffix) for suffix in (".base.c", ".base")]
    words = [str(each) for each in named if each.exists()]
    if words:
        return read_tree(words)
    return Builtin("the built-in upstream", (CORPUS / "upstream.c").read_text())


def _shown(candidate: Candidate) -> str:
    head = [
        f"== {candidate.name}",
        f"title: {candidate.title}",
        f"from line: {candidate.first_line}",
        f"functions: {', '.join(candidate.functions)}",
        *(f"note: {note}" for note in candidate.notes),
        *(
            f"unread: {hunk.path}:{hunk.line}: {', '.join(hunk.functions) or '?'}: {hunk.why}"
            for hunk in candidate.unread
        ),
    ]
    texts = [line for file in candidate.files for line in _file(file)]
    return "\n".join((*head, *texts)) + "\n"


def _file(file: CandidateFile) -> list[str]:
    texts = file.text.splitlines()
    assert len(texts) == len(file.line_map)
    kind = "file" if file.whole else "pieces"
    before = "" if file.before is None else f", {len(file.before.splitlines())} lines before"
    return [
        f"-- {kind} {file.path}{before}",
        *(
            f"{number or '':>5} {text}".rstrip()
            for number, text in zip(file.line_map, texts, strict=True)
        ),
    ]


def _read(path: Path) -> str:
    try:
        return "\n".join(_shown(c) for c in read_candidates(path, base=_base(path)))
    except RefusedError as error:
        return f"refused: {error}\n"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_file_gives_the_candidates_in_the_file_beside_it(path: Path) -> None:
    assert _read(path) == path.with_name(path.name + ANSWER).read_text()
