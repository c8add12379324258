from __future__ import annotations

import attrs
import pytest

from engine.refusal import RefusedError
from scenarios.file.tables import MOST_ENTRIES
from tests.scenarios.file.schemas import OBJECTS
from tests.scenarios.file.small import SMALL, read


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


def test_a_schedule_has_as_many_entries_as_the_schema_allows_and_no_more() -> None:
    def entries(count: int) -> str:
        return SMALL.replace("schedule = []", "schedule = [" + '"vcpu0",\n' * count + "]")

    assert len(read(entries(MOST_ENTRIES)).schedule) == MOST_ENTRIES
    with pytest.raises(RefusedError, match=f"at most {MOST_ENTRIES}"):
        read(entries(MOST_ENTRIES + 1))
