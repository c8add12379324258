"""The account of a choice: where an actor's program goes on."""

from __future__ import annotations

from engine.machine.actors import VMM
from engine.machine.effects import ChoiceMade
from tui.presenters.steps.account import Account, Sign
from tui.presenters.words import instruction_text, program_of, who


class ChoiceAccount(Account[ChoiceMade]):
    """A choice that an actor made."""

    sign = Sign.CHOICE

    def label(self) -> str:
        """Return the label that was chosen."""
        return f"chooses {self.effect.label}"

    def clause(self, *, brief: bool) -> str:
        """Return what was chosen, and what comes next there if anything does."""
        actor = self.effect.actor
        program = program_of(self.step.after, actor)
        core = self.step.after.vmm.core if actor == VMM else self.step.after.vcpus[actor].core
        chosen = f"{who(actor)} chooses {self.effect.label}"
        if program is None or core.pc >= len(program.instructions):
            return chosen
        return f"{chosen} and goes on at `{instruction_text(program, core.pc)}`"
