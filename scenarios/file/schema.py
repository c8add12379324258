"""The JSON Schema of scenario files, made of the tables that they are read into.

`python -m scenarios.file.schema > scenarios/schema.json` writes the one that ships.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeAlias, get_args, get_origin, get_type_hints

import attrs

from scenarios.file import tables
from scenarios.file.tables import ScenarioTable

Schema: TypeAlias = dict[str, Any]

_SIMPLE: Final[Mapping[type, str]] = {str: "string", int: "integer", bool: "boolean"}


def schema_text() -> str:
    """Return the schema as JSON; equal tables give equal bytes."""
    return f"{json.dumps(_schema(), indent=2)}\n"


def _schema() -> Schema:
    others = (kind for kind in vars(tables).values() if attrs.has(kind))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of kvmcache-tui",
        **_table(ScenarioTable),
        "$defs": {_name(kind): _table(kind) for kind in others if kind is not ScenarioTable},
    }


def _name(table: type) -> str:
    return table.__name__.removesuffix("Table").lower()


def _table(table: type[attrs.AttrsInstance]) -> Schema:
    fields, types, said = attrs.fields(table), get_type_hints(table), _docstrings(table)
    return {
        "description": _flowing(table.__doc__ or ""),
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in fields if field.default is attrs.NOTHING],
        "properties": {
            field.name: {
                **({"description": said[field.name]} if field.name in said else {}),
                **(_value(types[field.name]) | dict(field.metadata)),
                **({"default": field.default} if isinstance(field.default, str | int) else {}),
            }
            for field in fields
        },
    }


def _value(kind: Any) -> Schema:
    """Return what the schema says of a type."""
    arguments = [each for each in get_args(kind) if each is not NoneType]
    if kind in _SIMPLE:
        return {"type": _SIMPLE[kind]}
    if attrs.has(kind):
        return {"$ref": f"#/$defs/{_name(kind)}"}
    origin = get_origin(kind)
    if origin is Literal:
        return {"enum": arguments}
    if origin is tuple:
        return {"type": "array", "items": _value(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(arguments[1])}
    assert origin is UnionType, f"a table has a field of the type {kind}"
    if len(arguments) == 1:
        return _value(arguments[0])
    return {"anyOf": [_value(each) for each in arguments]}


def _docstrings(table: type) -> Mapping[str, str]:
    """Return the docstring under each field of a table that has one."""
    (described,) = ast.parse(inspect.getsource(table)).body
    assert isinstance(described, ast.ClassDef)
    said = {}
    for field, below in zip(described.body, described.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
            assert isinstance(field.target, ast.Name)
            said[field.target.id] = _flowing(ast.literal_eval(below.value))
    return said


def _flowing(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.stdout.write(schema_text())
