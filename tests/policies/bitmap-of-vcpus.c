/* A bit for each vCPU that has been through here. */
static DECLARE_BITMAP(seen, KVM_MAX_VCPUS);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled && !test_and_set_bit(vcpu->vcpu_idx, seen))
		stage2_flush_vm(vcpu->kvm);
	if (!now_enabled)
		clear_bit(vcpu->vcpu_idx, seen);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
