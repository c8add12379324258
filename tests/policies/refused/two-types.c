/* One member, used in two ways. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	atomic_inc(&vcpu->kvm->arch.count);
	spin_lock(&vcpu->kvm->arch.count);
}
