/* Object-like and function-like macros, one over several lines, and one with an empty body. */
#define BOOT_VCPU		0
#define IS_BOOT_VCPU(v)		((v)->vcpu_id == BOOT_VCPU)
#define NOTE(...)		do { } while (0)
#define STOP_TRAPPING(v)				\
	do {						\
		*vcpu_hcr(v) &= ~HCR_TVM;		\
	} while (0)

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	bool now_enabled = vcpu_has_cache_enabled(vcpu);

	if (now_enabled != was_enabled && IS_BOOT_VCPU(vcpu))
		stage2_flush_vm(vcpu->kvm);

	NOTE("vcpu %d", vcpu->vcpu_id);
	if (now_enabled)
		STOP_TRAPPING(vcpu);
}
