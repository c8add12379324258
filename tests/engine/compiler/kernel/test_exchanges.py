"""xchg(), cmpxchg() and try_cmpxchg() on plain variables: what they give, and what they leave."""

from __future__ import annotations

import pytest

from tests.engine.compiler.lines import left, refusal

OUTSIDE = "static int word = 5;\nstatic int gives = -1;"


@pytest.mark.parametrize(
    ("call", "gives", "word"),
    [
        ("xchg(&word, 9)", 5, 9),
        ("xchg_relaxed(&word, 9)", 5, 9),
        ("xchg_acquire(&word, 9)", 5, 9),
        ("xchg_release(&word, 9)", 5, 9),
        ("cmpxchg(&word, 5, 9)", 5, 9),
        ("cmpxchg(&word, 6, 9)", 5, 5),
        ("cmpxchg_acquire(&word, 5, 9)", 5, 9),
        ("cmpxchg_release(&word, 6, 9)", 5, 5),
        ("cmpxchg_local(&word, 5, 9)", 5, 9),
        ("cmpxchg_relaxed(&word, 5, 9)", 5, 9),
        ("cmpxchg64(&word, 5, 9)", 5, 9),
        ("cmpxchg64_relaxed(&word, 6, 9)", 5, 5),
        ("cmpxchg64_local(&word, 6, 9)", 5, 5),
        ("arch_xchg(&word, 9)", 5, 9),
        ("raw_cmpxchg(&word, 6, 9)", 5, 5),
    ],
)
def test_an_exchange_gives_what_was_there(call: str, gives: int, word: int) -> None:
    assert left(f"gives = {call};", OUTSIDE) == {"word": word, "gives": gives}


@pytest.mark.parametrize(
    ("expected", "gives", "word", "found"), [(5, 1, 9, 5), (6, 0, 5, 5), (0, 0, 5, 5)]
)
def test_a_tried_exchange_says_whether_it_was_made(
    expected: int, gives: int, word: int, found: int
) -> None:
    outside = f"{OUTSIDE}\nstatic int old = {expected};"
    after = {"word": word, "gives": gives, "old": found}
    for name in ("try_cmpxchg", "try_cmpxchg64"):
        for ordering in ("", "_relaxed", "_acquire", "_release"):
            assert left(f"gives = {name}{ordering}(&word, &old, 9);", outside) == after


def test_pointers_can_be_exchanged() -> None:
    outside = "static struct kvm_vcpu *first;\nstatic int gives;"
    body = """
	struct kvm_vcpu *none = NULL;

	gives = !cmpxchg(&first, NULL, vcpu) && first == vcpu;
	gives += try_cmpxchg(&first, &none, vcpu) || none != vcpu;
	gives += xchg(&first, NULL) == vcpu && first == NULL;
	"""
    assert left(body, outside) == {"first": 0, "gives": 2}


def test_what_is_written_is_cut_to_the_variables_width() -> None:
    outside = "static u8 byte = 1;\nstatic int gives;"
    assert left("gives = xchg(&byte, 0x1ff);", outside) == {"byte": 0xFF, "gives": 1}
    assert left("gives = cmpxchg(&byte, 0x101, 2);", outside) == {"byte": 2, "gives": 1}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("xchg(&word)", "expected 2 arguments"),
        ("cmpxchg(&word, 1)", "expected 3 arguments"),
        ("try_cmpxchg(&word, &word)", "expected 3 arguments"),
        ("xchg(&vcpu->vcpu_id, 1)", "expected an integer or a pointer"),
        ("xchg(&lock, 1)", "expected an integer or a pointer"),
        ("try_cmpxchg(&word, &wide, 1)", "a long; expected a int"),
        ("try_cmpxchg(&word, &vcpu->vcpu_id, 1)", "expected an object that can change"),
        ("xchg(word, 1)", "expected a pointer"),
    ],
)
def test_an_exchange_of_what_cannot_be_exchanged_is_refused(call: str, message: str) -> None:
    outside = f"{OUTSIDE}\nstatic long wide;\nstatic DEFINE_SPINLOCK(lock);"
    assert message in refusal(f"{call};", outside)
