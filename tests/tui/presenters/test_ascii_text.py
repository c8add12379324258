from __future__ import annotations

import subprocess

import pytest

from tui.presenters.ascii_text import ascii_text, quoted_source, replay, wrapped


def test_what_is_not_ascii_is_spelled_as_plainly_as_possible() -> None:
    assert ascii_text("«naïve» – don’t… ≥v1 日\t\x1b[0m") == (
        "\\xabnaive\\xbb - don't... >=v1 \\u65e5\\t\\x1b[0m"
    )


def test_text_is_wrapped_at_blanks_and_words_that_are_too_long_within() -> None:
    assert list(wrapped("call stage2_flush_vm(vcpu->kvm), now", 16, "", "  ")) == [
        "call",
        "  stage2_flush_",
        "  vm(vcpu->kvm),",
        "  now",
    ]


def test_no_text_is_one_empty_line() -> None:
    assert list(wrapped("", 20)) == [""]


def test_source_is_quoted_as_mail_does_and_broken_where_it_is_too_long() -> None:
    source = ("if (a &&", "    b)", "", "x" * 12)

    assert list(quoted_source(source, 12)) == [
        "> if (a &&",
        ">     b)",
        ">",
        "> xxxxxxxxxx",
        "> xx",
    ]


def test_a_command_goes_on_after_a_backslash_with_options_beside_their_values() -> None:
    groups = (("kvmcache-tui", "a-scenario"), ("--policy", "a-policy.c#2"), ("--at", "24"))

    assert list(replay(groups, 48, "  ")) == [
        "  kvmcache-tui a-scenario \\",
        "    --policy 'a-policy.c#2' --at 24",
    ]


@pytest.mark.parametrize("width", [40, 72])
@pytest.mark.parametrize(
    "path",
    [
        "plain",
        'with blank\'s and "quotes" and \\ and $HOME',
        "/a/very/long/path/" + "that goes on/and on/" * 9 + "it's.c#2",
        "größe/日本/" * 12,
        "a\x07bell\nand a line",
        "",
        "/no/blanks" * 20,
    ],
)
def test_a_shell_reads_a_replay_command_as_it_was_meant(path: str, width: int) -> None:
    lines = list(replay((("printf", "%s|"), ("--policy", path), ("--at", "3")), width, "  "))

    assert all(line.isascii() and line.isprintable() and len(line) <= width for line in lines)
    done = subprocess.run(["bash", "-c", "\n".join(lines)], capture_output=True, check=True)
    assert done.stdout.decode() == f"--policy|{path}|--at|3|"
