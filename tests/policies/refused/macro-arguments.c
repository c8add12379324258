/* Too few arguments for a macro. */
#define PICK(a, b) ((a) ? (b) : 0)

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if (PICK(1))
		stage2_flush_vm(vcpu->kvm);
}
