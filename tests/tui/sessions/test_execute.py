from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.timeline import Timeline
from tui.sessions.commands import COMMANDS
from tui.sessions.errors import CommandError
from tui.sessions.execute import completions, execute, perform
from tui.sessions.session import Session

Run = Callable[..., Timeline]


@pytest.fixture
def session(run: Run) -> Session:
    return Session.start(run("secondary-stale-line", "vcpu0-only"))


def do(session: Session, *lines: str) -> tuple[Session, list[str]]:
    """Do lines at the prompt, and return what the last one printed."""
    said: tuple[str, ...] = ()
    for line in lines:
        session, said = execute(session, line)
    return session, list(said)


def at(session: Session, *lines: str) -> int:
    return do(session, *lines)[0].timeline.cursor


def check(session: Session) -> None:
    """Hold a session against what must be true of any."""
    assert 0 <= session.current < len(session.branches)
    names = [branch.name for branch in session.branches]
    assert len(set(names)) == len(names)
    for branch in session.branches:
        timeline = branch.timeline
        assert 0 <= timeline.cursor <= len(timeline.steps)
        assert 0 <= branch.at <= len(timeline.steps)
        assert (branch.parent is None) == (branch is session.branches[0])
    numbers = [each.number for each in session.breakpoints]
    assert numbers == sorted(set(numbers))
    assert all(number <= session.numbered for number in numbers)


@pytest.mark.parametrize(
    ("lines", "cursor"),
    [
        (("step",), 1),
        (("step 5", ""), 10),
        (("step vcpu1",), 15),
        (("s vcpu1 2", "back"), 15),
        (("step 99",), 26),
        (("end", "reverse-step 99"), 0),
        (("end", "rs vcpu0"), 13),
        (("stepi 2",), 13),
        (("goto 20", "si"), 25),
        (("goto 20", "reverse-stepi"), 16),
        (("next 3",), 5),
        (("vcpu vcpu1", "n"), 18),
        (("end", "rn"), 23),
        (("goto 12", "goto +3", "goto -1"), 14),
        (("nextevent trap 2",), 16),
        (("end", "pe flush"), 6),
        (("ne evict",), 0),
        (("search speculatively",), 14),
        (("/ISB", "/"), 25),
        (("end", "?fills"), 14),
        (("until stale[1][x]",), 24),
        (("until ram[x] == 7",), 0),
        (("until step > 3 and line == 12",), 5),
        (("continue",), 26),
        (("end", "rc"), 0),
        (("break 12", "c"), 4),
        (("break 12", "c 2"), 19),
        (("break 12 if in_kvm[1]", "c"), 19),
        (("break if cache[x] != none", "c"), 14),
        (("watch due[vcpu1][x]", "c"), 15),
        (("break skip", "disable 1", "c"), 26),
        (("break skip", "disable", "enable 1", "c"), 20),
        (("break trap", "delete", "c"), 26),
        (("tbreak trap", "c", "c"), 26),
    ],
)
def test_a_command_moves_to_the_step_that_it_names(
    session: Session, lines: tuple[str, ...], cursor: int
) -> None:
    assert at(session, *lines) == cursor


def test_going_back_stops_where_going_on_has_stopped(session: Session) -> None:
    marked, _ = do(session, "break trap", "break 12", "watch cache[x]", "break if stale[1][x]")
    onward, here = [], marked
    while here.timeline.cursor < 26:
        here, _ = do(here, "c")
        onward.append(here.timeline.cursor)
    backward, here = [], here
    while here.timeline.cursor:
        here, _ = do(here, "rc")
        backward.append(here.timeline.cursor)
    assert onward == [1, 4, 14, 16, 19, 24, 26]
    assert backward == [24, 19, 16, 14, 4, 1, 0]


def test_a_stop_says_what_stopped_it(session: Session) -> None:
    _, said = do(session, "watch cache[x]", "break fill", "c")
    assert said == [
        "watch 1, cache[x]: was none, is 0 (v0)",
        "breakpoint 2, fill",
        "step 14 of 26: pcpu0 speculatively fills the line of x from RAM: the cached copy is "
        "x = 0.",
    ]


def test_breakpoints_are_listed_with_the_steps_they_stop_at(session: Session) -> None:
    _, said = do(
        session, "b vcpu1:load if not dirty[x]", "tb skip", "watch x[vcpu1][3]", "d 2",
        "disable 3", "b statement", "info b",
    )  # fmt: skip
    assert said == [
        "1: break vcpu1:load if not dirty[x], at step 25",
        "3: watch x[vcpu1][3], disabled, at no step of this run",
        "4: break statement, at 13 steps: 3, 4, 5, 6, 9, 10, 11, 18, …",
    ]


def test_a_breakpoint_is_made_again_by_the_command_that_it_names(session: Session) -> None:
    made, _ = do(session, "b 12", "b skip if step > 3", "tb vcpu0:enable", "watch ram[x]", "b if 1")
    again = session
    for each in made.breakpoints:
        again, _ = do(again, each.command(made.setup))
    assert again.breakpoints == made.breakpoints


def test_a_road_not_taken_is_a_branch_and_the_old_future_is_kept(session: Session) -> None:
    forked, said = do(session, "goto 16", "take evict x from pcpu0")
    assert said[0] == "branch1, from main at step 16; main is kept"
    forked, said = do(forked, "take vcpu1", "branches")
    assert said == [
        "  main: 26 steps, stale, left at step 16",
        "* branch1, from main at step 16: 18 steps, no finding, at step 18",
    ]
    back, said = do(forked, "switch main")
    assert said[0] == "branch main"
    assert (back.timeline.cursor, len(back.timeline.steps)) == (16, 26)
    onward, _ = do(back, "take vcpu1")
    assert (onward.timeline.cursor, len(onward.branches)) == (17, 2)


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
        ("break", "found nothing; expected a place or an event to stop at, or if EXPR"),
        ("break if ram[y]", "column 14: found 'y'; expected a word of guest RAM: x"),
        ("break skip if", "column 14: found the end; expected a number, a name such as ram[x], or "
         "a parenthesis"),
        ("break 13 if at[0]", "column 13: found 'at'; expected a number: places are only "
         "compared, as in at[1] == LABEL (or use pc[1])"),
        ("  print  ram[x]]", "column 16: found ']'; expected an operator or the end"),
        ("delete 1", "found '1'; expected a breakpoint's number: there is none"),
        ("info colour", "found 'colour'; expected a topic: breakpoints, step, memory, vcpus, "
         "events, flushes, findings, policy"),
        ("why 5", "found '5'; expected ram[WORD], cache[WORD], sees[ACTOR][WORD], "
         "sctlr[VCPU].BIT, hcr[VCPU].BIT, WORD or finding N"),
        ("why finding 2", "found '2'; expected a finding, 1 to 1"),
        ("take vcpu0", "found 'vcpu0'; expected what can happen now; did you mean vcpu1?"),
        ("switch other", "found 'other'; expected a branch: main"),
        ("x" * 1001, "found 1001 characters; expected at most 1000"),
    ],
)  # fmt: skip
def test_a_command_that_makes_no_sense_changes_nothing_and_is_answered_in_a_line(
    session: Session, line: str, error: str
) -> None:
    there = session.seek(26) if line.startswith("take") else session
    same, said = execute(there, line)
    assert said == (error,) or line.startswith("take")
    assert same is there


def test_every_command_has_an_example_that_works(session: Session) -> None:
    ready, _ = do(session, "goto 13", "b skip", "b trap")
    for command in COMMANDS:
        done, _ = perform(ready, command.example)
        check(done)
        help_lines = do(session, f"help {command.name}")[1]
        assert help_lines[1] == command.help
        assert max(map(len, help_lines)) <= 100
    assert max(map(len, do(session, "help")[1])) <= 100


def test_no_two_commands_share_a_word() -> None:
    words = [word for command in COMMANDS for word in (command.name, *command.short)]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("rev", ("reverse-step", "reverse-stepi", "reverse-next", "reverse-continue",
                 "reverse-search")),
        ("step v", ("step vcpu0", "step vcpu1", "step vmm")),
        ("nextevent s", ("nextevent skip", "nextevent statement", "nextevent store",
                         "nextevent stop")),
        ("print ram[", ("print ram[x", "print ram[vcpu0", "print ram[vcpu1", "print ram[vmm")),
        ("break vcpu1:l", ("break vcpu1:load",)),
        ("break skip if st", ("break skip if statement", "break skip if store",
                              "break skip if stop", "break skip if stale[", "break skip if step")),
        ("take fill", ("take fill x on pcpu0", "take fill x on pcpu1")),
        ("info f", ("info flushes", "info findings")),
        ("switch ", ("switch main",)),
        ("help exp", ("help expressions",)),
        ("start ", ()),
        ("nonsense ", ()),
    ],
)  # fmt: skip
def test_a_line_is_completed_by_what_can_stand_there(
    session: Session, line: str, offered: tuple[str, ...]
) -> None:
    assert completions(session, line) == offered


WORDS = st.sampled_from(
    [
        *(word for command in COMMANDS for word in (command.name, *command.short)),
        *("vcpu0", "vcpu1", "vmm", "all", "1", "2", "+3", "-1", "99", "if", "skip", "trap", "12"),
        *("ram[x]", "cache[x] != none", "stale[1][x]", "finding", "x", "hcr[1].TVM", "old(step)"),
        *("fill x on pcpu0", "evict x", "main", "branch1", "events", "memory", "policy", "step"),
        *("vcpu1:load", "kvm_toggle_cache", "expressions", "é", "", "[", "0" * 12),
    ]
)
LINES = st.one_of(st.lists(WORDS, max_size=4).map(" ".join), st.text(max_size=30))


@given(st.lists(LINES, max_size=15))
@settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_command_raises_and_each_leaves_the_session_valid(
    session: Session, lines: list[str]
) -> None:
    for line in lines:
        session, said = execute(session, line)
        check(session)
        assert all("\n" not in each for each in said)
        completions(session, line)


@given(st.lists(st.sampled_from(["trap", "skip", "12", "fill", "if stale[1][x]", "load"])))
@settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_continue_and_reverse_continue_undo_each_other_at_stops(
    session: Session, places: list[str]
) -> None:
    marked, _ = do(session, *(f"break {place}" for place in places))
    there, _ = do(marked, "c")
    while there.timeline.cursor < 26:
        further, _ = do(there, "c")
        assert at(further, "rc") == there.timeline.cursor
        there = further


def test_perform_tells_errors_apart_from_answers(session: Session) -> None:
    with pytest.raises(CommandError):
        perform(session, "nonsense")
    assert perform(session, "   ") == (session, ())
