from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from engine.arm.assembler import assemble
from engine.arm.program import Instruction, Program

WORDS = {"flag": 0x4000_0000, "payload": 0x4000_0040}

Read: TypeAlias = Callable[[str], tuple[Instruction, ...]]


def _assemble(text: str, vmm: bool) -> Program:
    return assemble(text, source="test", words=WORDS, vcpus=2, vmm=vmm)


def _reader(vmm: bool) -> Read:
    def read(text: str) -> tuple[Instruction, ...]:
        return tuple(located.instruction for located in _assemble(text, vmm).instructions)

    return read


@pytest.fixture(scope="session")
def guest() -> Read:
    """Return what reads the instructions of a guest's text."""
    return _reader(vmm=False)


@pytest.fixture(scope="session")
def vmm() -> Read:
    """Return what reads the instructions of the VMM's text."""
    return _reader(vmm=True)
