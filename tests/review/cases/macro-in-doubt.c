/* Two meanings, and a name that the text does not explain chooses between them. */
#ifdef FLUSH_FOR_ONE
#define is_due(vcpu) ((vcpu)->vcpu_id == 0)
#else
#define is_due(vcpu) true
#endif

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu_has_cache_enabled(vcpu) != was_enabled && is_due(vcpu))
		stage2_flush_vm(vcpu->kvm);
}
