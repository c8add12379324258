from __future__ import annotations

import pytest

from scenarios.names import policy_names
from tests.tui.commands.typed import after
from tui.commands.prompt import completions
from tui.session.session import Session


@pytest.fixture
def marked(headline: Session) -> Session:
    return after(headline, "goto 9", "mark", "goto 16", "mark", "break skip", "watch ram[x]")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("rev", ("reverse-step", "reverse-stepi", "reverse-next", "reverse-continue",
                 "reverse-ownstep", "reverse-search")),
        ("e", ("end", "exact", "enable", "edit", "export")),
        ("step v", ("step vcpu0", "step vcpu1", "step vmm")),
        ("vcpu ", ("vcpu vcpu0", "vcpu vcpu1", "vcpu vmm", "vcpu all")),
        ("list ", ("list vcpu0", "list vcpu1", "list vmm")),
        ("nextevent s", ("nextevent skip", "nextevent statement", "nextevent store")),
        ("nextevent fa", ("nextevent fault",)),
        ("prevevent b", ("prevevent bookmark", "prevevent breakpoint")),
        ("kind ma", ("kind maintenance", "kind match")),
        ("print ram[", ("print ram[x", "print ram[vcpu0", "print ram[vcpu1", "print ram[vmm")),
        ("why f", ("why far_el1[", "why false", "why finding")),
        ("break vcpu1:l", ("break vcpu1:load",)),
        ("toggle vcpu1:l", ("toggle vcpu1:load",)),
        ("break skip if st", ("break skip if statement", "break skip if store",
                              "break skip if stale[", "break skip if step")),
        ("take ev", ("take evict x from pcpu0",)),
        ("info bo", ("info bookmarks",)),
        ("info f", ("info flushes", "info findings")),
        ("delete ", ("delete 1", "delete 2")),
        ("disable 1 ", ("disable 1 1", "disable 1 2")),
        ("switch ", ("switch main",)),
        ("unmark ", ("unmark 9", "unmark 16")),
        ("unmark 1", ("unmark 16",)),
        ("export ma", ("export mail", "export markdown")),
        ("policy vc", ("policy vcpu0-only", "policy vcpu0-only-one-vendor")),
        ("compare m", ()),
        ("help exp", ("help export", "help expressions")),
        ("start ", ()),
        ("rename m", ()),
        ("save s", ()),
        ("nonsense ", ()),
    ],
)  # fmt: skip
def test_a_line_is_completed_by_what_can_stand_there(
    marked: Session, line: str, offered: tuple[str, ...]
) -> None:
    assert completions(marked, line) == offered


def test_a_run_can_be_compared_with_every_policy_and_every_other_branch(marked: Session) -> None:
    policies = tuple(f"compare {name}" for name in policy_names())
    assert completions(marked, "compare ") == policies
    forked = after(marked, "take evict x")
    assert completions(forked, "compare ") == ("compare main", *policies)
