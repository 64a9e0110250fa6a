"""An alias is answered by the package that it names, and not by the one whose name it bears.

Managers compare versions, never names: ``foo: npm:@org/foo@^1`` with the registry's own foo
in the lockfile installs a stranger's package.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support.commits import berry, classic, manifest, npm_entry
from tests.support.states import Files, bun_state

if TYPE_CHECKING:
    from collections.abc import Callable

ONE = {"ms": "^2.0.0"}
DIRECT = {**ONE, "foo": "npm:@org/foo@^1.0.0"}
BELOW = {**ONE, "wrap": "^1.0.0"}
DEPS = {"foo": "npm:@org/foo@^1.0.0"}


def of_npm(asks: dict[str, str], real: str) -> Files:
    packages = {"node_modules/ms": npm_entry("ms", "2.1.0")}
    if real:
        named = {} if real == "foo" else {"name": real}
        packages["node_modules/foo"] = {**named, **npm_entry(real, "1.0.0")}
    if "wrap" in asks:
        packages["node_modules/wrap"] = npm_entry("wrap", "1.0.0", dependencies=DEPS)
    root = {"": {"name": "app", "dependencies": asks}}
    lock = {"name": "app", "lockfileVersion": 3, "packages": {**root, **packages}}
    return {"package.json": manifest(asks), "package-lock.json": json.dumps(lock).encode()}


def of_bun(asks: dict[str, str], real: str) -> Files:
    packages: dict[str, tuple[str, dict[str, object]]] = {"ms": ("ms@2.1.0", {})}
    if real:
        packages["foo"] = (f"{real}@1.0.0", {})
    if "wrap" in asks:
        packages["wrap"] = ("wrap@1.0.0", {"dependencies": DEPS})
    return bun_state(asks, packages)


def of_berry(asks: dict[str, str], real: str) -> Files:
    own = ", ".join(f"{one} {spec if ':' in spec else f'npm:{spec}'}" for one, spec in asks.items())
    rows = [f"app@workspace:. = 0.0.0-use.local [in=.] > {own}", "ms@npm:^2.0.0 = 2.1.0"]
    if real:
        rows.append(f"foo@npm:@org/foo@^1.0.0 = 1.0.0 [at={real}@npm:1.0.0]")
    if "wrap" in asks:
        rows.append("wrap@npm:^1.0.0 = 1.0.0 > foo npm:@org/foo@^1.0.0")
    return {"package.json": manifest(asks), "yarn.lock": berry("\n".join(rows))}


def of_classic(asks: dict[str, str], real: str) -> Files:
    rows = ["ms@^2.0.0 = 2.1.0"]
    if real:
        rows.append(f"foo@npm:@org/foo@^1.0.0 = 1.0.0 [real={real}]")
    if "wrap" in asks:
        rows.append("wrap@^1.0.0 = 1.0.0 > foo npm:@org/foo@^1.0.0")
    return {"package.json": manifest(asks), "yarn.lock": classic("\n".join(rows))}


STATES = {"npm": of_npm, "bun": of_bun, "berry": of_berry, "yarn 1": of_classic}
# What can be told of a whole tree, by the entry or by who asks for it.
SEEN = [
    *((form, DIRECT) for form in STATES),
    *((form, BELOW) for form in ("berry", "yarn 1")),
]


@pytest.mark.parametrize("asks", [DIRECT, BELOW], ids=["a project's", "a package's"])
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_an_alias_is_answered_by_what_it_names(
    state: Callable[[dict[str, str], str], Files], asks: dict[str, str]
) -> None:
    before = state(ONE, "")

    def rules(real: str) -> set[str]:
        after = state(asks, real)
        change = Change(MemoryTree(before), MemoryTree(after), [*after])
        return {one.rule for one in engine.evaluate(change, Policy()).findings}

    assert rules("@org/foo") == set()
    assert "lockfile-tampered" in rules("foo")


@pytest.mark.parametrize(("form", "asks"), SEEN)
def test_a_whole_tree_shows_it_as_well(form: str, asks: dict[str, str]) -> None:
    def rules(real: str) -> set[str]:
        report = engine.scan(MemoryTree(STATES[form](asks, real)), Policy())
        return {one.rule for one in report.findings if one.severity == "error"}

    assert "lockfile-wrong-package" in rules("foo")
    assert "lockfile-wrong-package" not in rules("@org/foo")


@pytest.mark.parametrize("asks", [DIRECT, BELOW], ids=["a project's", "a package's"])
@pytest.mark.parametrize("state", [of_npm, of_bun])
def test_an_alias_without_a_version_names_a_package_too(
    state: Callable[[dict[str, str], str], Files], asks: dict[str, str]
) -> None:
    """To npm, bun and pnpm; Berry takes ``npm:other`` for a tag."""

    def rules(real: str) -> set[str]:
        after = {
            path: (data if isinstance(data, str) else data.decode()).replace(
                "npm:@org/foo@^1.0.0", "npm:other"
            )
            for path, data in state(asks, real).items()
        }
        change = Change(MemoryTree(state(ONE, "")), MemoryTree(after), [*after])
        return {one.rule for one in engine.evaluate(change, Policy()).findings}

    assert rules("other") == set()
    assert "lockfile-tampered" in rules("foo")


def test_berry_s_keys_show_an_alias_among_other_descriptors() -> None:
    """However many of their names have a scope."""
    files = of_berry({**ONE, "@evil/x": "^1.0.0", "wrap": "^1.0.0"}, "")
    lock = files["yarn.lock"]
    assert isinstance(lock, bytes)
    entry = """"@evil/x@npm:^1.0.0, foo@npm:other@^1.0.0":
  version: 1.0.0
  resolution: "@evil/x@npm:1.0.0"
  linkType: hard
"""
    report = engine.scan(MemoryTree({**files, "yarn.lock": lock + entry.encode()}), Policy())
    assert "lockfile-wrong-package" in {one.rule for one in report.findings}


@pytest.mark.parametrize("protocol", ["link", "portal", "file"])
@pytest.mark.parametrize(("place", "sound"), [("./x", True), ("x", True), ("./evil", False)])
def test_berry_s_folders_are_those_of_their_keys(protocol: str, place: str, *, sound: bool) -> None:
    where = "::locator=app%40workspace%3A."
    asks = {"foo": f"{protocol}:./x"}
    rows = (
        f"app@workspace:. = 0.0.0-use.local [in=.] > foo {protocol}:./x\n"
        f"foo@{protocol}:./x{where} = 1.0.0 [at=foo@{protocol}:{place}{where} none]"
    )
    of_foo = json.dumps({"name": "foo", "version": "1.0.0"}).encode()
    folders = {f"{one}/package.json": of_foo for one in ("x", "evil")}
    report = engine.scan(
        MemoryTree({**folders, "package.json": manifest(asks), "yarn.lock": berry(rows)}), Policy()
    )
    rules = {one.rule for one in report.findings}
    assert ("lockfile-wrong-package" not in rules) is sound


OVERRIDES = [
    pytest.param({"foo": "npm:@safe/foo@^1.0.0"}, id="everywhere"),
    pytest.param({"foo": "npm:@safe/foo"}, id="without a version"),
    pytest.param({"wrap": {"foo": "npm:@safe/foo@^1.0.0"}}, id="below one package"),
]
SAFE = {"name": "@safe/foo", **npm_entry("@safe/foo", "1.0.0")}
OWN = npm_entry("foo", "1.0.0")


def overridden(ms: str, foo: dict[str, object] | None, overrides: object) -> Files:
    """An npm project whose wrap asks for foo, which overrides may replace."""
    asks = {"ms": f"^{ms}", **({"wrap": "^1.0.0"} if foo else {})}
    packages: dict[str, object] = {"node_modules/ms": npm_entry("ms", ms)}
    if foo:
        packages["node_modules/foo"] = foo
        packages["node_modules/wrap"] = npm_entry("wrap", "1.0.0", dependencies={"foo": "^1.0.0"})
    root = {"": {"name": "app", "dependencies": asks}}
    lock = {"name": "app", "lockfileVersion": 3, "packages": {**root, **packages}}
    more = {} if overrides is None else {"overrides": overrides}
    return {"package.json": manifest(asks, **more), "package-lock.json": json.dumps(lock).encode()}


@pytest.mark.parametrize("overrides", OVERRIDES)
def test_an_override_by_an_alias_is_answered_by_what_it_names(overrides: object) -> None:
    def rules(before: Files, after: Files) -> set[str]:
        change = Change(MemoryTree(before), MemoryTree(after), [*after])
        return {one.rule for one in engine.evaluate(change, Policy()).findings}

    stood = overridden("2.0.0", SAFE, overrides)
    assert rules(stood, overridden("2.1.0", SAFE, overrides)) == set()
    assert "lockfile-tampered" in rules(stood, overridden("2.1.0", OWN, overrides))

    fresh = overridden("2.0.0", None, None)
    assert rules(fresh, overridden("2.0.0", SAFE, overrides)) == set()
    assert "lockfile-tampered" in rules(fresh, overridden("2.0.0", OWN, overrides))

    # npm compares versions, so what was locked stays when the override comes
    stood = overridden("2.0.0", OWN, None)
    assert rules(stood, overridden("2.1.0", OWN, overrides)) == set()


def test_an_override_below_somebody_is_not_about_what_others_share() -> None:
    """``outer`` has ``wrap``, and so has the project: npm keeps one for both."""
    overrides = {"outer": {"foo": "npm:@safe/foo@^1.0.0"}}
    files = overridden("2.0.0", OWN, overrides)
    lock, raw = (json.loads(files[one]) for one in ("package-lock.json", "package.json"))
    raw["dependencies"]["outer"] = lock["packages"][""]["dependencies"]["outer"] = "^1.0.0"
    outer = npm_entry("outer", "1.0.0", dependencies={"wrap": "^1.0.0"})
    lock["packages"]["node_modules/outer"] = outer
    after: Files = {"package.json": json.dumps(raw), "package-lock.json": json.dumps(lock)}
    change = Change(MemoryTree(overridden("2.0.0", None, None)), MemoryTree(after), [*after])
    rules = {one.rule for one in engine.evaluate(change, Policy()).findings}
    assert "lockfile-tampered" not in rules


def test_an_override_may_ask_for_the_bare_name() -> None:
    """Who says so in package.json gets it."""

    def state(real: str) -> Files:
        files = of_bun(DIRECT, real)
        raw = {**json.loads(files["package.json"]), "overrides": {"foo": "1.0.0"}}
        lock = files["bun.lock"]
        assert isinstance(lock, str)
        text = lock.replace('"packages": {', '"overrides": {"foo": "1.0.0"},\n  "packages": {', 1)
        return {"package.json": json.dumps(raw).encode(), "bun.lock": text}

    change = Change(
        MemoryTree(of_bun(ONE, "")), MemoryTree(state("foo")), ["package.json", "bun.lock"]
    )
    rules = {one.rule for one in engine.evaluate(change, Policy()).findings}
    assert rules.isdisjoint({"lockfile-tampered", "lockfile-wrong-package"})


NESTED = "wrap/foo"


def undone(form: str, ms: str, place: str, *, was: bool = True) -> Files:
    """A project whose override replaces foo, and which has foo itself under another name.

    ``place`` is where the registry's own foo lies besides; ``was`` says that wrap is there.
    """
    asks = {"ms": f"^{ms}", "real": "npm:foo@^1.0.0", **({"wrap": "^1.0.0"} if was else {})}
    names = {"foo": "foo" if place == "foo" else "@safe/foo", "real": "foo", "ms": "ms"}
    if was:
        names["wrap"] = "wrap"
    if place == NESTED:
        names[place] = "foo"
    deps = {"wrap": {"dependencies": {"foo": "^1.0.0"}}}
    versions = {"ms": ms}
    overrides = {"foo": "npm:@safe/foo@^1.0.0"}
    if form == "bun":
        rows = {
            key: (f"{name}@{versions.get(name, '1.0.0')}", dict(deps.get(name, {})))
            for key, name in names.items()
        }
        files = bun_state(asks, dict(rows), manifest={"overrides": overrides})
        lock = str(files["bun.lock"])
        told = f'"overrides": {json.dumps(overrides)},\n  "packages": {{'
        return {**files, "bun.lock": lock.replace('"packages": {', told, 1)}
    packages: dict[str, object] = {"": {"name": "app", "dependencies": asks}}
    for key, name in names.items():
        entry = npm_entry(name, versions.get(name, "1.0.0"), **deps.get(name, {}))
        place = "node_modules/" + key.replace("/", "/node_modules/")
        packages[place] = entry if name == key.rpartition("/")[2] else {"name": name, **entry}
    lock = json.dumps({"name": "app", "lockfileVersion": 3, "packages": packages})
    own = manifest(asks, overrides=overrides)
    return {"package.json": own, "package-lock.json": lock.encode()}


@pytest.mark.parametrize("place", ["foo", NESTED])
@pytest.mark.parametrize("form", ["bun", "npm"])
def test_an_override_by_an_alias_is_not_undone(form: str, place: str) -> None:
    """Tried with bun 1.4: a frozen install takes the lockfile's word, and runs the real foo."""

    def rules(before: Files, after: Files) -> set[str]:
        change = Change(MemoryTree(before), MemoryTree(after), [*after])
        return {one.rule for one in engine.evaluate(change, Policy()).findings}

    before = undone(form, "2.0.0", "")
    assert rules(before, undone(form, "2.1.0", "")) == set()
    assert "lockfile-tampered" in rules(before, undone(form, "2.0.0", place))
    assert "lockfile-tampered" in rules(before, undone(form, "2.1.0", place))
    without = undone(form, "2.0.0", "", was=False)
    assert "lockfile-tampered" in rules(without, undone(form, "2.0.0", place))
