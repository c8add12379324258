/*
 * Coalesced, with set/way operations sharing flushes as well.
 * Several vCPUs that clean their caches at once, as before a new kernel takes over, queue behind
 * the same lock and share by the same rule: the flush has to begin after the trap.
 */
static void flush_unless_one_began(struct kvm *kvm, unsigned long begun)
{
	mutex_lock(&kvm->arch.flush_lock);
	if (kvm->arch.flushes_begun == begun) {
		kvm->arch.flushes_begun++;
		stage2_flush_vm(kvm);
	}
	mutex_unlock(&kvm->arch.flush_lock);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	unsigned long begun = READ_ONCE(vcpu->kvm->arch.flushes_begun);
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled)
		flush_unless_one_began(vcpu->kvm, begun);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}

void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	unsigned long begun = READ_ONCE(vcpu->kvm->arch.flushes_begun);

	if (!(*vcpu_hcr(vcpu) & HCR_TVM)) {
		trace_kvm_set_way_flush(*vcpu_pc(vcpu), vcpu_has_cache_enabled(vcpu));
		flush_unless_one_began(vcpu->kvm, begun);
		*vcpu_hcr(vcpu) |= HCR_TVM;
	}
}
