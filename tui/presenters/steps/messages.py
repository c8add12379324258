"""Steps as messages: between vCPUs, VMM and KVM, to the caches and to RAM, and back."""

from __future__ import annotations

from engine.machine.events import event_actor
from engine.transition import Step
from tui.presenters.steps.account import Item, Message, Remark, participant
from tui.presenters.steps.labels import label
from tui.presenters.steps.told import accounts


def messages(step: Step) -> tuple[Item, ...]:
    """Return what a step did as messages, one at least."""
    text = label(step).strip()
    found = tuple(item for one in accounts(step) for item in one.messages(text))
    if found:
        return found
    actor = event_actor(step.event)
    return (
        Remark((), text)
        if actor is None
        else Message(participant(actor), participant(actor), text),
    )
