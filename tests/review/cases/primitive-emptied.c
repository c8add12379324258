/* The machine's own maintenance by range, replaced: the model's is what the walk does. */
void dcache_clean_inval_poc(unsigned long start, unsigned long end)
{
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
