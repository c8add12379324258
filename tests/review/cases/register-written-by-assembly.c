/* No name of C's says which register it is. */
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu)
{
	asm volatile("msr hcr_el2, %0" : : "r" (0UL));
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
