/* Each condition is taken both ways, and vCPUs from the eighth on flush nothing. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);
	u32 carry = (vcpu->vcpu_id + 8) ^ vcpu->vcpu_id ^ 8;

	if (((on ^ was_enabled) << 4) ^ carry)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
