"""What the help says about reading the screen."""

from __future__ import annotations

from typing import Final

QUESTION: Final = (
    "KVM must make sure that what a guest wrote with its caches off is\n"
    "what it reads after it turns them on. Where does that break?"
)

READING: Final = (
    ("is in", "in the guest at a label, in KVM at a line of the policy, or off."),
    ("waits", "it cannot move now: for a lock, an interrupt or a kick."),
    ("M C I", "fields of SCTLR_EL1 that are set: MMU, data caches, instruction caches."),
    ("TVM", "the field of HCR_EL2 that makes writes of SCTLR_EL1 and its kin trap to KVM."),
    ("access", "the memory type that the next load or store will have."),
    ("0 v2", "the value 0, put there by the word's write number 2 (v0 is what it began with)."),
    ("≥v2", "entitled to: a load must return version 2 or a newer one."),
    ("latent", "this copy is older than the newest version; harmless until somebody reads it."),
    ("STALE", "in the guest, and a load would return less than it is entitled to."),
    ("*", "the last step changed this."),
    ("1>", "vcpu1 comes to this line next."),
    ("CAUSE", "the step that decided it: a flush skipped, a write not trapped, an access."),
    ("EXACT", "the exact step: from here on, up to the load, the loader sees the stale version."),
)
"""Words and signs on the screen, and what they mean."""
