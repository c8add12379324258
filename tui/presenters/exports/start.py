"""How a run starts, in a sentence: where the words are, and how the vCPUs stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from engine.arm.registers import caches_enabled
from engine.findings import Finding
from engine.machine.actors import actor_name
from engine.machine.state import Machine, Power, VCpu
from tui.presenters.words import counted, listed, number

_MOST_WORDS: Final = 4


def start(machine: Machine, findings: tuple[Finding, ...]) -> str:
    """Return what RAM and caches hold at the start, of the words in question, and the vCPUs."""
    asked = dict.fromkeys(finding.word for finding in findings if finding.word is not None)
    words = tuple(asked) or tuple(range(len(machine.setup.layout.words)))
    return f"At the start: {'; '.join((*_words(machine, words), *_vcpus(machine)))}."


def _words(machine: Machine, words: Sequence[int]) -> Iterator[str]:
    layout = machine.setup.layout
    for word in words[:_MOST_WORDS]:
        line, slot = machine.lines[layout.line_of[word]], layout.slot_of[word]
        text = f"{layout.words[word].name} = {number(line.ram[slot].value)} in RAM"
        if line.cached is not None:
            state = "dirty" if line.dirty else "clean"
            text = f"{text}, {number(line.cached[slot].value)} in a cache ({state})"
        yield text
    if len(words) > _MOST_WORDS:
        yield f"{counted(len(words) - _MOST_WORDS, 'more word')}"


def _vcpus(machine: Machine) -> Iterator[str]:
    alike: dict[str, list[str]] = {}
    for index, vcpu in enumerate(machine.vcpus):
        alike.setdefault(_state(vcpu), []).append(actor_name(index))
    for state, names in alike.items():
        yield f"{listed(names)} {state}"


def _state(vcpu: VCpu) -> str:
    if vcpu.power is Power.OFF:
        return "off"
    caches = "on" if caches_enabled(vcpu.registers.sctlr_el1) else "off"
    return f"with caches {caches}, HCR_EL2.TVM {'set' if vcpu.tvm else 'clear'}"
