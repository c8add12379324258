/* Not for this configuration. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
#ifndef CONFIG_KVM_NEW_STYLE
#error needs CONFIG_KVM_NEW_STYLE
#endif
}
