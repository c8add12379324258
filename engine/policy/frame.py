"""One level of C on KVM's call stack: the function, the next operation and the variables."""

from __future__ import annotations

import attrs


@attrs.frozen
class CFrame:
    """A call of a policy's function that has not returned."""

    function: int
    """Index into `Policy.functions`."""
    pc: int
    """The operation of that function that comes next."""
    slots: tuple[int, ...]
    """Parameters, locals and temporaries, in the order of `Function.variables`."""
    flushed: bool = False
    """This trap's call of the policy has begun a stage2_flush_vm."""
