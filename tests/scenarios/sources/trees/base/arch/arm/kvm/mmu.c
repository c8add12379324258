/* The walk over what a guest has been given. */
#include <linux/kvm_host.h>

static void clean_slot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	unsigned long at;

	for (at = slot->first; at < slot->end; at += PAGE_SIZE)
		clean_one_page(kvm, at);
}

/* Every slot, one after the other. */
void stage2_flush_vm(struct kvm *kvm)
{
	struct kvm_memory_slot *slot;

	spin_lock(&kvm->mmu_lock);
	list_of_slots(slot, kvm)
		clean_slot(kvm, slot);
	spin_unlock(&kvm->mmu_lock);
}

static void drop_slot(struct kvm *kvm, struct kvm_memory_slot *slot)
{
	unsigned long at;

	for (at = slot->first; at < slot->end; at += PAGE_SIZE)
		drop_one_page(kvm, at);
}

void stage2_drop_vm(struct kvm *kvm)
{
	struct kvm_memory_slot *slot;

	spin_lock(&kvm->mmu_lock);
	list_of_slots(slot, kvm)
		drop_slot(kvm, slot);
	spin_unlock(&kvm->mmu_lock);
}
