from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from engine.policy.policy import Options
from engine.policy.source import user_line
from engine.refusal import RefusedError
from scenarios.names import policy_names, policy_title
from scenarios.policy_library import candidate_policy, load_candidates, load_policy
from scenarios.sources.base import MAX_BYTES, read_tree

MAIL = """\
From: A Reader <reader@example.org>
Subject: flushing less
Date: Thu, 1 May 2025 10:00:00 +0000

Hello,

this is what happens now:

{now}
and this is what I have in mind:

{then}
Would that do?
"""

PATCH = """\
From: A Reader <reader@example.org>
Subject: [PATCH] KVM: arm64: flush for vcpu0 alone
Date: Thu, 1 May 2025 10:00:00 +0000

---
 arch/arm64/kvm/mmu.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/arch/arm64/kvm/mmu.c b/arch/arm64/kvm/mmu.c
--- a/arch/arm64/kvm/mmu.c
+++ b/arch/arm64/kvm/mmu.c
@@ -9,7 +9,7 @@ void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
 \tbool now_enabled = vcpu_has_cache_enabled(vcpu);
\x20
 \t/* On: drop stale copies. Off: write dirty ones back. One walk does both. */
-\tif (now_enabled != was_enabled)
+\tif (now_enabled != was_enabled && !vcpu->vcpu_id)
 \t\tstage2_flush_vm(vcpu->kvm);
\x20
 \t/* With caches on there is no more to catch, until a set/way operation. */
"""


def code(policy: str) -> str:
    """Return a built-in policy's function without the comment above it."""
    text = files("scenarios").joinpath(f"policies/{policy}.c").read_text("utf-8")
    return text[text.index("void ") :]


def write_mail(directory: Path) -> Path:
    path = directory / "mail.txt"
    path.write_text(MAIL.format(now=code("upstream"), then=code("vcpu0-only")), encoding="utf-8")
    return path


def test_the_built_in_policies_are_listed_by_name() -> None:
    names = policy_names()

    assert set(names) >= {"first-to-enable", "never", "upstream", "vcpu0-only"}
    assert names == tuple(sorted(set(names) - {"set-way"}))


@pytest.mark.parametrize("name", policy_names())
def test_a_built_in_policy_loads_by_name(name: str) -> None:
    policy = load_policy(name)

    assert policy.name == name
    assert [source.name for source in policy.sources] == [f"{name}.c", "set-way.c"]
    assert policy.toggle is not None or policy.trap_handler is not None
    assert policy.set_way is not None


def test_a_policy_is_captioned_by_its_own_first_sentence() -> None:
    assert policy_title("never") == "No flush at all, whatever the guest switches"


def test_the_options_reach_the_compiler() -> None:
    options = Options(configs=(("CONFIG_ARM64", 1),))

    assert load_policy("upstream", options=options).options == options


def test_a_c_file_is_a_policy_with_the_built_in_set_way_operation(tmp_path: Path) -> None:
    path = tmp_path / "mine.c"
    path.write_text(code("never"), encoding="utf-8")

    policy = load_policy(str(path))

    assert policy.name == "mine.c"
    assert [source.name for source in policy.sources] == ["mine.c", "set-way.c", "upstream.c"]
    assert policy.set_way is not None


@pytest.mark.parametrize(("number", "built_in"), [(1, "upstream"), (2, "vcpu0-only")])
def test_a_candidate_of_a_mail_is_picked_by_number(
    number: int, built_in: str, tmp_path: Path
) -> None:
    policy = load_policy(f"{write_mail(tmp_path)}#{number}")

    assert policy.name == f"mail.txt#{number}"
    assert policy.source.text == code(built_in)


def test_a_patch_is_applied_to_the_built_in_upstream(tmp_path: Path) -> None:
    path = tmp_path / "less.patch"
    path.write_text(PATCH, encoding="utf-8")

    policy = load_policy(str(path))

    assert policy.name == "less.patch"
    assert code("upstream").replace(
        "was_enabled)\n\t\t", "was_enabled && !vcpu->vcpu_id)\n\t\t"
    ) in (policy.source.text)


def test_a_file_whose_name_ends_in_a_number_is_that_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.c#2"
    path.write_text(code("never"), encoding="utf-8")

    assert load_policy(str(path)).name == "mine.c#2"


def test_what_cannot_be_compiled_is_placed_in_the_users_file(tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_text(
        MAIL.format(now=code("upstream"), then=code("never").replace("HCR_TVM", "HCR_TVN")),
        encoding="utf-8",
    )
    line = (
        path.read_text(encoding="utf-8").split("\n").index("\t\t*vcpu_hcr(vcpu) &= ~HCR_TVN;") + 1
    )

    with pytest.raises(RefusedError) as refused:
        load_policy(f"{path}#2")

    assert (refused.value.file, refused.value.line) == ("mail.txt", line)
    assert "HCR_TVN" in refused.value.found


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            "vcpu0_only",
            "policy: found 'vcpu0_only'; expected a built-in policy's name or a file; "
            "did you mean 'vcpu0-only'?",
        ),
        (
            "zzz#1",
            "policy: found 'zzz'; expected a built-in policy's name or a file: "
            f"{', '.join(policy_names())}",
        ),
        (
            "set-way",
            "policy: found 'set-way'; expected a built-in policy's name or a file: "
            f"{', '.join(policy_names())}",
        ),
        (
            "",
            "policy: found ''; expected a built-in policy's name or a file: "
            f"{', '.join(policy_names())}",
        ),
        (
            "a" * 5000,
            f"policy: found '{'a' * 39}…'; expected a built-in policy's name or a file: "
            f"{', '.join(policy_names())}",
        ),
        (
            "no/such.c",
            "no/such.c: found no readable file (No such file or directory); "
            "expected a C file, patch or mail",
        ),
        (
            "a\0b",
            "policy: found 'a\\x00b'; expected a built-in policy's name or a file: "
            f"{', '.join(policy_names())}",
        ),
    ],
)
def test_what_is_no_policy_is_refused(spec: str, message: str) -> None:
    with pytest.raises(RefusedError) as refused:
        load_policy(spec)

    assert str(refused.value) == message


def test_a_mail_with_several_candidates_needs_a_number(tmp_path: Path) -> None:
    path = write_mail(tmp_path)

    with pytest.raises(RefusedError) as refused:
        load_policy(str(path))

    assert str(refused.value) == (
        f"{path}: found 2 candidates; expected one of them: {path}#1 to {path}#2"
    )


def test_a_candidate_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="found 2 candidates, none of them #3"):
        load_policy(f"{write_mail(tmp_path)}#3")


def test_every_candidate_of_a_file_is_loaded_or_the_one_that_is_named(tmp_path: Path) -> None:
    path = write_mail(tmp_path)

    every = load_candidates(str(path))

    assert [one.name for one in every] == ["mail.txt#1", "mail.txt#2"]
    assert load_candidates(f"{path}#2") == (every[1],)
    assert candidate_policy(every[1]) == load_policy(f"{path}#2")


def test_the_places_of_a_candidate_lead_to_the_users_own_lines(tmp_path: Path) -> None:
    path = write_mail(tmp_path)
    policy = load_policy(f"{path}#2")
    toggle = policy.functions[policy.toggle or 0]
    lines = path.read_text(encoding="utf-8").split("\n")

    places = [toggle.place, *(each.place for each in toggle.operations)]

    assert [lines[user_line(policy.sources, place) - 1].strip() for place in places] == [
        policy.source.text.split("\n")[place.line - 1].strip() for place in places
    ]
    assert user_line(policy.sources, toggle.place) > toggle.place.line == 1


def test_lines_of_a_patchs_base_are_no_lines_of_the_users_file(tmp_path: Path) -> None:
    path = tmp_path / "less.patch"
    path.write_text(PATCH, encoding="utf-8")
    source = load_policy(str(path)).source
    lines = path.read_text(encoding="utf-8").split("\n")

    from_patch = [line for line in range(1, len(source.lines) + 1) if source.user_line(line)]

    assert 0 < len(from_patch) < len(source.lines)
    assert all(
        lines[source.user_line(line) - 1][1:] == source.text.split("\n")[line - 1]
        for line in from_patch
    )


def test_a_c_file_is_its_own_lines(tmp_path: Path) -> None:
    path = tmp_path / "mine.c"
    path.write_text(code("never"), encoding="utf-8")
    source = load_policy(str(path)).source

    assert (source.lines, source.user_line(7)) == ((), 7)


def test_what_stands_in_for_a_missing_function_never_has_the_users_name(tmp_path: Path) -> None:
    path = tmp_path / "set-way.c"
    path.write_text(code("never"), encoding="utf-8")

    assert [source.name for source in load_policy(str(path)).sources] == [
        "set-way.c",
        "built-in set-way.c",
        "upstream.c",
    ]


def test_an_error_in_what_a_patch_left_alone_says_whose_line_it_is(tmp_path: Path) -> None:
    base = tmp_path / "mmu.c"
    base.write_text(code("upstream").replace("HCR_TVM", "HCR_TVN"), encoding="utf-8")
    path = tmp_path / "less.patch"
    path.write_text(PATCH, encoding="utf-8")

    with pytest.raises(RefusedError) as refused:
        load_policy(str(path), base=read_tree([str(base)]))

    assert refused.value.file == "less.patch (the base with the patch applied)"


def test_a_patch_is_applied_to_the_base_that_is_given(tmp_path: Path) -> None:
    base = tmp_path / "mmu.c"
    base.write_text(f"static int here;\n\n{code('upstream')}", encoding="utf-8")
    path = tmp_path / "less.patch"
    path.write_text(PATCH, encoding="utf-8")

    (candidate,) = load_candidates(str(path), base=read_tree([str(base)]))

    assert any("lines from where it says" in note for note in candidate.notes)


def test_a_base_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.c"
    large.write_bytes(b" " * (MAX_BYTES + 1))

    with pytest.raises(RefusedError) as missing:
        read_tree(["no/such.c"])
    with pytest.raises(RefusedError) as too_large:
        read_tree([str(large)])

    assert str(missing.value) == (
        "no/such.c: found no readable file (No such file or directory); expected a C file"
    )
    assert str(too_large.value) == "large.c: found more than 8 MiB; expected a smaller file"


def test_a_macro_of_another_file_is_refused_with_what_to_do() -> None:
    review = Path(__file__).parent.parent / "review"
    patch = str(review / "cases" / "new-header-with-a-base.patch")
    with pytest.raises(RefusedError) as refused:
        load_policy(patch, base=read_tree([str(review / "trees" / "small")]))
    way = "macros of arch/arm64/kvm/flush_when.h are not read there: define it where it is used"
    assert (refused.value.found, refused.value.way) == ("a call of flush_now()", way)
