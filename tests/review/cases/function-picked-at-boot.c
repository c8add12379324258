/* Which function the name stands for, another one says when the kernel starts. */
static void flush(struct kvm *kvm) __attribute__((ifunc("pick")));

static void flush(struct kvm *kvm)
{
	stage2_flush_vm(kvm);
}

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool on = vcpu_has_cache_enabled(vcpu);

	if (on != was_enabled)
		flush(vcpu->kvm);
	if (on)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;
}
