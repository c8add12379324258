/* Nothing here changes the mask, and whoever declares it elsewhere may. */
u64 traps_dropped = HCR_TVM;

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~traps_dropped;
}
