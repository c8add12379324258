/* The flag under a lock of its own, let go before the flush, which may not be nested in it. */
static DEFINE_SPINLOCK(flush_lock);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);
	bool mine = false;

	if (now_enabled != was_enabled) {
		spin_lock(&flush_lock);
		if (!vcpu->kvm->arch.cache_flushed) {
			vcpu->kvm->arch.cache_flushed = true;
			mine = true;
		}
		spin_unlock(&flush_lock);
		if (mine)
			stage2_flush_vm(vcpu->kvm);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
