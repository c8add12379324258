/* A struct of one's own. */
struct counters {
	int flushes;
};

static struct counters counters;

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	counters.flushes++;
}
