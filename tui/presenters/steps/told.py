"""Effects told: each with its account, in this one place, where a forgotten one is an error."""

from __future__ import annotations

from engine.machine.effects import (
    AccessFailed,
    ChoiceMade,
    ConditionDecided,
    Effect,
    Evicted,
    FaultTaken,
    FetchFailed,
    Filled,
    FlushBegun,
    FlushEnded,
    FlushSkipped,
    HcrWritten,
    InterruptInjected,
    InterruptTaken,
    Invalidated,
    Kicked,
    KickNoticed,
    LineFlushed,
    Loaded,
    Maintained,
    PageMapped,
    PoweredOff,
    PoweredOn,
    RegisterWritten,
    ReturnedToGuest,
    Stage2Unmapped,
    StatementExecuted,
    Stored,
    Trapped,
    TvmArmed,
    TvmCleared,
    VcpuInitialised,
    WrittenBack,
)
from engine.transition import Step
from tui.presenters.steps.accesses import (
    FailedAccessAccount,
    FailedFetchAccount,
    LoadAccount,
    MaintenanceAccount,
    StoreAccount,
)
from tui.presenters.steps.account import Account
from tui.presenters.steps.exits import (
    FaultAccount,
    HcrAccount,
    RegisterWriteAccount,
    ReturnAccount,
    TrapAccount,
    TvmArmedAccount,
    TvmClearedAccount,
)
from tui.presenters.steps.lines import (
    EvictionAccount,
    FillAccount,
    InvalidationAccount,
    WriteBackAccount,
)
from tui.presenters.steps.options import ChoiceAccount
from tui.presenters.steps.policy import (
    ConditionAccount,
    FlushAccount,
    FlushEndAccount,
    FlushSkipAccount,
    LineFlushAccount,
    PageAccount,
    StatementAccount,
    UnmappingAccount,
)
from tui.presenters.steps.power import (
    InjectionAccount,
    InterruptAccount,
    KickAccount,
    KickNoticeAccount,
    PowerOffAccount,
    PowerOnAccount,
    ResetAccount,
)


def accounts(step: Step) -> tuple[Account[Effect], ...]:
    """Return what is told of each effect of a step, in their order."""
    return tuple(_account(step, effect) for effect in step.effects)


def _account(step: Step, effect: Effect) -> Account[Effect]:
    match effect:
        case Loaded():
            return LoadAccount(step, effect)
        case Stored():
            return StoreAccount(step, effect)
        case Filled():
            return FillAccount(step, effect)
        case Evicted():
            return EvictionAccount(step, effect)
        case WrittenBack():
            return WriteBackAccount(step, effect)
        case Invalidated():
            return InvalidationAccount(step, effect)
        case Maintained():
            return MaintenanceAccount(step, effect)
        case Trapped():
            return TrapAccount(step, effect)
        case RegisterWritten():
            return RegisterWriteAccount(step, effect)
        case HcrWritten():
            return HcrAccount(step, effect)
        case TvmCleared():
            return TvmClearedAccount(step, effect)
        case TvmArmed():
            return TvmArmedAccount(step, effect)
        case ConditionDecided():
            return ConditionAccount(step, effect)
        case StatementExecuted():
            return StatementAccount(step, effect)
        case FlushBegun():
            return FlushAccount(step, effect)
        case LineFlushed():
            return LineFlushAccount(step, effect)
        case FlushEnded():
            return FlushEndAccount(step, effect)
        case FlushSkipped():
            return FlushSkipAccount(step, effect)
        case ReturnedToGuest():
            return ReturnAccount(step, effect)
        case FaultTaken():
            return FaultAccount(step, effect)
        case PageMapped():
            return PageAccount(step, effect)
        case Stage2Unmapped():
            return UnmappingAccount(step, effect)
        case PoweredOn():
            return PowerOnAccount(step, effect)
        case PoweredOff():
            return PowerOffAccount(step, effect)
        case VcpuInitialised():
            return ResetAccount(step, effect)
        case Kicked():
            return KickAccount(step, effect)
        case KickNoticed():
            return KickNoticeAccount(step, effect)
        case InterruptInjected():
            return InjectionAccount(step, effect)
        case InterruptTaken():
            return InterruptAccount(step, effect)
        case ChoiceMade():
            return ChoiceAccount(step, effect)
        case AccessFailed():
            return FailedAccessAccount(step, effect)
        case FetchFailed():
            return FailedFetchAccount(step, effect)
