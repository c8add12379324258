/* Each vCPU has a VM: to ask for it decides nothing, and leaves nothing open. */
static bool caches_toggled(struct kvm_vcpu *vcpu, bool was_enabled)
{
	return vcpu_has_cache_enabled(vcpu) != was_enabled;
}

static void flush_for(struct kvm *kvm, atomic_t *flushes)
{
	atomic_inc(flushes);
	stage2_flush_vm(kvm);
}

static inline void stop_trapping(struct kvm_vcpu *vcpu)
{
	*vcpu_hcr(vcpu) &= ~HCR_TVM;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu->kvm && caches_toggled(vcpu, was_enabled))
		flush_for(vcpu->kvm, &vcpu->kvm->arch.flushes);

	if (vcpu_has_cache_enabled(vcpu))
		stop_trapping(vcpu);
}
