from __future__ import annotations

import pytest

from engine.kvm.scope import MachineScope, local_address
from engine.policy.addresses import Region, address
from engine.policy.evaluate import OopsError
from tests.engine.build import machine

OF_A_VCPU = [
    *(Region.FIELD, Region.HCR, Region.SYSTEM_REGISTER, Region.PC, Region.VCPU_ID),
    *(Region.VCPU_KVM, Region.VCPU_CPU, Region.EXIT_VALUE, Region.EXIT_REGISTER),
]


@pytest.mark.parametrize("region", OF_A_VCPU)
def test_what_belongs_to_a_vcpu_that_there_is_none_of_cannot_be_touched(region: Region) -> None:
    built = machine("nop", "nop")
    scope = MachineScope(built, 0, local_address(0, 0, 0), [])
    missing = address(region, owner=len(built.vcpus), slot=1)
    with pytest.raises(OopsError):
        scope.load(missing)
    with pytest.raises(OopsError):
        scope.store(missing, 1)
    assert scope.machine is built
