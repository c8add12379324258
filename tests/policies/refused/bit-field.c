/* It goes back to zero after three, which no whole type does. */
struct kvm_arch {
	u8 flushes : 2;
};

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (++vcpu->kvm->arch.flushes)
		stage2_flush_vm(vcpu->kvm);
}
