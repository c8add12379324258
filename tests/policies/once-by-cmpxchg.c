/* The first vCPU to put its mark there flushes. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm_arch *arch = &vcpu->kvm->arch;
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled && cmpxchg(&arch->flusher, NULL, vcpu) == NULL)
		stage2_flush_vm(vcpu->kvm);

	if (now_enabled)
		vcpu_set_hcr(vcpu, vcpu_get_hcr(vcpu) & ~HCR_TVM);
}
