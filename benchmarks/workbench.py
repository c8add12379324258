"""A directory in which members become scenario files and verifiers, each made once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs

from benchmarks.family import Member
from benchmarks.pairs import process
from benchmarks.promela import Vcpus, promela
from benchmarks.scenario_text import scenario_text
from benchmarks.spin import Pan, Said, Search, compiled, said

ROOT: Final = Path(__file__).resolve().parent.parent
"""The checkout."""

_CHECK: Final = (sys.executable, "-m", "tui", "check", "--json")
_ANSWERS: Final = (0, 1)
"""Exit codes of `check` that are an answer: safe, unsafe."""
_NO_LIMIT: Final = "50000000"


@attrs.define
class Workbench:
    """What has been made so far."""

    directory: Path
    pans: dict[tuple[Member, str, Search, Vcpus], Pan] = attrs.Factory(dict)

    def ours(
        self, member: Member, policy: str, *, exhaustive: bool, timeout: float | None = None
    ) -> Callable[[], str]:
        """Return a whole process of ours that decides a member under a policy."""
        file = self.directory / f"{member.name}.toml"
        file.write_text(scenario_text(member), encoding="utf-8")
        options = ("--exhaustive", "--max-states", _NO_LIMIT) if exhaustive else ()
        command = (*_CHECK, "--file", str(file), "--policy", policy, *options)
        return process(command, ROOT, timeout=timeout, succeeds=_ANSWERS)

    def matrix(self) -> Callable[[], str]:
        """Return a whole process of ours that decides all shipped scenarios and policies."""
        return process(_CHECK, ROOT, succeeds=_ANSWERS)

    def pan(self, member: Member, policy: str, search: Search, vcpus: Vcpus) -> Pan:
        """Return the verifier of a member under a policy."""
        key = (member, policy, search, vcpus)
        if key not in self.pans:
            name = f"{member.name}-{policy}-{search.name}-{vcpus.value}".lower()
            text = promela(member, policy, vcpus)
            self.pans[key] = compiled(text, search, self.directory / name)
        return self.pans[key]

    def counted(self, member: Member, policy: str) -> Said:
        """Return what pan finds in the whole, unreduced space of a member under a policy."""
        pan = self.pan(member, policy, Search.COUNT, Vcpus.PRIVATE)
        return said(process(pan.command, self.directory)())

    def shortest(self, member: Member, policy: str) -> int | None:
        """Return the length of a shortest counterexample, None where there is none."""
        pan = self.pan(member, policy, Search.SHORTEST, Vcpus.PRIVATE)
        return said(process(pan.command, self.directory)()).length
