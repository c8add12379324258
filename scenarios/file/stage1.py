"""The guest's own mapping: what its stage 1 makes of pages, and their other addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from engine.arm.memory_type import MemoryType
from engine.arm.registers import MASK
from engine.machine.setup import Alias, Stage1
from engine.memory.layout import Layout
from engine.refusal import KeyPath, RefusedError, quote
from scenarios.errors import key_path, unknown
from scenarios.file.initial_state import within, word_named
from scenarios.file.tables import WORD_NAME, AliasTable, MemoryTable, VcpuTable

_NAME: Final = re.compile(WORD_NAME)
_TYPES: Final = {
    "write-back": MemoryType.WRITE_BACK,
    "non-cacheable": MemoryType.NON_CACHEABLE,
    "device": MemoryType.DEVICE,
}


def read_stage1(memory: MemoryTable, vcpus: Sequence[VcpuTable], layout: Layout) -> Stage1:
    """Return what the vCPUs' own mappings make of pages, and the aliases of these.

    Raises:
        RefusedError: an alias is where it cannot be, or an attribute of what there is not.
    """
    aliases = tuple(_alias(name, table, layout, vcpus) for name, table in memory.aliases.items())
    taken = {layout.page_address(page): "guest RAM" for page in range(len(layout.pages))}
    for alias in aliases:
        if alias.address in taken:
            path = key_path("memory.aliases", alias.name)
            found = f"{alias.address:#x}, the page of {taken[alias.address]}"
            raise RefusedError(found, "a page of its own", KeyPath(f"{path}.address"))
        taken[alias.address] = alias.name
    return Stage1(
        tuple(
            _attributes(table, f"vcpu[{index}].attributes", layout, memory.aliases)
            for index, table in enumerate(vcpus)
        )
        if any(table.attributes for table in vcpus)
        else (),
        aliases,
    )


def alias_addresses(memory: MemoryTable) -> dict[str, int]:
    """Return the addresses of words at their aliases, by the aliases' names."""
    return {name: table.address for name, table in memory.aliases.items()}


def _alias(name: str, table: AliasTable, layout: Layout, vcpus: Sequence[VcpuTable]) -> Alias:
    path = key_path("memory.aliases", name)
    if not _NAME.fullmatch(name) or layout.word_named(name) is not None:
        expected = "a name that no word has, of letters, digits and '_'"
        raise RefusedError(quote(name), expected, KeyPath(path))
    word = layout.words[word_named(table.of, layout, f"{path}.of")]
    within(table.address, 0, MASK, f"{path}.address")
    offset = word.address % layout.page_bytes
    if table.address % layout.page_bytes != offset:
        expected = f"the place of {word.name} in its page: {offset:#x} from a page's begin on"
        raise RefusedError(f"{table.address:#x}", expected, KeyPath(f"{path}.address"))
    attributes = tuple(_TYPES[vcpu.attributes.get(name, "write-back")] for vcpu in vcpus)
    page = layout.page_of[layout.line_of[layout.words.index(word)]]
    return Alias(name, table.address - offset, page, attributes)


def _attributes(
    table: VcpuTable, path: str, layout: Layout, aliases: Mapping[str, AliasTable]
) -> tuple[MemoryType, ...]:
    """Return what a vCPU's stage 1 makes of each page, at its own address."""
    given: dict[int, str] = {}
    for name, attribute in table.attributes.items():
        if name in aliases:
            continue
        key = key_path(path, name)
        word = layout.word_named(name)
        if word is None:
            known = (*(each.name for each in layout.words), *aliases)
            raise unknown(quote(name), name, known, "a word of guest RAM or an alias", KeyPath(key))
        page = layout.page_of[layout.line_of[word]]
        if given.setdefault(page, attribute) != attribute:
            expected = f"{quote(given[page])}, as of another word of its page"
            raise RefusedError(quote(attribute), expected, KeyPath(key))
    return tuple(_TYPES[given.get(page, "write-back")] for page in range(len(layout.pages)))
