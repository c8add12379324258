"""Policies by name, or read from a C file, a patch or a mail, and compiled."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import dirname, isfile, join, realpath
from typing import TYPE_CHECKING, Final

import attrs

from engine.compiler.compiler import compile_policy
from engine.policy.policy import Options, Policy
from engine.policy.source import SourceFile
from engine.refusal import InFile, KeyPath, RefusedError, quote
from scenarios.coverage.unjudged import UnjudgedError
from scenarios.errors import is_plain_word, looks_like_file, unknown
from scenarios.names import SET_WAY, policy_names, policy_text
from scenarios.scenario import Expectation, Scenario
from scenarios.sources.base import Builtin, Tree
from scenarios.sources.candidate import Candidate, CandidateFile, pick_candidate, split_fragment

if TYPE_CHECKING:
    from scenarios.coverage.survey import Survey

UPSTREAM: Final = "upstream"

_WHAT: Final = "a built-in policy's name or a file"
_NO_OPTIONS: Final = Options()


def check_word(word: str, key_path: str) -> None:
    """Make sure that a word in a file, under a key, can mean a policy: by name, or by its file.

    Raises:
        RefusedError: it is no built-in policy's name, and looks like no file's.
    """
    if word not in policy_names() and not looks_like_file(split_fragment(word)[0]):
        raise unknown(quote(word), word, policy_names(), _WHAT, KeyPath(key_path))


def expectation_of(scenario: Scenario, scenario_spec: str, spec: str) -> Expectation | None:
    """Return what a scenario expects of a policy, both by the user's words for them."""
    meant = (each for each in scenario.expect if _means(spec, each.policy, scenario_spec))
    return next(meant, None)


def expected_specs(scenario: Scenario, scenario_spec: str) -> tuple[str, ...]:
    """Return how the user would ask for the policies of which a scenario expects something."""
    return tuple(_beside(each.policy, scenario_spec) for each in scenario.expect)


def _means(spec: str, word: str, scenario_spec: str) -> bool:
    """Say whether what the user asked for is what a word in a scenario's file means."""
    if spec == word:
        return True
    if not {spec, word}.isdisjoint(policy_names()):
        return False
    path, number = _path_and_number(spec)
    meant, which = _path_and_number(_beside(word, scenario_spec))
    return number == which and realpath(path) == realpath(meant)


def _beside(word: str, scenario_spec: str) -> str:
    """Return how the user would ask for what a word means: a file is beside the scenario's."""
    return word if word in policy_names() else join(dirname(scenario_spec), word)


def load_policy(spec: str, *, options: Options = _NO_OPTIONS, base: Tree | None = None) -> Policy:
    """Return a built-in policy, or the one in a file; `FILE#2` is the second candidate in it.

    `base` is what a patch is applied to, KVM's own functions where there is none.

    Raises:
        RefusedError: there is no such policy or file, or the file has no candidate, or several.
        RefusedError: its C cannot be understood; the place is one of the user's file.
        UnjudgedError: nothing that the file brings, or changes, can be run.
    """
    if spec in policy_names():
        return compile_policy(_built_in(spec), _built_in(SET_WAY), name=spec, options=options)
    path, _ = _path_and_number(spec)
    if is_plain_word(path):
        raise unknown(quote(path), path, policy_names(), _WHAT, InFile("policy"))
    candidates = load_candidates(spec, base=base)
    if len(candidates) > 1:
        last = f"{path}#{len(candidates)}"
        found = f"{len(candidates)} candidates"
        raise RefusedError(found, f"one of them: {path}#1 to {last}", InFile(path))
    return candidate_policy(candidates[0], options=options, base=base)


def load_candidates(spec: str, *, base: Tree | None = None) -> tuple[Candidate, ...]:
    """Return the candidates in a C file, patch or mail; the only one that `FILE#2` names.

    Raises:
        RefusedError: there is no such file, or no candidate in it.
    """
    from scenarios.sources.read import read_candidates

    path, number = _path_and_number(spec)
    candidates = read_candidates(path, base=_built_in_base() if base is None else base)
    return candidates if number is None else (pick_candidate(candidates, number),)


def candidate_policy(
    candidate: Candidate, *, options: Options = _NO_OPTIONS, base: Tree | None = None
) -> Policy:
    """Return a candidate compiled, with what it speaks of; `base` is what it was applied to.

    What it lacks is as the built-in upstream has it.

    Raises:
        RefusedError: its C cannot be understood; the place is one of the user's file.
        UnjudgedError: nothing that it brings, or changes, can be run.
    """
    from scenarios.coverage.coverage import coverage_of
    from scenarios.coverage.survey import Survey

    stand_ins = tuple(_built_in(name).text for name in (SET_WAY, UPSTREAM))
    survey = Survey.of(candidate, dict(options.configs), stand_ins, base)
    if not survey.can_be_run:
        raise UnjudgedError.of(candidate.name, coverage_of(survey, None))
    own = tuple(_source_file(candidate, each.file) for each in survey.files)
    fallbacks = tuple(_fallback(name, own) for name in (SET_WAY, UPSTREAM))
    try:
        policy = compile_policy(
            own[0], *fallbacks, beside=own[1:], name=candidate.name, options=options
        )
    except RefusedError as error:
        error = attrs.evolve(error, way=error.way or _way_to_macro(error, survey))
        raise _in_users_file(error, candidate, own) from error
    coverage = coverage_of(survey, policy)
    if not coverage.run:
        raise UnjudgedError.of(candidate.name, coverage)
    return attrs.evolve(policy, coverage=coverage)


def _source_file(candidate: Candidate, file: CandidateFile) -> SourceFile:
    """Return a file of a candidate for the compiler: the first one has the candidate's name."""
    as_it_is = file.line_map == tuple(range(1, len(file.line_map) + 1))
    first = file is candidate.files[0] or len(candidate.files) == 1
    name = candidate.name if file in candidate.files and first else file.path
    return SourceFile(name, file.text, () if as_it_is else file.line_map)


def _fallback(name: str, own: Sequence[SourceFile]) -> SourceFile:
    """Return what stands in for functions a source lacks, never under that source's name."""
    source = _built_in(name)
    if source.name in (each.name for each in own):
        return attrs.evolve(source, name=f"built-in {source.name}")
    return source


def _path_and_number(spec: str) -> tuple[str, int | None]:
    return (spec, None) if isfile(spec) else split_fragment(spec)


def _way_to_macro(error: RefusedError, survey: Survey) -> str:
    """Return the way forward where what is not known is a macro of another of the files."""
    for each in survey.files:
        for one in each.after:
            called = error.found in (f"a call of {one.name}()", f"`{one.name}`")
            if one.kind == "macro" and one.name and called:
                return f"macros of {each.file.path} are not read there: define it where it is used"
    return ""


def _in_users_file(
    error: RefusedError, candidate: Candidate, own: Sequence[SourceFile]
) -> RefusedError:
    """Return an error with the line of the user's file, where it is about that."""
    source = next((each for each in own if each.name == error.file), None)
    if source is None:
        return error
    line = source.user_line(error.line)
    if line:
        return error.at(InFile(candidate.source, line=line, column=error.column))
    patched = f"{error.file} (the base with the patch applied)"
    return error.at(InFile(patched, line=error.line, column=error.column))


def _built_in_base() -> Builtin:
    """Return what patches are applied to: KVM's functions as this product words them."""
    text = "\n".join(_built_in(name).text for name in (SET_WAY, UPSTREAM))
    return Builtin("the built-in upstream", text)


def _built_in(name: str) -> SourceFile:
    return SourceFile(f"{name}.c", policy_text(name))
