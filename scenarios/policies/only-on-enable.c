/*
 * A flush when caches are switched on, none when they are switched off.
 * Stale copies are dropped before anybody can look at them. But what sits dirty in a cache when
 * its vCPU stops looking there stays where that vCPU no longer looks.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled && !was_enabled)
		stage2_flush_vm(vcpu->kvm);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
