/* Only on one vendor's CPUs is the flush left to vcpu0. */
static bool flush_is_needed(struct kvm_vcpu *vcpu)
{
	if (read_cpuid_implementor() != ARM_CPU_IMP_HISI)
		return true;

	return vcpu->vcpu_id == 0;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled && flush_is_needed(vcpu))
		stage2_flush_vm(vcpu->kvm);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
