from __future__ import annotations

from engine.compiler.compiler import compile_policy
from engine.policy.policy import AsksFwb, AsksImplementor, Options
from engine.policy.source import SourceFile
from tests.engine.compiler.shapes import TOGGLE, policy_with


def test_a_policy_records_what_it_asks_the_hardware() -> None:
    body = """
	if (cpus_have_final_cap(ARM64_HAS_STAGE2_FWB) || read_cpuid_implementor() == 0x48)
		return;
	switch (read_cpuid_implementor()) {
	case ARM_CPU_IMP_AMPERE:
		stage2_flush_vm(vcpu->kvm);
	}
	"""
    assert policy_with(body).questions == (
        *(AsksFwb(), AsksImplementor("ARM_CPU_IMP_HISI", 0x48)),
        AsksImplementor("ARM_CPU_IMP_AMPERE", 0xC0),
    )


def test_a_config_decides_what_is_read() -> None:
    source = SourceFile(
        "p.c", f"#ifdef CONFIG_A\n{TOGGLE}{{ }}\n#else\n{TOGGLE}{{ return; }}\n#endif\n"
    )
    on = compile_policy(source, name="p", options=Options(configs=(("CONFIG_A", 1),)))
    off = compile_policy(source, name="p")
    assert [p.functions[0].place.line for p in (on, off)] == [2, 5]


def test_a_function_the_user_vouches_for_is_named() -> None:
    source = SourceFile("p.c", f"{TOGGLE}{{ my_hook(vcpu); }}\n")
    options = Options(assume_no_effect=("my_hook", "never_called"))
    assert compile_policy(source, name="p", options=options).assumed == ("my_hook",)
