from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.refusal import RefusedError
from scenarios.sources.base import MAX_BYTES, Builtin
from scenarios.sources.candidate import MAX_CANDIDATES
from scenarios.sources.read import MAX_LINES, find_candidates

CORPUS = Path(__file__).parent / "corpus"
BASE = Builtin("the built-in upstream", (CORPUS / "upstream.c").read_text())
SEEDS = sorted(
    path.read_bytes() for path in CORPUS.iterdir() if not path.name.endswith(".expected")
)
PIECES = (
    *(b"From a Mon Jan  6 10:00:00 2025\n", b"Subject: [PATCH 1/2] x\nFrom: a\n\n", b"> ", b"\n"),
    *(b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", b"--x--\n", b"=20=\n", b"\xff\x00"),
    *(b"Content-Transfer-Encoding: base64\n", b"Content-Type: text/plain; charset=utf-16\n\n"),
    *(b"--- a/mmu.c\n+++ b/mmu.c\n", b"@@ -1,3 +1,4 @@ void kvm_toggle_cache(\n", b"@@ x @@\n"),
    *(
        b"@@ -0,0 +0,0 @@ void kvm_toggle_cache(\n",
        b"@@ -1 +1 @@\n",
        b" \n",
        b"-- \n",
        b"diff --git ",
    ),
    *(
        b"void kvm_toggle_cache(struct kvm_vcpu *v, bool w)\n{\n",
        b"}\n",
        b"+\tx();\n",
        b"-\tx();\n",
    ),
    *(
        b" \tx();\n",
        b"/* ",
        b"*/",
        b'"',
        b"'",
        b"#if X\n",
        b"#endif\n",
        b"#define X \\\n",
        b"static ",
    ),
    *(
        b"int x = 1;\n",
        b"\r\n",
        b"\r",
        b"\\",
        b"[...]\n",
        b"\t",
        b"(",
        b")",
        b"{",
        b";",
        b"\xe2\x80",
    ),
)


def _check(name: str, data: bytes) -> None:
    try:
        found = find_candidates(name, data, base=BASE)
    except RefusedError:
        return
    assert found
    for candidate in found:
        assert len(candidate.line_map) == candidate.text.count("\n")
        assert all(0 <= line <= len(data) + 1 for line in candidate.line_map)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(("x.txt", "x.c", "x.eml")), st.lists(st.sampled_from(PIECES), max_size=40))
def test_pieces_in_any_order_give_candidates_or_a_source_error(
    name: str, pieces: list[bytes]
) -> None:
    _check(name, b"".join(pieces))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_corpus_gives_candidates_or_a_source_error(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(SEEDS)).splitlines(keepends=True)
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(("drop", "repeat", "cut", "insert", "swap")))
        match change:
            case "drop":
                lines[at] = b""
            case "repeat":
                lines[at] *= 2
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
            case "insert":
                lines[at] += data.draw(st.sampled_from(PIECES))
            case _:
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
    _check("x.txt", b"".join(lines))


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_give_candidates_or_a_source_error(data: bytes) -> None:
    for name in ("x.txt", "x.c"):
        _check(name, data)


START = "void kvm_toggle_cache(struct kvm_vcpu *v, bool w)\n{\n"
MAIL = "From: a\nSubject: b\n"
LARGE = {
    "open functions": START * 20_000,
    "open functions of other names": "int f(void)\n{\n" * 20_000,
    "open braces": START + "{" * 1_000_000,
    "open parentheses": "int f(" * 200_000,
    "parentheses on lines": "int f((\n" * 60_000,
    "words": "a " * 1_000_000,
    "identifiers on one line": "int " * 1_000_000 + "(",
    "spaces": "static" + " " * 4_000_000,
    "statics that never end": "static int x = {\n" * 60_000,
    "conditionals": "#if X\n" * 60_000,
    "closed conditionals": "#if X\n#endif\n" * 80_000,
    "headings": "@@ -1,9 +1,9 @@\n" * 60_000,
    "vague headings": "@@\n" * 60_000,
    "hunks": "--- a/mmu.c\n+++ b/mmu.c\n" + "@@ -1 +1 @@\n-if (a)\n+if (b)\n" * 20_000,
    "one long hunk": "@@ -1,19000 +1,19000 @@ void kvm_toggle_cache(\n"
    + " if (now_enabled != was_enabled)\n" * 18_999
    + "-x\n+y\n",
    "quotes": ">" * 3_000_000,
    "quoted depths": "".join(">" * (n % 40) + " x\n" for n in range(60_000)),
    "alternating quotes": "> a\nb\n" * 40_000,
    "mbox": "From a Mon Jan  6 10:00:00 2025\n\n" * 40_000,
    "nested parts": MAIL + 'Content-Type: multipart/mixed; boundary="a"\n\n--a\n' * 5_000,
    "nested messages": MAIL + "Content-Type: message/rfc822\n\n" * 60,
    "long boundary": MAIL
    + f'Content-Type: multipart/mixed; boundary="{"b" * 100_000}"\n\n'
    + f"--{'b' * 99_999}\n" * 20,
    "parts": MAIL + 'Content-Type: multipart/mixed; boundary="a"\n\n' + "--a\n\nx\n" * 50_000,
    "encoded words": "From: a\nSubject: " + "=?utf-8?q?=20?= " * 20_000 + "\n\n",
    "flowed": MAIL + "Content-Type: text/plain; format=flowed\n\n" + "a \n" * 60_000,
    "macro lines": "#define X \\\n" * 60_000,
    "open comments": START + "/*" * 1_000_000,
    "string": START + '"' * 1_000_000,
    "backslashes": START + '"' + "\\" * 1_000_000,
}


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE.keys())
def test_a_large_hostile_file_is_read_in_bounded_time(text: str) -> None:
    began = time.thread_time()
    _check("x.txt", text.encode())
    assert time.thread_time() - began < 60


@pytest.mark.parametrize("text", [">>>#ifdef\n)\n>>>#endif\n", ">#if\n(\n>#endif\n>\n"])
def test_quoted_conditionals_around_nothing_are_no_candidate(text: str) -> None:
    with pytest.raises(RefusedError, match="without a policy"):
        find_candidates("x.txt", text.encode())


def test_too_many_candidates_are_refused() -> None:
    toggles = (START + "}\n") * (MAX_CANDIDATES + 1)
    found = f"x.txt:{3 * MAX_CANDIDATES + 1}:1: found {MAX_CANDIDATES + 1} candidates"
    with pytest.raises(RefusedError, match=f"{found}; expected at most {MAX_CANDIDATES} in a file"):
        find_candidates("x.txt", toggles.encode())
    text = (START + "}\n") * MAX_CANDIDATES
    assert len(find_candidates("x.txt", text.encode())) == MAX_CANDIDATES


def test_too_many_bytes_and_too_many_lines_are_refused() -> None:
    with pytest.raises(RefusedError, match=r"x\.txt: found more than 8 MiB; expected a smaller"):
        find_candidates("x.txt", b" " * (MAX_BYTES + 1))
    with pytest.raises(RefusedError, match=f"found {MAX_LINES + 1} lines; expected at most"):
        find_candidates("x.txt", b"\n" * (MAX_LINES + 1))
