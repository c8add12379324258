/* The register itself is written, behind the back of what KVM keeps of it. */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	write_sysreg(0, HCR_EL2);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
