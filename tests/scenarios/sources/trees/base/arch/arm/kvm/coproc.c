/* What a guest's trapped accesses to coprocessor registers do. */
#include <linux/kvm_host.h>

/* A data cache operation by set and way. */
static bool access_dcsw(struct kvm_vcpu *vcpu, const struct coproc_params *p,
			const struct coproc_reg *r)
{
	if (!p->is_write)
		return read_from_write_only(vcpu, p);

	clean_this_cpu(p);
	remember_cpu(vcpu);
	return true;
}

/* A register of the guest's own translation regime. */
static bool access_vm_reg(struct kvm_vcpu *vcpu, const struct coproc_params *p,
			  const struct coproc_reg *r)
{
	BUG_ON(!p->is_write);

	vcpu->arch.cp15[r->reg] = *vcpu_reg(vcpu, p->Rt);
	return true;
}

/* The register that turns the caches on. */
static bool access_sctlr(struct kvm_vcpu *vcpu, const struct coproc_params *p,
			 const struct coproc_reg *r)
{
	access_vm_reg(vcpu, p, r);

	if (vcpu_has_cache_enabled(vcpu)) {
		vcpu->arch.hcr &= ~HCR_TVM;
		stage2_flush_vm(vcpu->kvm);
	}

	return true;
}

static const struct coproc_reg cp15_regs[] = {
	/* DC ISW */
	{ Op1(0), CRn(7), CRm(6), Op2(2), access_dcsw },
	/* SCTLR  */
	{ Op1(0), CRn(1), CRm(0), Op2(0), access_sctlr, reset_val, SCTLR  },
	/* TTBR0  */
	{ Op1(0), CRn(2), CRm(0), Op2(0), access_vm_reg, reset_unknown, TTBR0  },
};
