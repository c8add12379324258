"""Make `scenarios/coverage/fingerprints.json` anew from kernel trees, by hand.

Run `python -m tests.kernels.remake TREE...` from the checkout. A tree is a directory that holds
the KVM files of a kernel under their paths there (`arch/arm64/kvm/mmu.c`, ...), and its name says
which kernel it is: `v5.10`, `v4.9.115`, and with a hyphen one that is not upstream's: `v5.4-ours`.
Of each upstream tree the script takes every definition that a deciding function reaches by the
names it mentions, and keeps the digest, and the earliest and the latest kernel that have it: of
what no kernel has together no verdict can speak. What is upstream's and does something else than
the model's table says is in `vetted.toml` beside this file, with a sentence; of a tree that is
not upstream's only what is in there is kept. So a new tree is vetted first: `--show NAME...`
lists each variant of a function with where to read it and what is said of it. What nobody has
read, or understood, is put under `left_out`: unknown is the safe side.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs

from scenarios.coverage.definitions import Definition, definitions_of
from scenarios.coverage.fingerprints import digest
from scenarios.kernel.decisions import decision_of

FILES: Final = (
    *(f"arch/arm64/kvm/{name}.c" for name in ("mmu", "sys_regs", "reset", "arm", "psci", "guest")),
    *(f"arch/arm64/kvm/{name}.c" for name in ("handle_exit", "nested", "hyp/pgtable")),
    "arch/arm64/kvm/sys_regs.h",
    *(f"virt/kvm/arm/{name}.c" for name in ("mmu", "arm", "psci")),
    *(f"arch/arm/kvm/{name}.c" for name in ("mmu", "arm", "psci", "guest", "reset", "handle_exit")),
    *(f"arch/arm/kvm/{name}.c" for name in ("coproc", "coproc_a15", "coproc_a7", "emulate")),
    "arch/arm/kvm/coproc.h",
    *(
        f"arch/{arch}/include/asm/{name}.h"
        for arch in ("arm64", "arm")
        for name in ("kvm_mmu", "kvm_emulate", "kvm_pgtable", "kvm_arm", "kvm_coproc")
    ),
    *(
        f"arch/{arch}/include/asm/stage2_pgtable{kind}.h"
        for arch in ("arm64", "arm")
        for kind in ("", "-nopmd", "-nopud")
    ),
)
VETTED: Final = Path(__file__).with_name("vetted.toml")
OUTPUT: Final = Path(__file__).parents[2] / "scenarios" / "coverage" / "fingerprints.json"

Key = tuple[str, str]
"""A definition's name and digest."""


@attrs.frozen
class Found:
    """A definition that a deciding function of a tree reaches, and where it is to be read."""

    tree: Path
    path: str
    definition: Definition


@attrs.frozen
class Vetting:
    """What was found by reading: sentences of what differs, and what is left out."""

    differs: Mapping[Key, str]
    left_out: frozenset[Key]


def read_vetting(path: Path) -> Vetting:
    """Return what is said of definitions, each given as its name and its digest."""
    data = tomllib.loads(path.read_text("utf-8"))
    differs = {
        _key(text): entry["why"] for entry in data["differs"] for text in entry["definitions"]
    }
    left_out = {_key(text) for entry in data["left_out"] for text in entry["definitions"]}
    return Vetting(differs, frozenset(left_out))


def _key(text: str) -> Key:
    name, _, hashed = text.rpartition(" ")
    return name, hashed


def upstream(tree: Path) -> bool:
    """Say whether a tree is upstream's own."""
    return "-" not in tree.name


def era(tree: Path) -> str:
    """Return a tree's kernel without its point release, or its whole name if not upstream's."""
    found = re.match(r"v\d+\.\d+", tree.name)
    return found[0] if found and upstream(tree) else tree.name


def age(tree: Path) -> tuple[bool, list[int], str]:
    """Return what sorts trees: upstream's first, and by version."""
    return not upstream(tree), [int(part) for part in re.findall(r"\d+", tree.name)], tree.name


def reached(tree: Path) -> Iterator[Found]:
    """Yield what the deciding functions of a tree reach by the names that they mention."""
    by_name = defaultdict[str, list[Found]](list)
    for path in FILES:
        if (tree / path).exists():
            text = (tree / path).read_text("utf-8", "replace")
            for definition in definitions_of(text, {}):
                by_name[definition.name].append(Found(tree, path, definition))
    pending = sorted(name for name in by_name if decision_of(name) is not None)
    seen = set(pending)
    while pending:
        for found in by_name[pending.pop()]:
            new = {name for name in found.definition.mentions if name in by_name} - seen
            seen |= new
            pending.extend(new)
    for name in sorted(seen):
        yield from (found for found in by_name[name] if found.definition.unread is None)


def fingerprints(trees: Iterable[Path], vetting: Vetting) -> dict[str, object]:
    """Return the data: per name and digest the eras, and what differs if anything."""
    sentences = sorted(set(vetting.differs.values()))
    eras = defaultdict[Key, list[str]](list)
    for tree in sorted(trees, key=age):
        for found in reached(tree):
            key = found.definition.name, digest(found.definition)
            ours = key not in vetting.left_out and (upstream(tree) or key in vetting.differs)
            if ours and (upstream(tree) or not eras[key]):
                eras[key].append(era(tree))
    known = defaultdict[str, dict[str, object]](dict)
    for (name, hashed), (first, *_, last) in sorted((k, [v[0], *v]) for k, v in eras.items() if v):
        span = first if first == last else f"{first} {last}"
        why = vetting.differs.get((name, hashed))
        known[name][hashed] = span if why is None else [span, sentences.index(why)]
    return {"differs": sentences, "known": dict(known)}


def written(data: dict[str, object]) -> str:
    """Return the data as it is kept: a line a name, so that changes can be read."""
    known = data["known"]
    assert isinstance(known, dict)
    lines = ",\n".join(
        f"    {json.dumps(name)}: {json.dumps(entries, separators=(',', ':'))}"
        for name, entries in known.items()
    )
    differs = json.dumps(data["differs"], indent=4)
    return f'{{\n  "differs": {differs},\n  "known": {{\n{lines}\n  }}\n}}\n'


def shown(trees: Iterable[Path], names: Iterable[str], vetting: Vetting) -> Iterator[str]:
    """Yield a line a variant of each name: its digest, trees and place, and what is said of it."""
    variants = defaultdict[Key, list[Found]](list)
    for tree in sorted(trees, key=age):
        for found in reached(tree):
            variants[found.definition.name, digest(found.definition)].append(found)
    for name in names:
        for key, found in variants.items():
            if key[0] == name:
                first, last = found[0], found[-1]
                said = "left out" if key in vetting.left_out else vetting.differs.get(key, "")
                yield (
                    f"{name} {key[1]} {first.tree.name}..{last.tree.name} "
                    f"{first.tree / first.path}:{first.definition.first_line} {said}\n"
                )


def main() -> None:
    """Write the data, or show what there is to read."""
    parser = argparse.ArgumentParser(prog="python -m tests.kernels.remake")
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--show", nargs="+", metavar="NAME", default=[])
    given = parser.parse_args()
    vetting = read_vetting(VETTED)
    if given.show:
        sys.stdout.writelines(shown(given.trees, given.show, vetting))
    else:
        OUTPUT.write_text(written(fingerprints(given.trees, vetting)), "ascii")


if __name__ == "__main__":
    main()
