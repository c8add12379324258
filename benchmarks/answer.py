"""What `check --json` says."""

from __future__ import annotations

import json

import attrs


@attrs.frozen
class Answer:
    """What it says of a scenario and a policy."""

    verdict: str
    states: int
    transitions: int
    lengths: dict[str, int]
    """Per kind of finding, the length of the shortest counterexample."""

    @classmethod
    def only(cls, output: str) -> Answer:
        """Return what the output says of the one scenario and policy in it."""
        [answer] = cls.all(output)
        return answer

    @classmethod
    def all(cls, output: str) -> tuple[Answer, ...]:
        """Return what the output says."""
        return tuple(
            cls(
                verdict=result["verdict"],
                states=result["states"],
                transitions=result["transitions"],
                lengths={finding["kind"]: finding["step"] for finding in result["findings"]},
            )
            for result in json.loads(output)["results"]
        )
