/* A finding is a finding, whatever else could not be judged. */
static void stage2_flush_vm(struct kvm *kvm)
{
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu_has_cache_enabled(vcpu))
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
