/*
 * Once per VM, and the flag set only after the flush.
 * A vCPU that finds the flag set knows that a whole flush lies behind it; two that come at once
 * both flush. So it never lets a vCPU go in the middle of another one's flush, as its twin does
 * that sets the flag first. What was written since that flush it misses all the same.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm *kvm = vcpu->kvm;
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled && !was_enabled) {
		if (!READ_ONCE(kvm->arch.caches_flushed)) {
			stage2_flush_vm(kvm);
			WRITE_ONCE(kvm->arch.caches_flushed, true);
		}
	} else if (was_enabled && !now_enabled) {
		stage2_flush_vm(kvm);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
