/* polled-2x2 under vcpu0-only, shared vCPUs */

bit mmu_lock;
bit cached0, dirty0;
bit cached1, dirty1;
bit ram0, copy0;    /* published */
bit ram1, copy1;    /* word1_of_vcpu1 */
bit vcpu0_on, vcpu0_tvm = 1;
bit vcpu1_on, vcpu1_tvm = 1;
inline fill0() { cached0 = 1; copy0 = ram0; }
inline leave0() {
    if :: dirty0 -> ram0 = copy0; dirty0 = 0 :: else fi;
    cached0 = 0; copy0 = 0;
}
inline fill1() { cached1 = 1; copy1 = ram1; }
inline leave1() {
    if :: dirty1 -> ram1 = copy1; dirty1 = 0 :: else fi;
    cached1 = 0; copy1 = 0;
}
inline stage2_flush_vm() {
    d_step { mmu_lock == 0 -> mmu_lock = 1 };
    d_step { if :: cached0 -> leave0() :: else fi };
    d_step { if :: cached1 -> leave1() :: else fi };
    mmu_lock = 0
}
active proctype vcpu0() {
    bit vcpu0_was, vcpu0_now;
    d_step { if :: vcpu0_on -> if :: cached0 :: else -> fill0() fi; copy0 = 1; dirty0 = 1
             :: else -> ram0 = 1 fi };
    if
    :: d_step { vcpu0_tvm -> vcpu0_was = vcpu0_on };
       vcpu0_on = 1;
       vcpu0_now = vcpu0_on;
       if :: (vcpu0_now != vcpu0_was) -> if :: (0 == 0) -> stage2_flush_vm() :: else fi :: else fi;
       if :: (vcpu0_now) -> vcpu0_tvm = 0 :: else fi;
       vcpu0_now = 0;
       vcpu0_was = 0
    :: d_step { !vcpu0_tvm -> vcpu0_on = 1 }
    fi;
end_done:
    (false)
}
active proctype vcpu1() {
    bit vcpu1_was, vcpu1_now, vcpu1_x0, vcpu1_x1, vcpu1_entitled0, vcpu1_entitled1;
    d_step { if :: vcpu1_on -> if :: cached1 :: else -> fill1() fi; copy1 = 1; dirty1 = 1
             :: else -> ram1 = 1 fi; vcpu1_entitled1 = 1 };
    if
    :: d_step { vcpu1_tvm -> vcpu1_was = vcpu1_on };
       vcpu1_on = 1;
       vcpu1_now = vcpu1_on;
       if :: (vcpu1_now != vcpu1_was) -> if :: (1 == 0) -> stage2_flush_vm() :: else fi :: else fi;
       if :: (vcpu1_now) -> vcpu1_tvm = 0 :: else fi;
       vcpu1_now = 0;
       vcpu1_was = 0
    :: d_step { !vcpu1_tvm -> vcpu1_on = 1 }
    fi;
    d_step { if :: vcpu1_on -> if :: cached1 :: else -> fill1() fi; vcpu1_x1 = copy1
             :: else -> vcpu1_x1 = ram1 fi;
             assert(vcpu1_x1 >= vcpu1_entitled1);
             if :: vcpu1_x1 -> vcpu1_entitled1 = 1 :: else fi };
poll3:
    if ::
    d_step { if :: vcpu1_on -> if :: cached0 :: else -> fill0() fi; vcpu1_x0 = copy0
             :: else -> vcpu1_x0 = ram0 fi;
             assert(vcpu1_x0 >= vcpu1_entitled0);
             if :: vcpu1_x0 -> vcpu1_entitled0 = 1 :: else fi } fi;
    if :: vcpu1_x0 == 0 -> goto poll3 :: else fi;
end_done:
    (false)
}
active proctype hardware() {
end_hardware:
    do
    :: d_step { !cached0 -> fill0() }
    :: d_step { cached0 -> leave0() }
    :: d_step { !cached1 -> fill1() }
    :: d_step { cached1 -> leave1() }
    od
}
