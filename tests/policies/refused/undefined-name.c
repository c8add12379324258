/* A macro from a header that is not here. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (vcpu->vcpu_id < MAX_BOOT_VCPUS)
		stage2_flush_vm(vcpu->kvm);
}
