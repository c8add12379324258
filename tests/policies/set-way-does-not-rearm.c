/* The set/way function flushes, and forgets to trap what comes after it. */
void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	if (!(*vcpu_hcr(vcpu) & HCR_TVM))
		stage2_flush_vm(vcpu->kvm);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
