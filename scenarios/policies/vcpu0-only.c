/*
 * The proposal: a flush only when it is vcpu0 that switches its caches on or off.
 * The others are to follow vcpu0 and its flush. But nothing makes it first, a line can be
 * fetched again in between, and what another vCPU wrote before its own switch is still only
 * in RAM.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled) {
		if (vcpu->vcpu_id == 0)
			stage2_flush_vm(vcpu->kvm);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
