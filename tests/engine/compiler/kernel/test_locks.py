"""Lock functions and guards: what each takes, gives back and gives, and of which locks."""

from __future__ import annotations

import pytest

from engine.compiler.headers import KVM_LOCKS, LOCK_TYPES
from engine.policy.c_types import LockKind
from engine.policy.locks import GUARDS, UNCHECKED_GUARDS, LockCall, lock_call
from tests.engine.compiler.lines import ended, left, refusal

LOCKS = {
    "spin_lock": (LockKind.SPIN, "takes", 1),
    "spin_lock_irq": (LockKind.SPIN, "takes", 1),
    "spin_lock_irqsave": (LockKind.SPIN, "takes", 2),
    "spin_lock_bh": (LockKind.SPIN, "takes", 1),
    "spin_lock_nested": (LockKind.SPIN, "takes", 2),
    "spin_lock_nest_lock": (LockKind.SPIN, "takes", 2),
    "spin_trylock_irq": (LockKind.SPIN, "tries", 1),
    "spin_trylock_bh": (LockKind.SPIN, "tries", 1),
    "spin_unlock": (LockKind.SPIN, "releases", 1),
    "spin_unlock_irq": (LockKind.SPIN, "releases", 1),
    "spin_unlock_irqrestore": (LockKind.SPIN, "releases", 2),
    "spin_unlock_bh": (LockKind.SPIN, "releases", 1),
    "spin_trylock": (LockKind.SPIN, "tries", 1),
    "spin_trylock_irqsave": (LockKind.SPIN, "tries", 2),
    "raw_spin_lock": (LockKind.RAW_SPIN, "takes", 1),
    "raw_spin_lock_irqsave": (LockKind.RAW_SPIN, "takes", 2),
    "raw_spin_lock_irq": (LockKind.RAW_SPIN, "takes", 1),
    "raw_spin_lock_bh": (LockKind.RAW_SPIN, "takes", 1),
    "raw_spin_lock_nested": (LockKind.RAW_SPIN, "takes", 2),
    "raw_spin_lock_nest_lock": (LockKind.RAW_SPIN, "takes", 2),
    "raw_spin_trylock_irq": (LockKind.RAW_SPIN, "tries", 1),
    "raw_spin_trylock_irqsave": (LockKind.RAW_SPIN, "tries", 2),
    "raw_spin_trylock_bh": (LockKind.RAW_SPIN, "tries", 1),
    "raw_spin_unlock_irq": (LockKind.RAW_SPIN, "releases", 1),
    "raw_spin_unlock_bh": (LockKind.RAW_SPIN, "releases", 1),
    "raw_spin_unlock": (LockKind.RAW_SPIN, "releases", 1),
    "raw_spin_unlock_irqrestore": (LockKind.RAW_SPIN, "releases", 2),
    "raw_spin_trylock": (LockKind.RAW_SPIN, "tries", 1),
    "mutex_lock": (LockKind.MUTEX, "takes", 1),
    "mutex_lock_io": (LockKind.MUTEX, "takes", 1),
    "mutex_lock_nested": (LockKind.MUTEX, "takes", 2),
    "mutex_lock_interruptible": (LockKind.MUTEX, "takes and gives", 1),
    "mutex_lock_interruptible_nested": (LockKind.MUTEX, "takes and gives", 2),
    "mutex_lock_killable": (LockKind.MUTEX, "takes and gives", 1),
    "mutex_lock_killable_nested": (LockKind.MUTEX, "takes and gives", 2),
    "mutex_unlock": (LockKind.MUTEX, "releases", 1),
    "mutex_trylock": (LockKind.MUTEX, "tries", 1),
    "read_lock": (LockKind.RWLOCK, "shares", 1),
    "read_lock_irqsave": (LockKind.RWLOCK, "shares", 2),
    "read_lock_irq": (LockKind.RWLOCK, "shares", 1),
    "read_lock_bh": (LockKind.RWLOCK, "shares", 1),
    "read_unlock_irq": (LockKind.RWLOCK, "releases shared", 1),
    "read_unlock_bh": (LockKind.RWLOCK, "releases shared", 1),
    "read_unlock": (LockKind.RWLOCK, "releases shared", 1),
    "read_unlock_irqrestore": (LockKind.RWLOCK, "releases shared", 2),
    "read_trylock": (LockKind.RWLOCK, "tries to share", 1),
    "write_lock": (LockKind.RWLOCK, "takes", 1),
    "write_lock_irq": (LockKind.RWLOCK, "takes", 1),
    "write_lock_irqsave": (LockKind.RWLOCK, "takes", 2),
    "write_lock_bh": (LockKind.RWLOCK, "takes", 1),
    "write_trylock_irqsave": (LockKind.RWLOCK, "tries", 2),
    "write_unlock_irq": (LockKind.RWLOCK, "releases", 1),
    "write_unlock_irqrestore": (LockKind.RWLOCK, "releases", 2),
    "write_unlock_bh": (LockKind.RWLOCK, "releases", 1),
    "write_unlock": (LockKind.RWLOCK, "releases", 1),
    "write_trylock": (LockKind.RWLOCK, "tries", 1),
    "down_read": (LockKind.RWSEM, "shares", 1),
    "down_read_nested": (LockKind.RWSEM, "shares", 2),
    "down_read_interruptible": (LockKind.RWSEM, "shares and gives", 1),
    "down_read_killable_nested": (LockKind.RWSEM, "shares and gives", 2),
    "down_read_killable": (LockKind.RWSEM, "shares and gives", 1),
    "down_read_trylock": (LockKind.RWSEM, "tries to share", 1),
    "up_read": (LockKind.RWSEM, "releases shared", 1),
    "down_write": (LockKind.RWSEM, "takes", 1),
    "down_write_nested": (LockKind.RWSEM, "takes", 2),
    "down_write_killable_nested": (LockKind.RWSEM, "takes and gives", 2),
    "down_write_killable": (LockKind.RWSEM, "takes and gives", 1),
    "down_write_trylock": (LockKind.RWSEM, "tries", 1),
    "up_write": (LockKind.RWSEM, "releases", 1),
}
"""Lock functions: the kind of lock, what is done with it, and how many arguments."""


def test_a_lock_function_does_what_its_name_says() -> None:
    def told(found: LockCall | None) -> tuple[LockKind, str, int]:
        assert found is not None
        does = "releases" if found.releases else "tries" if found.tries else "takes"
        if found.shared:
            does = {"releases": "releases shared", "tries": "tries to share", "takes": "shares"}[
                does
            ]
        return found.kinds[0], f"{does} and gives" if found.gives else does, found.arguments

    assert {name: told(lock_call(name)) for name in LOCKS} == LOCKS


DECLARED = {
    LockKind.SPIN: "static DEFINE_SPINLOCK(l);",
    LockKind.RAW_SPIN: "static DEFINE_RAW_SPINLOCK(l);",
    LockKind.MUTEX: "static DEFINE_MUTEX(l);",
    LockKind.RWLOCK: "static DEFINE_RWLOCK(l);",
    LockKind.RWSEM: "static DECLARE_RWSEM(l);",
}
HELD = {"takes": 2, "shares": -1, "tries": 2, "tries to share": -1}
"""What a lock holds after: 0 free, n + 2 written by vCPU n, less than 0 that many readers."""


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_function_leaves_its_lock_held_or_free(name: str) -> None:
    kind, does, count = LOCKS[name]
    arguments = "&l, flags" if count == 2 else "&l"
    gives = does.endswith(" and gives") or does.startswith("tries")
    call = f"n = {name}({arguments});" if gives else f"{name}({arguments});"
    body = f"unsigned long flags = 0; {call}"
    found = left(body, f"static int n = 9;\n{DECLARED[kind]}")
    held = HELD.get(does.removesuffix(" and gives"), 0)
    given = 1 if does.startswith("tries") else 0 if gives else 9
    assert found == {"l": held, **({"n": given} if gives else {})}
    for other in set(DECLARED) - {kind}:
        assert f"expected {kind.value}" in refusal(body, f"static int n;\n{DECLARED[other]}")
    assert f"expected {count} arguments" in refusal(f"int n; {name}();", DECLARED[kind])


GUARDED = {
    "mutex": (LockKind.MUTEX, 2),
    "spinlock": (LockKind.SPIN, 2),
    "spinlock_irq": (LockKind.SPIN, 2),
    "spinlock_bh": (LockKind.SPIN, 2),
    "spinlock_irqsave": (LockKind.SPIN, 2),
    "raw_spinlock": (LockKind.RAW_SPIN, 2),
    "raw_spinlock_irq": (LockKind.RAW_SPIN, 2),
    "raw_spinlock_irqsave": (LockKind.RAW_SPIN, 2),
    "read_lock": (LockKind.RWLOCK, -1),
    "write_lock": (LockKind.RWLOCK, 2),
    "rwsem_read": (LockKind.RWSEM, -1),
    "rwsem_write": (LockKind.RWSEM, 2),
}
"""The classes of guards: the kind of lock, and what it holds inside."""

TEST = {
    LockKind.SPIN: "spin_is_locked(&l)",
    LockKind.RAW_SPIN: "raw_spin_is_locked(&l)",
    LockKind.MUTEX: "mutex_is_locked(&l)",
    LockKind.RWSEM: "rwsem_is_locked(&l)",
}
TRIED = {
    LockKind.SPIN: "!spin_trylock(&l)",
    LockKind.RAW_SPIN: "!raw_spin_trylock(&l)",
    LockKind.MUTEX: "!mutex_trylock(&l)",
    LockKind.RWLOCK: "!write_trylock(&l)",
    LockKind.RWSEM: "!down_write_trylock(&l)",
}


@pytest.mark.parametrize("guard", GUARDED)
def test_a_guard_holds_its_lock_to_the_end_of_its_block(guard: str) -> None:
    kind, held = GUARDED[guard]
    body = f"{{ guard({guard})(&l); inside = {TRIED[kind]}; }} after = {TRIED[kind]};"
    outside = f"{DECLARED[kind]}\nstatic int inside = 9;\nstatic int after = 9;"
    assert left(body, outside) == {"l": 2, "inside": 1, "after": 0}
    body = f"scoped_guard({guard}, &l) inside = {TRIED[kind]}; after = {TRIED[kind]};"
    assert left(body, outside) == {"l": 2, "inside": 1, "after": 0}
    shared = "read_trylock(&l)" if kind is LockKind.RWLOCK else "down_read_trylock(&l)"
    if kind in (LockKind.RWLOCK, LockKind.RWSEM):
        body = f"scoped_guard({guard}, &l) inside = {shared};"
        assert left(body, outside)["inside"] == (held < 0)
    assert "expected 1 arguments" in refusal(f"guard({guard})();", outside)


def test_every_class_of_guard_has_a_line_of_c() -> None:
    assert set(GUARDED) == set(GUARDS)
    assert {"preempt", "irq", "irqsave", "rcu", "srcu", "migrate"} == UNCHECKED_GUARDS
    assert all(not (g.releases or g.tries or g.gives) for g in GUARDS.values())
    assert {g.arguments for g in GUARDS.values()} == {1}
    lines = "".join(f"guard({name})(); scoped_guard({name}) n++;" for name in UNCHECKED_GUARDS)
    assert left(lines, "static int n;") == {"n": len(UNCHECKED_GUARDS)}
    for line in ("guard()();", "scoped_guard() return;"):
        assert "found a guard of class ''; expected mutex, spinlock," in refusal(line)


@pytest.mark.parametrize("kind", TEST)
def test_a_lock_is_asked_whether_it_is_held(kind: LockKind) -> None:
    take = next(n for n, (k, does, c) in LOCKS.items() if (k, does, c) == (kind, "takes", 1))
    drop = next(n for n, (k, does, c) in LOCKS.items() if (k, does, c) == (kind, "releases", 1))
    body = f"a = {TEST[kind]}; {take}(&l); b = {TEST[kind]}; {drop}(&l); c = {TEST[kind]};"
    outside = f"{DECLARED[kind]}\nstatic int a = 9;\nstatic int b = 9;\nstatic int c = 9;"
    assert left(body, outside) == {"l": 0, "a": 0, "b": 1, "c": 0}


@pytest.mark.parametrize(
    ("init", "kind"),
    [
        ("spin_lock_init", LockKind.SPIN),
        ("raw_spin_lock_init", LockKind.RAW_SPIN),
        ("mutex_init", LockKind.MUTEX),
        ("rwlock_init", LockKind.RWLOCK),
        ("init_rwsem", LockKind.RWSEM),
    ],
)
def test_a_lock_that_is_initialised_is_free(init: str, kind: LockKind) -> None:
    take = next(n for n, (k, does, c) in LOCKS.items() if (k, does, c) == (kind, "takes", 1))
    assert left(f"{take}(&l); {init}(&l);", DECLARED[kind]) == {"l": 0}
    for other in set(DECLARED) - {kind}:
        assert f"expected {kind.value}" in refusal(f"{init}(&l);", DECLARED[other])


def test_every_type_of_lock_can_be_declared() -> None:
    assert set(LOCK_TYPES) == {"spinlock_t", "raw_spinlock_t", "rwlock_t", "mutex", "rw_semaphore"}
    for name, kind in LOCK_TYPES.items():
        word = name if name.endswith("_t") else f"struct {name}"
        take = next(n for n, (k, does, c) in LOCKS.items() if (k, does, c) == (kind, "takes", 1))
        assert left(f"{take}(&l);", f"static {word} l;") == {"l": 2}


@pytest.mark.parametrize(
    ("word", "take"),
    [
        ("spinlock_t", "spin_lock"),
        ("raw_spinlock_t", "raw_spin_lock"),
        ("rwlock_t", "write_lock"),
        ("struct mutex", "mutex_lock"),
        ("struct rw_semaphore", "down_write"),
    ],
)
def test_a_lock_is_taken_by_the_functions_of_its_own_type_alone(word: str, take: str) -> None:
    lock = f"static {word} l;"
    assert left(f"{take}(&l);", lock) == {"l": 2}
    for other in {"spin_lock", "raw_spin_lock", "write_lock", "mutex_lock", "down_write"} - {take}:
        assert f"found `&l`, a {word}" in refusal(f"{other}(&l);", lock)


def test_the_vms_own_locks_are_mutexes() -> None:
    names = {"lock", "slots_lock", "irq_lock", "slots_arch_lock"}
    assert set(KVM_LOCKS) == names
    for name in sorted(names):
        assert left(f"mutex_lock(&vcpu->kvm->{name});") == {f"kvm->{name}": 2}
        assert "expected spinlock_t" in refusal(f"spin_lock(&vcpu->kvm->{name});")


def test_the_mmu_lock_is_whatever_kind_the_era_made_it() -> None:
    for line in ("spin_lock", "write_lock", "raw_spin_lock", "mutex_lock"):
        assert ended(f"{line}(&vcpu->kvm->mmu_lock);").vm.mmu_lock == 2
    assert ended("read_lock(&vcpu->kvm->mmu_lock);").vm.mmu_lock == -1
    assert ended("spin_lock(&vcpu->kvm->mmu_lock);", vcpu=1).vm.mmu_lock == 3


def test_a_guard_lets_go_of_the_lock_that_it_took_whatever_has_become_of_its_index() -> None:
    body = """
	{
		int i = 1;
		guard(mutex)(&m[i]);
		i = 0;
		first = mutex_is_locked(&m[0]);
		second = mutex_is_locked(&m[1]);
	}
	after = mutex_is_locked(&m[1]);
	"""
    outside = "static struct mutex m[2];\nstatic int first = 9, second = 9, after = 9;"
    given = left(body, outside)
    assert (given["first"], given["second"], given["after"]) == (0, 1, 0)
