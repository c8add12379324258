#include <linux/kvm_host.h>

static int before;

/* The trap's policy: what has to happen when a vCPU turns its caches on or off. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	/* Either direction needs the whole VM cleaned and invalidated to PoC. */
	if (now_enabled != was_enabled)
		stage2_flush_vm(vcpu->kvm);

	/* With the caches on there is nothing left to watch for. */
	if (now_enabled)
		*vcpu_hcr(vcpu) &= ~HCR_TVM;

	trace_kvm_toggle_cache(*vcpu_pc(vcpu), was_enabled, now_enabled);
}

/* Set/way operations cannot be emulated: flush everything once, then watch. */
void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	unsigned long hcr = *vcpu_hcr(vcpu);

	if (!(hcr & HCR_TVM)) {
		trace_kvm_set_way_flush(*vcpu_pc(vcpu),
					vcpu_has_cache_enabled(vcpu));
		stage2_flush_vm(vcpu->kvm);
		*vcpu_hcr(vcpu) = hcr | HCR_TVM;
	}
}

int kvm_other(struct kvm *kvm)
{
	return before;
}
