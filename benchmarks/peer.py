"""A member of the family as a minicheck protocol, under upstream's policy.

As the Promela model it is state for state what the transition function does. What is the same in
every run at one place of a program is no part of the state: whether the caches are on, TVM, and
the locals of kvm_toggle_cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import attrs

from benchmarks.entitlement import acquired
from benchmarks.family import Await, Enable, Guest, Load, Member, Store, Unless

State: TypeAlias = tuple[int, ...]
Move: TypeAlias = Callable[[list[int]], bool]
"""Changes a state in place, and says whether it could."""


@attrs.frozen
class _Fields:
    """Where in a state each thing is."""

    vcpus: int
    variables: dict[tuple[int, int], int]
    lock: int
    cached: tuple[int, ...]
    dirty: tuple[int, ...]
    ram: tuple[int, ...]
    copy: tuple[int, ...]
    stale: int

    @classmethod
    def of(cls, member: Member) -> _Fields:
        keys = [
            (index, variable)
            for index, guest in enumerate(member.guests)
            for variable in sorted({o.variable for o in guest if isinstance(o, Load | Await)})
        ]
        counter = iter(range(member.vcpus, 1 << 20))
        lines, words = len(member.lines), len(member.names)

        def some(count: int) -> tuple[int, ...]:
            return tuple(next(counter) for _ in range(count))

        return cls(
            vcpus=member.vcpus,
            variables={key: next(counter) for key in keys},
            lock=next(counter),
            cached=some(lines),
            dirty=some(lines),
            ram=some(words),
            copy=some(words),
            stale=next(counter),
        )


def protocol(member: Member, minicheck: Any) -> Any:
    """Return the member as an instance of `minicheck.Protocol`; `minicheck` is the module."""
    fields = _Fields.of(member)
    programs = _programs(member, fields)
    hardware = [
        (f"hardware {line}", _hardware(member, fields, line)) for line in range(len(member.lines))
    ]
    labels = [f"vcpu{index}" for index in range(member.vcpus)]

    def transitions(state: State) -> list[tuple[str, State]]:
        found = []
        for index, program in enumerate(programs):
            place = state[index]
            if place < len(program):
                after = list(state)
                after[index] = place + 1
                if program[place](after):
                    found.append((labels[index], tuple(after)))
        for label, move in hardware:
            after = list(state)
            move(after)
            found.append((label, tuple(after)))
        return found

    return minicheck.Protocol(
        name=member.name,
        candidate=False,
        fields=tuple(f"s{number}" for number in range(fields.stale + 1)),
        initial=(0,) * (fields.stale + 1),
        transitions=transitions,
        invariants={"nothing is stale": lambda named: not named[f"s{fields.stale}"]},
    )


def _programs(member: Member, fields: _Fields) -> list[list[Move]]:
    known = acquired(member)
    return [
        list(_program(member, fields, index, guest, known))
        for index, guest in enumerate(member.guests)
    ]


def _program(
    member: Member,
    fields: _Fields,
    index: int,
    guest: Guest,
    known: dict[int, frozenset[int]],
) -> Iterator[Move]:
    on = False
    surely: frozenset[int] = frozenset()
    loaded: dict[int, int] = {}
    end = sum(_length(member, operation) for operation in guest)
    place = 0
    for operation in guest:
        place += _length(member, operation)
        match operation:
            case Store(word):
                yield _store(member, fields, word, on)
                surely |= {word}
            case Load(word, variable):
                into = fields.variables[index, variable]
                yield _load(member, fields, word, into, on, word in surely)
                loaded[variable] = word
            case Await(word, variable):
                into = fields.variables[index, variable]
                yield _load(member, fields, word, into, on, word in surely)
                yield _branch(index, into, place - 2)
                surely |= known[word]
            case Unless(variable):
                yield _branch(index, fields.variables[index, variable], end)
                surely |= known[loaded[variable]]
            case Enable():
                yield from _enable(member, fields)
                on = True


def _length(member: Member, operation: object) -> int:
    if isinstance(operation, Enable):
        return 10 + len(member.lines)
    return 2 if isinstance(operation, Await) else 1


def _enable(member: Member, fields: _Fields) -> Iterator[Move]:
    """Exit, write and three steps of C up to the flush, the walk, three steps and the return."""
    lock = fields.lock

    def take(state: list[int]) -> bool:
        free = not state[lock]
        state[lock] = 1
        return free

    def release(state: list[int]) -> bool:
        state[lock] = 0
        return True

    yield from (_pass,) * 4
    yield take
    for line in range(len(member.lines)):
        yield _leave(member, fields, line)
    yield release
    yield from (_pass,) * 4


def _pass(state: list[int]) -> bool:
    return True


def _branch(index: int, variable: int, target: int) -> Move:
    def branch(state: list[int]) -> bool:
        if not state[variable]:
            state[index] = target
        return True

    return branch


def _store(member: Member, fields: _Fields, word: int, on: bool) -> Move:
    line = member.line_of(word)
    ram, copy = fields.ram[word], fields.copy[word]
    cached, dirty = fields.cached[line], fields.dirty[line]
    fill = _fill(member, fields, line)

    def around(state: list[int]) -> bool:
        state[ram] = 1
        return True

    def inside(state: list[int]) -> bool:
        if not state[cached]:
            fill(state)
        state[copy] = state[dirty] = 1
        return True

    return inside if on else around


def _load(
    member: Member, fields: _Fields, word: int, variable: int, on: bool, entitled: bool
) -> Move:
    line = member.line_of(word)
    source = fields.copy[word] if on else fields.ram[word]
    cached, stale = fields.cached[line], fields.stale
    fill = _fill(member, fields, line)

    def load(state: list[int]) -> bool:
        if on and not state[cached]:
            fill(state)
        state[variable] = state[source]
        if entitled and not state[source]:
            state[stale] = 1
        return True

    return load


def _fill(member: Member, fields: _Fields, line: int) -> Move:
    pairs = [(fields.copy[word], fields.ram[word]) for word in member.lines[line]]
    cached = fields.cached[line]

    def fill(state: list[int]) -> bool:
        state[cached] = 1
        for copy, ram in pairs:
            state[copy] = state[ram]
        return True

    return fill


def _leave(member: Member, fields: _Fields, line: int) -> Move:
    pairs = [(fields.copy[word], fields.ram[word]) for word in member.lines[line]]
    cached, dirty = fields.cached[line], fields.dirty[line]

    def leave(state: list[int]) -> bool:
        if state[cached]:
            for copy, ram in pairs:
                if state[dirty]:
                    state[ram] = state[copy]
                state[copy] = 0
            state[cached] = state[dirty] = 0
        return True

    return leave


def _hardware(member: Member, fields: _Fields, line: int) -> Move:
    fill, leave = _fill(member, fields, line), _leave(member, fields, line)
    cached = fields.cached[line]

    def hardware(state: list[int]) -> bool:
        return leave(state) if state[cached] else fill(state)

    return hardware
