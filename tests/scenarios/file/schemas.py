"""The schema that ships, by the table that each of its objects describes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from scenarios.file import tables

SCHEMA: dict[str, Any] = json.loads(files("scenarios").joinpath("schema.json").read_text("utf-8"))


OBJECTS: dict[type, dict[str, Any]] = {
    tables.ScenarioTable: SCHEMA,
    tables.RepeatTable: SCHEMA["$defs"]["repeat"],
    tables.HardwareTable: SCHEMA["$defs"]["hardware"],
    tables.SpeculationTable: SCHEMA["$defs"]["speculation"],
    tables.MemoryTable: SCHEMA["$defs"]["memory"],
    tables.WordTable: SCHEMA["$defs"]["word"],
    tables.AliasTable: SCHEMA["$defs"]["alias"],
    tables.CachedTable: SCHEMA["$defs"]["cached"],
    tables.VcpuTable: SCHEMA["$defs"]["vcpu"],
    tables.VmmTable: SCHEMA["$defs"]["vmm"],
    tables.NoteTable: SCHEMA["$defs"]["note"],
}
