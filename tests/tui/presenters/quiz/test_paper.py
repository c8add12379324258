from __future__ import annotations

from tui.presenters.quiz.paper import Paper, choice_lines, judgement, result, standing
from tui.presenters.quiz.question import Question

FIRST = Question(0, 1, "One?", ("yes", "no"), 1, "Because.")
SECOND = Question(3, 5, "Two?", ("x", "y", "z"), 0, "Since.")
PAPER = Paper((FIRST, SECOND))


def test_a_question_is_answered_once_and_then_turned() -> None:
    assert PAPER.turn() is PAPER
    answered = PAPER.answer(1)
    assert answered == Paper((FIRST, SECOND), (1,), 0)
    assert answered.answer(0) is answered
    assert answered.turn() == Paper((FIRST, SECOND), (1,), 1)


def test_a_choice_that_a_question_does_not_have_is_no_answer() -> None:
    assert PAPER.answer(2) is PAPER


def test_it_says_where_one_is_and_how_many_were_right() -> None:
    second = PAPER.answer(1).turn()
    over = second.answer(2).turn()
    assert [standing(paper) for paper in (PAPER, PAPER.answer(0), second, over, Paper(()))] == [
        "question 1 of 2",
        "question 1 of 2, 0 of 1 right",
        "question 2 of 2, 1 of 1 right",
        "the end, 1 of 2 right",
        "no questions",
    ]
    assert over.turn() is over


def test_the_result_says_what_to_look_at_again() -> None:
    assert result(Paper((FIRST, SECOND), (1, 2), 2)) == (
        "1 of 2 answers right. Worth another look: 2 (step 5)."
    )
    assert result(Paper((FIRST, SECOND), (1, 0), 2)) == "2 of 2 answers right."
    assert result(Paper(())) == "This run has no step to ask about."


def test_choices_have_letters_and_a_judgement_names_the_right_one() -> None:
    assert choice_lines(SECOND) == ("a  x", "b  y", "c  z")
    assert [judgement(FIRST, given) for given in (1, 0, None)] == [
        "Right, it is b.",
        "No, not a: it is b.",
        "No answer; it is b.",
    ]
