"""Random guests that keep the contract: straight-line programs of two vCPUs, from a seed.

Each vCPU has words of its own and a flag by which it tells the other of them. A guest's flags are
used either with caches on, and then words are told of once they are covered by an enable, or with
caches off, around them. In some guests the VMM initialises vCPUs again, which then begin anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from random import Random

from scenarios.file.reader import read_scenario
from scenarios.scenario import Scenario


class _Told(Enum):
    """When flags are written and read."""

    NEVER = "never"
    ON = "with caches on"
    OFF = "with caches off"


_REGISTERS = {
    "x0": "0x00C5107D",  # M and C
    "x4": "0x00C50078",  # neither
    "x5": "0x00C50079",  # M alone
    "x6": "0x00C5007C",  # C alone
    "x2": "1",
}
_WORDS = ("x10", "x11")
"""The registers that hold the addresses of a vCPU's own words."""

_STORE, _LOAD, _TELL, _LEARN = "store", "load", "tell", "learn"
_CODE = {
    "set_way": ("dc      cisw, xzr",),
    "tables": ("msr     ttbr0_el1, xzr",),
    "attributes": ("msr     mair_el1, xzr",),
    "enable": ("msr     sctlr_el1, x0",),
    "disable": ("msr     sctlr_el1, x4",),
    "mmu": ("msr     sctlr_el1, x5",),
    "caches": ("msr     sctlr_el1, x6",),
    "leave": ("msr     sctlr_el1, x4", "dc      cisw, xzr"),
    "hand": ("dc      cisw, xzr", "str     x2, [x12]", "dc      cvac, x12"),
    _TELL: ("str     x2, [x12]",),
    _LEARN: ("ldr     x3, [x13]", "ldr     x3, [x14]"),
}
"""What an operation is; `leave` turns caches off first, and touches no memory until it has
cleaned them; `hand` tells those who read around the caches of what it has cleaned."""

_OFF = {
    _STORE: "off",
    _LOAD: "off",
    "set_way": "off",
    "tables": "off",
    "attributes": "off",
    "mmu": "off",
    "caches": "off",
    "disable": "off",
    "enable": "on",
}
_ON = {
    _STORE: "on",
    _LOAD: "on",
    "tables": "on",
    "enable": "on",
    "set_way": "cleaned",
    "leave": "off",
}
_CLEANED = {
    _STORE: "cleaned",
    _LOAD: "cleaned",
    "set_way": "cleaned",
    "tables": "on",
    "attributes": "on",
    "enable": "on",
    "disable": "off",
    "mmu": "off",
    "caches": "off",
}
_NEXT = {"off": _OFF, "on": _ON, "cleaned": _CLEANED}
"""What a vCPU may do, and where that leads: off, on, or on and allowed to turn its caches off."""

_LIKELY = {
    "off": {_STORE: 5, _LOAD: 3, "enable": 6, _TELL: 4, _LEARN: 4},
    "on": {_STORE: 2, _LOAD: 6, "set_way": 6, _TELL: 4, _LEARN: 4},
    "cleaned": {_STORE: 5, "disable": 7, _TELL: 2, _LEARN: 2},
}
"""Weights of operations, 1 for all others: stores before what switches, loads after it."""


def random_guest(seed: int) -> Scenario:
    """Return the guest of a seed."""
    name = f"guest-{seed}"
    return read_scenario(random_text(seed).encode(), name=name, file=f"{name}.toml")


def random_text(seed: int) -> str:
    """Return the guest of a seed as a scenario's file."""
    random = Random(f"guest {seed}")
    told = random.choice((*_Told, _Told.ON))
    resets = random.random() < 0.12
    words = [f"w{vcpu}" for vcpu in (0, 1)]
    stride = random.choice((0x100, 0x1000))
    beside = random.choice((None, 8, 0x40))
    addresses = {word: 0x4000_0000 + n * stride for n, word in enumerate(words)}
    if beside is not None:
        addresses |= {f"{word}_too": addresses[word] + beside for word in words}
    addresses |= {f"told{vcpu}": 0x4000_4000 + vcpu * stride for vcpu in (0, 1)}
    held = ", ".join(f"{word} = {{ address = {at:#x} }}" for word, at in addresses.items())
    lengths = (3, 5) if resets else (6, 9, 12, 15)
    parts = [
        'title = "A random guest"\nteaches = "Nothing."\nblame = "policy"\n\nschedule = []\n',
        f"[hardware]\npcpus = 1\n\n[memory]\nwords = {{ {held} }}\n",
    ]
    for vcpu, word in enumerate(words):
        pointers = {
            "x10": word,
            "x11": word if beside is None else f"{word}_too",
            "x12": f"told{vcpu}",
            "x13": f"told{1 - vcpu}",
            "x14": words[1 - vcpu],
        }
        lines = list(_program(random, told, random.choice(lengths)))
        loaded = {**_REGISTERS, **pointers}
        used = {
            name: value for name, value in loaded.items() if any(name in line for line in lines)
        }
        if resets:
            lines = [*(f"ldr     {name}, ={value}" for name, value in used.items()), *lines]
            registers = ""
        else:
            numbers = {name: addresses.get(value, value) for name, value in used.items()}
            given = ", ".join(f"{name} = {value}" for name, value in numbers.items())
            registers = f"registers = {{ {given} }}\n"
        body = "\n".join(f"        {line}" for line in lines)
        parts.append(f'[[vcpu]]\n{registers}program = """\n{body}\n"""\n')
    if resets:
        inits = [f"vcpu_init vcpu{random.choice((0, 1))}" for _ in range(random.choice((1, 1, 2)))]
        parts.append('[vmm]\nprogram = """\n' + "\n".join(inits) + '\n"""\n')
    return "\n".join(parts)


def _program(random: Random, told: _Told, length: int) -> Iterator[str]:
    """Yield the lines of so many operations, and of a load of what was stored."""
    state = "off"
    for _ in range(length):
        offered = dict(_NEXT[state])
        if told is (_Told.OFF if state == "off" else _Told.ON):
            offered |= {_TELL: state, _LEARN: state}
        if state == "on" and told is _Told.OFF:
            offered["hand"] = "cleaned"
        weights = [_LIKELY[state].get(operation, 1) for operation in offered]
        (operation,) = random.choices(tuple(offered), weights)
        yield from _lines(random, operation)
        state = offered[operation]
    yield from _lines(random, _LOAD)


def _lines(random: Random, operation: str) -> tuple[str, ...]:
    word = random.choice((_WORDS[0], *_WORDS))
    if operation == _STORE:
        return (f"str     x2, [{word}]",)
    if operation == _LOAD:
        return (f"ldr     x3, [{word}]",)
    return _CODE[operation]
