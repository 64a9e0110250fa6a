"""lockfile-out-of-sync against `npm ci` itself, on hundreds of edits of real projects.

The verdict of `npm ci` is worked out by npm's own code, all edits of a project
in one process (tests/support/npm_ci.py).  Some verdicts cannot be known offline;
``_undecidable`` says which, and why.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import semver, sync
from lockward.policy import Policy
from lockward.rules import lockfile_out_of_sync
from tests.support import npm, npm_edits, npm_mutations
from tests.support.npm_ci import NpmCi
from tests.support.packuments import around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.project import Project
    from lockward.sync import SyncProblem
    from tests.support.npm_ci import Packument, Verdict

DATA: Final = Path(__file__).parents[2] / "data" / "npm_ci"
PROJECTS: Final = sorted(folder.name for folder in DATA.iterdir())
EDITS: Final = 38  # decided ones, of each of the eight projects
SEED: Final = 20_261_125
# What a committed .npmrc says, as npm's own options.
OPTIONS: Final[dict[str, dict[str, object]]] = {"legacy-peers-v3": {"legacyPeerDeps": True}}

Parsed = dict[str, Any]


class Case:
    """An edited project: what was edited, our project, and what npm says of it."""

    def __init__(
        self, label: str, project: Project, verdict: Verdict, registry: dict[str, Packument]
    ) -> None:
        self.label: Final = label
        self.project: Final = project
        self.verdict: Final = verdict
        self.registry: Final = registry
        self.problems: Final = sync.problems(project)

    @property
    def in_sync(self) -> bool:
        """Our verdict: no finding of the rule, and nothing that cannot be read."""
        found = list(lockfile_out_of_sync.check(self.project, Policy()))
        return not found and not self.project.faults

    def __str__(self) -> str:
        ours = [f"{one.source}|{one.name}@{one.spec}|{one.reason}" for one in self.problems]
        faults = [str(fault) for fault in self.project.faults]
        return f"{self.label}\n  npm: {self.verdict}\n  ours: {ours} {faults}"


def _texts(name: str) -> dict[str, str]:
    folder = DATA / name
    files = [path for path in folder.rglob("*") if path.suffix == ".json" or path.name == ".npmrc"]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def _edits(random: Random, files: Parsed) -> Iterator[tuple[Parsed, str]]:
    """Edited copies without end; every fourth is edited twice.

    What a package of a version 1 file requires is left alone: npm 7 and later
    ask the registry for that, so nobody can tell offline.
    """
    flat = "packages" not in files[npm_edits.LOCK]
    while True:
        edited, label, times = files, "", random.choice((1, 1, 1, 2))
        for _ in range(times):
            done = npm_mutations.mutate(random, edited)
            if done is not None:
                edited, label = done[0], f"{label} {done[1]}"
        if label and not (flat and "_edge:" in label):
            yield edited, label


def _cases(name: str) -> Iterator[Case]:
    """The project as npm wrote it, then edits of it without end."""
    texts = _texts(name)
    parsed = {path: json.loads(text) for path, text in texts.items() if path.endswith(".json")}
    random = Random(f"{SEED} {name}")  # noqa: S311 - the same edits on every run
    registry = around([texts[npm_edits.LOCK]])
    with NpmCi() as asked:
        asked.serve(name, registry)

        def case(files: Parsed, label: str) -> Case:
            edited = {path: json.dumps(document, indent=2) for path, document in files.items()}
            rest = {path: text for path, text in texts.items() if path not in parsed}
            verdict = asked.decide(name, {**edited, **rest}, **OPTIONS.get(name, {}))
            return Case(label, npm.project({**edited, **rest}), verdict, registry)

        yield case(parsed, "as npm wrote it")
        for files, label in _edits(random, parsed):
            yield case(files, label)


def _undecidable(case: Case) -> str:
    """Why nobody can tell offline what npm says; "" when one can."""
    if case.verdict.code == "EBADPLATFORM":
        return "depends on the machine: a required package is not for this one"
    if not (case.verdict.in_sync and case.problems):
        return ""
    if all(_stands_above(case, problem) for problem in case.problems):
        return "depends on the registry: npm takes the copy above, unless there is a newer one"
    if all(_has_the_bytes(case, problem) for problem in case.problems):
        return "depends on the registry: the wrong version carries the hash of one that fits"
    return ""


def _has_the_bytes(case: Case, problem: SyncProblem) -> bool:
    """Whether a version of the registry that fits has the integrity of the entry that does not."""
    versions = case.registry.get(problem.name, {}).get("versions", {})
    return problem.found is not None and any(
        published["dist"]["integrity"] == problem.found.integrity
        and semver.satisfies(version, problem.spec, loose=True)
        for version, published in versions.items()
    )


def _stands_above(case: Case, problem: SyncProblem) -> bool:
    """Whether a copy further up answers what the nearest one does not."""
    lockfile = case.project.lockfile
    if lockfile is None or problem.found is None or problem.reason != "invalid":
        return False
    depth = problem.found.key.count("node_modules/")
    inside = problem.found.key.partition("node_modules/")[0] != ""  # of a workspace
    return any(
        package.alias == problem.name
        and package.key.count("node_modules/") < depth + inside
        and semver.satisfies(package.version, problem.spec, loose=True)
        for package in lockfile.packages
    )


@pytest.mark.node
@pytest.mark.parametrize("name", PROJECTS)
def test_the_verdict_is_that_of_npm_ci(name: str) -> None:
    decided: list[Case] = []
    undecidable: list[Case] = []
    cases = _cases(name)
    pristine = next(cases)
    assert (pristine.verdict.in_sync, pristine.in_sync) == (True, True), str(pristine)
    for case in cases:
        (undecidable if _undecidable(case) else decided).append(case)
        if len(decided) == EDITS:
            break
    cases.close()  # type: ignore[attr-defined]  # a generator: it ends npm's process

    wrong = [str(case) for case in decided if case.in_sync != case.verdict.in_sync]
    assert not wrong, "\n".join(wrong)
    assert len(undecidable) <= EDITS // 10, "\n".join(map(str, undecidable))
    assert len({case.verdict.in_sync for case in decided}) == 2, "one verdict only shows nothing"
