"""Lines of C, run on a machine of two vCPUs: what they give, and what they leave behind."""

from __future__ import annotations

from collections.abc import Iterable

from engine.compiler.compiler import compile_policy
from engine.machine.setup import Hardware
from engine.machine.state import Machine
from engine.policy.policy import Options, Policy
from engine.policy.source import PolicyError, SourceFile
from tests.engine.build import BUILT_IN, ON, machine
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
    except PolicyError as error:
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
