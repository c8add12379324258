/*
 * Upstream, but a set/way operation with caches on only sets TVM.
 * The flush is left to the switch off that such operations announce. It saves one, and it is enough
 * for the vCPU itself. But a vCPU that looks at RAM already does not wait for that switch.
 */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);

	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}

void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	if (!(*vcpu_hcr(vcpu) & HCR_TVM)) {
		/* Caches that went off before TVM was set have had no flush at all. */
		if (!vcpu_has_cache_enabled(vcpu))
			stage2_flush_vm(vcpu->kvm);
		*vcpu_hcr(vcpu) |= HCR_TVM;
	}
}
