"""What changed alone tells that no problem is new: never where the whole states say otherwise."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import engine, sync
from lockward.lockfiles.yarn_berry_text import written
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.project import Project
from lockward.rules import lockfile_out_of_sync
from lockward.sync import yarn_berry_since
from tests.support import yarn_frozen, yarn_worlds

if TYPE_CHECKING:
    from collections.abc import Iterable

    Files = dict[str, str]
    Row = tuple[str, str, dict[str, str]]  # key, version, requirements
    Entries = dict[str, Any]

WORLDS: Final = sorted(yarn_worlds.worlds("yarn-berry"))
FEWEST: Final = 8  # pairs of each world of which nothing new is told
NAMES: Final = ("a", "b", "c", "@s/d", "e")
RANGES: Final = ("^1.0.0", "^1.1.0", "^2.0.0", "*")


def _project(files: Files) -> Project:
    return Project(MemoryTree(files), "", Policy())


def _said(project: Project) -> set[tuple[object, ...]]:
    return {one.twin() for one in lockfile_out_of_sync.check(project, Policy())}


def _agrees(before: Files, after: Files) -> bool:
    """Whether nothing new was told; then the rule says nothing of the one but of the other."""
    one, two = _project(before), _project(after)
    if not sync.nothing_new(one, two):
        return False
    assert _said(_project(after)) <= _said(_project(before)), (before, after)
    return True


@pytest.mark.parametrize("world", WORLDS)
def test_edits_of_a_real_project(world: str) -> None:
    recorded = json.loads((yarn_frozen.DATA / "yarn-berry.json").read_text())
    files = {**yarn_worlds.worlds("yarn-berry")[world], "yarn.lock": recorded[world]["lockfile"]}
    edits = [edited for _, edited in yarn_worlds.mutations("yarn-berry", files)]
    dice = random.Random(world)  # noqa: S311 - repeatable dice, no secret
    others = [(dice.choice(edits), dice.choice(edits)) for _ in range(150)]
    told = [_agrees(*pair) for edited in edits for pair in ((files, edited), (edited, files))]
    told += [_agrees(*pair) for pair in others]
    assert sum(told) >= FEWEST


@pytest.mark.parametrize("seed", range(6))
def test_edits_of_projects_that_are_made_up(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable dice, no secret
    told = 0
    for _ in range(40):
        project = _MadeUp(dice)
        last = project.files()
        for _ in range(8):
            project.edit()
            state = project.files()
            told += _agrees(last, state)
            last = state
    assert told > 40


class _MadeUp:
    """A project, and a lockfile that answers it until an edit by nobody's rules."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        versions = ("1.0.0", "1.1.0", "2.0.0")
        self.known = {(name, one): self._specs(2) for name in NAMES for one in versions}
        self.peers = {key: dice.sample(NAMES, 1) for key in self.known if dice.random() < 0.1}
        self.root = self._specs(3)
        self.member = self._specs(1)
        self.entries: Entries = {}
        self.resolve()

    def _specs(self, most: int) -> dict[str, str]:
        names = self.dice.sample(NAMES, self.dice.randint(0, most))
        return {name: self.dice.choice(RANGES) for name in names}

    def resolve(self) -> None:
        """What Yarn would make of it."""
        asked: dict[tuple[str, str], set[str]] = {}
        waiting = [*self.root.items(), *self.member.items()]
        while waiting:
            name, spec = waiting.pop()
            low = spec == "^1.0.0" and self.dice.random() < 0.3
            version = "2.0.0" if spec in ("^2.0.0", "*") else "1.0.0" if low else "1.1.0"
            held = asked.setdefault((name, version), set())
            if not any(spec in specs for (one, _), specs in asked.items() if one == name):
                held.add(spec)
                waiting.extend(self.known[name, version].items())
        self.entries = {
            ", ".join(f"{key[0]}@npm:{spec}" for spec in sorted(specs)): self._entry(key)
            for key, specs in asked.items()
            if specs
        }

    def _entry(self, key: tuple[str, str]) -> Any:  # noqa: ANN401 - as YAML has it
        name, version = key
        entry = {"version": version, "resolution": f"{name}@npm:{version}"}
        sections = {"dependencies": self.known[key], "peerDependencies": self._peers(key)}
        return {
            **entry,
            **{
                section: {one: f"npm:{spec}" for one, spec in specs.items()}
                for section, specs in sections.items()
                if specs
            },
            "checksum": f"10c0/{'ab' * 64}",
            "languageName": "node",
            "linkType": "hard",
        }

    def _peers(self, key: tuple[str, str]) -> dict[str, str]:
        return dict.fromkeys(self.peers.get(key, ()), "*")

    def edit(self) -> None:
        """One step, most of them as a package manager takes them."""
        dice = self.dice
        kind = dice.randrange(12)
        if kind < 4:
            target = dice.choice((self.root, self.member))
            target.pop(dice.choice(NAMES), None)
            target.update(self._specs(1))
            self.resolve()
        elif kind < 7:
            self.known[dice.choice([*self.known])] = self._specs(2)
            self.resolve()
        elif kind == 7:
            self.root = self._specs(3)  # without the lockfile
        elif self.entries:
            self._tamper(dice.choice([*self.entries]), kind)

    def _tamper(self, key: str, kind: int) -> None:
        dice = self.dice
        entry = self.entries.pop(key)
        if kind == 8:
            return  # an entry is gone
        if kind == 9:  # a requirement more or less
            specs = {name: f"npm:{spec}" for name, spec in self._specs(2).items()}
            entry = {**entry, "dependencies": specs} if specs else entry
        elif kind == 10:  # a descriptor more, or another one
            key = f"{key}, {dice.choice(NAMES)}@npm:{dice.choice(RANGES)}"
            key = ", ".join(sorted(set(key.split(", ")[dice.randint(0, 1) :])))
        else:  # two that nobody asks for but each other
            for one, two in (("x", "y"), ("y", "x")):
                specs = {two: "npm:^1.0.0"}
                self.entries[f"{one}@npm:^1.0.0"] = {
                    "version": "1.0.0",
                    "resolution": f"{one}@npm:1.0.0",
                    "dependencies": specs,
                    "checksum": f"10c0/{'cd' * 64}",
                    "languageName": "node",
                    "linkType": "hard",
                }
        self.entries[key] = entry

    def files(self) -> Files:
        """What lies in the repository."""
        root = {"name": "app", "workspaces": ["m"], "dependencies": self.root}
        member = {"name": "m", "dependencies": self.member}
        own = {
            "app@workspace:.": (self.root, "app@workspace:."),
            "m@workspace:m": (self.member, ""),
        }
        document: Any = {"__metadata": {"version": "8", "cacheKey": "10c0"}, **self.entries}
        for key, (specs, _) in own.items():
            document[key] = {
                "version": "0.0.0-use.local",
                "resolution": key,
                **({"dependencies": {n: f"npm:{s}" for n, s in specs.items()}} if specs else {}),
                "languageName": "unknown",
                "linkType": "soft",
            }
        return {
            "package.json": json.dumps(root),
            "m/package.json": json.dumps(member),
            "yarn.lock": written(document),
        }


APP: Final = {"package.json": json.dumps({"name": "app", "dependencies": {"a": "^1.0.0"}})}


def _lock(entries: Iterable[Row]) -> str:
    document: Any = {"__metadata": {"version": "8", "cacheKey": "10c0"}}
    for key, version, specs in entries:
        own = "workspace" in key
        name = key[: key.find("@", 1)]
        document[key] = {
            "version": version,
            "resolution": key if own else f"{name}@npm:{version}",
            **({"dependencies": specs} if specs else {}),
            **({} if own else {"checksum": f"10c0/{'ab' * 64}"}),
            "languageName": "unknown" if own else "node",
            "linkType": "soft" if own else "hard",
        }
    return written(document)


ROOT: Final = ("app@workspace:.", "0.0.0-use.local", {"a": "npm:^1.0.0"})
A_B: Final = ("a@npm:^1.0.0", "1.0.0", {"b": "npm:^1.0.0"})
A: Final[Row] = ("a@npm:^1.0.0", "1.1.0", {})
B: Final[Row] = ("b@npm:^1.0.0", "1.0.0", {})
B_C: Final = ("b@npm:^1.0.0", "1.0.0", {"c": "npm:^1.0.0"})
C_B: Final = ("c@npm:^1.0.0", "1.0.0", {"b": "npm:^1.0.0"})
SOUND: Final = [ROOT, A_B, B]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(SOUND, [ROOT, ("a@npm:^1.0.0", "1.1.0", A_B[2]), B], True, id="an update"),
        pytest.param(SOUND, [ROOT, A], True, id="an update that lets a package go"),
        pytest.param(SOUND, [ROOT, A, B], False, id="one that leaves what nobody asks for"),
        pytest.param(SOUND, [ROOT, A_B], False, id="a package is gone that is asked for"),
        pytest.param(SOUND, [*SOUND, ("x@npm:1.0.0", "1.0.0", {})], False, id="an orphan"),
        pytest.param([ROOT, A_B, B_C, C_B], [ROOT, A, B_C, C_B], False, id="a circle is cut off"),
        pytest.param(
            [ROOT, A, B_C], [ROOT, A_B, B_C], False, id="what was cut off lacks a package"
        ),
        pytest.param(
            SOUND, [ROOT, A_B, ("b@npm:^1.0.0", "2.0.0", {})], False, id="a version out of range"
        ),
        pytest.param(
            SOUND, [ROOT, ("a@npm:^1.0.0, a@npm:^1.0.1", *A_B[1:]), B], False, id="a key too many"
        ),
        pytest.param(SOUND, [ROOT, A_B, B, ("m@workspace:m", *ROOT[1:])], False, id="a project"),
    ],
)
def test_what_is_told(before: Any, after: Any, told: bool) -> None:  # noqa: ANN401, FBT001 - entries
    pair = [{**APP, "yarn.lock": _lock(entries)} for entries in (before, after)]
    assert _agrees(*pair) is told


def test_a_problem_that_stood_before_stays_untold() -> None:
    """The engine asks for what changed alone, and reports what a look at all would."""
    states = [{**APP, "yarn.lock": _lock(entries)} for entries in ([ROOT, A_B], [ROOT, A_B, B])]
    for before, after in (states, states[::-1]):
        change = Change(MemoryTree(before), MemoryTree(after), ["yarn.lock"])
        found = {one.message for one in engine.evaluate(change, Policy()).findings}
        assert any("nothing is locked" in one for one in found) is ("b@npm" in before["yarn.lock"])


def test_long_ways_are_left_to_whoever_looks_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chain of entries, of which the last ones change: each would be followed to its begin."""
    links = [(f"k{at}@npm:^1.0.0", "1.0.0", {f"k{at + 1}": "npm:^1.0.0"}) for at in range(300)]
    ends = {f"e{at}": "npm:^1.0.0" for at in range(20)}
    top = [("app@workspace:.", "0.0.0-use.local", {"k0": "npm:^1.0.0"}), *links]
    pair = [
        {
            "package.json": json.dumps({"name": "app", "dependencies": {"k0": "^1.0.0"}}),
            "yarn.lock": _lock(
                [*top, ("k300@npm:^1.0.0", "1.0.0", ends)]
                + [(f"{name}@npm:^1.0.0", version, {}) for name in ends]
            ),
        }
        for version in ("1.0.0", "1.1.0")
    ]
    assert _agrees(*pair)
    monkeypatch.setattr(yarn_berry_since, "_MOST_STEPS", 200)
    assert not _agrees(*pair)
