"""Clauses for loads, stores, fills, evictions and maintenance by VA."""

from __future__ import annotations

from engine.machine.effects import Copy, Evicted, Filled, Loaded, Maintained, Stored
from engine.memory.layout import Layout
from engine.memory.line import Line
from engine.transition import Step
from tui.presenters.words import line_values, line_words, listed, number, pcpus, who


def loaded(step: Step, effect: Loaded) -> str:
    """Return what a load returned and from where, and what it missed."""
    name, before, slot = _word(step, effect.word)
    kind = effect.memory_type.value
    got = f"{who(effect.actor)} loads {name} = {number(effect.version.value)}"
    match effect.source:
        case Copy.CACHE:
            how = f"from the cached copy ({kind})"
        case Copy.RAM if effect.memory_type.cacheable:
            pcpu = step.before.pcpu(effect.actor)
            how = f"from RAM ({kind}), which fills the line in the cache of pcpu{pcpu}"
        case Copy.RAM:
            how = f"from RAM ({kind})"
    missed = _newer(before, slot, effect.version.number)
    return f"{got} {how}" + (f": the newest is {missed}" if missed else "")


def stored(step: Step, effect: Stored) -> str:
    """Return what a store wrote and where, and what the other copy holds now."""
    name, before, slot = _word(step, effect.word)
    after = step.after.lines[step.after.setup.layout.line_of[effect.word]]
    kind = effect.memory_type.value
    value = number(effect.version.value)
    stores = f"{who(effect.actor)} stores {value} to {name}"
    match effect.target:
        case Copy.CACHE:
            ram = number(after.ram[slot].value)
            filled = ", after a fill from RAM" if before.cached is None else ""
            return (
                f"{stores} in the cache of {pcpus(after.pcpus)} ({kind}){filled}: "
                f"the copy is {value} and dirty, RAM is still {ram}"
            )
        case Copy.RAM if after.cached is None:
            return f"{stores} in RAM ({kind}); no cache holds the line"
        case Copy.RAM if after.cached[slot] == effect.version:
            return f"{stores} in RAM ({kind}), and the cached copy snoops it: both are {value}"
        case Copy.RAM:
            return (
                f"{stores} around the caches ({kind}): RAM is {value}, "
                f"the cached copy is still {number(after.cached[slot].value)}"
            )


def filled(step: Step, effect: Filled) -> str:
    """Return which line a pCPU allocated by speculation, and with what."""
    layout = step.after.setup.layout
    copy = step.after.lines[effect.line].cached
    assert copy is not None
    values = line_values(layout, effect.line, copy)
    line = line_words(layout, effect.line)
    return f"pcpu{effect.pcpu} speculatively fills {line} from RAM: the cached copy is {values}"


def evicted(step: Step, effect: Evicted, brief: bool) -> str:
    """Return which line left a cache by itself, and what became of its data."""
    layout = step.after.setup.layout
    line = line_words(layout, effect.line)
    before, after = step.before.lines[effect.line], step.after.lines[effect.line]
    where = "every cache" if effect.pcpu is None else f"the cache of pcpu{effect.pcpu}"
    if after.cached is not None:
        return f"{line} leaves {where}; {pcpus(after.pcpus)} keeps its copy"
    return f"{line} leaves {where}: {departure(layout, effect.line, before, after, brief=brief)}"


def maintained(step: Step, effect: Maintained, brief: bool) -> str:
    """Return what a DC by VA did to a line."""
    layout = step.after.setup.layout
    before, after = step.before.lines[effect.line], step.after.lines[effect.line]
    acted = (
        ""
        if effect.operation is effect.performed
        else f" (acts as {effect.performed.value.upper()}, since HCR_EL2.VM is set)"
    )
    return (
        f"{who(effect.actor)} executes DC {effect.operation.value.upper()}{acted} on "
        f"{line_words(layout, effect.line)}: "
        f"{departure(layout, effect.line, before, after, brief=brief)}"
    )


def departure(layout: Layout, index: int, before: Line, after: Line, *, brief: bool = False) -> str:
    """Return what became of a line's cached copy between two states."""
    if before.cached is None:
        return "no cache holds it, nothing changes"
    values = line_values(layout, index, before.cached)
    kept = after.cached is not None
    lost = [
        f"{layout.words[word].name} = {number(before.ram[slot].value)}"
        for slot, word in enumerate(layout.lines[index])
        if after.lost(slot) and not before.lost(slot)
    ]
    if brief:
        return _departed(before, after, lost)
    if not before.dirty:
        return f"the clean copy ({values}) is {'kept' if kept else 'dropped'}"
    if after.ram != before.cached:
        return f"the dirty copy ({values}) is dropped without a write-back, and lost"
    text = f"the dirty copy ({values}) is written back to RAM{'' if kept else ' and dropped'}"
    return f"{text}, over the newer {listed(lost)}, which is lost" if lost else text


def _departed(before: Line, after: Line, lost: list[str]) -> str:
    """Return what became of a cached copy, without its values."""
    if not before.dirty:
        return f"the clean copy is {'dropped' if after.cached is None else 'kept'}"
    if after.ram != before.cached:
        return "the dirty copy is dropped without a write-back, and lost"
    if lost:
        return f"the dirty copy is written over the newer {listed(lost)}, which is lost"
    return "the dirty copy is written back to RAM"


def newest(line: Line, slot: int) -> str:
    """Return the newest value of a word, wherever it is."""
    return _newer(line, slot, -1) or "lost"


def _newer(line: Line, slot: int, than: int) -> str | None:
    version = line.newest[slot]
    if version <= than:
        return None
    if line.ram[slot].number == version:
        return f"{number(line.ram[slot].value)}, in RAM"
    if line.cached is not None and line.cached[slot].number == version:
        return f"{number(line.cached[slot].value)}, in a cache"
    return "lost"


def _word(step: Step, word: int) -> tuple[str, Line, int]:
    layout = step.before.setup.layout
    return (
        layout.words[word].name,
        step.before.lines[layout.line_of[word]],
        layout.slot_of[word],
    )
