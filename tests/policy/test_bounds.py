"""What would take too much work is said and never passed over: each bound, hit and just not.

How much a judgement spends of a bound is measured first; with exactly that much it
finds no fault, with an eighth of it it names the bound.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import hostile_bun, hostile_npm, hostile_pnpm, hostile_yarn
from lockward import bounds, ci, engine, globs
from lockward.ci import called
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.semver.ranges import MAX_RANGE
from tests.support import npm

if TYPE_CHECKING:
    from benchmarks.hostile_files import Case, Files
    from lockward.bounds import Bound
    from lockward.findings import Finding

SIZE = 8_000  # bytes of a lockfile
UNREADABLE = "lockfile-unreadable"


def peerweb(size: int, state: int) -> Files:
    """A dozen packages that are one another's peers take as long as thousands of others."""
    return hostile_npm.peerweb(size // 3, state)


def override_ranges(size: int, state: int) -> Files:
    """Dozens of ranges of one name are compared with one another by the square."""
    return hostile_npm.override_ranges(size // 3, state)


def judged(
    before: Files | npm.Json | None, after: Files | npm.Json, *, only: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    old = before or {}
    paths = [path for path, data in after.items() if old.get(path) != data]
    earlier = None if before is None else MemoryTree(before)
    change = Change(earlier, MemoryTree(after), paths)
    return engine.evaluate(change, Policy(), only=only).findings


def beyond(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.path}: {one.message}" for one in findings if one.rule == UNREADABLE]


class _Spent:
    """How much a bound was asked for at most between two beginnings."""

    def __init__(self, bound: Bound, monkeypatch: pytest.MonkeyPatch) -> None:
        self.most = self.now = 0
        spend, begin = type(bound).spend, type(bound).begin

        def note(this: Bound, steps: int = 1) -> None:
            if this is bound:
                self.now += steps
                self.most = max(self.most, self.now)
            spend(this, steps)

        def restart(this: Bound) -> None:
            if this is bound:
                self.now = 0
            begin(this)

        monkeypatch.setattr(type(bound), "spend", note)
        monkeypatch.setattr(type(bound), "begin", restart)


@pytest.mark.parametrize(
    ("bound", "case", "path"),
    [
        pytest.param(*row, id=f"{row[1].__name__}: {row[0].what}")
        for row in (
            (bounds.RANGES, hostile_npm.medium_ranges, "package-lock.json"),
            (bounds.COMPARISONS, override_ranges, "package-lock.json"),
            (bounds.COMPARISONS, hostile_pnpm.pnpm_override_members, "pnpm-lock.yaml"),
            (bounds.GLOBS, hostile_npm.globs, "package.json"),
            (bounds.GLOBS, hostile_npm.negations, "package.json"),
            (bounds.GLOBS, hostile_pnpm.pnpm_globs, "pnpm-workspace.yaml"),
            (bounds.GLOBS, hostile_pnpm.pnpm_ignored, "pnpm-lock.yaml"),
            (bounds.GLOBS, hostile_yarn.classic_resolutions, "yarn.lock"),
            (bounds.OVERRIDES, hostile_npm.override_keys, "package-lock.json"),
            (bounds.OVERRIDES, hostile_npm.override_nests, "package-lock.json"),
            (bounds.OVERRIDES, hostile_pnpm.pnpm_override_members, "pnpm-lock.yaml"),
            (bounds.OVERRIDES, hostile_yarn.classic_resolutions, "yarn.lock"),
            (bounds.PEERS, hostile_npm.peers, "package-lock.json"),
            (bounds.PEERS, peerweb, "package-lock.json"),
            (bounds.PEERS, hostile_npm.bundles, "package-lock.json"),
            (bounds.BUNDLES, hostile_npm.bundled_deep, "package-lock.json"),
            (bounds.COPIES, hostile_npm.many_answers, "package-lock.json"),
            (bounds.COPIES, hostile_bun.bun_picked, "bun.lock"),
            (bounds.EXTENSIONS, hostile_yarn.berry_extensions, "yarn.lock"),
            (bounds.EXTENSIONS, hostile_pnpm.pnpm_extensions, "pnpm-lock.yaml"),
            (bounds.FINDINGS, hostile_npm.one_requirement, "package-lock.json"),
        )
    ],
)
def test_a_bound_is_named_when_it_is_hit_and_not_just_below(
    bound: Bound, case: Case, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = case(SIZE, 0), case(SIZE, 1)
    _forget()
    spent = _Spent(bound, monkeypatch)
    assert not beyond(judged(before, after))
    assert spent.most > 0

    monkeypatch.setattr(bound, "most", spent.most)
    _forget()
    assert not beyond(judged(before, after))

    monkeypatch.setattr(bound, "most", spent.most // 8)
    _forget()
    expected = f"{path}: takes more than {spent.most // 8:,} {bound.what}"
    assert expected in beyond(judged(before, after))


def _forget() -> None:
    """What is remembered costs nothing the second time."""
    from lockward import workspaces
    from lockward.semver import ranges

    workspaces._LAST.clear()
    for cache in ranges._CACHES:
        cache.clear()


LONG = f"^2.0.0 || {'9' * MAX_RANGE}"
APP = {"name": "app", "dependencies": {"a": "^1.0.0"}}


def with_range(text: str) -> npm.Json:
    entries = {"a": npm.locked("a", dependencies={"b": text}), "b": npm.locked("b", "2.0.0")}
    return npm.files(APP, entries)


def with_folder(steps: int) -> npm.Json:
    key = "f/" + "/".join("a" * steps)
    manifest = {**APP, "dependencies": {"a": "^1.0.0", "l": f"file:{key}"}}
    entries = {
        "a": npm.locked("a"),
        key: {"version": "1.0.0"},
        "node_modules/l": {"resolved": key, "link": True},
    }
    return npm.files(manifest, entries, {f"{key}/package.json": '{"name": "l"}'})


def with_workspaces(*globs: str) -> npm.Json:
    extra: npm.Json = {"p/a/package.json": '{"name": "p-a"}'}
    return npm.files({**APP, "workspaces": [*globs]}, {"a": npm.locked("a")}, extra)


def with_patches(number: int) -> npm.Json:
    spec = "npm:^1.0.0"
    for _ in range(number):
        quoted = spec.replace("%", "%25").replace(":", "%3A").replace("#", "%23")
        spec = f"patch:x@{quoted}#./a.patch"
    entries: list[Any] = [(f"x@{spec}::locator=app%40workspace%3A.", "x@patch:x", "1.0.0", {}, 1)]
    return {**hostile_yarn.berry(entries, {"name": "app", "dependencies": {"x": spec}})}


@pytest.mark.parametrize(
    ("below", "above", "message"),
    [
        pytest.param(
            with_patches(8),
            with_patches(9),
            "yarn.lock: has more than 8 patches of patches: x",
            id="patches of patches",
        ),
        pytest.param(
            with_range("^2.0.0 || ^3.0.0"),
            with_range(LONG),
            "package-lock.json: has a range of more than 65,536 characters: ^2.0.0 || 9",
            id="a range",
        ),
        pytest.param(
            with_folder(40),
            with_folder(80),
            "package-lock.json: has a folder more than 64 below the next: f/a/a",
            id="folders in folders",
        ),
        pytest.param(
            with_workspaces("{a,b}" * 8),
            with_workspaces("{a,b}" * 9),
            "package.json: has a glob whose braces stand for more than 256 alternatives: {a,b}",
            id="braces",
        ),
        pytest.param(
            with_workspaces("a*" + "b" * (globs.LONGEST - 2)),
            with_workspaces("a*" + "b" * (globs.LONGEST - 1)),
            "package.json: has a glob of more than 4,096 characters: a*bbb",
            id="a long glob",
        ),
    ],
)
def test_a_size_is_named_when_it_is_beyond_its_bound(
    below: npm.Json, above: npm.Json, message: str
) -> None:
    assert not beyond(judged(None, below))
    found = beyond(judged(None, above))
    assert any(one.startswith(message) for one in found), found


def test_it_is_said_whatever_rules_are_asked_for() -> None:
    after = with_workspaces("{a,b}" * 9)
    assert beyond(judged(None, after, only=("lockfile-unmatched",)))
    assert beyond(judged(None, after, only=("npmrc-unsafe",)))


def test_it_is_not_excused_by_having_stood_before() -> None:
    before = with_workspaces("{a,b}" * 9)
    after = {**before, ".npmrc": "registry=https://registry.example.org/\nloglevel=warn\n"}
    assert beyond(judged(before, after))


def test_a_folder_below_such_a_root_is_judged_with_it() -> None:
    before = with_workspaces("{a,b}" * 9)
    changed = {"p/a/package.json": '{"name": "p-a", "dependencies": {"b": "1"}}'}
    assert beyond(judged(before, {**before, **changed}))


@pytest.mark.parametrize("bad", [with_workspaces("{a,b}" * 9), with_folder(80)])
def test_a_state_before_that_is_beyond_a_bound_can_be_mended(bad: npm.Json) -> None:
    good = npm.files(APP, {"a": npm.locked("a")})
    assert judged(bad, good) == ()


def test_nothing_is_counted_outside_of_a_judgement() -> None:
    judged(None, with_range("^2.0.0"))
    for bound in bounds.BOUNDS:
        bound.spend(bound.most + 1)


def test_a_finding_is_undecided_and_shows_its_bound() -> None:
    (found,) = [one for one in judged(None, with_range(LONG)) if one.rule == UNREADABLE]
    assert found.undecided
    assert found.severity == "error"
    assert "was not examined" in found.why


def test_the_page_lists_every_bound() -> None:
    page = (Path(__file__).parents[2] / "docs" / "lockfiles.md").read_text()
    rows = dict(re.findall(r"^\| ([^|]+) \| ([\d,]+) \|", page, re.MULTILINE))
    assert {bound.what: f"{bound.most:,}" for bound in bounds.BOUNDS}.items() <= rows.items()


def test_a_hook_that_is_too_long_excuses_nothing() -> None:
    from lockward.lockdiff import requirements

    before, after = (hostile_pnpm.pnpm_extensions(SIZE, state) for state in (0, 1))
    short = {**after, ".pnpmfile.cjs": b"x" * requirements._LONGEST_HOOK}
    assert not beyond(judged(before, short))
    found = beyond(judged(before, {**after, ".pnpmfile.cjs": short[".pnpmfile.cjs"] + b"x"}))
    assert found == [".pnpmfile.cjs: is a hook of more than 524,288 bytes, and it changed"]


def test_overrides_have_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_OVERRIDES", 20)

    def files(number: int) -> npm.Json:
        found = npm.files(APP, {"a": npm.locked("a")})
        document = json.loads(found["package.json"])
        document["overrides"] = {f"p{n}": "1" for n in range(number)}
        return {**found, "package.json": json.dumps(document)}

    assert not beyond(judged(None, files(20)))
    assert beyond(judged(None, files(21))) == ["package-lock.json: has more than 20 overrides"]


def test_settings_that_nest_too_deep_are_unreadable() -> None:
    def messages(depth: int) -> list[str]:
        lines = [f"{'  ' * n}a{n}:" for n in range(depth - 1)]
        text = "\n".join([*lines, f"{'  ' * (depth - 1)}b: c"])
        found = judged(None, {"package.json": "{}", ".yarnrc.yml": text, "yarn.lock": ""})
        return [one.message for one in found if one.path == ".yarnrc.yml"]

    assert not any("nests more than" in one for one in messages(6))
    assert any("nests more than 6 mappings" in one for one in messages(7))


def test_projects_together_may_take_three_times_what_one_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Thousands of projects that stay below the bounds, each of them, are no way around them."""

    def files(number: int, state: int) -> Files:
        one = hostile_npm.peers(SIZE, state)
        return {f"f{n}/{path}": data for n in range(number) for path, data in one.items()}

    spent = _Spent(bounds.PEERS, monkeypatch)
    assert not beyond(judged(files(1, 0), files(1, 1)))
    monkeypatch.setattr(bounds.PEERS, "most", spent.most)

    assert not beyond(judged(files(2, 0), files(2, 1)))
    found = beyond(judged(files(9, 0), files(9, 1)))
    assert found
    assert all("more than 3 times what one project may" in one for one in found)
    assert {f"f{n}" for n in range(4, 9)} <= {one.partition("/")[0] for one in found}


def test_a_change_has_a_number_of_projects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_PROJECTS", 3)

    def files(number: int, version: str) -> Files:
        manifest = json.dumps({"name": "a", "version": version}).encode()
        return {f"f{n}/package.json": manifest for n in range(number)}

    assert not beyond(judged(files(3, "1.0.0"), files(3, "2.0.0")))
    found = beyond(judged(files(4, "1.0.0"), files(4, "2.0.0")))
    assert found == ["f3/package.json: is not judged: its change has more than 3 projects"]


@pytest.mark.parametrize("key", ["pnpm-workspace.yaml", "package.json"])
def test_pnpm_s_overrides_have_a_number(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_OVERRIDES", 20)

    def files(number: int) -> Files:
        found = hostile_pnpm.pnpm_dense(SIZE, 0)
        named = {f"q{n}": "1" for n in range(number)}
        if key == "package.json":
            document = json.loads(found[key])
            document["pnpm"] = {"overrides": named}
            return {**found, key: json.dumps(document).encode()}
        lines = "".join(f"  {name}: '{spec}'\n" for name, spec in named.items())
        return {**found, key: f"overrides:\n{lines}".encode()}

    assert not beyond(judged(None, files(20)))
    assert "pnpm-lock.yaml: has more than 20 overrides" in beyond(judged(None, files(21)))


def test_ci_files_of_one_change_have_a_bound_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond it a note says what was not read; the next change is read again."""

    def notes(number: int) -> list[str]:
        step = "      - run: npm install\n"
        text = f"on: push\njobs:\n  a:\n    steps:\n{step * 40}".encode()
        after = {f".github/workflows/{n}.yml": text for n in range(number)}
        report = engine.evaluate(Change(None, MemoryTree(after), [*after]), Policy())
        return [one.message for one in report.findings if "steps to read CI files" in one.message]

    assert notes(2) == []
    monkeypatch.setattr(bounds.CI, "most", 1_000)
    ci._READ.clear()
    (first, _) = notes(2)
    assert first.startswith(".github/workflows/0.yml was read line by line: takes more than 1,000")
    monkeypatch.undo()
    assert notes(2) == []


def test_scripts_that_ci_calls_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    scripts = {f"s{n}": f"npm run s{n + 1}; npm run s{n + 2}; npm install" for n in range(20)}
    after = {
        "package.json": json.dumps({"name": "a", "scripts": scripts}).encode(),
        ".github/workflows/a.yml": b"jobs:\n  a:\n    steps:\n      - run: npm run s0\n",
    }

    def notes() -> list[str]:
        called._READ.clear()
        called._FOLLOWED.clear()
        report = engine.evaluate(Change(None, MemoryTree(after), [*after]), Policy())
        return [one.message for one in report.findings if "were not read" in one.message]

    assert notes() == []
    monkeypatch.setattr(bounds.CI, "most", 200)
    assert notes()


def test_attributes_are_compared_with_files_within_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    after = {f"{n}/package.json": b"{}" for n in range(20)}
    after[".gitattributes"] = b"**/a*b/**/p* filter=x\n" * 20
    assert not any("steps to compare globs" in one.message for one in judged(None, after))
    monkeypatch.setattr(bounds.GLOBS, "most", 100)
    (found,) = [one for one in judged(None, after) if one.path == ".gitattributes"]
    assert found.undecided
    assert ".gitattributes takes more than 100 steps to compare globs" in found.message
