/* One way out forgets the mutex: the next vCPU waits for ever. */
static DEFINE_MUTEX(toggle_mutex);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	mutex_lock(&toggle_mutex);
	if (now_enabled == was_enabled)
		goto out;
	stage2_flush_vm(vcpu->kvm);
	if (now_enabled) {
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
		return;
	}
out:
	mutex_unlock(&toggle_mutex);
}
