/*
 * Once per vCPU: its first switch flushes, and no later one.
 * Right while a guest boots once and stays up. Switching off, on again, or booting anew after
 * KVM_ARM_VCPU_INIT finds the vCPU's one flush spent.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled && !vcpu->arch.has_flushed) {
		vcpu->arch.has_flushed = true;
		stage2_flush_vm(vcpu->kvm);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
