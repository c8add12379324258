/* Off unless it is configured, in two ways. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

#ifdef CONFIG_KVM_LAZY_FLUSH
	if (vcpu->vcpu_id == 0 && now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);
#else
	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);
#endif

	if (now_enabled && !IS_ENABLED(CONFIG_KVM_TRAP_FOR_EVER))
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
