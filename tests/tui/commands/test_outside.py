from __future__ import annotations

import attrs
import pytest

from tests.tui.commands.typed import do
from tui.commands.prompt import perform
from tui.presenters.exports.forms import AT_A_STEP, WHOLE
from tui.session.requests import (
    Compare,
    CopyToClipboard,
    Edit,
    Export,
    Foresee,
    Form,
    Request,
    Save,
    Swap,
)
from tui.session.session import Session


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("save", Save(None)),
        ("save my own.session", Save("my own.session")),
        ("export mail  run of mine.txt ", Export(Form.MAIL, "run of mine.txt")),
        ("export markdown run.md", Export(Form.MARKDOWN, "run.md")),
        ("export json run.json", Export(Form.JSON, "run.json")),
        ("export itf run.itf.json", Export(Form.ITF, "run.itf.json")),
        ("export svg run.svg", Export(Form.SVG, "run.svg")),
        ("copy", CopyToClipboard(mail=False)),
        ("copy command", CopyToClipboard(mail=False)),
        ("copy mail", CopyToClipboard(mail=True)),
        ("policy mine.c", Swap("mine.c")),
        ("edit", Edit()),
        ("compare upstream", Compare("upstream")),
        ("foresee", Foresee()),
    ],
)
def test_a_command_for_what_is_beyond_the_session_only_asks_for_it(
    headline: Session, line: str, asked: Request
) -> None:
    asking, said = perform(headline, line)
    assert (asking.request, said) == (asked, ())
    assert attrs.astuple(attrs.evolve(asking, request=None), recurse=False) == attrs.astuple(
        headline, recurse=False
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("export", "found nothing; expected a form: mail, markdown, json, itf, svg"),
        ("export html x", "found 'html'; expected a form: mail, markdown, json, itf, svg"),
        ("export marddown x", "found 'marddown'; expected a form; did you mean markdown?"),
        ("export mail", "found no file; expected export mail FILE"),
        ("copy svg", "found 'svg'; expected command or mail"),
        ("policy", "vcpu0-only, vcpu0-only.c"),
        ("edit mine.c", "found 'mine.c'; expected nothing after the command"),
        ("compare", "found nothing; expected a policy or a branch to compare with"),
        ("compare main", "found 'main', the branch at hand; expected another one, or a policy"),
        ("foresee 3", "found '3'; expected nothing after the command"),
    ],
)
def test_what_nobody_can_do_is_no_request(headline: Session, line: str, said: str) -> None:
    same, lines = do(headline, line)
    assert (same.request, same.work, lines) == (None, headline.work, [said])


def test_every_form_that_is_made_can_be_asked_for() -> None:
    assert {*AT_A_STEP, *WHOLE, Form.SVG.value} == {form.value for form in Form}
