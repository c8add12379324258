/* What a switch begins as is not all that it can be: somebody else may turn it off. */
static bool flush_at_all = true;
module_param(flush_at_all, bool, 0644);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled && flush_at_all)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
