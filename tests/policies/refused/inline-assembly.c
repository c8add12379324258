/* Instructions of its own. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	asm volatile("dc civac, %0" : : "r" (vcpu));
}
