/* The grammar cannot know that this is a cast. */
typedef unsigned char small;

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	if ((small)-vcpu->vcpu_id < 128)
		stage2_flush_vm(vcpu->kvm);
}
