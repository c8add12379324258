from __future__ import annotations

import difflib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.sources.base import read_tree
from scenarios.sources.c_text.tokens import tokenize
from scenarios.sources.read import find_candidates

UPSTREAM = Path(__file__).parents[1] / "corpus" / "upstream.c"
TREE = read_tree([str(UPSTREAM)])
LINES = UPSTREAM.read_text().splitlines(keepends=True)
BODY = [n for n, line in enumerate(LINES) if line.startswith("\t") and "(" in line]
STATEMENTS = ("\tsmp_mb();\n", "\tflag++;\n", "\tif (flag)\n\t\treturn;\n", "\t/* why */\n")
EDITS = st.dictionaries(st.sampled_from(BODY), st.sampled_from(STATEMENTS), min_size=1, max_size=5)


def _code(text: str) -> list[str]:
    return [token.text for token in tokenize(text.splitlines())]


@settings(deadline=None, max_examples=80)
@given(EDITS, st.integers(1, 4), st.booleans())
def test_a_patch_made_from_the_base_gives_the_changed_text(
    edits: dict[int, str], context: int, insert: bool
) -> None:
    changed = "".join(
        edits.get(n, "") + (line if insert or n not in edits else "")
        for n, line in enumerate(LINES)
    )
    diff = difflib.unified_diff(
        LINES, changed.splitlines(keepends=True), "a/upstream.c", "b/upstream.c", n=context
    )
    (candidate,) = find_candidates("x.patch", "".join(diff).encode(), base=TREE)
    assert _code(candidate.text) == _code(changed)
