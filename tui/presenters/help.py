"""What the help says about reading the screen, and about finding out what one wants to know."""

from __future__ import annotations

from typing import Final

from tui.presenters.scrubber import ruler
from tui.presenters.steps import signs

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

HOW_TO: Final = (
    (
        "where?",
        "{exact} goes to the exact step, {next-finding} to the finding; the line below the "
        "sentence says what is stale, for whom, since when and because of what.",
    ),
    (
        "why?",
        "{why} answers for the finding, or for a value: click it, or {focus} to its panel and "
        "choose it with the arrows. Enter on a line of the answer goes to its step.",
    ),
    (
        "else?",
        "{choices} lists what else can happen here, and whether that is safe, may break or must "
        "break, with or without hw, the hardware. Enter takes it. The old future stays: "
        "{branches} shows the branches.",
    ),
    (
        "always?",
        "{explore} explores every interleaving from here on, {explore-all} the whole scenario; "
        "the shortest counterexample is a new branch. {every-guest} asks it of every guest that "
        "keeps the contract.",
    ),
    (
        "better?",
        "{compare} compares with another policy, both sides driven by the same events; {policy} "
        "puts it into this run, {edit} edits it.",
    ),
    (
        "stop",
        "{breakpoint} sets a breakpoint; :watch ram[x], :break if ram[x] != sees[1][x]; "
        "{continue} and {reverse-continue} run to it. :help expressions explains what can be "
        "asked.",
    ),
    (
        "share",
        "{copy} copies the command that replays this, {copy-mail} the run as a mail; :export "
        "and :save write files.",
    ),
)
"""Questions, and the keys, as `{command}`, that answer them."""

COUNT: Final = "count for the next command; with {start} or {end}, the step to go to"
"""What digits are."""

LETTERS: Final = (*signs.MEANINGS, *ruler.MEANINGS)
"""The letters of the scrubber, and what they mean."""
