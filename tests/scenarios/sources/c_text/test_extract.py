"""What of a text is code: candidates, what is cut short, and what is in no function."""

from __future__ import annotations

from scenarios.sources.c_text.extract import find_code
from scenarios.sources.mail.quoting import View
from scenarios.sources.source_text import SourceLine

TOGGLE = "void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool on)\n{\n\tf(vcpu);\n}\n"


def _view(text: str) -> View:
    lines = (SourceLine(part, n) for n, part in enumerate(text.split("\n"), 1))
    return View(0, tuple(lines))


def _texts(text: str) -> list[list[str]]:
    drafts = find_code(_view(text)).drafts
    return [[line.text for file in draft.files for line in file.lines] for draft in drafts]


def test_what_decides_is_taken_though_nothing_beside_it_uses_it() -> None:
    toggle = TOGGLE.strip().split("\n")
    for other in ("#define HCR_GUEST_FLAGS 0", "static inline void dcache_clean_poc(void) { }"):
        assert _texts(f"{other}\n\n{TOGGLE}") == [[other, *toggle]]
    for other in ("#define OTHER 0", "static void other(void) { }"):
        assert _texts(f"{other}\n\n{TOGGLE}") == [toggle]


def test_code_is_loose_that_is_in_no_function() -> None:
    text = f"Then:\n\n\tg();\n+\th();\n\n{TOGGLE}\nbye"
    for beside_a_diff, numbers in ((False, [[3, 4]]), (True, [[4]])):
        loose = find_code(_view(text), beside_a_diff=beside_a_diff).loose
        assert [[line.number for line in piece] for piece in loose] == numbers


def test_the_body_of_what_is_cut_short_is_not_loose_as_well() -> None:
    code = find_code(
        _view(f"{TOGGLE.replace('f(vcpu);', 'f(vcpu);' + chr(10) + '...')}\nbye\n\tg();")
    )
    assert [(cut.name, cut.line) for cut in code.unfinished] == [("kvm_toggle_cache", 1)]
    assert [[line.number for line in piece] for piece in code.loose] == [[8]]
