/* The star begins a comment together with the slash in the line above it. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu_has_cache_enabled(vcpu) /\
* whatever it was before */)
		stage2_flush_vm(vcpu->kvm);
}
