/*
 * No flush at all, whatever the guest switches.
 * A lower bound for the cost, and the shortest way to see each kind of finding.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}

void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	*vcpu_hcr(vcpu) |= HCR_TVM;
}
