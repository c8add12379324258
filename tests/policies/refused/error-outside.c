/* No kernel is built from this, whatever the functions say. */
#error not finished

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	stage2_flush_vm(vcpu->kvm);
}
