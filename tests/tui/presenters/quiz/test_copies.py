from __future__ import annotations

from tests.tui.presenters.quiz.asked import Run
from tui.presenters.quiz.questions import questions


def test_a_dirty_line_that_is_flushed_over_a_newer_word_is_asked_about(run: Run) -> None:
    found = [
        one
        for one in questions(run("false-sharing", "upstream"))
        if one.text.startswith("stage2_flush_vm() comes to the line of")
    ]
    assert [one.choices[one.right].partition(":")[0] for one in found] == [
        "It is written back and dropped"
    ]
    assert "which is lost" in found[0].why
