/* Both flags in one number, and a case that falls through. */
enum transition {
	STAYS_OFF,
	SWITCHED_ON,
	SWITCHED_OFF,
	STAYS_ON,
};

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	enum transition transition = was_enabled << 1 | vcpu_has_cache_enabled(vcpu);

	switch (transition) {
	case SWITCHED_OFF:
	case SWITCHED_ON:
		stage2_flush_vm(vcpu->kvm);
		if (transition == SWITCHED_OFF)
			break;
		fallthrough;
	case STAYS_ON:
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
		break;
	default:
		break;
	}
}
