from __future__ import annotations

import attrs
import pytest

from tests.tui.commands.typed import after, check, do
from tui.commands.annotate import MOST
from tui.session.session import Bookmark, Session


def test_bookmarks_are_listed_in_the_order_of_steps(headline: Session) -> None:
    marked, said = do(headline, "goto 20", "mark here it is skipped", "goto 9", "m")
    assert said == ["bookmark at step 9: bookmark"]
    assert do(marked, "info bookmarks")[1] == [
        "step 9: bookmark",
        "step 20: here it is skipped",
    ]
    assert do(headline, "info bookmarks")[1] == ["no bookmarks"]


def test_a_second_bookmark_takes_the_place_of_the_first(headline: Session) -> None:
    marked = after(headline, "goto 3", "mark first", "mark second")
    assert marked.bookmarks == (Bookmark("main", 3, "second"),)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("goto 3", "mark a", "unmark"), "bookmark at step 3 deleted"),
        (("goto 3", "mark a", "start", "unmark 3"), "bookmark at step 3 deleted"),
        (("unmark",), "found no bookmark at step 0; expected a step with a bookmark: there is "
         "none"),
        (("mark a", "goto 5", "mark b", "unmark 4"), "found no bookmark at step 4; expected a "
         "step with a bookmark: 0, 5"),
        (("mark a", "unmark x"), "found 'x'; expected a step with a bookmark: 0"),
        (("mark " + "x" * 301,), "found 301 characters; expected at most 300"),
        (("rename",), "found nothing; expected a name: a letter, then letters, digits, - _ and ."),
        (("rename 1st",), "found '1st'; expected a name: a letter, then letters, digits, - _ and "
         "."),
        (("rename a b",), "found 'a b'; expected a name: a letter, then letters, digits, - _ and "
         "."),
        (("rename été",), "found 'été'; expected a name: a letter, then letters, digits, - _ and "
         "."),
        (("rename main",), "found 'main', which there is; expected a name that no branch has"),
        (("rename " + "x" * 41,), f"found '{'x' * 39}…'; expected a name: a letter, then letters, "
         "digits, - _ and ."),
        (("rename rescued",), "main is rescued now"),
    ],
)  # fmt: skip
def test_what_came_of_a_note_is_said(headline: Session, lines: tuple[str, ...], said: str) -> None:
    assert do(headline, *lines)[1] == [said]


def test_there_is_an_end_to_the_number_of_bookmarks(headline: Session) -> None:
    bookmarks = tuple(Bookmark("main", step, str(step)) for step in range(1, MOST + 1))
    full = attrs.evolve(headline, bookmarks=bookmarks)
    expected = "found 500 bookmarks; expected fewer than 500 (unmark STEP removes one)"
    assert do(full, "mark one more") == (full, [expected])
    beyond = attrs.evolve(headline, bookmarks=(*bookmarks, Bookmark("main", MOST + 1, "")))
    assert do(beyond, "mark")[1] == [expected.replace("found 500", "found 501")]
    again, said = do(full, "goto 3", "mark another")
    assert said == ["bookmark at step 3: another"]
    assert (len(again.bookmarks), again.marked[3]) == (MOST, "another")


def test_a_bookmark_on_a_step_that_branches_share_is_seen_and_deleted_on_both(
    headline: Session,
) -> None:
    forked = after(headline, "goto 9", "mark shared", "goto 20", "mark main's", "goto 16")
    forked = after(forked, "take evict x", "mark its own")
    check(forked)
    assert forked.marked == {9: "shared", 17: "its own"}
    assert after(forked, "switch main").marked == {9: "shared", 20: "main's"}
    alone = after(forked, "unmark 9")
    assert (alone.marked, after(alone, "switch main").marked) == (
        {17: "its own"},
        {20: "main's"},
    )


def test_a_bookmark_put_on_a_shared_step_replaces_the_old_one_on_both(headline: Session) -> None:
    forked = after(headline, "goto 9", "mark old", "goto 16", "take evict x", "goto 9", "mark new")
    check(forked)
    assert forked.bookmarks == (Bookmark("main", 9, "new"),)
    assert forked.marked == after(forked, "switch main").marked == {9: "new"}


def test_a_bookmark_belongs_to_the_oldest_branch_that_has_the_step(headline: Session) -> None:
    forked = after(headline, "goto 16", "take evict x", "take vcpu1", "take vcpu1", "goto 18")
    forked = after(forked, "take fill x on pcpu1")
    assert [(each.name, each.at) for each in forked.branches] == [
        ("main", 0), ("branch1", 16), ("branch2", 18),
    ]  # fmt: skip
    marked = after(forked, *(line for at in (15, 16, 17, 18, 19) for line in (f"goto {at}", "m")))
    check(marked)
    assert [(each.branch, each.step) for each in marked.bookmarks] == [
        ("main", 15), ("main", 16), ("branch1", 17), ("branch1", 18), ("branch2", 19),
    ]  # fmt: skip
    seen = {
        name: sorted(after(marked, f"switch {name}").marked)
        for name in ("main", "branch1", "branch2")
    }
    assert seen == {
        "main": [15, 16], "branch1": [15, 16, 17, 18], "branch2": [15, 16, 17, 18, 19],
    }  # fmt: skip


def test_a_branch_is_renamed_everywhere(headline: Session) -> None:
    forked = after(headline, "mark start", "goto 16", "take evict x", "mark", "take vcpu1")
    renamed = after(forked, "rename rescued", "switch main", "rename schedule", "switch rescued")
    check(renamed)
    assert [(each.name, each.parent) for each in renamed.branches] == [
        ("schedule", None),
        ("rescued", "schedule"),
    ]
    assert renamed.bookmarks == (
        Bookmark("schedule", 0, "start"),
        Bookmark("rescued", 17, "bookmark"),
    )
    assert renamed.marked == forked.marked == {0: "start", 17: "bookmark"}
    assert do(renamed, "goto 3", "take fill x on pcpu0")[1][0] == (
        "branch1, from rescued at step 3; rescued is kept"
    )
