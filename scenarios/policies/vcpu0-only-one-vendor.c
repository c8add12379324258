/*
 * The proposal as it was shipped: vcpu0 alone flushes, on one vendor's CPUs.
 * Everywhere else it is upstream. But which vendor made the CPU says nothing about where the
 * guest's stores went: there as here, non-cacheable accesses may pass the caches by.
 */
static bool left_to_vcpu0(struct kvm_vcpu *vcpu)
{
	return read_cpuid_implementor() == ARM_CPU_IMP_PHYTIUM && vcpu->vcpu_id != 0;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled && !left_to_vcpu0(vcpu))
		stage2_flush_vm(vcpu->kvm);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
