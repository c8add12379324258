/* A read of what another function of the kernel would have to say. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (kvm_vcpu_is_boot(vcpu))
		stage2_flush_vm(vcpu->kvm);
}
