"""A name means one thing: public classes in the whole product, modules within a package."""

from __future__ import annotations

import ast
import importlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("engine", "scenarios", "tui")
TWICE = frozenset({"Flow"})
"""Where a program goes on by a program's counter, and an operation's by the C."""
PAIRS = {
    "engine": {"bits", "conditions", "evaluate", "expressions", "locks", "search", "syntax"}
    | {"tokens"},
    "scenarios": set[str](),
    "tui": {"accesses", "answers", "arguments", "command", "exits", "exploring", "heading"}
    | {"help", "lanes", "matrix", "output", "programs", "prompt", "requests", "tour"}
    | {"why"},
}
"""Modules of two rooms that are named for the one thing which each of them is about."""


def modules(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    return [path for path in found if path.name != "__init__.py"]


def public_types(path: Path) -> Iterator[str]:
    """Yield the names of a module's public classes and aliases."""
    for node in ast.parse(path.read_text("utf-8")).body:
        name = ""
        match node:
            case ast.ClassDef(name=name):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")):
                pass
        if name and not name.startswith("_"):
            yield name


def test_no_public_class_means_two_things() -> None:
    homes = defaultdict[str, list[str]](list)
    for package in PACKAGES:
        for path in modules(package):
            for name in public_types(path):
                homes[name].append(str(path.relative_to(ROOT)))
    assert {name: at for name, at in homes.items() if len(at) > 1 and name not in TWICE} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_of_a_package_is_called_as_another(package: str) -> None:
    homes = defaultdict[str, list[str]](list)
    for path in modules(package):
        homes[path.stem].append(str(path.relative_to(ROOT)))
    twice = {name: at for name, at in homes.items() if len(at) > 1}
    assert set(twice) == PAIRS[package], twice
    assert all(len(at) <= 3 for at in twice.values()), twice


def test_no_module_is_called_as_one_of_the_standard_librarys() -> None:
    found = [path for package in PACKAGES for path in modules(package)]
    same = [path.stem for path in found if path.stem in sys.stdlib_module_names]
    assert same == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_holds_more_modules_than_can_be_seen_at_once(package: str) -> None:
    held = defaultdict[str, int](int)
    for path in modules(package):
        held[str(path.parent.relative_to(ROOT))] += 1
    assert {folder: count for folder, count in held.items() if count > 15} == {}


def test_what_a_module_says_that_it_offers_it_has() -> None:
    found = [path for package in PACKAGES for path in modules(package)]
    offering = [path for path in found if "__all__" in path.read_text("utf-8")]
    assert offering
    for path in offering:
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        assert [name for name in module.__all__ if not hasattr(module, name)] == []
