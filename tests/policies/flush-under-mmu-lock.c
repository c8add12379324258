/* The walk takes the mmu_lock itself: nobody may hold it when it begins. */
void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	write_lock(&vcpu->kvm->mmu_lock);
	stage2_flush_vm(vcpu->kvm);
	write_unlock(&vcpu->kvm->mmu_lock);
}
