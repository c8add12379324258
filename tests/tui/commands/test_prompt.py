from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.refusal import RefusedError
from tests.tui.commands.lines import LINES
from tests.tui.commands.typed import check
from tui.commands.prompt import completions, execute, perform
from tui.session.session import Session


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("w", "found 'w'; expected one of watch, why"),
        ("stpe", "found 'stpe'; expected a command (help lists them); did you mean step or stepi?"),
        ("step vcpu7", "found 'vcpu7'; expected a vCPU or vmm; did you mean vcpu1 or vcpu0?"),
        ("step 0", "found '0'; expected a count, 1 or more"),
        ("start 3", "found '3'; expected nothing after the command"),
        ("goto 99", "found step 99; expected a step from 0 to 26, or +N or -N"),
        ("goto", "found nothing; expected a step from 0 to 26, or +N or -N"),
        ("nextevent f", "found 'f'; expected an event's kind: flush, flushed, fault, fill, "
         "finding"),
        ("nextevent fill x", "found 'x'; expected a count, 1 or more"),
        ("kind fi", "found 'fi'; expected an event's kind; did you mean fill?"),
        ("search", "found nothing; expected a text to search for"),
        ("break", "found nothing; expected a place or an event to stop at, or if EXPR"),
        ("break if ram[y]", "column 14: found 'y'; expected a word of guest RAM: x"),
        ("break skip if", "column 14: found the end; expected a number, a name such as ram[x], or "
         "a parenthesis"),
        ("break 13 if at[0]", "column 13: found 'at'; expected a number: places are only "
         "compared, as in at[1] == LABEL (or use pc[1])"),
        ("  print  ram[x]]", "column 16: found ']'; expected an operator or the end"),
        ("delete 1", "found '1'; expected a breakpoint's number: there is none"),
        ("info colour", "found 'colour'; expected a topic: breakpoints, bookmarks, note, step, "
         "memory, vcpus, events, flushes, findings, policy"),
        ("print nope", "column 7: found 'nope'; expected a name that a query can read: ram, "
         "cache, sees, due, newest, stale, dirty, holders, mapped, sctlr, hcr, sctlr_el1, …"),
        ("print flase", "column 7: found 'flase'; expected a name that a query can read; did you "
         "mean false?"),
        ("why 5", "found '5'; expected ram[WORD], cache[WORD], sees[ACTOR][WORD], "
         "sctlr[VCPU].BIT, hcr[VCPU].BIT, WORD or finding N"),
        ("why finding 2", "found '2'; expected a finding, 1 to 1"),
        ("switch other", "found 'other'; expected a branch: main"),
        ("vcpu everybody", "found 'everybody'; expected a vCPU or vmm: vcpu0, vcpu1, vmm"),
        ("take evict x", "found 'evict x'; expected what can happen now: vcpu0, vcpu1, fill x on "
         "pcpu0, fill x on pcpu1"),
        ("x" * 1001, "found 1001 characters; expected at most 1000"),
        ("mark \x1b[2J", "found the character U+001B; expected printable text"),
        ("search a\u00a0b", "found the character U+00A0; expected printable text"),
    ],
)  # fmt: skip
def test_a_command_that_makes_no_sense_changes_nothing_and_is_answered_in_a_line(
    headline: Session, line: str, error: str
) -> None:
    assert execute(headline, line) == (headline, (error,))


def test_perform_tells_errors_apart_from_answers(headline: Session) -> None:
    with pytest.raises(RefusedError):
        perform(headline, "nonsense")
    with pytest.raises(RefusedError):
        perform(headline, "print ram[")
    assert perform(headline, "   ") == (headline, ())


def test_an_empty_line_moves_again_and_does_nothing_else_again(headline: Session) -> None:
    stepped, _ = execute(headline, "step 2")
    assert (stepped.prompt.last, execute(stepped, "")[0].timeline.cursor) == ("step 2", 4)
    marked, _ = execute(stepped, "mark here")
    again, said = execute(marked, "  ")
    assert (again, said, marked.prompt.last) == (marked, (), "")


def test_a_tab_parts_words_as_a_blank_does(headline: Session) -> None:
    assert execute(headline, "print\tram[x]")[1] == ("0 (v0)",)


@given(st.lists(LINES, max_size=15))
@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_command_raises_and_each_leaves_the_session_valid(
    headline: Session, lines: list[str]
) -> None:
    session = headline
    for line in lines:
        session, said = execute(session, line)
        check(session)
        assert all(each.isprintable() for each in said)
        completions(session, line)
