/* One of them is the toggle, and nobody can say which. */
#ifdef FLUSH_NEVER
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
}
#else
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	stage2_flush_vm(vcpu->kvm);
}
#endif
