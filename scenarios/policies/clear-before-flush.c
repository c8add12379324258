/*
 * Upstream in the order of v3.14: TVM is cleared first, then the VM is flushed.
 * It makes no difference. The vCPU whose TVM it is stays in KVM until both are done, and nobody
 * else looks at it.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
