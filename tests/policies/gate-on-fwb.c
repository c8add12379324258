/* With FWB there is nothing to do. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (cpus_have_final_cap(ARM64_HAS_STAGE2_FWB))
		return;
	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
