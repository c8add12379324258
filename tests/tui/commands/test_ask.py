from __future__ import annotations

import pytest

from tests.tui.commands.typed import do
from tui.commands.ask import TOPICS
from tui.session.session import Session

NOTED = (
    "note at step 16: vcpu1 turns its caches on, and with them its eyes on the copy. What "
    "kvm_toggle_cache() decides in this trap decides everything."
)
NOTHING_NOTED = ["no bookmark at this step, and no note on it"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("print step",), ["0"]),
        (("goto 26", "print sees[vcpu1][x]"), ["0 (v0)"]),
        (("goto 26", "print ram[x] != sees[1][x]"), ["true"]),
        (("goto 14", "print old(cache[x])"), ["none"]),
        (("goto 25", "print pc[1]"), ["3"]),
        (("goto 25", "print at[1]"), ["load"]),
        (("end", "print power[1]"), ["on"]),
        (
            ("list 20",),
            [
                "kvm_toggle_cache() in vcpu0-only.c",
                "    15",
                "    16     if (now_enabled)",
                "    17         *vcpu_hcr(vcpu) &= ~HCR_TVM;",
                "    18",
                "    19     trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);",
                "    20 }",
            ],
        ),
        (
            ("end", "list vcpu1"),
            [
                "vcpu1 program",
                "    // vcpu1 comes up with its MMU and caches off, as every vCPU does.",
                "    store:  str     x2, [x1]            // Device memory: to RAM, past the caches",
                "    enable: msr     sctlr_el1, x0       // traps: HCR_EL2.TVM of vcpu1 is set, "
                "whatever vcpu0 did",
                "            isb",
                "*   load:   ldr     x3, [x1]            // Write-Back memory now: the caches are "
                "asked first",
                " 1> (end)",
            ],
        ),
        (("info policy",), ["vcpu0-only, vcpu0-only.c"]),
        (
            ("goto 4", "info policy"),
            [
                "vcpu0-only, vcpu0-only.c",
                "vcpu0 in kvm_toggle_cache(): was_enabled = 0",
                "vcpu0 in kvm_toggle_cache(): now_enabled = 1",
            ],
        ),
        (
            ("end", "info findings"),
            [
                "1: STALE: vcpu1 loads x = 0 at step 26 but wrote 1; exact step 24, cause step 20 "
                "(flush skipped)"
            ],
        ),
        (
            ("info flushes",),
            [
                "step 6: vcpu0 flushed 1 line, to step 8",
                "step 20: vcpu1 SKIPPED: vcpu->vcpu_id == 0 is false, 1 == 0",
            ],
        ),
        (
            ("goto 25", "info step"),
            [
                "step 25 of 26: vcpu1 executes `isb`.",
                "stale: vcpu1 sees x = 0 (v0), due v1",
                "next in this run: vcpu1",
            ],
        ),
        (
            ("goto 13", "info events 1"),
            [
                "  step 12 of 26: KVM returns to the guest of vcpu0, whose accesses are Normal "
                "Write-Back.",
                "> step 13 of 26: vcpu0 executes `isb`.",
                "  step 14 of 26: pcpu0 speculatively fills the line of x from RAM: the cached "
                "copy is x = 0.",
            ],
        ),
        (("info e 0",), ["> start of 26 steps"]),
        (
            ("goto 14", "info memory"),
            [
                "x: RAM 0 (v0), cached copy 0 (v0), clean on pcpu0",
                "  vcpu0 sees 0 (v0), due v0",
                "  vcpu1 sees 0 (v0), due v0",
            ],
        ),
        (("info b",), ["no breakpoints"]),
        (("info boo",), ["no bookmarks"]),
    ],
)
def test_a_question_is_answered(headline: Session, lines: tuple[str, ...], said: list[str]) -> None:
    there, answer = do(headline, *lines)
    assert (answer, there.work) == (said, headline.work)


def test_info_alone_tells_the_topics_in_a_line_each_that_fits(headline: Session) -> None:
    there, said = do(headline, "info")
    assert (there.work, [line.split()[0] for line in said]) == (headline.work, list(TOPICS))
    assert said[2] == "note         the scenario's note on this step and your bookmark at it, whole"
    assert max(map(len, said)) <= 80


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("info note",), NOTHING_NOTED),
        (("goto 20", "info note"), [NOTED]),
        (("goto 20", f"mark {'long ' * 40}!", "info n"), [
            f"bookmark at step 20: {'long ' * 40}!", NOTED,
        ]),
        (("goto 20", "mark", "back", "info note"), [NOTED]),
        (("goto 15", "take evict x", "step", "info note"), NOTHING_NOTED),
    ],
)  # fmt: skip
def test_the_note_on_a_step_and_the_bookmark_at_it_are_told_whole(
    headline: Session, lines: tuple[str, ...], said: list[str]
) -> None:
    assert do(headline, *lines)[1] == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("info bo 3", "found '3'; expected nothing after the command"),
        ("info events all", "found 'all'; expected how many steps on either side"),
        ("list 99", "found line 99; expected a line of kvm_toggle_cache() in vcpu0-only.c"),
        ("list vcpu9", "found 'vcpu9'; expected a vCPU or vmm; did you mean vcpu1 or vcpu0?"),
    ],
)  # fmt: skip
def test_a_question_about_nothing_is_refused(headline: Session, line: str, said: str) -> None:
    assert do(headline, line) == (headline, [said])
