"""Random policies in C: upstream's decisions, each of them gated, moved or left out, from a seed.

Most are one exception away from upstream, since those that differ from it everywhere break on any
guest. Counters are bounded, so that what a policy can remember is finite.
"""

from __future__ import annotations

from random import Random

from engine.policy.policy import Policy
from tests.engine.build import policy_of

_GUARDS = ("mutex", "spin")
_EVENTS = ("true", "true", "toggled", "toggled", "now_enabled", "!now_enabled", "flush")
_PLACES = ("vcpu->arch", "kvm->arch")


def random_source(seed: int) -> str:
    """Return the C of a seed's policy: kvm_toggle_cache(), and often kvm_set_way_flush()."""
    return _Writer(Random(f"policy {seed}")).source()


def random_policy(seed: int) -> Policy:
    """Return a seed's policy, compiled."""
    return policy_of(random_source(seed), f"policy-{seed}")


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.lock = random.choice((None, None, None, None, *_GUARDS))
        self.fields = [
            (f"{random.choice(_PLACES)}.{name}", bound)
            for name, bound in (("once", 1), ("times", random.choice((2, 3))))
            if random.random() < 0.45
        ]

    def source(self) -> str:
        handler = self.set_way() if self.random.random() < 0.4 else ""
        declared = {None: "", "mutex": "static DEFINE_MUTEX(guard);\n"}
        return declared.get(self.lock, "static DEFINE_SPINLOCK(guard);\n") + self.toggle() + handler

    def toggle(self) -> str:
        flush = self.flush()
        arming = self.arming()
        notes = [self.note(field, bound) for field, bound in self.fields]
        early = [note for note in notes if self.random.random() < 0.3]
        late = [note for note in notes if note not in early]
        body = [*early, "if (flush)", "\tstage2_flush_vm(kvm);", *late]
        before = self.random.random() < 0.3
        body = [*arming, *body] if before else [*body, *arming]
        decided = [f"flush = {flush};"]
        held = self.held([*decided, *body])
        lines = [
            "struct kvm *kvm = vcpu->kvm;",
            "bool now_enabled = vcpu_has_cache_enabled(vcpu);",
            "bool toggled = now_enabled != was_enabled;",
            "bool flush;",
            *held,
        ]
        return _function("kvm_toggle_cache", "struct kvm_vcpu *vcpu, bool was_enabled", lines)

    def held(self, lines: list[str]) -> list[str]:
        """Return lines under the policy's lock, if it has one."""
        if self.lock is None:
            return lines
        return [f"{self.lock}_lock(&guard);", *lines, f"{self.lock}_unlock(&guard);"]

    def flush(self) -> str:
        """Return when there is a flush: as upstream, but for what is skipped."""
        whole = self.random.choice(
            (
                *("toggled",) * 8,
                *("now_enabled", "toggled || now_enabled", "now_enabled && !was_enabled"),
                *("true", "!was_enabled"),
            )
        )
        if self.random.random() < 0.12:
            return whole
        return f"({whole}) && !({self.rarely()})"

    def rarely(self) -> str:
        """Return what holds now and then: a conjunction, of more terms the rarer."""
        terms = [self.term() for _ in range(self.random.choice((1, 2, 2, 3, 3)))]
        return " && ".join(dict.fromkeys(terms))

    def term(self) -> str:
        random = self.random
        told = [
            f"{field} == {random.randint(0, bound)}" if bound > 1 else random.choice("! ") + field
            for field, bound in self.fields
        ]
        return random.choice(
            (
                f"vcpu->vcpu_id {random.choice(('==', '!='))} {random.choice((0, 1))}",
                f"(vcpu->vcpu_id & 1) == {random.choice((0, 1))}",
                f"atomic_read(&kvm->online_vcpus) > {random.choice((0, 1, 1, 2))}",
                random.choice(("now_enabled", "!now_enabled", "was_enabled", "!now_enabled")),
                "!now_enabled",
                f"{random.choice('! ')}(*vcpu_hcr(vcpu) & HCR_TVM)",
                *told * 3,
            )
        )

    def arming(self) -> list[str]:
        """Return what clears TVM: now and then for some only, or never."""
        when = self.random.choice((*("now_enabled",) * 6, "now_enabled && SOME", "never"))
        if when == "never":
            return []
        when = when.replace("SOME", f"!({self.rarely()})")
        return [f"if ({when})", "\t*vcpu_hcr(vcpu) &= ~HCR_TVM;"]

    def note(self, field: str, bound: int) -> str:
        """Return what a field takes note of: it is set or counted, at times cleared."""
        event = self.random.choice(_EVENTS)
        if bound == 1:
            cleared = self.random.random() < 0.25
            return f"if ({event}) {field} = {'now_enabled' if cleared else 'true'};"
        if self.random.random() < 0.25:
            return f"if ({event}) {field} = {field} < {bound} ? {field} + 1 : 0;"
        return f"if ({event} && {field} < {bound}) {field}++;"

    def set_way(self) -> str:
        random = self.random
        flush = ["stage2_flush_vm(kvm);"]
        some = f"if (!({self.rarely().replace('was_enabled', 'now_enabled')}))"
        arm = ["*vcpu_hcr(vcpu) |= HCR_TVM;"]
        notes = [
            f"{field} = {random.choice((0, bound))};"
            for field, bound in self.fields
            if random.random() < 0.3
        ]
        body = random.choice(
            (
                [*flush, *arm],
                [*arm, *flush],
                [some, "\t" + flush[0], *arm],
                [some, "\t" + flush[0], *arm],
                [*flush, some, "\t" + arm[0]],
                ["if (now_enabled)", "\t" + flush[0], *arm],
                ["if (!now_enabled)", "\t" + flush[0], *arm],
                arm,
                flush,
                [],
            )
        )
        body = [*notes, *body] if random.random() < 0.5 else [*body, *notes]
        if random.random() < 0.6:
            body = ["if (!(*vcpu_hcr(vcpu) & HCR_TVM)) {", *(f"\t{line}" for line in body), "}"]
        lines = [
            "struct kvm *kvm = vcpu->kvm;",
            "bool now_enabled = vcpu_has_cache_enabled(vcpu);",
            *self.held(body),
        ]
        return _function("kvm_set_way_flush", "struct kvm_vcpu *vcpu", lines)


def _function(name: str, parameters: str, lines: list[str]) -> str:
    body = "".join(f"\t{line}\n" for line in lines)
    return f"void {name}({parameters})\n{{\n{body}}}\n"
