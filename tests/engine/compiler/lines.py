"""Lines of C, run on a machine of two vCPUs: what they give, and what they leave behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.arm.registers import SystemRegister
from engine.compiler.compiler import compile_policy
from engine.compiler.kernel.known import KERNEL
from engine.compiler.lower.lowering import KernelCall, Lowering
from engine.kvm.scope import exit_pointer
from engine.kvm.statement import call, execute_statement, vcpu_pointer
from engine.machine.setup import Hardware
from engine.machine.state import Machine, RegisterWrite
from engine.policy.expressions import Expression
from engine.policy.policy import Options, Policy
from engine.policy.source import SourceFile
from engine.refusal import RefusedError
from tests.engine.build import BUILT_IN, ON, machine, policy_of
from tests.engine.kvm.toggling import TOGGLE, run, toggle


def compiled(body: str, outside: str = "", configs: Iterable[tuple[str, int]] = ()) -> Policy:
    """Compile a toggle of this body, with CONFIG_ names set."""
    source = SourceFile("test.c", f"{outside}\n{TOGGLE}{{\n{body}\n}}\n")
    fallback = SourceFile("set-way.c", (BUILT_IN / "set-way.c").read_text())
    return compile_policy(source, fallback, name="test", options=Options(tuple(configs)))


def refusal(body: str, outside: str = "") -> str:
    """Return why a toggle of this body is refused, nothing where it is read."""
    try:
        compiled(body, outside)
    except RefusedError as error:
        return str(error)
    return ""


def ended(
    body: str,
    outside: str = "",
    *,
    vcpu: int = 0,
    hardware: Hardware | None = None,
    configs: Iterable[tuple[str, int]] = (),
) -> Machine:
    """Return the machine once a vCPU has run a toggle of this body to its end."""
    runs = compiled(body, outside, configs)
    state = machine("nop", "nop", runs=runs, sctlr=(ON, ON), hardware=hardware)
    state, _ = run(toggle(state, vcpu), vcpu)
    assert not state.vcpus[vcpu].stack, "it stopped on the way"
    return state


def left(
    body: str,
    outside: str = "",
    *,
    vcpu: int = 0,
    hardware: Hardware | None = None,
    configs: Iterable[tuple[str, int]] = (),
) -> dict[str, int]:
    """Return what the VM's variables hold once a toggle of this body has run to its end."""
    state = ended(body, outside, vcpu=vcpu, hardware=hardware, configs=configs)
    names = [variable.name for variable in state.setup.policy.statics]
    return dict(zip(names, state.vm.statics, strict=True))


def values(
    expressions: Iterable[str],
    before: str = "",
    outside: str = "",
    *,
    vcpu: int = 0,
    hardware: Hardware | None = None,
    configs: Iterable[tuple[str, int]] = (),
) -> dict[str, int]:
    """Return the value of each expression, as an s64."""
    listed = list(expressions)
    results = "".join(f"static s64 result_{n};\n" for n, _ in enumerate(listed))
    body = "\n".join(f"result_{n} = ({each});" for n, each in enumerate(listed))
    given = left(
        *(f"{before}\n{body}", f"{outside}\n{results}"),
        vcpu=vcpu,
        hardware=hardware,
        configs=configs,
    )
    return {each: given[f"result_{n}"] for n, each in enumerate(listed)}


HANDLER = """
static u64 gives;
{outside}
static bool access_vm_reg(struct kvm_vcpu *vcpu, struct sys_reg_params *p,
		const struct sys_reg_desc *r)
{{
	{body}
	return true;
}}
"""


def handled(
    body: str, register: SystemRegister = SystemRegister.TCR_EL1, outside: str = ""
) -> Machine:
    """Return the machine once a handler of this body has handled a write of 0x123."""
    state = machine(
        "nop", "nop", runs=policy_of(HANDLER.format(body=body, outside=outside)), sctlr=(ON, ON)
    )
    state = state.with_stack(1, (RegisterWrite(register, 0x123, False, True),))
    handler = state.setup.policy.other_trap_handler
    assert handler is not None
    state = call(state, 1, handler, (vcpu_pointer(1), exit_pointer(1), exit_pointer(1)))
    while len(state.vcpus[1].stack) > 1:
        state, _ = execute_statement(state, 1)
    return state


def kernel_names(rule: Callable[[Lowering, KernelCall], Expression]) -> set[str]:
    """Return the names, and the patterns of names, of the kernel function that a rule is for."""
    return {name for row in KERNEL.rows if row.rule is rule for name in row.names}
