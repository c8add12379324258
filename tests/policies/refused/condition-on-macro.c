/* A condition that no configuration decides. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	stage2_flush_vm(vcpu->kvm);
#endif
}
