/* From a member to what holds it. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm *kvm = container_of(vcpu, struct kvm, arch);
}
