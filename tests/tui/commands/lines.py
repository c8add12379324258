"""Lines that somebody may type, with and without sense, for properties of all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from tui.commands.prompt import COMMANDS

WORDS = st.sampled_from(
    [
        *(word for command in COMMANDS for word in (command.name, *command.short)),
        *("vcpu0", "vcpu1", "vmm", "all", "1", "2", "+3", "-1", "99", "if", "skip", "trap", "12"),
        *("ram[x]", "cache[x] != none", "stale[1][x]", "finding", "x", "hcr[1].TVM", "old(step)"),
        *("fill x on pcpu0", "evict x", "main", "branch1", "events", "memory", "policy", "step"),
        *("vcpu1:load", "kvm_toggle_cache", "expressions", "match", "bookmark", "breakpoint"),
        *("mail", "upstream", "rescued", "é", "", "[", "0" * 12),
    ]
)
LINES = st.one_of(
    st.lists(WORDS, max_size=4).map(" ".join),
    st.text(max_size=30),
    st.sampled_from([command.example for command in COMMANDS]),
)
"""Any line."""

MAKING = st.sampled_from(
    [
        *(f"goto {step}" for step in range(0, 27, 3)),
        *("take 1", "take 2", "take 3", "take evict x", "take fill x", "take vcpu1", "take vcpu0"),
        *("switch main", "switch branch1", "switch branch2", "rename rescued", "rename other"),
        *("mark", "mark \tanother one é", "mark last", "unmark", "unmark 9"),
        *("break 12", "tbreak skip if step > 3", "watch ram[x]", "break if stale[1][x]"),
        *("toggle trap", "toggle vcpu1:load+1", "disable 1", "enable", "delete 1", "delete 2"),
        *("vcpu vcpu1", "vcpu vmm", "vcpu all", "kind fill", "kind bookmark", "search ISB"),
        *("/é\ta", "?fills", "step 2", "c", "rc", "until step > 5", "ro", "ne trap", "exact", "f"),
    ]
)
"""Lines that make something of a run, for the most part."""
