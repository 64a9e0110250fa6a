"""pnpm, commits that settings explain or pnpm's own habits, each beside one step further."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from lockward import engine
from lockward.memory import MemoryTree
from lockward.policy import Policy
from tests.policy.lockdiff.test_pnpm_real import tree
from tests.support import pnpm
from tests.support.states import Files, judged, pnpm_state, refused, told

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
PLAIN: Final[Json] = {}
HUB: Final = "packages/hub/package.json"
REFUSED: Final = ("unexplained", "tampered")


def parted(
    version: str, *others: str, asks: str = "^4.0.0", apart: bool = True, root: str = ""
) -> Files:
    """A workspace whose members have lockfiles of their own, or so it says."""
    npmrc = {".npmrc": "shared-workspace-lockfile=false\n"} if apart else {}
    return pnpm_state(
        {"eslint": root or version},
        {f"eslint@{version}": PLAIN, **dict.fromkeys(others, PLAIN)},
        extra={
            **npmrc,
            "pnpm-workspace.yaml": "packages: [packages/*]\n",
            HUB: f'{{"name": "hub", "dependencies": {{"vite": "{asks}"}}}}',
        },
    )


def plugin(
    text: str, *, allowed: Mapping[str, str] | None = None, vite: str = "4.0.2", of: str = "plugin"
) -> Files:
    """A package with a peer, under peerDependencyRules."""
    rules = {"peerDependencyRules": {"allowedVersions": dict(allowed or {})}}
    return tree(
        {"vite": vite},
        f"vite@{vite}",
        of=f"{of}@1.4.0",
        entry={"peerDependencies": {"vite": text}},
        manifest={"packageManager": "pnpm@7.18.0", "pnpm": rules if allowed else {}},
    )


ALLOWED: Final = {"vite": "^2.9.0 || ^3.0.0 || ^4.0.0"}
THREE: Final = "^3.0.0 || ^2.9.0"
FOUR: Final = "^3.0.0 || ^2.9.0 || ^4.0.0"


def of_project(text: str, react: str, *, asks: str = "") -> Files:
    """A package with a peer, which the project asks for as well."""
    packages: dict[str, Json] = {
        "tailwind@0.0.12": {
            "peerDependencies": {"react": text},
            "dependencies": {"react": react},
        },
        f"react@{react}": PLAIN,
    }
    return pnpm_state({"tailwind": "*", "react": asks or react}, packages)


TO: Final = "npm:@qwik.dev/router@^2.0.0"


def renamed(*, side: str, answer: str = "@qwik.dev/router@2.0.0", override: str = TO) -> Files:
    """A peer that an override gives to another package: a peer (pnpm 9), a dependency (10)."""
    entry: Json = {"peerDependencies": {"city": override or "^1"}} if side == "peer" else {}
    overrides: Json = {"overrides": {"city": override}} if override else {}
    needs = {"city": answer} if side == "dependency" else {}
    return tree(
        needs,
        answer,
        of="forms@0.24.0",
        entry=entry,
        manifest={"packageManager": "pnpm@10.14.0", "pnpm": overrides},
        **overrides,
    )


def overridden(version: str, key: str = "multer@1.4.5-lts.2", to: str = "2.0.0") -> Files:
    """An override for one prerelease."""
    overrides: Json = {"overrides": {key: to}} if version == "2.0.0" else {}
    return tree(
        {"multer": version},
        f"multer@{version}",
        of="@nestjs/platform-express@10.0.0",
        manifest={"packageManager": "pnpm@10.2.1", "pnpm": overrides},
        **overrides,
    )


def nightly(name: str, target: str) -> Files:
    """A new package that asks for a development release by an alias."""
    packages: dict[str, Json] = {
        "nitropack-edge@2.6.0": {"dependencies": {name: target}},
        target: PLAIN,
    }
    return pnpm_state({"nitropack-edge": "latest"}, packages)


def bins(*, flag: bool, of: str = "rollup", **facts: object) -> Files:
    """An entry that says that its tarball has commands, or does not say it."""
    entry: Json = {**facts, **({"hasBin": True} if flag else {})}
    return pnpm_state({of: "^3.0.0"}, {f"{of}@3.29.4": entry})


PASSES: Final[Mapping[str, tuple[Files, Files, str]]] = {
    "a member with a lockfile of its own asks for more (huggingface.js 985a4d33bb)": (
        parted("8.0.0"),
        parted("8.1.0", asks="^5.0.0"),
        "matched",
    ),
    "a rule allows more versions of a peer (histoire-dev/histoire e389cb0766)": (
        plugin(THREE, allowed={"vite": "^2.9.0 || ^3.0.0"}, vite="3.2.4"),
        plugin(FOUR, allowed=ALLOWED, vite="3.2.4"),
        "metadata",
    ),
    "a rule allows any version, and is followed late (histoire-dev/histoire 42295e32b7)": (
        plugin(THREE, allowed={"vite": "*"}),
        plugin("*", allowed={"vite": "*"}),
        "metadata",
    ),
    "a rule for the peer of one package": (
        plugin(THREE, allowed={"plugin@1>vite": "4"}),
        plugin(f"{THREE} || 4", allowed={"plugin@1>vite": "4"}),
        "metadata",
    ),
    "a peer's range is no longer a project's (resend/react-email 8f395d2238)": (
        of_project("19.0.0-rc-1", "19.0.0-rc-1"),
        of_project("18.2.0", "18.2.0"),
        "matched",
    ),
    "an override makes a dependency of a peer (QwikDev/qwik 50422e81c8)": (
        renamed(side="peer"),
        renamed(side="dependency"),
        "",
    ),
    "an override for a prerelease (hoppscotch/hoppscotch ad59690fc1)": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0"),
        "matched",
    ),
    "a development release by an alias (lucide-icons/lucide 5f442122ab)": (
        pnpm_state({}, {}),
        nightly("h3", "h3-nightly@1.8.1"),
        "matched",
    ),
    "commands that are told late (resend/react-email 9d4571e3e6)": (
        bins(flag=False),
        bins(flag=True),
        "metadata",
    ),
    "commands that are told no more (umijs/umi a622e183a1)": (
        bins(flag=True),
        bins(flag=False),
        "metadata",
    ),
}


@pytest.mark.parametrize(("before", "after", "wanted"), PASSES.values(), ids=PASSES)
def test_what_pnpm_writes_has_its_class(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification not in REFUSED, told(diff)
    assert wanted in ("", diff.classification), told(diff)


FURTHER: Final[Mapping[str, tuple[Files, Files]]] = {
    "a package that only a member with its own lockfile asks for": (
        parted("8.0.0"),
        parted("8.1.0", "vite@5.0.0", asks="^5.0.0"),
    ),
    "a peer's range that no rule allows": (
        plugin(THREE, allowed=ALLOWED),
        plugin(f"{THREE} || ^5.0.0", allowed=ALLOWED),
    ),
    "any version, where a rule allows some": (
        plugin(THREE, allowed=ALLOWED),
        plugin("*", allowed=ALLOWED),
    ),
    "a rule for another peer": (
        plugin(THREE, allowed={"vue": "*"}),
        plugin("*", allowed={"vue": "*"}),
    ),
    "a rule for the peer of another package": (
        plugin(THREE, allowed={"other>vite": "*"}),
        plugin("*", allowed={"other>vite": "*"}),
    ),
    "a range that was nobody's": (
        of_project("17.0.0-rc-1", "19.0.0-rc-1"),
        of_project("18.2.0", "18.2.0"),
    ),
    "a peer's own range again, and an answer out of it": (
        of_project("19.0.0-rc-1", "19.0.0-rc-1"),
        of_project("18.2.0", "17.0.0"),
    ),
    "a peer becomes a dependency without an override": (
        renamed(side="peer", override=""),
        renamed(side="dependency", override=""),
    ),
    "another package than the override's": (
        renamed(side="peer"),
        renamed(side="dependency", answer="@evil/router@2.0.0"),
    ),
    "an override for a prerelease that was not locked": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0", "multer@1.4.5-lts.1"),
    ),
    "an override for a prerelease to another version": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0", to="1.4.6"),
    ),
    "an override, and a version out of its range": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0", "multer", "^1.4.6"),
    ),
    "a version of the same line as the override's": (
        overridden("1.4.5-lts.2"),
        overridden("2.0.0", "multer", "2.1.0"),
    ),
    "somebody's package that is called like a development release": (
        pnpm_state({}, {}),
        nightly("lodash", "lodash-nightly@1.8.1"),
    ),
    "another package for the one that has development releases": (
        pnpm_state({}, {}),
        nightly("h3", "unenv-nightly@1.8.1"),
    ),
    "commands of a package that is not known to have any": (
        bins(flag=False, of="roll"),
        bins(flag=True, of="roll"),
    ),
    "other platforms beside commands": (bins(flag=False), bins(flag=True, os=["aix"])),
    "other engines beside commands": (
        bins(flag=True, engines={"node": ">=14"}),
        bins(flag=False, engines={"node": ">=99"}),
    ),
}


def test_a_member_without_a_lockfile_of_its_own_is_the_root_s() -> None:
    before, after = (parted(*one, apart=False) for one in (("8.0.0",), ("8.1.0",)))
    after = {**after, "packages/hub/package.json": parted("8.1.0", asks="^5.0.0")[HUB]}
    assert judged(before, after).classification == "unexplained"


MAKER: Final = "https://nodejs.org/download/release"


def runtime(version: str, letter: str) -> Files:
    """A runtime, whose entry has a version that is none, as some pnpm 10 write it."""
    integrity = f"sha256-{letter * 42}A="
    archive = {"type": "binary", "url": f"{MAKER}/v{version}/node.tar.gz", "integrity": integrity}
    resolution = {"type": "variations", "variants": [{"resolution": archive}]}
    entry: Json = {"resolution": resolution, "version": "0.0.0", "hasBin": True}
    lock = pnpm.lockfile({"a": ("^1.0.0", "1.0.0")}, {"a@1.0.0": {}})
    asked = {"node": {"specifier": "runtime:^24.5.1", "version": f"runtime:{version}"}}
    document = yaml.safe_load(lock)
    document["importers"]["."]["devDependencies"] = asked
    document["packages"][f"node@runtime:{version}"] = entry
    document["snapshots"][f"node@runtime:{version}"] = {}
    engines = {"runtime": {"name": "node", "version": "^24.5.1", "onFail": "download"}}
    manifest = {"name": "app", "dependencies": {"a": "^1.0.0"}, "devEngines": engines}
    return pnpm.files(manifest, pnpm.dump(document))


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        pytest.param(runtime("24.9.0", "B"), "refresh", id="wevm/wagmi b584f6e731"),
        pytest.param(runtime("24.8.0", "C"), "tampered", id="other bytes of a version"),
        pytest.param(runtime("24.7.0", "B"), "unexplained", id="down"),
        pytest.param(runtime("25.0.0", "B"), "unexplained", id="out of range"),
    ],
)
def test_a_runtime_whose_entry_has_no_version(after: Files, wanted: str) -> None:
    before = runtime("24.8.0", "A")
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
    change = [one.rule for one in engine.scan(MemoryTree(after), Policy()).findings]
    assert "lockfile-wrong-package" not in change


@pytest.mark.parametrize(("before", "after"), FURTHER.values(), ids=FURTHER)
def test_one_step_further_is_refused(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification in REFUSED, told(diff)
    assert refused(before, after)


PLATFORM: Final[Json] = {"optional": True, "os": ["android"]}


def rolldown(
    *more: str, known: int = 3, entry: Json = PLATFORM, field: str = "optionalDependencies"
) -> Files:
    """A package with a part for each platform, and more of them."""
    parts = [f"@rolldown/binding-{number}@1.2.2" for number in range(known)]
    sections: dict[str, Json] = {"optionalDependencies": dict(one.rsplit("@", 1) for one in parts)}
    sections.setdefault(field, {}).update(dict(one.rsplit("@", 1) for one in more))
    packages: dict[str, Json] = {
        "rolldown@1.2.2": dict(sections),
        **{one: {"optional": True, "os": ["linux"]} for one in parts},
        **dict.fromkeys(more, entry),
    }
    return pnpm_state({"rolldown": "*"}, packages)


ANDROID: Final = "@rolldown/binding-android@1.2.2"


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param(
            rolldown(), rolldown(ANDROID), "refresh", id="of its scope (oxc-project/oxc cc01bd7f0f)"
        ),
        pytest.param(
            rolldown(), rolldown("@evil/binding-android@1.2.2"), "tampered", id="of another scope"
        ),
        pytest.param(rolldown(), rolldown("binding-android@1.2.2"), "tampered", id="of no scope"),
        pytest.param(
            rolldown(),
            rolldown("@rolldown/binding-android@1.2.3"),
            "tampered",
            id="of another version",
        ),
        pytest.param(
            rolldown(known=2),
            rolldown(ANDROID, known=2),
            "tampered",
            id="of a scope with few of them",
        ),
        pytest.param(
            rolldown(), rolldown(ANDROID, field="dependencies"), "tampered", id="that is required"
        ),
        pytest.param(
            rolldown(),
            rolldown(ANDROID, entry={"optional": True}),
            "tampered",
            id="for every platform",
        ),
    ],
)
def test_one_more_part_for_a_platform(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
    assert refused(before, after) or wanted == "refresh"


def fetching(encoding: str, *, real: str) -> Files:
    """A package with an optional peer, which pnpm may install by itself."""
    return tree(
        {"encoding": encoding} if encoding else {},
        *([f"encoding@{encoding}"] if encoding else []),
        of="node-fetch@2.7.0",
        real=real,
        entry={
            "peerDependencies": {"encoding": "^0.1.0"},
            "peerDependenciesMeta": {"encoding": {"optional": True}},
        },
    )


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        pytest.param("0.1.13", "matched", id="in range (TanStack/router 645de2353a)"),
        pytest.param("9.0.0", "unexplained", id="out of range"),
    ],
)
def test_a_new_package_for_a_peer_that_nobody_met(version: str, wanted: str) -> None:
    before, after = fetching("", real="1.0.0"), fetching(version, real="1.1.0")
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
    assert bool(refused(before, after)) is (wanted == "unexplained")
