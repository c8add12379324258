/*
 * Once per VM, by whichever vCPU is first, and the flag set before the flush.
 * It mends the choice of vcpu0, and not what is wrong: writes made around the caches after
 * that one flush are not covered by it, and a vCPU that comes while it is under way does not even
 * wait for it. Switching caches off flushes as ever.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm *kvm = vcpu->kvm;
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled && !was_enabled) {
		/* Two vCPUs may be here at once: exactly one finds it unset. */
		if (!xchg(&kvm->arch.caches_flushed, true))
			stage2_flush_vm(kvm);
	} else if (was_enabled && !now_enabled) {
		stage2_flush_vm(kvm);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
