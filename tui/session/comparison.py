"""Two runs beside each other, at one row of their lock-step, and where they differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import attrs

from engine.lockstep import Lockstep, aligned, driven
from engine.machine.state import Machine, VCpu
from engine.query.kinds import marked_steps
from engine.transition import Step
from scenarios.case import Case
from tui.session.session import Session

Alike: TypeAlias = Callable[[Step, Step], bool]
"""Says whether two steps do the same, as far as the user is told."""


@attrs.frozen(eq=False)
class Differences:
    """Where the two runs of a lock-step differ."""

    lockstep: Lockstep
    alike: Alike = attrs.field(repr=False)
    beginnings: tuple[int, ...]
    """The rows at which the moves, or the states, begin to differ after they did not."""
    first_in_memory: int | None
    """The first row at which RAM or the caches differ, None where they never do."""

    @classmethod
    def of(cls, lockstep: Lockstep, alike: Alike) -> Differences:
        """Compare the two runs of a lock-step, row by row."""
        found: list[int] = []
        before, first_in_memory = (False, False), None
        for row in range(len(lockstep.rows)):
            now = _moves_differ(lockstep, alike, row), _states_differ(lockstep, row)
            if any(is_so and not was for is_so, was in zip(now, before, strict=True)):
                found.append(row)
            if now[1] and first_in_memory is None and _memory_differs(lockstep, row):
                first_in_memory = row
            before = now
        return cls(lockstep, alike, tuple(found), first_in_memory)

    def moves_differ(self, row: int) -> bool:
        """Say whether in the step to a row one side moves alone, or both do something else."""
        return _moves_differ(self.lockstep, self.alike, row)

    def states_differ(self, row: int) -> bool:
        """Say whether memory, a register or what somebody is entitled to differs at a row."""
        return _states_differ(self.lockstep, row)

    @property
    def first(self) -> int | None:
        """The row of the first divergence, None where the runs are the same."""
        return self.beginnings[0] if self.beginnings else None


@attrs.frozen(eq=False)
class Comparison:
    """Two sessions in lock-step; both are at the step that the row has."""

    left: Session
    right: Session
    lockstep: Lockstep
    differences: Differences = attrs.field(repr=False)
    row: int = 0

    @classmethod
    def under(
        cls,
        left: Session,
        case: Case,
        alike: Alike,
        progress: Callable[[int], bool] | None = None,
    ) -> Comparison:
        """Return the comparison of a run with what it is in another case, driven by it.

        `progress` is called now and then with how many steps are driven.

        Raises:
            CancelledError: it returned False.
        """
        lockstep = driven(left.timeline, case.machine, progress)
        right = Session.start(case, lockstep.right)
        return cls._of(left, attrs.evolve(right, prepared=True), lockstep, alike)

    @classmethod
    def of_branches(cls, session: Session, other: str, alike: Alike) -> Comparison:
        """Return the comparison of the branch at hand with another one."""
        right = session.switch(other)
        return cls._of(session, right, aligned(session.timeline, right.timeline), alike)

    @classmethod
    def _of(cls, left: Session, right: Session, lockstep: Lockstep, alike: Alike) -> Comparison:
        made = cls(left, right, lockstep, Differences.of(lockstep, alike))
        return made.at(lockstep.row_of_left(left.timeline.cursor))

    @property
    def names(self) -> tuple[str, str]:
        """What both sides are called: by their policies, or by their branches."""
        if self.left.setup is self.right.setup:
            return self.left.branch.name, self.right.branch.name
        return self.left.subject.policy, self.right.subject.policy

    @property
    def last(self) -> int:
        """The last row."""
        return len(self.lockstep.rows) - 1

    def at(self, row: int) -> Comparison:
        """Return the comparison at another row, or the nearest end."""
        row = max(0, min(row, self.last))
        left, right = self.lockstep.rows[row]
        return attrs.evolve(self, left=self.left.seek(left), right=self.right.seek(right), row=row)

    def swapped(self, progress: Callable[[int], bool] | None = None) -> Comparison:
        """Return the comparison with the other side driving; of branches, with sides changed.

        What is driven then is a branch of the session that drove, unless it has that run already.
        `progress` is called now and then with how many steps are driven.

        Raises:
            CancelledError: it returned False.
        """
        left, right, alike = self.right, self.left, self.differences.alike
        if left.setup is right.setup:
            return self._of(left, right, aligned(left.timeline, right.timeline), alike)
        lockstep = driven(left.timeline, right.timeline.initial, progress)
        title = f"driven by {left.subject.policy}"
        return self._of(left, right.at_run(lockstep.right, title), lockstep, alike)

    def rows_of(self, role: str) -> tuple[int, ...]:
        """Return the rows of the steps that findings of either side speak of in a role."""
        left = marked_steps(self.left.timeline, role)
        right = marked_steps(self.right.timeline, role)
        return tuple(
            sorted(
                {
                    *(self.lockstep.row_of_left(step) for step in left),
                    *(self.lockstep.row_of_right(step) for step in right),
                }
            )
        )


def _moves_differ(lockstep: Lockstep, alike: Alike, row: int) -> bool:
    if not row:
        return False
    (left, right), (left_after, right_after) = lockstep.rows[row - 1 : row + 1]
    if left == left_after or right == right_after:
        return True
    one, two = lockstep.left.steps[left], lockstep.right.steps[right]
    if one.event == two.event and one.effects == two.effects:
        return False
    return not alike(one, two)


def _states_differ(lockstep: Lockstep, row: int) -> bool:
    left, right = lockstep.rows[row]
    return (
        not _same_machine(lockstep.left.machine_at(left), lockstep.right.machine_at(right))
        or lockstep.left.ghosts[left].entitled != lockstep.right.ghosts[right].entitled
    )


def _memory_differs(lockstep: Lockstep, row: int) -> bool:
    left, right = lockstep.rows[row]
    return lockstep.left.machine_at(left).lines != lockstep.right.machine_at(right).lines


def _same_machine(left: Machine, right: Machine) -> bool:
    """Say whether two machines are the same as far as a guest can tell, whatever their policy."""
    if left.lines != right.lines or left.vm.mapped != right.vm.mapped:
        return False
    return _vmm(left) == _vmm(right) and all(
        _seen_by_guest(one) == _seen_by_guest(two)
        for one, two in zip(left.vcpus, right.vcpus, strict=True)
    )


def _seen_by_guest(vcpu: VCpu) -> tuple[object, ...]:
    """Return all of a vCPU but what its policy keeps, and where in KVM it is."""
    runs = (vcpu.power, vcpu.core, vcpu.interrupt, vcpu.fault)
    return *runs, vcpu.registers, vcpu.hcr_el2, bool(vcpu.stack)


def _vmm(machine: Machine) -> tuple[object, ...]:
    vmm = machine.vmm
    return vmm.core, bool(vmm.stack), vmm.kicks, vmm.fault
