/*
 * Coalesced and wrong: shares a flush that merely ended after the trap.
 * One that was under way by then has been to some lines already, and did not see what was written
 * behind it. It is the moment at which a flush begins that says what it covers.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm *kvm = vcpu->kvm;
	unsigned long ended = READ_ONCE(kvm->arch.flushes_ended);
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled) {
		mutex_lock(&kvm->arch.flush_lock);
		if (kvm->arch.flushes_ended == ended) {
			stage2_flush_vm(kvm);
			kvm->arch.flushes_ended++;
		}
		mutex_unlock(&kvm->arch.flush_lock);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
