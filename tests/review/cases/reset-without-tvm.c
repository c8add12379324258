/* TVM is armed for 32-bit guests alone. */
static inline void vcpu_reset_hcr(struct kvm_vcpu *vcpu)
{
	vcpu->arch.hcr_el2 = HCR_GUEST_FLAGS;
	if (vcpu_el1_is_32bit(vcpu))
		vcpu->arch.hcr_el2 |= HCR_TVM;
}
