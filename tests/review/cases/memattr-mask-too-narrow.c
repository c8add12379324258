/* Two of the four bits: Device and Normal memory look alike to the walk that is not shown. */
#define KVM_PTE_LEAF_ATTR_LO_S2_MEMATTR	GENMASK(3, 2)

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
