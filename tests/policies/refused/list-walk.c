/* A list of the kernel's. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	struct kvm *kvm;

	list_for_each_entry(kvm, &vm_list, vm_list)
		stage2_flush_vm(kvm);
}
