/*
 * One flush for all, by the last vCPU to switch its caches on.
 * By then everything that was written around the caches is in RAM, so that the flush misses
 * nothing. But those who came before it are reading already, and a vCPU that is never started
 * keeps the last one from ever coming.
 */
static bool all_caches_on(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (!vcpu_has_cache_enabled(vcpu))
			return false;
	}
	return true;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled && !was_enabled) {
		if (all_caches_on(vcpu->kvm))
			stage2_flush_vm(vcpu->kvm);
	} else if (was_enabled && !now_enabled) {
		stage2_flush_vm(vcpu->kvm);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
