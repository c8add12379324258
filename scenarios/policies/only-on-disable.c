/*
 * A flush when caches are switched off, none when they are switched on.
 * Dirty lines reach RAM in time. But a copy that was fetched before a store went around it is
 * still there when caches are switched on, and is read.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (was_enabled && !now_enabled)
		stage2_flush_vm(vcpu->kvm);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
