/* A capability that the model has no answer for. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (cpus_have_final_cap(ARM64_HAS_CACHE_DIC))
		stage2_flush_vm(vcpu->kvm);
}
