/* A plain flag, read and then written: two vCPUs may both find it clear. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm *kvm = vcpu->kvm;
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled && !kvm->arch.cache_flushed) {
		stage2_flush_vm(kvm);
		kvm->arch.cache_flushed = true;
	}

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
