/* What gates the flush is no condition of a statement, and no scenario takes it both ways. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);
	bool small = vcpu->vcpu_id < 4;

	BUG_ON(vcpu->vcpu_id > 5);
	if ((on != was_enabled) & small)
		stage2_flush_vm(vcpu->kvm);
	if ((on || was_enabled) + vcpu->vcpu_id < 5)
		smp_mb();
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
