/*
 * Upstream, but shares a flush that began after the vCPU had trapped.
 * A flush covers what was written before it began, and a vCPU that waits in KVM writes nothing.
 * So of the vCPUs that queue behind a flush one flushes next, and speaks for all of them. One at
 * a time it costs what upstream costs, and with N at once no more than two flushes instead of N.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm *kvm = vcpu->kvm;
	unsigned long begun = READ_ONCE(kvm->arch.flushes_begun);
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled) {
		mutex_lock(&kvm->arch.flush_lock);
		/* With the lock held, every flush that has begun has also ended. */
		if (kvm->arch.flushes_begun == begun) {
			kvm->arch.flushes_begun++;
			stage2_flush_vm(kvm);
		}
		mutex_unlock(&kvm->arch.flush_lock);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
