/*
 * A count of vCPUs with caches on: a flush when it leaves or reaches zero.
 * As if caches were one switch for the whole VM. The vCPUs in between go unflushed, and the count
 * is soon wrong as well: switches that do not trap, and resets, are not in it.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm *kvm = vcpu->kvm;
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled && !was_enabled) {
		if (atomic_inc_return(&kvm->arch.vcpus_with_caches) == 1)
			stage2_flush_vm(kvm);
	} else if (was_enabled && !now_enabled) {
		if (atomic_dec_and_test(&kvm->arch.vcpus_with_caches))
			stage2_flush_vm(kvm);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}
