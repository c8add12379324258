/* A wait for a mutex that a fatal signal would end; there are no signals here. */
static DEFINE_MUTEX(toggle_mutex);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (mutex_lock_killable(&toggle_mutex)) {
		pr_warn("%s: interrupted\n", __func__);
		return;
	}
	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	mutex_unlock(&toggle_mutex);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
