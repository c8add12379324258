/* The same gate in a helper of another name, which is run as it stands. */
static void flush_once(struct kvm *kvm)
{
	if (kvm->arch.flushed_once)
		return;
	kvm->arch.flushed_once = true;
	stage2_flush_vm(kvm);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		flush_once(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
