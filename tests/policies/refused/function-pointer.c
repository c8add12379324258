/* A call through a pointer. */
static void (*hook)(struct kvm_vcpu *vcpu);

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	hook(vcpu);
}
