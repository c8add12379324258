/*
 * What a guest's DC by set/way becomes, for every policy that does not bring its own: one
 * flush of the VM, and TVM set so that the next switch of the caches is caught as well. While
 * TVM is set, further set/way operations add nothing: the flush at that switch covers them.
 */
void kvm_set_way_flush(struct kvm_vcpu *vcpu)
{
	unsigned long hcr = *vcpu_hcr(vcpu);

	if (!(hcr & HCR_TVM)) {
		trace_kvm_set_way_flush(*vcpu_pc(vcpu), vcpu_has_cache_enabled(vcpu));
		stage2_flush_vm(vcpu->kvm);
		*vcpu_hcr(vcpu) = hcr | HCR_TVM;
	}
}
