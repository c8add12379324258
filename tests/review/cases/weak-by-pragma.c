/* The same, weakened where nobody looks for it. */
#pragma weak has_toggled
bool has_toggled(struct kvm_vcpu *vcpu, bool was_enabled)
{
	return vcpu_has_cache_enabled(vcpu) != was_enabled;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (has_toggled(vcpu, was_enabled))
		stage2_flush_vm(vcpu->kvm);
	if (vcpu_has_cache_enabled(vcpu))
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
