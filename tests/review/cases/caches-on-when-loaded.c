/* The guest's caches come on without anything that it did, and without a trap. */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	__vcpu_sys_reg(vcpu, SCTLR_EL1) |= SCTLR_ELx_M | SCTLR_ELx_C;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
