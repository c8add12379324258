/* Two locks, taken in one order by some vCPUs and in the other by the rest. */
static DEFINE_SPINLOCK(left);
static DEFINE_SPINLOCK(right);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool odd = vcpu->vcpu_id % 2;

	spin_lock(odd ? &left : &right);
	spin_lock(odd ? &right : &left);
	if (vcpu_has_cache_enabled(vcpu) != was_enabled)
		stage2_flush_vm(vcpu->kvm);
	spin_unlock(&left);
	spin_unlock(&right);
}
