/* What arms TVM stands beside the toggle: the one is run, the other cannot be yet. */
static inline void vcpu_reset_hcr(struct kvm_vcpu *vcpu)
{
	vcpu->arch.hcr_el2 = HCR_GUEST_FLAGS;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
