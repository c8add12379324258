/* A set/way operation that is swallowed: no flush, and TVM is not set again. */
static bool access_dcsw(struct kvm_vcpu *vcpu, struct sys_reg_params *p,
			const struct sys_reg_desc *r)
{
	return true;
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
