/* Readers look, one writer flushes. */
static DEFINE_RWLOCK(state_lock);
static bool flushed;

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);
	bool done;

	read_lock(&state_lock);
	done = flushed;
	read_unlock(&state_lock);

	if (now_enabled != was_enabled && !done) {
		write_lock(&state_lock);
		flushed = true;
		write_unlock(&state_lock);
		stage2_flush_vm(vcpu->kvm);
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
