"""Peers that do not fit: when npm stops, and when it only warns; each case is put to npm itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import sync
from tests.support import npm
from tests.support.npm_ci import NpmCi
from tests.support.packuments import packument

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]


def peer(name: str, wanted: str, **more: object) -> Json:
    return {"peerDependencies": {name: wanted}, **more}


def need(**wanted: str) -> Json:
    return {"dependencies": wanted}


# Name -> version -> what its package.json says.
REGISTRY: Final[dict[str, dict[str, Json]]] = {
    "a": {"1.0.0": {}, "1.5.0": {}, "2.0.0": {}},
    "p": {"1.0.0": peer("a", "^2.0.0")},
    "q": {"1.0.0": peer("a", "^1.0.0")},
    "o": {"1.0.0": peer("a", "^2.0.0", peerDependenciesMeta={"a": {"optional": True}})},
    "needs-p": {"1.0.0": need(p="1")},
    "needs-p-and-a": {"1.0.0": need(p="1", a="^1.0.0")},
    "needs-q": {"1.0.0": need(q="1")},
    "uses-a": {"1.0.0": need(a="^1.0.0")},
    "any-a": {"1.0.0": need(a="*")},
    "peer-of-p": {"1.0.0": peer("p", "1")},
    "needs-both": {"1.0.0": need(**{"peer-of-p": "1", "p": "1"})},
    "loop": {"1.0.0": peer("back", "1")},
    "back": {"1.0.0": {"peerDependencies": {"loop": "1", "a": "^2.0.0"}}},
    "needs-loop": {"1.0.0": need(loop="1", back="1")},
}


def locked(*wanted: str) -> Json:
    """Entries of a lockfile: ``name`` or ``name@version``, ``a>b@1.0.0`` nested."""
    packages: Json = {}
    for text in wanted:
        *around, last = text.split(">")
        name, _, version = last.partition("@")
        version = version or "1.0.0"
        key = "".join(f"node_modules/{one}/" for one in around) + f"node_modules/{name}"
        packages[key] = {**npm.locked(name, version), **REGISTRY[name][version]}
    return packages


CASES: Final = [
    pytest.param({"p": "1", "a": "1"}, locked("p", "a"), id="the root's own peer"),
    pytest.param({"p": "1", "a": "2"}, locked("p", "a@2.0.0"), id="one that fits"),
    pytest.param({"needs-p": "1", "a": "1"}, locked("needs-p", "p", "a"), id="further down"),
    pytest.param({"needs-p": "1"}, locked("needs-p", "p", "a"), id="nobody else wants it"),
    pytest.param(
        {"needs-p": "1", "any-a": "1"}, locked("needs-p", "p", "any-a", "a"), id="anyone may move"
    ),
    pytest.param(
        {"needs-p": "1", "uses-a": "1"},
        locked("needs-p", "p", "uses-a", "a"),
        id="somebody wants the old one",
    ),
    pytest.param(
        {"needs-p": "1", "needs-q": "1"},
        locked("needs-p", "p", "needs-q", "q", "a"),
        id="two peers that exclude each other",
    ),
    pytest.param(
        {"needs-p": "1", "q": "1", "a": "1"},
        locked("needs-p", "p", "q", "a"),
        id="beside a root's peer",
    ),
    pytest.param(
        {"needs-p-and-a": "1", "a": "1"},
        locked("needs-p-and-a", "p", "a"),
        id="the dependant contradicts itself",
    ),
    pytest.param({"o": "1", "a": "1"}, locked("o", "a"), id="an optional peer"),
    pytest.param(
        {"needs-both": "1", "a": "1"},
        locked("needs-both", "peer-of-p", "p", "a"),
        id="a peer of a peer",
    ),
    pytest.param(
        {"needs-loop": "1", "a": "1"}, locked("needs-loop", "loop", "back", "a"), id="a circle"
    ),
    pytest.param(
        {"needs-loop": "1", "uses-a": "1"},
        locked("needs-loop", "loop", "back", "uses-a", "a"),
        id="a circle beside somebody else",
    ),
    pytest.param(
        {"needs-p": "1", "a": "1"},
        locked("needs-p", "needs-p>p", "needs-p>a@2.0.0", "a"),
        id="nested, and it fits",
    ),
    pytest.param(
        {"needs-p": "1", "a": "1"},
        locked("needs-p", "needs-p>p", "needs-p>a@1.5.0", "a"),
        id="nested, and it does not",
    ),
    pytest.param(
        {"p": "1", "a": "1"}, locked("p", "p>a@2.0.0", "a"), id="inside its own dependant"
    ),
    pytest.param(
        {"needs-p": "1", "a": "1"},
        locked("needs-p", "p", "p>a@2.0.0", "a"),
        id="inside a dependant further down",
    ),
    pytest.param(
        {"needs-p": "1", "uses-a": "1"},
        locked("needs-p", "p", "p>a@2.0.0", "uses-a", "a"),
        id="inside a dependant, somebody else's outside",
    ),
    pytest.param(
        {"needs-p": "1"}, locked("needs-p", "p", "p>a@2.0.0"), id="inside a dependant, none outside"
    ),
    pytest.param(
        {"needs-p": "1", "a": "1"},
        locked("needs-p", "needs-p>p", "needs-p>p>a@2.0.0", "a"),
        id="inside a nested dependant",
    ),
]
SETTINGS: Final = {
    "": {},
    "strict-peer-deps=true\n": {"strictPeerDeps": True},
    "force=true\n": {"force": True},
    "legacy-peer-deps=true\n": {"legacyPeerDeps": True},
}


@pytest.fixture(scope="module")
def asked() -> Iterator[NpmCi]:
    with NpmCi() as process:
        process.serve("peers", {name: packument(name, of) for name, of in REGISTRY.items()})
        yield process


@pytest.mark.node
@pytest.mark.parametrize("npmrc", SETTINGS, ids=lambda text: text.strip() or "defaults")
@pytest.mark.parametrize(("asks", "packages"), CASES)
def test_the_verdict_is_npms(asked: NpmCi, asks: Json, packages: Json, npmrc: str) -> None:
    manifest = {"name": "app", "version": "1.0.0", "dependencies": asks}
    files = {
        "package.json": json.dumps(manifest),
        "package-lock.json": npm.lockfile(manifest, packages),
        ".npmrc": npmrc,
    }
    theirs = asked.decide("peers", files, **SETTINGS[npmrc])
    ours = sync.problems(npm.project({**files}))
    shown = [f"{one.source} {one.name}@{one.spec} {one.reason}" for one in ours]
    assert (not ours) == theirs.in_sync, f"{theirs}\nours: {shown}"
