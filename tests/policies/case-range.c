/* A GNU extension. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	switch (vcpu->vcpu_id) {
	case 0 ... 3:
		stage2_flush_vm(vcpu->kvm);
	}
}
