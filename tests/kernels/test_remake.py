"""The data of known kernels is made of what deciding functions reach, and says what was vetted."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from scenarios.coverage.definitions import definitions_of
from scenarios.coverage.fingerprints import digest
from tests.kernels.remake import VETTED, Vetting, age, era, fingerprints, read_vetting, written

NOTHING = Vetting({}, frozenset())

OLD = """\
#define EVERY(k) sweep(k)
static void sweep(struct kvm *kvm) { wash(kvm); }
static void bystander(struct kvm *kvm) { idle(kvm); }
void stage2_flush_vm(struct kvm *kvm) { EVERY(kvm); }
"""
NEW = OLD.replace("wash(kvm)", "wash(kvm, all)")
OURS = OLD.replace("EVERY(kvm)", "maybe(kvm)")


def tree(root: Path, name: str, text: str) -> Path:
    path = root / name / "arch" / "arm64" / "kvm" / "mmu.c"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return root / name


def digests(text: str) -> dict[str, str]:
    return {found.name: digest(found) for found in definitions_of(text, {})}


@pytest.fixture
def trees(tmp_path: Path) -> list[Path]:
    kernels = (("v5.10", NEW), ("v4.9.2", OLD), ("v5.10.7", NEW), ("v4.9-ours", OURS))
    return [tree(tmp_path, name, text) for name, text in kernels]


def test_what_a_deciding_function_reaches_is_known_from_its_earliest_kernel_to_its_latest(
    trees: list[Path],
) -> None:
    old, new = digests(OLD), digests(NEW)
    assert fingerprints(trees, NOTHING) == {
        "differs": [],
        "known": {
            "EVERY": {old["EVERY"]: "v4.9 v5.10"},
            "stage2_flush_vm": {old["stage2_flush_vm"]: "v4.9 v5.10"},
            "sweep": dict(sorted({old["sweep"]: "v4.9", new["sweep"]: "v5.10"}.items())),
        },
    }


def test_of_a_tree_that_is_not_upstreams_only_what_was_vetted_is_known(trees: list[Path]) -> None:
    ours = digests(OURS)["stage2_flush_vm"]
    vetting = Vetting({("stage2_flush_vm", ours): "flushes now and then"}, frozenset())
    data = fingerprints(trees, vetting)
    assert data["differs"] == ["flushes now and then"]
    assert isinstance(data["known"], dict)
    assert data["known"]["stage2_flush_vm"][ours] == ["v4.9-ours", 0]


def test_what_is_left_out_is_not_known(trees: list[Path]) -> None:
    left_out = frozenset({("sweep", digests(OLD)["sweep"]), ("sweep", digests(NEW)["sweep"])})
    data = fingerprints(trees, Vetting({}, left_out))
    assert isinstance(data["known"], dict)
    assert list(data["known"]) == ["EVERY", "stage2_flush_vm"]


def test_what_cannot_be_read_is_not_known(tmp_path: Path) -> None:
    broken = tree(tmp_path, "v5.10", "void stage2_flush_vm(struct kvm *kvm) { if (1) {\n}\n")
    assert fingerprints([broken], NOTHING) == {"differs": [], "known": {}}


def test_trees_are_named_after_their_kernel_and_upstreams_come_first() -> None:
    names = ["v6.1", "v4.18-ours", "v4.9.115", "v4.9.76", "v5.10"]
    assert [path.name for path in sorted(map(Path, names), key=age)] == [
        *("v4.9.76", "v4.9.115", "v5.10", "v6.1", "v4.18-ours"),
    ]
    assert [era(Path(name)) for name in ("v4.9.115", "v4.18-ours")] == ["v4.9", "v4.18-ours"]


def test_the_data_is_written_a_line_a_name_and_the_same_for_any_order(trees: list[Path]) -> None:
    text = written(fingerprints(trees, NOTHING))
    assert text == written(fingerprints(trees[::-1], NOTHING))
    assert json.loads(text) == fingerprints(trees, NOTHING)
    assert [line.split(":")[0] for line in text.splitlines()[3:-2]] == [
        *('    "EVERY"', '    "stage2_flush_vm"', '    "sweep"'),
    ]


DATA = json.loads(
    (Path(__file__).parents[2] / "scenarios" / "coverage" / "fingerprints.json").read_text("ascii")
)


def test_everything_vetted_is_in_the_data_as_it_was_vetted() -> None:
    vetting = read_vetting(VETTED)
    for (name, hashed), why in vetting.differs.items():
        assert DATA["differs"][DATA["known"][name][hashed][1]] == why
    for name, hashed in vetting.left_out:
        assert hashed not in DATA["known"].get(name, {})
    marked = [
        (name, hashed)
        for name, entries in DATA["known"].items()
        for hashed, entry in entries.items()
        if isinstance(entry, list)
    ]
    assert sorted(marked) == sorted(vetting.differs)


def test_every_vetted_sentence_names_the_kernels_from_and_to_which_it_is_true() -> None:
    for entry in tomllib.loads(VETTED.read_text("utf-8"))["differs"]:
        spans = [DATA["known"][name][h][0] for name, h in map(str.split, entry["definitions"])]
        eras = {era for span in spans for era in span.split(" ")}
        first, *_, last = sorted([*eras, *eras], key=lambda name: age(Path(name)))
        assert (first, last) == (entry["eras"][0], entry["eras"][-1])
