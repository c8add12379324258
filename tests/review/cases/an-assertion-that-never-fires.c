/* A warning only prints; what BUG_ON() asks would end the machine for some guest. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	WARN_ON(on && vcpu->vcpu_id > 20);
	WARN_ON_ONCE(!vcpu->kvm);
	BUG_ON(vcpu->vcpu_id > 20);
	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
