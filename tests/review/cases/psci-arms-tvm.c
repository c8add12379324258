/* CPU_ON arms TVM, which upstream leaves alone. */
void kvm_reset_vcpu(struct kvm_vcpu *vcpu)
{
	*vcpu_hcr(vcpu) |= HCR_TVM;
	kvm_reset_sys_regs(vcpu);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
