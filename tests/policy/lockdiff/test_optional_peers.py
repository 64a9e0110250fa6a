"""What only the lockfile says that somebody needs: optional peers, and projects out of git."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.support import pnpm
from tests.support.commits import manifest, npm_entry
from tests.support.npm import sri
from tests.support.states import Files, bun_state, judged, refused, told

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
OPTIONAL: Final[Json] = {"optional": True}


def of_npm(ms: str, extra: str, asks: tuple[str, ...] = ()) -> Files:
    """A package with an optional peer, which ``extra`` answers; ``asks`` are the project's."""
    wanted = {"ms": f"^{ms}", "plug": "*", **dict.fromkeys(asks, "*")}
    meta = {"extra": OPTIONAL}
    plug = npm_entry("plug", "1.0.0", peerDependencies={"extra": "*"}, peerDependenciesMeta=meta)
    packages = {"node_modules/ms": npm_entry("ms", ms), "node_modules/plug": plug}
    if extra:
        packages["node_modules/extra"] = npm_entry("extra", extra)
    root = {"": {"name": "app", "dependencies": wanted}}
    lock = {"name": "app", "lockfileVersion": 3, "packages": {**root, **packages}}
    return {"package.json": manifest(wanted), "package-lock.json": json.dumps(lock).encode()}


def parting(spanner: str, inner: str = "", outer: str = "") -> Files:
    """An optional peer, gcp-metadata 5, of one package; spanner brings ``inner`` for itself.

    ``outer`` is what lies at the top.
    """
    name = "gcp-metadata"
    wanted = {"mongodb": "^6.20.0", **({"spanner": "^7.21.0"} if spanner else {})}
    peers = {"peerDependencies": {name: "^5.2.0"}, "peerDependenciesMeta": {name: OPTIONAL}}
    packages = {"node_modules/mongodb": npm_entry("mongodb", "6.20.0", **peers)}
    if spanner:
        needs = {name: spanner}
        packages["node_modules/spanner"] = npm_entry("spanner", "7.21.0", dependencies=needs)
        packages[f"node_modules/spanner/node_modules/{name}"] = npm_entry(name, inner)
    if outer:
        flags = {"optional": True, "peer": True}
        packages[f"node_modules/{name}"] = npm_entry(name, outer, **flags)
    root = {"": {"name": "app", "dependencies": wanted}}
    lock = {"name": "app", "lockfileVersion": 3, "packages": {**root, **packages}}
    return {"package.json": manifest(wanted), "package-lock.json": json.dumps(lock).encode()}


def own_peer(version: str, extra: str = "") -> Files:
    """A project that names an optional peer itself, installed or not."""
    more = {
        "peerDependencies": {"hdb-pool": "^0.1.6"},
        "peerDependenciesMeta": {"hdb-pool": OPTIONAL},
    }
    wanted = {"ms": f"^{version}"}
    packages = {"node_modules/ms": npm_entry("ms", version)}
    if extra:
        packages["node_modules/hdb-pool"] = npm_entry("hdb-pool", extra, optional=True, peer=True)
    root = {"": {"name": "app", "dependencies": wanted, **more}}
    lock = {"name": "app", "lockfileVersion": 3, "packages": {**root, **packages}}
    own = manifest(wanted, **more)
    return {"package.json": own, "package-lock.json": json.dumps(lock).encode()}


def of_bun(ms: str, extra: str, asks: tuple[str, ...] = ()) -> Files:
    """The same, of a peer in a range."""
    plug = {"peerDependencies": {"extra": "^1.0.0"}, "optionalPeers": ["extra"]}
    packages: dict[str, tuple[str, Json] | list[Any]] = {
        "ms": (f"ms@{ms}", {}),
        "plug": ("plug@1.0.0", plug),
    }
    if extra:
        packages["extra"] = (f"extra@{extra}", {})
    return bun_state({"ms": f"^{ms}", "plug": "*", **dict.fromkeys(asks, "*")}, packages)


def of_pnpm(ms: str, extra: str, out_of_git: str = "") -> Files:
    """A package with a peer; a project that git does not hold may have a version of it, too."""
    reference = f"1.0.0(extra@{extra})"
    known = sorted({extra, out_of_git} - {""})
    record = {"dependencies": {"extra": {"specifier": "*", "version": out_of_git}}}
    lock = pnpm.lockfile(
        {"ms": (f"^{ms}", ms), "plug": ("*", reference)},
        {
            f"ms@{ms}": {},
            "plug@1.0.0": {"peerDependencies": {"extra": "^18.0.0"}},
            **{f"extra@{one}": {} for one in known},
        },
        {
            f"ms@{ms}": {},
            f"plug@{reference}": {"dependencies": {"extra": extra}},
            **{f"extra@{one}": {} for one in known},
        },
        importers={"packages/made": record} if out_of_git else {},
    )
    extras = {"pnpm-workspace.yaml": "packages: ['packages/*']\n"}
    return pnpm.files({"name": "app", "dependencies": {"ms": f"^{ms}", "plug": "*"}}, lock, extras)


@pytest.mark.parametrize("state", [of_npm, of_bun])
def test_what_somebody_asks_for_may_answer_an_optional_peer(
    state: Callable[[str, str, tuple[str, ...]], Files],
) -> None:
    before = state("2.0.0", "", ())
    assert not refused(before, state("2.1.0", "", ()))
    assert not refused(before, state("2.1.0", "1.0.0", ("extra",)))


def test_npm_installs_nothing_new_for_an_optional_peer_alone() -> None:
    before, after = of_npm("2.0.0", ""), of_npm("2.1.0", "1.0.0")
    diff = judged(before, after)
    assert diff.classification == "unexplained", told(diff)
    assert "lockfile-unmatched" in refused(before, after)


def test_bun_leaves_for_an_optional_peer_what_it_chose_for_somebody_who_went() -> None:
    """A refresh: refused alone, a warning beside a requirement (coder/mux 21f2427eae)."""
    before = of_bun("2.0.0", "")
    diff = judged(before, of_bun("2.1.0", "1.0.0"))
    assert diff.classification == "matched", told(diff)
    assert [(one.code, one.name) for one in diff.refresh_alongside] == [("filled", "extra")]
    assert judged(before, of_bun("2.0.0", "1.0.0")).classification == "refresh"
    assert refused(before, of_bun("2.1.0", "2.0.0"))
    lock = str(of_bun("2.1.0", "1.0.0")["bun.lock"])
    for old, new in (("extra@1.0.0", "evil@1.0.0"), (sri("extra@1.0.0"), "")):
        evil = lock.replace(old, new)
        assert evil != lock
        assert refused(before, {**of_bun("2.1.0", "1.0.0"), "bun.lock": evil}), new


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        pytest.param(parting("^6.0.0", "6.1.1", "5.3.0"), "matched", id="typeorm b9309098bc"),
        pytest.param(parting("^5.0.0", "5.2.1", "5.3.0"), "unexplained", id="nothing to part"),
        pytest.param(parting("^6.0.0", "6.1.1", "4.0.0"), "unexplained", id="out of its range"),
        pytest.param(parting("", "", "5.3.0"), "unexplained", id="nothing came"),
    ],
)
def test_what_parts_an_optional_peer_from_another_version(after: Files, wanted: str) -> None:
    diff = judged(parting(""), after)
    assert diff.classification == wanted, told(diff)
    if wanted == "matched":
        assert [one.name for one in diff.refresh_alongside] == ["gcp-metadata"]
        later = judged(parting("^6.0.0", "6.1.1"), after)
        assert later.classification == "refresh", told(later)  # theia e9729b1170


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        pytest.param(own_peer("2.1.0", "0.1.6"), "matched", id="typeorm cac648e633"),
        pytest.param(own_peer("2.0.0", "0.1.6"), "refresh", id="alone"),
        pytest.param(own_peer("2.1.0", "0.2.0"), "unexplained", id="out of range"),
    ],
)
def test_a_project_s_own_optional_peer_may_be_installed(after: Files, wanted: str) -> None:
    diff = judged(own_peer("2.0.0"), after)
    assert diff.classification == wanted, told(diff)


def test_a_project_out_of_git_vouches_for_no_peer() -> None:
    """What a peer of ``^18`` may have, somebody must ask for whose package.json git holds."""
    before = of_pnpm("2.0.0", "18.3.1")
    assert not refused(before, of_pnpm("2.1.0", "18.3.1", "18.3.1"))
    assert refused(before, of_pnpm("2.1.0", "19.0.0", "19.0.0"))
