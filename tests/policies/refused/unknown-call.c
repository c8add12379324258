/* A function that nobody has defined. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	my_arch_hook(vcpu);
}
