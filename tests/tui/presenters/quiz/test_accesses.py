from __future__ import annotations

from tests.tui.presenters.quiz.asked import Run, texts


def test_on_hardware_that_snoops_both_copies_get_the_store(run: Run) -> None:
    assert any(right == "In RAM and in a cache, which agree." for _, right in texts(run("snoops")))
