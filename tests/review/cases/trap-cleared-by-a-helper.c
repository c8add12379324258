/* The helper is a header's that nobody has shown. */
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu)
{
	vcpu_clear_hcr(vcpu, TVM);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
