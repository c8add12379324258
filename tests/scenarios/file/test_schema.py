from __future__ import annotations

import tomllib
from importlib.resources import files

import attrs
import pytest
from jsonschema import Draft202012Validator

from scenarios.file import tables
from scenarios.file.schema import schema_text
from scenarios.names import scenario_names
from tests.scenarios.file.schemas import OBJECTS, SCHEMA


def test_the_schema_that_ships_is_what_the_tables_make() -> None:
    shipped = files("scenarios").joinpath("schema.json").read_text("utf-8")

    assert shipped == schema_text()


def test_every_table_of_the_format_is_an_object_of_the_schema() -> None:
    classes = {kind for kind in vars(tables).values() if attrs.has(kind)}
    objects = [name for name, one in SCHEMA["$defs"].items() if one.get("type") == "object"]

    assert set(OBJECTS) == classes
    assert len(objects) + 1 == len(classes)


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
