"""What a stranger sends is shown, and never obeyed: by no terminal, and in no markup language."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from textual.pilot import Pilot

from scenarios.case import Case
from scenarios.library import load_scenario
from scenarios.policy_library import load_policy
from tests.tui.command_line.opened import opened
from tests.tui.piloting import lines, press, running, type_line
from tui.app import DebuggerApp, Mode
from tui.command_line.main import main
from tui.presenters.panels.side_by_side import told_alike
from tui.presenters.reports.plain import is_shown
from tui.screens.debugger import DebuggerScreen
from tui.session.comparison import Comparison
from tui.session.session import Session

STEERING = "\x1b]0;owned\x07\x1b[2J\x9b31m\x85\u202e\u2066\u200b\u2028\x7f\r"
MARKUP = "[red][@click=app.quit]*_`|<b>&lt;#quot;%%{init}$x$~~x~~![x](x)"
NAME = f"{STEERING}{MARKUP}\nFORGED"
SHIPPED = Path(__file__).parents[2] / "scenarios" / "secondary-stale-line.toml"
POLICY = f"""
/* {NAME}</svg> */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{{
	bool now_enabled = vcpu_has_cache_enabled(vcpu); // {STEERING}{MARKUP}</svg>
	if (now_enabled != was_enabled && vcpu->vcpu_id == 0 /* {NAME}</svg> */)
		stage2_flush_vm(vcpu->kvm);
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}}
"""
MAIL = f"""From: {STEERING}{MARKUP} <a@example.org>
Subject: {STEERING}{MARKUP}</svg>
Date: Mon, 6 Jan 2025 10:00:00 +0000

Hello {STEERING}{MARKUP},
{POLICY}
"""
UNREADABLE = f"""
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{{
	"{STEERING}{MARKUP}"();
}}
"""


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """Return a directory that no name could be worse of; files in it begin with `svg>`."""
    directory = tmp_path / f"{NAME}<"
    directory.mkdir()
    return directory


@pytest.fixture
def policy(there: Path) -> str:
    path = there / f"svg>{NAME}.c"
    path.write_text(POLICY, encoding="utf-8", newline="")
    return str(path)


@pytest.fixture
def mail(there: Path) -> str:
    path = there / f"svg>{NAME}.txt"
    path.write_text(MAIL, encoding="utf-8", newline="")
    return str(path)


@pytest.fixture
def scenario(there: Path) -> str:
    """Return a scenario whose texts are as bad as its reader lets pass."""
    path, text = there / f"svg>{NAME}.toml", SHIPPED.read_text(encoding="utf-8")
    text = re.sub("(?m)^title = .*$", f"title = '''{MARKUP}</svg>'''", text)
    text = text.replace("// traps: HCR_EL2.TVM is set", f"// {MARKUP}</svg>")
    text = text.replace("vcpu0 turns its caches on. The trap", f"{MARKUP}</svg> The trap")
    path.write_text(text, encoding="utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Return a command's exit code, and what it wrote to stdout, all of it harmless."""
    code = main(list(arguments))
    written = capsys.readouterr()
    for text in (written.out, written.err):
        assert harmful(text) == []
    return code, written.out


def harmful(text: str) -> list[str]:
    """Return what in lines of text a terminal would obey, and lines that somebody else wrote."""
    forged = [line for line in text.split("\n") if line.lstrip("> ").startswith("FORGED")]
    return [*(each for each in text if not is_shown(each) and each not in "\n\t"), *forged]


@pytest.mark.parametrize("form", ["text", "json", "mail"])
def test_run(form: str, capsys: pytest.CaptureFixture[str], policy: str, scenario: str) -> None:
    code, out = said(capsys, "run", scenario, "--policy", policy, "--format", form)
    assert code == 1
    if form == "json":
        assert json.loads(out)["policy"].endswith(f"svg>{NAME}.c")


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_check(form: str, capsys: pytest.CaptureFixture[str], policy: str, scenario: str) -> None:
    code, out = said(capsys, "check", scenario, "--policy", policy, "--format", form)
    assert code == 1
    if form == "json":
        assert json.loads(out)["results"][0]["policy"].endswith(f"svg>{NAME}.c")
    if form == "markdown":
        check_markdown(out)


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("kind", ["policy", "mail"])
def test_review(
    form: str, kind: str, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(kind)
    code, out = said(
        capsys, "review", path, "--max-states", "2000", "--format", form, "--no-every-guest"
    )
    assert code == 1
    if form == "json":
        assert json.loads(out)["results"]


@pytest.mark.parametrize("form", ["mail", "markdown", "json", "itf", "svg"])
@pytest.mark.parametrize("to_file", [False, True])
def test_export(
    form: str,
    to_file: bool,
    capsys: pytest.CaptureFixture[str],
    policy: str,
    scenario: str,
    tmp_path: Path,
) -> None:
    target = tmp_path / "out"
    words = ("export", scenario, "--policy", policy, "--format", form)
    code, out = said(capsys, *words, *(("-o", str(target)) if to_file else ()))
    assert code == 0
    if to_file:
        out = target.read_bytes().decode()
        assert harmful(out) == []
    match form:
        case "markdown":
            check_markdown(out)
        case "svg":
            check_svg(out)
        case "json" | "itf":
            json.loads(out)
        case _:
            assert out.isascii()


def check_markdown(text: str) -> None:
    """Make sure that Markdown has no markup but ours, in its diagram neither."""
    tokens = [
        inner
        for token in MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text)
        for inner in (token, *(token.children or ()))
    ]
    types = {token.type for token in tokens}
    assert types & {"html_block", "html_inline", "link_open", "image", "s_open"} == set()
    for token in tokens:
        if token.type == "fence" and token.info == "mermaid":
            drawn = token.content.replace("<br/>", "")
            assert not re.search(r"[<>]b|</svg|%%|`|\$", drawn.replace("->>", ""))
            assert not re.search(r"#(?!\w+;)", drawn)


def check_svg(text: str) -> None:
    """Make sure that an SVG is one, of shapes and texts alone, and says what was written."""
    root = ElementTree.fromstring(text)
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert kinds <= {"svg", "style", "defs", "clipPath", "rect", "text", "g", "circle"}
    assert "[red]" in "".join(root.itertext())


def test_the_errors(
    there: Path, capsys: pytest.CaptureFixture[str], policy: str, scenario: str
) -> None:
    broken, foreign, session = (there / f"svg>{NAME}{end}" for end in (".b.c", ".toml", ".session"))
    broken.write_text(UNREADABLE, encoding="utf-8", newline="")
    foreign.write_text(f'title = "{MARKUP}"\n"{MARKUP}" = 1\n', encoding="utf-8")
    session.write_text(f'{{"version": 1, "{MARKUP}": "\x1b[2J"}}', encoding="utf-8")
    headline = "secondary-stale-line"
    for arguments in (
        ("run", headline, "--policy", str(broken)),
        ("review", str(broken)),
        ("check", headline, "--policy", str(broken), "--json"),
        ("run", str(foreign)),
        ("run", f"{NAME}</svg>"),
        ("run", headline, "--policy", f"{NAME}</svg>"),
        ("run", headline, "--policy", f"{policy}#7"),
        ("review", f"{NAME}</svg>"),
        ("review", policy, "--base", f"{NAME}</svg>"),
        ("review", policy, "--function", f"{NAME}</svg>"),
        ("export", headline, "--format", "mail", "-o", f"{there}/none/{NAME}"),
        ("export", headline, "--format", f"{NAME}</svg>"),
        ("check", headline, "--config", NAME),
        ("check", headline, "--implementor", NAME),
        ("check", headline, f"--{NAME}"),
        (f"{NAME}</svg>",),
        (headline, "--batch", f"{there}/none"),
        (headline, "--quiz", "--answers", f"{there}/none"),
        ("run", "--session", str(session)),
        ("scenario", "--session", str(session), "--batch", "-"),
        ("scenario", headline, "--events", NAME, "--batch", "-"),
        ("scenario", scenario, "--at", NAME),
    ):
        assert said(capsys, *arguments)[0] == 2, arguments


def test_an_archive_of_strange_bytes_in_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "\udcff\udc9b.c"
    path.write_text(POLICY, encoding="utf-8", newline="")
    for words in (("run", "secondary-stale-line", "--policy"), ("review",)):
        said(capsys, *words, str(path))


BATCH = f"""help
info
goto 24
why x
mark {MARKUP}</svg>
rename {MARKUP.replace(" ", "")}
info bookmarks
info branches
list
info program
info source
choices
copy
copy mail
compare upstream
"""


def test_a_batch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], policy: str, scenario: str
) -> None:
    written = tmp_path / "commands"
    for line in BATCH.splitlines():
        written.write_text(f"{line}\n", encoding="utf-8")
        said(capsys, "scenario", scenario, "--policy", policy, "--batch", str(written))
    for steering in ("\x1b]0;x\x07", "\x9b31m", "\u202e"):
        written.write_text(f"mark {steering}\n", encoding="utf-8")
        code, _ = said(capsys, "scenario", scenario, "--batch", str(written))
        assert code == 2


def test_a_session(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], policy: str, scenario: str
) -> None:
    directory = tmp_path / f"{MARKUP}<"
    directory.mkdir()
    named = [directory / f"svg>{MARKUP}.{end}" for end in ("c", "toml", "session", "txt")]
    own_policy, own_scenario, path, commands = named
    own_policy.write_bytes(Path(policy).read_bytes())
    own_scenario.write_bytes(Path(scenario).read_bytes())
    commands.write_text(f"goto 9\nmark here\nsave {path}\n")
    words = ("scenario", str(own_scenario), "--policy", str(own_policy), "--batch", str(commands))
    assert said(capsys, *words)[0] == 0
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["bookmarks"][0]["text"] = NAME
    kept["branches"][0]["title"] = NAME
    path.write_text(json.dumps(kept), encoding="utf-8")
    for command in ("info", "info bookmarks", "info branches", "copy", "goto 9"):
        commands.write_text(f"{command}\n", encoding="utf-8")
        said(capsys, "scenario", "--session", str(path), "--batch", str(commands))


def test_a_graded_quiz(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], policy: str, scenario: str
) -> None:
    answers = tmp_path / "answers"
    answers.write_text("a\n" * 8, encoding="utf-8")
    words = ("scenario", scenario, "--policy", policy, "--quiz", "--answers", str(answers))
    code, out = said(capsys, *words)
    assert (code, "[red]" in out) == (1, True)


def on_screen(pilot: Pilot[None]) -> str:
    """Return what stands on the screen, all of it harmless."""
    text = "\n".join(lines(pilot))
    assert [each for each in text if not is_shown(each) and each != "\n"] == []
    return text


def hostile_case(scenario: str, policy: str) -> Case:
    return Case.of(load_scenario(scenario), load_policy(policy), scenario, policy)


async def seen(pilot: Pilot[None], keys: str) -> Iterator[str]:
    """Return what stands on the screen after each of some keys."""
    shown = [on_screen(pilot)]
    for key in keys.split():
        await press(pilot, key)
        shown.append(on_screen(pilot))
    return iter(shown)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_the_debugger(
    size: tuple[int, int], policy: str, scenario: str, tmp_path: Path
) -> None:
    session = opened(scenario, "--policy", policy)[0].seek(20)
    async with running(DebuggerApp(session), size) as pilot:
        keys = "1 2 3 4 5 6 7 8 9 w x f l h a p escape c escape ctrl+p escape ? escape"
        shown = "".join(await seen(pilot, keys))
        assert "[red]" in shown
        for line in (f"mark {MARKUP}</svg>", "info bookmarks", "list", f"search {MARKUP}"):
            await type_line(pilot, line)
            on_screen(pilot)
            if not isinstance(pilot.app.screen, DebuggerScreen):
                await press(pilot, "escape")
        pilot.app.notify(NAME, markup=False)
        await pilot.pause()
        on_screen(pilot)
        await type_line(pilot, f"export svg {tmp_path}/screen.svg")
        check_svg((tmp_path / "screen.svg").read_text(encoding="utf-8"))


async def test_the_picker(policy: str) -> None:
    async with running(DebuggerApp(policy=load_policy(policy)), (200, 60)) as pilot:
        assert "[red]" in on_screen(pilot)


async def test_the_comparison(policy: str, scenario: str) -> None:
    session = opened(scenario, "--policy", policy)[0].seek(20)
    case = Case.of(load_scenario(scenario), load_policy("upstream"))
    app = DebuggerApp(Comparison.under(session, case, told_alike))
    async with running(app, (200, 60)) as pilot:
        assert "[red]" in "".join(await seen(pilot, "l n w escape ? escape"))


@pytest.mark.parametrize("mode", [Mode.TOUR, Mode.QUIZ])
async def test_the_tour_and_the_quiz(mode: Mode, policy: str, scenario: str) -> None:
    session = opened(scenario, "--policy", policy)[0]
    async with running(DebuggerApp(session, mode=mode), (200, 60)) as pilot:
        assert "[red]" in "".join(await seen(pilot, "enter a enter b l l"))


async def test_what_no_panel_looked_at_is_still_harmless(session: Session) -> None:
    from textual.widgets import Static

    async with running(DebuggerApp(session("secondary-stale-line"))) as pilot:
        await pilot.app.screen.mount(Static(f"{STEERING}here", markup=False))
        await pilot.pause()
        assert "here" in on_screen(pilot)
