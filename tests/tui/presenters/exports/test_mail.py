from __future__ import annotations

from collections.abc import Callable

import pytest

from scenarios.names import scenario_names
from tui.presenters.exports.mail import WIDTH, run_as_mail
from tui.presenters.exports.shared import SharedRun

STUCK = "coalesced-wrong"

LONG = """
title = "Änderung – “x” wird älter, und der Titel ist so lang, dass er umbrochen werden muss"
teaches = "t"
schedule = ["vcpu0", "vcpu0 finish", "evict a_word_whose_name_is_longer_than_a_lane"]
[hardware]
pcpus = 1
[memory.words.a_word_whose_name_is_longer_than_a_lane]
address = 0x4000_0000
value = 0xffff_ffff_ffff_fffe
[[vcpu]]
registers = { x1 = 0x4000_0000, x2 = 0xffff_ffff_ffff_fff0 }
program = "str x2, [x1]"
"""


@pytest.mark.parametrize("policy", ["upstream", "vcpu0-only", "never", STUCK])
def test_a_mail_is_plain_ascii_in_72_columns(policy: str, shared: Callable[..., SharedRun]) -> None:
    for name in scenario_names():
        for line in run_as_mail(shared(name, policy)).split("\n"):
            assert line.isascii(), (name, line)
            assert not line or line.isprintable(), (name, line)
            assert len(line) <= WIDTH, (name, line)
            assert line == line.rstrip(), (name, line)


def test_hostile_names_and_paths_stay_within_the_width(shared: Callable[..., SharedRun]) -> None:
    text = run_as_mail(shared(LONG, "upstream", f"/tmp/{'ä long path/' * 20}x.toml"))

    assert text.isascii()
    assert max(map(len, text.split("\n"))) <= WIDTH
    assert text.startswith('Anderung - "x" wird alter, und der Titel')


def test_a_run_that_holds_says_so_and_shows_its_flushes(shared: Callable[..., SharedRun]) -> None:
    text = run_as_mail(shared("secondary-stale-line", "upstream"))

    assert "\nVerdict of this run: safe, no finding in 27 steps\n" in text
    assert "\nFlushes:\n  5  vcpu0 flushed 1 line, to step 7\n 19  vcpu1 flushed" in text
    assert "\n> if (now_enabled != was_enabled)\n" in text


def test_a_run_without_a_flush_says_so(shared: Callable[..., SharedRun]) -> None:
    text = run_as_mail(shared("vmm-reads-before-enable", "never"))

    assert "\nFlushes: none" in text or "SKIPPED" in text


def test_where_the_policy_had_no_say_no_line_of_it_is_quoted(
    shared: Callable[..., SharedRun],
) -> None:
    text = run_as_mail(shared("psci-off-and-on", "upstream"))

    assert "no line of the policy decides here" in text
    assert "without a trap, since HCR_EL2.TVM is clear" in text.replace("\n", " ")
    assert "\n> " not in text


def test_the_step_that_is_asked_for_is_told_and_replayed_to(
    shared: Callable[..., SharedRun],
) -> None:
    text = run_as_mail(shared("secondary-stale-line"), 23)

    assert "\n 23 " in text
    assert text.endswith("  kvmcache-tui secondary-stale-line --policy vcpu0-only --at 23\n")


def test_entries_that_were_passed_over_are_told(shared: Callable[..., SharedRun]) -> None:
    text = run_as_mail(shared("false-sharing", "upstream"))

    assert "\nPassed over: entry 4, 'evict x': no cache has the line of x\n" in text
