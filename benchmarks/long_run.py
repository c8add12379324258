"""A scenario whose schedule plays to as many steps as are asked for, with something everywhere.

Two vCPUs go round and round: each works on words of both, cleans by set/way, turns its caches
off, stores past them and turns them on again, while the hardware fetches and drops lines. KVM is
in the middle of a flush for one of them when the other goes on. Under vcpu0-only, vcpu1 reads
what it stored last out of a stale line, once a round.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scenarios.schedule import MOST_STEPS_IN_ALL

POLICY: Final = "vcpu0-only"

BOOT: Final = 26
"""The steps by which both vCPUs have their caches on."""

ROUND: Final = 810
"""The steps of a round, which takes eight of the 1,000 entries that a schedule may have."""

_WORDS: Final = {
    "work": 0x4000_0000,
    "beside": 0x4000_0008,
    "reply": 0x4000_0040,
    "table": 0x4000_0080,
    "mailbox": 0x4000_00C0,
    "note": 0x4000_0100,
    "answer": 0x4000_0108,
    "log": 0x4000_0140,
}

_PROGRAMS: Final = (
    """\
// vcpu0 prepares work, and cleans it for whoever reads past the caches.
        msr     sctlr_el1, x0
top:    mov     x11, #3
again:  mov     x5, #14
work:   ldr     x6, [x1]            // the work that is to be done
        add     x6, x6, #1
        str     x6, [x1]
        ldr     x7, [x2]            // what vcpu1 made of it
        cbz     x7, none
        str     x7, [x4]
none:   sub     x5, x5, #1
        cbnz    x5, work
clean:  dc      cisw, x9            // traps: HCR_EL2.TSW
        msr     sctlr_el1, x10      // traps: HCR_EL2.TVM
        str     x6, [x3]            // Device memory: to RAM, past the caches
        msr     sctlr_el1, x0
        isb
        ldr     x8, [x3]
        sub     x11, x11, #1
        cbnz    x11, again
        b       top
""",
    """\
// vcpu1 takes the work, and tells what became of it in its mailbox.
        msr     sctlr_el1, x0
top:    mov     x11, #3
again:  mov     x5, #11
work:   ldr     x6, [x1]
        orr     x7, x6, #1
        str     x7, [x2]            // its reply
        str     x6, [x4]
        sub     x5, x5, #1
        cbnz    x5, work
        dc      cisw, x9
        msr     sctlr_el1, x10
tell:   str     x7, [x3]            // past the caches, one of which may have the line
        msr     sctlr_el1, x0       // no flush: this is not vcpu0
        isb
        ldr     x8, [x3]
        sub     x11, x11, #1
        cbnz    x11, again
        b       top
""",
)

_POINTERS: Final = (
    {"x1": "work", "x2": "reply", "x3": "note", "x4": "log"},
    {"x1": "work", "x2": "reply", "x3": "mailbox", "x4": "table"},
)

_BOOT_ENTRIES: Final = ("vcpu0 to top", "vcpu1 to top")

_ROUND_ENTRIES: Final = (
    "vcpu0 to clean",
    "vcpu0 step 9",
    "vcpu1 step 6",
    "vcpu0 to top",
    "evict note",
    "vcpu1 to tell",
    "fill mailbox on pcpu1",
    "vcpu1 to top",
)


def long_run(steps: int) -> str:
    """Return the text of a scenario file that plays to `steps` steps under `POLICY`.

    Raises:
        ValueError: there are too few steps for the boot, or more than a schedule may have.
    """
    if not BOOT <= steps <= MOST_STEPS_IN_ALL:
        raise ValueError(f"{steps} steps: expected {BOOT} to {MOST_STEPS_IN_ALL}")
    rounds, rest = divmod(steps - BOOT, ROUND)
    entries = [*_BOOT_ENTRIES, *_ROUND_ENTRIES * rounds, *([f"vcpu0 step {rest}"] * bool(rest))]
    return "\n".join(
        (
            'title = "Two vCPUs, round after round"',
            'teaches = "How long a run the screen can take."',
            "schedule = [",
            *(f'    "{entry}",' for entry in entries),
            "]\n\n[hardware]\npcpus = 2\n\n[memory.words]",
            *(
                f"{name} = {{ address = {address:#x}, value = 1 }}"
                for name, address in _WORDS.items()
            ),
            *_vcpus(),
        )
    )


def _vcpus() -> Iterator[str]:
    for index, (program, pointers) in enumerate(zip(_PROGRAMS, _POINTERS, strict=True)):
        registers = {register: _WORDS[word] for register, word in pointers.items()}
        registers |= {"x0": 0x00C5_107D, "x10": 0x00C5_0078}
        values = ", ".join(f"{name} = {value:#x}" for name, value in registers.items())
        yield f"\n[[vcpu]]\npcpu = {index}\nregisters = {{ {values} }}"
        yield f'program = """\n{program}"""'
