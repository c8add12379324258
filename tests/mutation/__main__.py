"""How strong are the tests? Mutate the product, and see which mutants the tests let live.

    nice python -m tests.mutation --sample 400 --work /tmp/mutation [--only engine/judge.py]

Nothing is changed in place: the tree is copied to the working directory, and the tests there run
against it. What is known of a mutant is kept in `results.jsonl` there, so that a run that was
stopped goes on where it was; `--again` tries the survivors anew, after new tests.

First every test runs once, and which functions it enters is noted. Then, for each mutant, a child
of one process that has all tests collected takes the mutated function over, and runs the tests
that enter it, the nearest and quickest first, until one fails. What is in a module's body cannot
be put into a process that has imported it, so these mutants are written into the copy, and the
tests of their folder run anew. A test that needs much more time than it did is a death
too: the mutant does not end.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from hashlib import sha256
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import TypedDict

import pytest

from tests.mutation.mutants import Mutant, mutants_of

ROOT = Path(__file__).parents[2]
PARTS = ("engine", "scenarios")
SEMANTIC = (
    *(
        "arm",
        "memory",
        "machine",
        "kvm",
        "policy",
        "compiler",
        "explorer",
        "judge.py",
        "diagnosis.py",
        "guest.py",
    ),
    *("vmm.py", "transition.py", "stuck.py", "lockstep.py"),
)
SCOPE = (
    *(f"engine/{part}" for part in SEMANTIC),
    *("scenarios/sources", "scenarios/schedule.py", "scenarios/file/reader.py"),
)
TESTS = ("tests/engine", "tests/scenarios", "tests/policies")
SLOW = ("in_bounded_time", "hash_seed", "gives_them", "test_hostile", "without_end")
"""Tests that take long and only measure time, or that run other programs."""
LIMIT = 8.0
"""Seconds of tests that a mutant must outlive."""


class Entered(TypedDict):
    """What is known of a test: the seconds it takes, and the functions it enters."""

    seconds: float
    enters: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=SCOPE, help="files or folders")
    parser.add_argument("--tests", nargs="*", default=TESTS, help="what may kill them")
    parser.add_argument("--again", action="store_true", help="try the survivors anew")
    given = parser.parse_args()
    tree = given.work / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".hypothesis", ".*_cache")
    shutil.copytree(ROOT, tree, ignore=ignored)
    os.chdir(tree)
    sys.path[:0] = [str(tree)]
    results = Results(given.work / "results.jsonl")
    mutants = _sample(tree, given.only, given.sample, given.seed)
    known = set(results.of) - set(results.survivors() if given.again else ())
    left = [mutant for mutant in mutants if mutant.name not in known]
    plugin = Plugin(left, results, given.work / "entered.jsonl", tree)
    pytest.main(
        ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", *given.tests], plugins=[plugin]
    )
    _tell(results, mutants)


def _sample(tree: Path, only: list[str], size: int, seed: int) -> list[Mutant]:
    files = [
        str(p.relative_to(tree)) for part in PARTS for p in sorted((tree / part).rglob("*.py"))
    ]
    chosen = [f for f in files if any(f == o or f.startswith(f"{o}/") for o in only)]
    everything = [mutant for file in chosen for mutant in mutants_of(tree, file)]
    everything.sort(key=lambda mutant: sha256(f"{seed} {mutant.name}".encode()).digest())
    return everything[:size]


class Results:
    """What became of each mutant: the test that failed, or nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text().splitlines() if path.exists() else []
        self.of: dict[str, str] = {r["mutant"]: r["by"] for r in map(json.loads, lines)}

    def add(self, mutant: Mutant, by: str) -> None:
        self.of[mutant.name] = by
        with self.path.open("a") as file:
            file.write(json.dumps({"mutant": mutant.name, "by": by}) + "\n")
        if not by:
            print(f"survived {mutant.name}, line {mutant.line}", flush=True)

    def survivors(self) -> list[str]:
        return [name for name, by in self.of.items() if not by]


class Plugin:
    """Runs, in place of each test once, each mutant's tests in a child."""

    def __init__(self, mutants: list[Mutant], results: Results, entered: Path, tree: Path) -> None:
        self.mutants, self.results, self.entered, self.tree = mutants, results, entered, tree
        self.failed = ""
        self.killers = set(results.of.values())

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not any(word in item.nodeid for word in SLOW)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        entered = self._entered(session.items)
        functions = self._functions()
        times = {i: entered[i.nodeid]["seconds"] for i in session.items if i.nodeid in entered}
        entering: dict[str, list[pytest.Item]] = {}
        for item in sorted(times, key=times.__getitem__):
            for where in entered[item.nodeid]["enters"]:
                entering.setdefault(where, []).append(item)
        unentered = list[Mutant]()
        for mutant in self.mutants:
            near = entering.get(f"{mutant.file}::{mutant.function}", [])
            near = sorted(near, key=lambda item: self._distance(item, mutant))
            taken_over = functions.get((mutant.file, mutant.function), [])
            if not near or not taken_over:
                unentered.append(mutant)
                continue
            by = self._in_a_child(mutant, taken_over, near, times)
            self.killers.add(by)
            self.results.add(mutant, by)
        for mutant in unentered:
            by = _from_the_start(self.tree, mutant, self._files(mutant, times))
            self.results.add(mutant, by)
        return True

    def _distance(self, item: pytest.Item, mutant: Mutant) -> tuple[bool, bool, bool]:
        """Say how far a test is: none that has killed, of another module, of another folder."""
        name = item.path.stem.removeprefix("test_")
        return (
            item.nodeid not in self.killers,
            name not in Path(mutant.file).stem,
            not item.nodeid.startswith(f"tests/{Path(mutant.file).parent}/"),
        )

    def _files(self, mutant: Mutant, times: dict[pytest.Item, float]) -> list[str]:
        """Return the test files of a mutant's folder that may be run from the start."""
        taken = defaultdict[Path, float](float)
        for item, seconds in times.items():
            if not self._distance(item, mutant)[2]:
                taken[item.path] += seconds
        module = Path(mutant.file).stem
        files = sorted(taken, key=lambda file: (file.stem[5:] not in module, taken[file]))
        return [str(f) for n, f in enumerate(files) if sum(taken[g] for g in files[:n]) < LIMIT]

    def _functions(self) -> dict[tuple[str, str], list[FunctionType]]:
        found: dict[tuple[str, str], list[FunctionType]] = {}
        for function in gc.get_objects():
            if isinstance(function, FunctionType):
                code = function.__code__
                if code.co_filename.startswith(f"{self.tree}/"):
                    file = code.co_filename[len(str(self.tree)) + 1 :]
                    found.setdefault((file, code.co_qualname), []).append(function)
        return found

    def _entered(self, items: list[pytest.Item]) -> dict[str, Entered]:
        """Return, of each test, how long it takes and which functions it enters."""
        known: dict[str, Entered] = {}
        for line in self.entered.read_text().splitlines() if self.entered.exists() else []:
            known.update(json.loads(line))
        prefixes = tuple(f"{self.tree}/{part}/" for part in PARTS)
        for item in items:
            if item.nodeid in known:
                continue
            begin = time.process_time()
            seen = _entered_by(item)
            enters = {
                f"{code.co_filename[len(str(self.tree)) + 1 :]}::{_outermost(code)}"
                for code in seen
                if code.co_filename.startswith(prefixes)
            }
            if self.failed:
                print("fails without a mutant:", self.failed, flush=True)
                self.failed = ""
                continue
            taken: Entered = {"seconds": time.process_time() - begin, "enters": sorted(enters)}
            known[item.nodeid] = taken
            with self.entered.open("a") as file:
                file.write(json.dumps({item.nodeid: taken}) + "\n")
        return known

    def _in_a_child(
        self,
        mutant: Mutant,
        functions: list[FunctionType],
        near: list[pytest.Item],
        times: dict[pytest.Item, float],
    ) -> str:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                by = self._test(mutant, functions, near, times, writing)
                os.write(writing, f"\n{by}".encode())
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            said = pipe.read().split("\n")
        _, status = os.waitpid(child, 0)
        return said[-1] if not status else f"{said[-1]} (does not end: {status})"

    def _test(
        self,
        mutant: Mutant,
        functions: list[FunctionType],
        near: list[pytest.Item],
        times: dict[pytest.Item, float],
        told: int,
    ) -> str:
        limit = 8 << 30
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        code = compile(
            mutant.applied((self.tree / mutant.file).read_text()),
            str(self.tree / mutant.file),
            "exec",
        )
        new = next(c for c in _codes(code) if c.co_qualname == mutant.function)
        for function in functions:
            if function.__code__.co_freevars == new.co_freevars:
                function.__code__ = new
        _forget_answers()
        spent = 0.0
        for item in near:
            spent += times[item]
            if spent > LIMIT:
                break
            os.write(told, f"\n{item.nodeid}".encode())
            signal.setitimer(signal.ITIMER_VIRTUAL, 3 + 10 * times[item])
            _run(item)
            if self.failed:
                return self.failed
        return ""


def _forget_answers() -> None:
    """Empty the caches of functions: what was answered before a mutant is not its answer."""
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper):
            each.cache_clear()


def _entered_by(item: pytest.Item) -> set[CodeType]:
    """Run a test; return the functions that it entered."""
    seen = set[CodeType]()

    def note(frame: FrameType, event: str, arg: object) -> None:
        seen.add(frame.f_code)

    sys.settrace(note)
    try:
        _run(item)
    finally:
        sys.settrace(None)
    return seen


def _outermost(code: CodeType) -> str:
    return code.co_qualname.partition(".<locals>")[0]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _run(item: pytest.Item) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _from_the_start(tree: Path, mutant: Mutant, files: list[str]) -> str:
    """Test a mutant that is in force as soon as its module is imported."""
    path = tree / mutant.file
    text = path.read_text()
    choose = " and ".join(f"not {word}" for word in SLOW)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", choose]
    path.write_text(mutant.applied(text))
    try:
        run = subprocess.run(
            [*command, *files], cwd=tree, capture_output=True, text=True, timeout=900
        )
    except subprocess.TimeoutExpired:
        return "does not end"
    finally:
        path.write_text(text)
    failures = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return (failures or ["it does not start"])[0] if run.returncode else ""


def _tell(results: Results, mutants: list[Mutant]) -> None:
    parts: dict[str, list[bool]] = {}
    for mutant in mutants:
        path = Path(mutant.file)
        part = path.parent if mutant.file.count("/") > 1 else path.with_suffix("")
        parts.setdefault(str(part), []).append(bool(results.of[mutant.name]))
    parts["all"] = [dies for part in parts.values() for dies in part]
    for mutant in mutants:
        if not results.of[mutant.name]:
            print(f"survivor {mutant.name}, line {mutant.line}")
    for name, died in sorted(parts.items()):
        print(f"{name:24} {sum(died):4} of {len(died):4} died, {100 * sum(died) / len(died):.1f} %")


if __name__ == "__main__":
    main()
