/* The flush belongs to whoever takes the count of enabled vCPUs from none to one, or back. */
static atomic_t enabled_vcpus = ATOMIC_INIT(0);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled && !was_enabled) {
		if (atomic_inc_return(&enabled_vcpus) == 1)
			stage2_flush_vm(vcpu->kvm);
	} else if (!now_enabled && was_enabled) {
		if (atomic_dec_and_test(&enabled_vcpus))
			stage2_flush_vm(vcpu->kvm);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
