"""pnpm, commits in which something went down or changed its peers, each beside one step further."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.policy.lockdiff.test_pnpm_real import tree
from tests.support import pnpm
from tests.support.states import Files, judged, pnpm_state, refused, told

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
PLAIN: Final[Json] = {}


def twice(*winds: str, override: str = "", key: str = "wind") -> Files:
    """A package stands once for each version of its peer, below as many projects."""
    overrides: Json = {"overrides": {key: override}} if override else {}
    places = [f"packages/{number}" for number in range(len(winds))]
    asks = {"anim": "*"}
    known = sorted(set(winds))
    lock = pnpm.lockfile(
        {},
        {
            "anim@1.0.7": {"peerDependencies": {"wind": ">=3"}},
            **{f"wind@{version}": {} for version in known},
        },
        {
            **{f"anim@1.0.7(wind@{one})": {"dependencies": {"wind": one}} for one in known},
            **{f"wind@{version}": {} for version in known},
        },
        importers={
            place: {"dependencies": {"anim": {"specifier": "*", "version": f"1.0.7(wind@{of})"}}}
            for place, of in zip(places, winds, strict=True)
        },
        **overrides,
    )
    manifests = {
        f"{place}/package.json": json.dumps({"name": place, "dependencies": asks})
        for place in places
    }
    extra = {**manifests, "pnpm-workspace.yaml": "packages: [packages/*]\n"}
    manifest: Json = {"packageManager": "pnpm@10.0.0", "pnpm": overrides} if overrides else {}
    return pnpm.files({"name": "app", **manifest}, lock, extra)


def joined(web: str, nitro: str, *, version: str = "4.0.0", brings: str = "") -> Files:
    """A package has srvx for a peer, below ``web`` and below ``nitro``, which may bring one."""
    crossed = {"web@1.0.0": web, f"nitro@{version}": nitro}
    known = sorted({web, nitro, brings or nitro})
    brought = {f"nitro@{version}": {"srvx": brings}} if brings else {}
    lock = pnpm.lockfile(
        {"web": ("*", "1.0.0"), "nitro": ("*", version)},
        {
            **{key: {} for key in crossed},
            "crossws@0.4.5": {"peerDependencies": {"srvx": ">=0.11.5"}},
            **{f"srvx@{of}": {} for of in known},
        },
        {
            **{
                key: {"dependencies": {"crossws": f"0.4.5(srvx@{of})", **brought.get(key, {})}}
                for key, of in crossed.items()
            },
            **{
                f"crossws@0.4.5(srvx@{of})": {"dependencies": {"srvx": of}}
                for of in sorted(set(crossed.values()))
            },
            **{f"srvx@{of}": {} for of in known},
        },
    )
    return pnpm.files({"name": "app", "dependencies": {"web": "*", "nitro": "*"}}, lock)


def types(first: str, second: str, *, name: str = "@types/node") -> Files:
    """Two packages that ask for any version of declarations, as all do."""
    packages = {
        "jest-util@29.7.0": {"dependencies": {name: first}},
        "jest-mock@29.7.0": {"dependencies": {name: second}},
        **{f"{name}@{version}": PLAIN for version in (first, second)},
    }
    return pnpm_state({"jest-util": "*", "jest-mock": "*"}, packages)


def nightly(version: str, spec: str = "nightly") -> Files:
    """A project that asks for a tag, whose versions have a commit's hash in them."""
    return pnpm_state({"rolldown": spec}, {f"rolldown@{version}": PLAIN})


def canary(version: str, *, asks: str = "rc", field: str = "peerDependencies") -> Files:
    """A package that has a prerelease for a peer, which a project asks for by a tag."""
    packages: dict[str, Json] = {
        "next@15.0.0": {field: {"react": "19.0.0-rc.0"}, "dependencies": {"react": version}},
        f"react@{version}": PLAIN,
    }
    return pnpm_state({"next": "*", "react": asks}, packages)


def peers(
    react: str,
    mocker: str,
    *,
    mine: str = "^6 || ^7.0.0",
    its: str = "^7 || ^8",
    more: tuple[str, ...] = (),
) -> Files:
    """Two packages with vite for a peer, which pnpm installs by itself; one takes no vite 8."""
    packages = {
        f"{name}@1.0.0": {
            "peerDependencies": {"vite": text},
            "dependencies": {"vite": version},
        }
        for name, text, version in (("plugin-react", mine, react), ("mocker", its, mocker))
    }
    packages.update({f"vite@{version}": PLAIN for version in (react, mocker)})
    packages.update({f"{name}@1.0.0": {} for name in more})
    return pnpm_state(dict.fromkeys(("plugin-react", "mocker", *more), "*"), packages)


def peer(
    text: str, overrides: Mapping[str, str] = PLAIN, *, react: str = "19.0.0", real: str = "1.0.0"
) -> Files:
    """A package with React for a peer; the lockfile may record overrides, package.json has none."""
    entry = {"peerDependencies": {"react": text}}
    if not overrides:
        return tree({"react": react}, f"react@{react}", real=real, entry=entry)
    told_so = dict(overrides)
    return tree({"react": react}, f"react@{react}", real=real, entry=entry, overrides=told_so)


CANARY: Final = "19.0.0-rc-65a56d0e-20241020"
DOWN: Final = "0.10.2-snapshot-3ee1010-20240506002527"
PASSES: Final = {
    "each copy of a package moves its peer in its line (payloadcms/payload 18ca83b705)": (
        twice("3.4.17", "4.1.13"),
        twice("3.4.19", "4.1.18"),
        "refresh",
    ),
    "copies of a package with one peer become fewer (YunYouJun/valaxy 4879976bbb)": (
        twice("5.4.15", "6.2.3", "6.2.4"),
        twice("5.4.16", "6.2.4", "6.2.4"),
        "refresh",
    ),
    "what was higher was out of an override's range (vuejs/router d845a9aa53)": (
        twice("3.5.39", "3.6.0-beta.5", override="^3.5.34"),
        twice("3.5.41", "3.5.41", override="^3.5.34"),
        "refresh",
    ),
    "a copy joins with the lower peer that a new package has (TanStack/router ecbbd9a8ec)": (
        joined("0.11.15", "0.11.15", version="3.0.0"),
        joined("0.11.15", "0.8.16", brings="0.8.16"),
        "refresh",
    ),
    "one of several takes lower declarations of types (mermaid 12c94a177b)": (
        types("22.13.5", "22.13.5"),
        types("20.17.30", "22.13.5"),
        "refresh",
    ),
    "a prerelease of the same version, by its tag (rolldown/tsdown 34d527cac6)": (
        nightly("0.10.2-snapshot-d0f002f-20240504002438"),
        nightly(DOWN),
        "refresh",
    ),
    "a peer that is a prerelease by a project's tag (vercel/ai 43fb23459d)": (
        canary("19.0.0-rc-6fb39ec9e9-20240621"),
        canary("19.0.0-rc-3563387fe3-20240621"),
        "refresh",
    ),
    "a peer that was out of its range goes down, and others with it (payload c71051d038)": (
        peers("8.0.12", "8.0.12"),
        peers("7.3.5", "7.3.5"),
        "refresh",
    ),
    "an override of the lockfile's goes, and with it a peer's range (payload a80de3f0c0)": (
        peer(CANARY, {"react": CANARY}, react=CANARY),
        peer(">=17.x", react="19.0.0", real="1.1.0"),
        "matched",
    ),
    "an override's version had stayed behind in a peer (payload 2ba4ee0d0a)": (
        peer(CANARY, react="19.0.0"),
        peer("^18 || ^19", react="19.0.0"),
        "metadata",
    ),
}


@pytest.mark.parametrize(("before", "after", "wanted"), PASSES.values(), ids=PASSES)
def test_what_pnpm_writes(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)


def test_a_peer_that_goes_down_is_told_beside_a_requirement() -> None:
    """Which version is the highest in range, the one that pnpm takes, only the registry knows."""
    before = peers("8.0.12", "8.0.12")
    diff = judged(before, peers("7.3.5", "7.3.5", more=("ms",)))
    assert diff.classification == "matched", told(diff)
    assert {one.classification for one in diff.items if one.name == "vite"} == {"refresh"}


FURTHER: Final = {
    "one copy of a package takes the other's line": (
        twice("3.4.17", "4.1.13"),
        twice("3.4.19", "3.4.20"),
    ),
    "one copy of a package takes a lower version in its line": (
        twice("3.4.17", "4.1.13"),
        twice("3.4.16", "4.1.18"),
    ),
    "what was higher goes, and no override says so": (
        twice("3.5.39", "3.6.0-beta.5"),
        twice("3.5.41", "3.5.41"),
    ),
    "what was higher was in an override's range": (
        twice("3.5.39", "3.6.0", override="^3.5.34"),
        twice("3.5.41", "3.5.41", override="^3.5.34"),
    ),
    "what was higher was out of an override's range, which is about lower ones": (
        twice("3.5.39", "4.1.13", override="^3.5.34", key="wind@<3.5.34"),
        twice("3.5.41", "3.5.41", override="^3.5.34", key="wind@<3.5.34"),
    ),
    "what was lower and in an override's range goes down as well": (
        twice("3.5.39", "3.6.0-beta.5", override="^3.5.34"),
        twice("3.5.38", "3.5.38", override="^3.5.34"),
    ),
    "what was higher goes out of an override's range": (
        twice("3.5.39", "3.6.0-beta.5", override="~3.4.0"),
        twice("3.5.41", "3.5.41", override="~3.4.0"),
    ),
    "a copy joins with a lower peer that no new package has": (
        joined("0.11.15", "0.11.15", version="3.0.0"),
        joined("0.11.15", "0.8.16"),
    ),
    "a copy joins with the lower peer of a new package, below one that stayed": (
        joined("0.11.15", "0.11.15", version="3.0.0"),
        joined("0.8.16", "0.11.15", brings="0.8.16"),
    ),
    "all copies take the lower peer that a new package has": (
        joined("0.11.15", "0.11.15", version="3.0.0"),
        joined("0.8.16", "0.8.16", brings="0.8.16"),
    ),
    "copies of a package with one peer become fewer, one of them lower": (
        twice("5.4.15", "6.2.3", "6.2.4"),
        twice("5.4.14", "6.2.4", "6.2.4"),
    ),
    "one of several takes a lower version of what is not of types": (
        types("22.13.5", "22.13.5", name="node"),
        types("20.17.30", "22.13.5", name="node"),
    ),
    "all take lower declarations of types": (
        types("22.13.5", "22.13.5"),
        types("20.17.30", "20.17.30"),
    ),
    "all but one take lower declarations, and that one lower than before": (
        types("22.13.5", "22.13.5"),
        types("20.17.30", "22.13.4"),
    ),
    "a prerelease of a lower version, by its tag": (
        nightly("0.10.2-snapshot-d0f002f-20240504002438"),
        nightly("0.10.1-snapshot-d0f002f-20240504002438"),
    ),
    "a peer that is a prerelease in a project's range": (
        canary("19.0.0-rc.6", asks="^19.0.0-rc.1"),
        canary("19.0.0-rc.3", asks="^19.0.0-rc.1"),
    ),
    "a dependency of its own, beside a project's tag": (
        canary("19.0.0-rc-6fb39ec9e9", field="engines"),
        canary("19.0.0-rc-3563387fe3", field="engines"),
    ),
    "a prerelease of a lower number, by its tag": (
        nightly("1.0.0-rc.5", "next"),
        nightly("1.0.0-rc.2", "next"),
    ),
    "a prerelease without the number, by its tag": (
        nightly("1.0.0-rc.5", "next"),
        nightly("1.0.0-rc", "next"),
    ),
    "a prerelease of an earlier date, by its tag": (
        nightly("0.10.2-snapshot-d0f002f-20240504002438"),
        nightly("0.10.2-snapshot-3ee1010-20240503002527"),
    ),
    "a prerelease of an earlier date before the hash, by its tag": (
        nightly("3.0.1-20251230-155555-abc1234"),
        nightly("3.0.1-20251229-155555-abc1234"),
    ),
    "a lower release, by its tag": (nightly("0.10.2"), nightly("0.10.1")),
    "a lower prerelease in a range": (
        nightly("0.10.2-beta.3", "^0.10.2-beta.1"),
        nightly("0.10.2-beta.2", "^0.10.2-beta.1"),
    ),
    "a peer that was in its range goes down": (
        peers("7.4.0", "8.0.12"),
        peers("7.3.5", "8.0.12"),
    ),
    "a peer's range changes and it goes down": (
        peers("8.0.12", "8.0.12", mine="^6 || ^7 || ^8"),
        peers("7.3.5", "7.3.5"),
    ),
    "a peer goes down beside one that had to, out of its range": (
        peers("8.0.12", "8.0.12", its="^8"),
        peers("7.3.5", "7.3.5", its="^8"),
    ),
    "a peer goes down to another version than one that had to": (
        peers("8.0.12", "8.0.12"),
        peers("7.3.5", "7.3.4"),
    ),
    "a peer's range changes that was no override's": (
        peer("^18.0.0", {"react": CANARY}),
        peer("^19.0.0", real="1.1.0"),
    ),
    "a peer's range changes that was another name's override": (
        peer(CANARY, {"react-dom": CANARY}),
        peer("^17.0.0", real="1.1.0"),
    ),
    "an override's peer becomes another package": (
        peer(CANARY, {"react": CANARY}),
        peer("npm:evil@^1.0.0", real="1.1.0"),
    ),
    "a version that stayed behind becomes a range without it": (peer("18.2.0"), peer("^19.0.0")),
    "a version that stayed behind becomes a range without the answer": (
        peer("18.2.0"),
        peer("^18.0.0"),
    ),
}


@pytest.mark.parametrize(("before", "after"), FURTHER.values(), ids=FURTHER)
def test_one_step_further_is_refused(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)
    assert refused(before, after)
