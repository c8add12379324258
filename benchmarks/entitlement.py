"""What the 1 of each word of a member tells its reader, known before anything runs."""

from __future__ import annotations

from benchmarks.family import Await, Enable, Load, Member, Store, Unless


def acquired(member: Member) -> dict[int, frozenset[int]]:
    """Return, per word, the words whose 1 its writer was entitled to when it wrote.

    Raises:
        ValueError: a vCPU writes a word when what it then knows depends on the run, or the vCPUs
            wait for each other's words in a circle.
    """
    known: dict[int, frozenset[int]] = {}
    waiting = {index: list(guest) for index, guest in enumerate(member.guests)}
    surely: dict[int, frozenset[int]] = {index: frozenset() for index in waiting}
    perhaps: dict[int, dict[int, int]] = {index: {} for index in waiting}
    while any(waiting.values()):
        stuck = True
        for index, rest in waiting.items():
            while rest and (not isinstance(rest[0], Load | Await) or rest[0].word in known):
                stuck = False
                operation = rest.pop(0)
                match operation:
                    case Store(word):
                        if any(not known[u] <= surely[index] for u in perhaps[index].values()):
                            raise ValueError(f"vcpu{index} writes word {word} after an open load")
                        surely[index] |= {word}
                        known[word] = surely[index]
                    case Load(word, variable):
                        perhaps[index][variable] = word
                    case Await(word):
                        surely[index] |= known[word]
                    case Unless(variable):
                        surely[index] |= known[perhaps[index].pop(variable)]
                    case Enable():
                        pass
        if stuck:
            raise ValueError("the vCPUs wait for each other's words in a circle")
    return known
