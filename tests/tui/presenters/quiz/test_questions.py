from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from engine.timeline import Timeline
from scenarios.case import Subject
from scenarios.library import load_scenario
from scenarios.names import scenario_names
from scenarios.policy_library import load_policy
from scenarios.schedule import play
from tests.tui.presenters.quiz.asked import Run
from tui.presenters.quiz.graded import graded
from tui.presenters.quiz.paper import Paper
from tui.presenters.quiz.question import LETTERS, Question
from tui.presenters.quiz.questions import questions

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("policy", ["upstream", "vcpu0-only", "never"])
def test_the_questions_on_the_headline_are_these(
    policy: str, run: Run, golden: Callable[[str, str], None]
) -> None:
    asked = questions(run("secondary-stale-line", policy))
    blank = Paper(asked, (None,) * len(asked), len(asked))
    text = graded(blank, Subject("secondary-stale-line", "The headline", policy))
    golden(f"quiz-headline-{policy}", text)


@pytest.mark.parametrize("policy", ["upstream", "vcpu0-only", "never", "v3-14"])
@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_can_be_asked_about(name: str, policy: str) -> None:
    scenario = load_scenario(name)
    timeline = play(scenario.machine(load_policy(policy)), scenario.schedule).timeline
    asked = questions(timeline)
    assert 3 <= len(asked) <= 24
    for one in asked:
        assert 2 <= len(one.choices) <= len(LETTERS)
        assert len(set(one.choices)) == len(one.choices)
        assert 0 <= one.right < len(one.choices)
        assert 0 <= one.step < one.shown <= len(timeline.steps)
        assert one.why
    assert [(one, two) for one, two in pairwise(asked) if two.step < one.shown] == []


def test_no_letter_is_right_much_more_often_than_others() -> None:
    asked: list[Question] = []
    for name in scenario_names():
        scenario = load_scenario(name)
        machine = scenario.machine(load_policy("vcpu0-only"))
        asked.extend(questions(play(machine, scenario.schedule).timeline))
    four = [one.right for one in asked if len(one.choices) == 4]
    assert max(map(four.count, range(4))) < len(four) / 2


def test_they_do_not_depend_on_where_the_cursor_is(run: Run) -> None:
    timeline = run("secondary-stale-line")
    assert questions(timeline.seek(20)) == questions(timeline)


def test_they_are_the_same_whatever_the_hash_seed() -> None:
    program = (
        "from scenarios.library import load_scenario\n"
        "from scenarios.policy_library import load_policy\n"
        "from scenarios.schedule import play\n"
        "from tui.presenters.quiz.questions import questions\n"
        "scenario = load_scenario('false-sharing')\n"
        "machine = scenario.machine(load_policy('never'))\n"
        "print(questions(play(machine, scenario.schedule).timeline))\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(printed) == 1


def test_a_run_without_steps_has_no_questions(run: Run) -> None:
    assert questions(Timeline.start(run("secondary-stale-line").initial)) == ()
