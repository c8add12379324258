from __future__ import annotations

from tests.tui.command_line.terminal import COLUMNS, run_on_terminal


def test_progress_is_one_line_that_is_erased_in_the_end(endless: str) -> None:
    done = run_on_terminal(
        *("check", endless, "--policy", "upstream", "--exhaustive", "--max-states", "200000"),
    )

    *shown, blank, end = done.err.split("\r")[1:]
    assert done.code == 3
    assert all(len(text) < COLUMNS for text in shown)
    assert any("states, " in text and "/s, frontier " in text for text in shown)
    assert shown[0].startswith("0 of 1 done, endless under upstream, ")
    assert (blank.strip(), end) == ("", "")
