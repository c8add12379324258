/* Locks that let go by themselves, on every way out. */
static DEFINE_MUTEX(outer);
static DEFINE_RAW_SPINLOCK(inner);

static bool first_of(struct kvm *kvm)
{
	scoped_guard(raw_spinlock, &inner) {
		if (kvm->arch.claimed)
			return false;
		kvm->arch.claimed = true;
	}
	return true;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	guard(mutex)(&outer);

	if (now_enabled == was_enabled)
		return;
	if (first_of(vcpu->kvm))
		stage2_flush_vm(vcpu->kvm);
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
