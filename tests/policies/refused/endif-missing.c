/* An open #if. */
#ifdef CONFIG_KVM
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
}
