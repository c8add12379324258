from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.sources.candidate import Base, Candidate, SourceError
from scenarios.sources.read import read_candidates

CORPUS = Path(__file__).parent / "corpus"
ANSWER = ".expected"
SOURCES = sorted(
    path
    for path in CORPUS.iterdir()
    if path.name != "upstream.c" and not path.name.endswith((ANSWER, ".base.c"))
)


def _base(path: Path) -> Base:
    named = path.with_suffix(".base.c")
    if named.exists():
        return Base(named.name, named.read_text(), numbered=True)
    return Base("the built-in upstream", (CORPUS / "upstream.c").read_text())


def _shown(candidate: Candidate) -> str:
    texts = candidate.text.splitlines()
    assert len(texts) == len(candidate.line_map)
    lines = [
        f"{number or '':>5} {text}".rstrip()
        for number, text in zip(candidate.line_map, texts, strict=True)
    ]
    head = [
        f"== {candidate.name}",
        f"title: {candidate.title}",
        f"from line: {candidate.first_line}",
        f"functions: {', '.join(candidate.functions)}",
        *(f"note: {note}" for note in candidate.notes),
    ]
    return "\n".join((*head, *lines)) + "\n"


def _read(path: Path) -> str:
    try:
        return "\n".join(_shown(c) for c in read_candidates(path, base=_base(path)))
    except SourceError as error:
        return f"refused: {error}\n"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_file_gives_the_candidates_in_the_file_beside_it(path: Path) -> None:
    assert _read(path) == path.with_name(path.name + ANSWER).read_text()
