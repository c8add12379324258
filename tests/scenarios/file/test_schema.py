from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator

from scenarios.file import tables
from scenarios.file.schema import schema_text
from scenarios.library import scenario_names

SCHEMA: dict[str, Any] = json.loads(files("scenarios").joinpath("schema.json").read_text("utf-8"))

OBJECTS: dict[type, dict[str, Any]] = {
    tables.ScenarioTable: SCHEMA,
    tables.RepeatTable: SCHEMA["$defs"]["repeat"],
    tables.HardwareTable: SCHEMA["$defs"]["hardware"],
    tables.SpeculationTable: SCHEMA["$defs"]["speculation"],
    tables.MemoryTable: SCHEMA["$defs"]["memory"],
    tables.WordTable: SCHEMA["$defs"]["word"],
    tables.CachedTable: SCHEMA["$defs"]["cached"],
    tables.VcpuTable: SCHEMA["$defs"]["vcpu"],
    tables.VmmTable: SCHEMA["$defs"]["vmm"],
    tables.NoteTable: SCHEMA["$defs"]["note"],
}


def test_the_schema_that_ships_is_what_the_tables_make() -> None:
    shipped = files("scenarios").joinpath("schema.json").read_text("utf-8")

    assert shipped == schema_text()


def test_every_table_of_the_format_is_an_object_of_the_schema() -> None:
    classes = {kind for kind in vars(tables).values() if attrs.has(kind)}
    objects = [name for name, one in SCHEMA["$defs"].items() if one.get("type") == "object"]

    assert set(OBJECTS) == classes
    assert len(objects) + 1 == len(classes)


@pytest.mark.parametrize("table", OBJECTS, ids=lambda table: table.__name__)
def test_a_table_has_the_keys_of_the_schema(table: type[attrs.AttrsInstance]) -> None:
    fields = attrs.fields(table)
    described = OBJECTS[table]

    assert sorted(described["properties"]) == sorted(field.name for field in fields)
    assert sorted(described.get("required", [])) == sorted(
        field.name for field in fields if field.default is attrs.NOTHING
    )
    assert described["additionalProperties"] is False


@pytest.mark.parametrize("table", OBJECTS, ids=lambda table: table.__name__)
def test_a_table_has_the_defaults_of_the_schema(table: type[attrs.AttrsInstance]) -> None:
    simple = {
        field.name: field.default
        for field in attrs.fields(table)
        if isinstance(field.default, bool | int | str)
    }
    described = {
        name: value["default"]
        for name, value in OBJECTS[table]["properties"].items()
        if "default" in value
    }

    assert described == simple


def test_the_schema_knows_the_implementors_of_the_format() -> None:
    names = SCHEMA["$defs"]["hardware"]["properties"]["implementor"]["anyOf"][0]["enum"]

    assert names == list(tables.IMPLEMENTOR_CODES)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", scenario_names())
def test_a_shipped_scenario_follows_the_schema(name: str) -> None:
    text = files("scenarios").joinpath(f"{name}.toml").read_text("utf-8")

    problems = [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(text))
    ]

    assert problems == []
