"""The panel of memory: per word its copies, what each actor sees and what it is entitled to."""

from __future__ import annotations

from typing import Final

import attrs

from engine.diagnosis import is_stale_for, loads_now
from engine.machine.access import seen
from engine.machine.actors import VMM, Actor, actor_name, actors
from engine.machine.effects import Stored
from engine.machine.state import Power
from engine.memory.line import Line, Version
from engine.timeline import Timeline
from tui.presenters.cells import Cell, Row, Rows, Table, Tone, cell, fitted
from tui.presenters.panels.difference import Moment, with_changes
from tui.presenters.words import number, pcpus

NAME: Final = 8
STATE: Final = 14
STAGE2: Final = 8
ROOMY: Final = 100
"""From this width on, long values are shown in full."""
LONGEST: Final = 14
"""What a value may take below that width."""


@attrs.frozen
class Sizes:
    """The longest value and version of a run, in columns."""

    value: int
    version: int


def sizes(timeline: Timeline) -> Sizes:
    """Return the room that the values and versions of a run need, so that nothing ever moves."""
    versions = [
        version
        for line in timeline.initial.lines
        for copy in (line.ram, line.cached or ())
        for version in copy
    ]
    versions += [
        effect.version
        for step in timeline.steps
        for effect in step.effects
        if isinstance(effect, Stored)
    ]
    return Sizes(
        value=max(len(number(version.value)) for version in versions),
        version=max(len(str(version.number)) for version in versions),
    )


def memory_table(timeline: Timeline, width: int, room: Sizes) -> Table:
    """Return the words, in order of address; below each, where one row is not enough, who sees it.

    Per copy: value and version, and `latent` if it is older than the newest. Per actor: value
    and version that a load would return, the oldest version it is entitled to, and whether what
    it sees is STALE for it.
    """
    shape = _shape(timeline, width, room)
    setup = timeline.initial.setup

    def show(moment: Moment) -> Rows:
        layout = setup.layout
        words = [word for line in layout.lines for word in line]
        return tuple(row for word in words for row in _rows(moment, word, shape))

    return Table(_header(shape), with_changes(timeline, show))


def memory_rows(timeline: Timeline, width: int, room: Sizes) -> int:
    """Return how many rows the table has, its header included."""
    shape = _shape(timeline, width, room)
    below = 0 if shape.one_row else -(-len(shape.actors) // shape.per_row)
    return 1 + len(timeline.initial.setup.layout.words) * (1 + below)


class _Shape:
    """How the cells of one word lie, which nothing that happens in a run changes."""

    def __init__(self, who: tuple[Actor, ...], stage2: bool, width: int, room: Sizes) -> None:
        self.actors = who
        self.stage2 = stage2
        self.value = room.value if width >= ROOMY else min(room.value, LONGEST)
        version = self.value + len(" v") + room.version
        self.copy = 1 + version + len(" latent")
        sees = 1 + version + len(" ≥v") + room.version + len(" STALE")
        left = width - NAME - 2 * self.copy - STATE - (STAGE2 if stage2 else 0)
        self.one_row = left >= sees * len(who)
        if self.one_row:
            self.size = min(left // len(who), sees + 9)
            self.per_row = len(who)
        else:
            self.size = sees + len("vcpu0 sees ")
            self.per_row = max(1, (width - 2) // self.size)

    def versioned(self, version: Version) -> str:
        """Return a version, a value that is too long cut in its middle."""
        value = number(version.value)
        if len(value) > self.value:
            half = (self.value - 1) // 2
            value = f"{value[: self.value - 1 - half]}…{value[-half:]}"
        return f"{value} v{version.number}"


def _shape(timeline: Timeline, width: int, room: Sizes) -> _Shape:
    initial = timeline.initial
    stage2 = initial.setup.vmm is not None or not all(initial.vm.mapped)
    return _Shape(actors(initial.setup), stage2, width, room)


def _header(shape: _Shape) -> str:
    copy = shape.copy
    titles = [(" word", NAME), (" RAM", copy), (" cached copy", copy), (" held by", STATE)]
    if shape.stage2:
        titles.append((" stage 2", STAGE2))
    if shape.one_row:
        titles += [(f" {actor_name(actor)} sees ≥due", shape.size) for actor in shape.actors]
    return "".join(fitted(title, size) for title, size in titles)


def _rows(moment: Moment, word: int, shape: _Shape) -> Rows:
    machine = moment.machine
    layout = machine.setup.layout
    index, slot = layout.line_of[word], layout.slot_of[word]
    line = machine.lines[index]
    name = layout.words[word].name
    copies: tuple[Cell, ...] = (
        Cell(fitted(f" {_name(moment, word)}", NAME), Tone.STRONG),
        _copy(line, slot, name, shape, cached=False),
        _copy(line, slot, name, shape, cached=True),
        cell(_state(line), STATE),
    )
    if shape.stage2:
        mapped = machine.vm.mapped[layout.page_of[index]]
        copies += (cell("mapped" if mapped else "-", STAGE2),)
    sights = [_sees(moment, actor, word, shape) for actor in shape.actors]
    if shape.one_row:
        return (Row((*copies, *sights)),)
    below = [
        Row((Cell("  "), *sights[start : start + shape.per_row]))
        for start in range(0, len(sights), shape.per_row)
    ]
    return (Row(copies), *below)


def _name(moment: Moment, word: int) -> str:
    """Return a word's name, with a sign that joins it to the word before on the same line."""
    layout = moment.machine.setup.layout
    name = layout.words[word].name
    return f"+{name}" if layout.slot_of[word] else name


def _copy(line: Line, slot: int, name: str, shape: _Shape, *, cached: bool) -> Cell:
    copy = line.cached if cached else line.ram
    asks = f"{'cache' if cached else 'ram'}[{name}]"
    if copy is None:
        return cell("-", shape.copy, Tone.FAINT, asks)
    text = shape.versioned(copy[slot])
    if line.lost(slot):
        return cell(f"{text} LOST", shape.copy, Tone.STALE, asks)
    if copy[slot].number < line.newest[slot]:
        return cell(f"{text} latent", shape.copy, Tone.LATENT, asks)
    return cell(text, shape.copy, asks=asks)


def _state(line: Line) -> str:
    if line.cached is None:
        return "-"
    return f"{'dirty' if line.dirty else 'clean'} {pcpus(line.pcpus)}"


def _sees(moment: Moment, actor: Actor, word: int, shape: _Shape) -> Cell:
    machine = moment.machine
    version = seen(machine, actor, word)
    due = moment.ghost.entitled[actor][word]
    text = f"{shape.versioned(version)} ≥v{due}"
    tone = Tone.PLAIN
    if is_stale_for(machine, moment.ghost, actor, word) is not None:
        text, tone = f"{text} STALE", Tone.STALE
    elif actor != VMM and machine.vcpus[actor].power is Power.OFF:
        text, tone = f"{text} off", Tone.FAINT
    elif not loads_now(machine, actor):
        text, tone = f"{text} KVM", Tone.LATENT if version.number < due else Tone.FAINT
    asks = f"sees[{actor_name(actor)}][{machine.setup.layout.words[word].name}]"
    if shape.one_row:
        return cell(text, shape.size, tone, asks)
    return cell(f"{actor_name(actor)} sees {text}", shape.size, tone, asks)
