"""The committed digests are of the product as it is: all inputs are there, some are made anew."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from tests.net.digests import belongs, committed, differences, made
from tests.net.kinds import KINDS
from tests.net.rendering import rendered

QUICK = [(kind, name) for kind, of in KINDS.items() for name in of.quick]


@attrs.frozen
class Leaf:
    text: str
    number: int | None


@attrs.frozen
class Branch:
    leaves: tuple[Leaf, ...]


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))


@pytest.mark.parametrize("kind", KINDS)
def test_every_input_has_a_digest_and_every_digest_an_input(kind: str) -> None:
    rows, inputs = committed()[kind], KINDS[kind].inputs()
    assert [name for name in inputs if not any(belongs(row, name) for row in rows)] == []
    assert [row for row in rows if not any(belongs(row, name) for name in inputs)] == []


@pytest.mark.parametrize(("kind", "name"), QUICK)
def test_what_the_product_does_is_what_was_committed(kind: str, name: str) -> None:
    held = {row: digest for row, digest in committed()[kind].items() if belongs(row, name)}
    assert list(differences(made(kind, name), held)) == []


def test_differences_name_the_rows() -> None:
    now, held = {"same": "1", "other": "2", "more": "3"}, {"same": "1", "other": "4", "less": "5"}
    assert list(differences(now, held)) == ["less: gone", "more: new", "other: differs"]


def test_structure_is_on_one_line_where_it_fits_and_else_a_part_a_line() -> None:
    short, long = Leaf("a", 1), Leaf("b" * 90, None)
    assert rendered(Branch((short,))) == "Branch((Leaf('a', 1)))\n"
    assert rendered(Branch((short, long))) == (
        f"Branch:\n  :\n    Leaf('a', 1)\n    Leaf('{'b' * 90}', None)\n"
    )
