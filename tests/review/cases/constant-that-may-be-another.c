/* Where somebody defines the name, what is cleared below is no trap at all. */
#ifdef TRAPS_STAY
enum { HCR_TVM = 0 };
#endif

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
