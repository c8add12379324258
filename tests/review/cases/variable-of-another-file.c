/* What stays trapped is for another file to say: that it says nothing is a guess. */
extern u64 traps_kept;

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~(HCR_TVM & ~traps_kept);
}
