/* Flushes for every vCPU, unless an option is on that nobody has said is off. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now = vcpu_has_cache_enabled(vcpu);

	if (IS_ENABLED(CONFIG_KVM_SPARING_FLUSH) && vcpu->vcpu_id != 0)
		return;
	if (now != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (now)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
