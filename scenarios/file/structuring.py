"""A parsed document structured into a format's tables, with the key of every mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import GenericAlias
from typing import Any, Final, Literal, NewType, TypeVar, get_args, get_origin

import attrs
from cattrs import BaseValidationError, Converter, ForbiddenExtraKeysError
from cattrs.errors import ClassValidationError, IterableValidationError
from cattrs.gen import make_dict_structure_fn, make_mapping_structure_fn

from engine.refusal import KeyPath, RefusedError, quote
from scenarios.errors import describe, did_you_mean, key_path, unknown
from scenarios.file.tables import RepeatTable

_Table = TypeVar("_Table")

Verbatim = NewType("Verbatim", str)
"""A text that is kept as it is, whatever a terminal would make of it."""


def structure(document: Mapping[str, object], kind: type[_Table], file: str) -> _Table:
    """Return a document as the attrs class that its format has for the whole file.

    Raises:
        RefusedError: for the first key that is wrong; `more` has the others.
    """
    try:
        return _CONVERTER.structure(document, kind)
    except BaseValidationError as group:
        first, *more = (refused.in_file(file) for refused in _mistakes(group, ""))
    raise attrs.evolve(first, more=tuple(more))


def _mistakes(error: BaseException, path: str) -> Iterator[RefusedError]:
    """Yield what is wrong, a table's unknown keys first: they explain those that are missing."""
    match error:
        case ClassValidationError():
            keyed, others = error.group_exceptions()
            for other in others:
                yield from _mistakes(other, path)
            for inner, note in keyed:
                yield from _mistakes(inner, key_path(path, note.name))
        case IterableValidationError():
            for inner, place in error.group_exceptions()[0]:
                index = place.index
                inside = f"{path}[{index}]" if isinstance(index, int) else key_path(path, index)
                yield from _mistakes(inner, inside)
        case ForbiddenExtraKeysError(cl=table, extra_fields=extra):
            known = tuple(field.name for field in attrs.fields(table))
            for key in sorted(extra):
                found, at = f"the unknown key {quote(key)}", KeyPath(key_path(path, key))
                yield unknown(found, key, known, "a key of this table", at)
        case KeyError():
            yield RefusedError("nothing", f"the key {path.rpartition('.')[2]!r}", KeyPath(path))
        case RefusedError():
            yield error.at(KeyPath(path))
        case _:
            raise error


def _exactly(kind: type, expected: str) -> Callable[[object, Any], Any]:
    def read(value: object, _: Any) -> Any:
        if type(value) is not kind:
            raise RefusedError(describe(value), expected)
        return value

    return read


def _text(value: object, _: Any) -> str:
    if not isinstance(value, str):
        raise RefusedError(describe(value), "a string")
    for line, written in enumerate(value.split("\n"), 1):
        for character in written:
            # An escape sequence in a title or a comment must never reach the terminal.
            if not character.isprintable() and character != "\t":
                found = f"the character U+{ord(character):04X} on line {line} of the string"
                raise RefusedError(found, "printable text")
    return value


def _verbatim(value: object, _: Any) -> str:
    if not isinstance(value, str):
        raise RefusedError(describe(value), "a string")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedError("half a character", "text that UTF-8 can say") from None
    return value


def _literal(value: object, kind: Any) -> Any:
    choices = get_args(kind)
    if isinstance(value, str) and value in choices:
        return value
    expected = " or ".join(repr(choice) for choice in choices)
    way = did_you_mean(value, choices) if isinstance(value, str) else ""
    raise RefusedError(describe(value), expected, way=way)


def _integer_or_text(value: object, _: Any) -> int | str:
    if isinstance(value, str):
        return _text(value, str)
    if type(value) is int:
        return value
    raise RefusedError(describe(value), "a string or an integer")


def _number(value: object, _: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise RefusedError(describe(value), "a number")


def _texts_or_text(value: object, _: Any) -> tuple[str, ...] | str:
    if isinstance(value, list):
        return _CONVERTER.structure(value, tuple[str, ...])
    if isinstance(value, str):
        return _text(value, str)
    raise RefusedError(describe(value), "a string or an array of strings")


def _entry(value: object, _: Any) -> str | RepeatTable:
    if isinstance(value, dict):
        return _CONVERTER.structure(value, RepeatTable)
    if isinstance(value, str):
        return _text(value, str)
    raise RefusedError(describe(value), "a string or a table with the key 'do'")


def _only(kind: type, expected: str, read: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def checked(value: object, target: Any) -> Any:
        if not isinstance(value, kind):
            raise RefusedError(describe(value), expected)
        return read(value, target)

    return checked


def _is_a(generic: Any) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) is generic


def _converter() -> Converter:
    """Return a converter that takes nothing for something else, as cattrs' own hooks would."""
    converter = Converter(detailed_validation=True, forbid_extra_keys=True)

    def table(kind: type) -> Callable[[Any, Any], Any]:
        return _only(dict, "a table", make_dict_structure_fn(kind, converter))

    def array(kind: Any) -> Callable[[Any, Any], Any]:
        items: Any = GenericAlias(list, get_args(kind)[:1])
        return _only(list, "an array", lambda value, _: tuple(converter.structure(value, items)))

    def keyed(kind: Any) -> Callable[[Any, Any], Any]:
        return _only(dict, "a table", make_mapping_structure_fn(kind, converter))

    converter.register_structure_hook_factory(attrs.has, table)
    converter.register_structure_hook_factory(_is_a(tuple), array)
    converter.register_structure_hook_factory(_is_a(dict), keyed)
    converter.register_structure_hook_factory(_is_a(Mapping), keyed)
    converter.register_structure_hook_func(_is_a(Literal), _literal)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook_func(lambda kind: kind is Verbatim, _verbatim)
    converter.register_structure_hook(int, _exactly(int, "an integer"))
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(bool, _exactly(bool, "true or false"))
    converter.register_structure_hook(str | int, _integer_or_text)
    converter.register_structure_hook(int | str, _integer_or_text)
    converter.register_structure_hook(str | tuple[str, ...], _texts_or_text)
    converter.register_structure_hook(str | RepeatTable, _entry)
    return converter


_CONVERTER: Final = _converter()
